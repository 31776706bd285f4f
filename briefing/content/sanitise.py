"""The one sanitiser: makes any text safe to show in a terminal, hiding nothing.

YAML from strangers is read by people with credentials in their terminals, so every string passes
here once, after parsing. What a terminal would obey or not show becomes a visible stand-in; text
that people write in any script, joiners where the script needs them included, stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from briefing.content.isolates import CLOSING, OPENING, unbalanced

# How many combining marks may follow one another: above what any script needs, below a smear.
MARKS_MAX = 8
STAND_IN = "⟨U+{:04X}⟩"

_JOINERS = "\u200c\u200d"
# Characters that are invisible, reorder text or command a terminal, in any place.
_NEVER = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and line feed, DEL, C1 (with them ESC, CSI, OSC, DCS, APC)
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, fillers, Mongolian
    "\u200b\u200e\u200f\u2028-\u202e"  # zero-width space, direction marks, separators, bidi embeddings
    "\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffc"
    "\ud800-\udfff\ufdd0-\ufdef"  # lone surrogates, noncharacters
    "\U00013430-\U0001343f\U0001d173-\U0001d17a\U0001bca0-\U0001bca3"  # layout, music, shorthand
    "\U000e0000-\U000e0fff"  # tags and the supplementary variation selectors
)
# What needs a look at its neighbours: joiners, isolates, emoji selectors, runs that may be of marks.
_LOOK = f"\t{_JOINERS}{OPENING}{CLOSING}\ufe0e\ufe0f"
# A run of what is neither a word nor ASCII may be of combining marks. Half of the limit already
# counts, so that a run cut in two by reading in chunks is seen in one of them.
_RUN = rf"[^\w\s\x00-\x7f{_NEVER}{_LOOK}]{{{MARKS_MAX // 2 + 1},}}"
_SUSPECT = re.compile(f"[{_NEVER}{_LOOK}]|{_RUN}")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_PIECE = re.compile(f"(?P<never>[{_NEVER}])|(?P<look>[{_LOOK}])|(?P<run>{_RUN})")
# Characters outside the blocks of pictographs that have an emoji presentation.
_TAKES_SELECTOR = "#*0123456789©®‼⁉™ℹ〰〽㊗㊙"
# The combining class of the sign that joins Indic consonants.
_VIRAMA = 9
_PARAGRAPH = re.compile("(\n+)")


def is_plain(text: str) -> bool:
    """Whether TEXT surely holds nothing to change; False when it needs a closer look.

    Asks what Python tells of a whole string at once, since every file of a library passes here.
    """
    if not (text.isprintable() or text.replace("\n", "").isprintable()):
        return False
    return text.isascii() or all(_SUSPECT.search(run) is None for run in _FOREIGN.findall(text))


def sanitise(text: str) -> str:
    """TEXT with a visible stand-in for whatever a terminal would obey, reorder or not show.

    Line feeds stay; a tab becomes a space. The result is unchanged by a second pass.
    """
    if is_plain(text) or _SUSPECT.search(text) is None:
        return text
    # Bidirectional isolates end with the paragraph, so each paragraph is balanced by itself.
    return "".join(
        part if part.startswith("\n") or not part else _sanitise_paragraph(part)
        for part in _PARAGRAPH.split(text)
    )


def sanitise_line(text: str) -> str:
    """TEXT for a place of one line: sanitised, and a line feed becomes its picture."""
    return sanitise(text).replace("\n", "␊")


def _sanitise_paragraph(text: str) -> str:
    lone = unbalanced(text)
    out: list[str] = []
    end = 0
    for match in _PIECE.finditer(text):
        start = match.start()
        out.append(text[end:start])
        end = match.end()
        if match.lastgroup == "never":
            out.append(_stand_in(text[start]))
        elif match.lastgroup == "run":
            out.extend(_shorten_marks(match[0]))
        else:
            out.append(_look(text, start, lone))
    out.append(text[end:])
    return "".join(out)


def _stand_in(character: str) -> str:
    """A picture for C0 and DEL, the code point in brackets for the rest."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else STAND_IN.format(code)


def _look(text: str, at: int, lone: frozenset[int]) -> str:
    """The character of TEXT at AT, or what stands for it where it does not belong."""
    character = text[at]
    if character == "\t":
        return " "
    if character in _JOINERS:
        belongs = _joins(text, at)
    elif character in "\ufe0e\ufe0f":  # text or emoji presentation of the character before
        belongs = at > 0 and (_pictograph(text[at - 1]) or text[at - 1] in _TAKES_SELECTOR)
    else:
        belongs = at not in lone
    return character if belongs else _stand_in(character)


def _joins(text: str, at: int) -> bool:
    """Whether the joiner at AT stands where its script needs one.

    Between letters of a joining script it shapes words (Persian, Arabic, Indic); between pictographs
    ZWJ makes one emoji. Everywhere else it only hides a difference between two equal-looking texts.
    """
    if at == 0 or at + 1 == len(text):
        return False
    before, after = text[at - 1], text[at + 1]
    if text[at] == "\u200d" and _pictograph(after):
        return _pictograph(before) or before == "\ufe0f"
    if not (_joining_script(before) and _joining_script(after)):
        return False
    # A letter on one side, so that marks on both sides of a joiner never sum up on one base.
    if unicodedata.combining(after) == _VIRAMA:
        return unicodedata.category(before)[0] == "L"
    return unicodedata.category(after)[0] == "L"


def _joining_script(character: str) -> bool:
    code = ord(character)
    return (
        0x0600 <= code <= 0x08FF  # Arabic (Persian, Urdu, ...), Syriac, N'Ko, Mandaic
        or 0x0900 <= code <= 0x0DFF  # the Indic scripts, Devanagari to Sinhala
        or 0x0F00 <= code <= 0x109F  # Tibetan, Myanmar
        or 0x1780 <= code <= 0x18AF  # Khmer, Mongolian
        or 0xFB50 <= code <= 0xFDFF
        or 0xFE70 <= code <= 0xFEFE  # Arabic presentation forms
    ) and unicodedata.category(character)[0] in "LM"


def _pictograph(character: str) -> bool:
    code = ord(character)
    return 0x2190 <= code <= 0x2BFF or 0x1F000 <= code <= 0x1FAFF


def _shorten_marks(run: str) -> Iterator[str]:
    """RUN with each series of combining marks cut to what a script can need, and the cut shown."""
    marks = 0
    for character in run:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= MARKS_MAX:
            yield character
        elif marks == MARKS_MAX + 1:
            yield "⟨…⟩"
