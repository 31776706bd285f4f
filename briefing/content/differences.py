"""Differences between two texts, character by character, and names for those that an eye overlooks."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from briefing.content.sourcetext import Span

# Characters that stand for one another, by the name of what they are; the first is what they fold to.
_ALIKE = {
    "apostrophe": "'’‘ʼʻ′`´",
    "quotation mark": '"“”„«»‹›「」『』″',
    "dash": "-‐‑‒–—―−",
    "ellipsis": "…",
}
# Characters that only stretch a word or shape its letters.
_SHAPING = {"tatweel": "\u0640", "joiner": "\u200c\u200d"}
_FOLDED = {ord(c): group[0] for group in _ALIKE.values() for c in group} | {ord("…"): "..."}
_FOLDED |= dict.fromkeys(map(ord, "".join(_SHAPING.values())), "")
_CLASS = {c: name for name, group in (_ALIKE | _SHAPING).items() for c in group}
# What a sanitised text shows of a character that nobody would see, such as a soft hyphen.
_HIDDEN = "⟨U+"
_CHARACTER = re.compile(r"⟨U\+[0-9A-F]{4,6}⟩|.", re.DOTALL)
# Letters that were made one, and the forms that Arabic letters take in a word, as characters of their own.
_FORM = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]")
# The accents and Arabic vowel signs that are no letters belong to the word on which they are set.
_TOKEN = re.compile(r"\w[\w\u0300-\u036f\u064b-\u065f\u0670]*|\s+|.", re.DOTALL)
_WORD = re.compile(r"\w+")
_ODD = re.compile(r"[^\S ]|  |`")  # of ASCII, what folding changes besides capitals
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")  # Thai, Lao, Myanmar, Khmer
# Fewer words of a text than this share of them in one place are no trace of it.
_TRACE = 0.5


class Segment(NamedTuple):
    """A stretch of two texts side by side; where they agree, both are the same."""

    record: str
    source: str

    @property
    def same(self) -> bool:
        return self.record == self.source


class Folded(NamedTuple):
    """A text with look-alikes made equal, and for each character the offset it had."""

    text: str
    offsets: Sequence[int]

    def find(self, wanted: str, *, after: int = 0) -> Span | None:
        """Where the folded text WANTED stands in the text as it was."""
        at = find_whole(self.text, wanted, after=after)
        if at is None:
            return None
        last = at + len(wanted) - 1
        return Span(self.offsets[at], self.offsets[last] + 1)


@lru_cache(maxsize=1024)  # the paragraphs of a text are searched for claim after claim
def fold(text: str) -> Folded:
    """TEXT with look-alikes folded: marks, dashes, ellipses, spaces, capitals, ligatures and letter forms.

    Accents, vowel signs, tatweel, joiners and characters that are not to be seen go.
    """
    if text.isascii() and _ODD.search(text) is None:
        return Folded(text.lower(), range(len(text)))
    out: list[str] = []
    offsets: list[int] = []
    for match in _CHARACTER.finditer(text):
        offset, character = match.start(), match[0]
        if len(character) > 1:
            continue
        if character.isspace():
            folded = "" if out and out[-1] == " " else " "
        else:
            plain = _FOLDED.get(ord(character), character).lower()
            if _FORM.match(character):
                plain = unicodedata.normalize("NFKD", plain)
            plain = unicodedata.normalize("NFD", plain)
            folded = "".join(c for c in plain if not unicodedata.combining(c))
        out.extend(folded)
        offsets.extend([offset] * len(folded))
    return Folded("".join(out), offsets)


def find_whole(text: str, wanted: str, *, after: int = 0) -> int | None:
    """Where WANTED stands in TEXT without cutting a word at either end."""
    at = text.find(wanted, after) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        if not (_inside_word(text, at) or _inside_word(text, end)):
            return at
        at = text.find(wanted, at + 1)
    return None


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and _spaced(text[at - 1]) and _spaced(text[at])


def _spaced(character: str) -> bool:
    """Whether it is a letter or digit of a script that puts spaces between words."""
    return (
        character.isalnum()
        and _UNSPACED.match(character) is None
        and (character < "\u1100" or unicodedata.east_asian_width(character) not in "WF")
    )


def compare(record: str, source: str) -> tuple[Segment, ...]:
    """The two texts side by side: words are aligned first, then told apart by the character."""
    left, right = _TOKEN.findall(record), _TOKEN.findall(source)
    segments: list[Segment] = []
    for tag, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        old, new = "".join(left[i:j]), "".join(right[k:m])
        if tag == "equal":
            segments.append(Segment(old, new))
        else:
            segments.extend(_narrow(old, new))
    return tuple(segments)


def _narrow(record: str, source: str) -> Iterator[Segment]:
    """A difference without what its two sides begin and end with alike, unless that is little of a word."""
    shorter = min(len(record), len(source))
    start = next((i for i in range(shorter) if record[i] != source[i]), shorter)
    rest = shorter - start
    end = next((i for i in range(rest) if record[-1 - i] != source[-1 - i]), rest)
    if 2 * (start + end) <= shorter:
        start = end = 0
    if start:
        yield Segment(record[:start], source[:start])
    yield Segment(record[start : len(record) - end], source[start : len(source) - end])
    if end:
        yield Segment(record[len(record) - end :], source[len(source) - end :])


def name_differences(segments: Iterable[Segment]) -> tuple[str, ...]:
    """What sorts of differences there are: apostrophe, dash, spaces, ...; words for the rest."""
    return tuple(dict.fromkeys(_name(segment) for segment in segments if not segment.same))


def _name(segment: Segment) -> str:
    record, source = segment
    if not record.strip() and not source.strip():
        return "spaces"
    if fold(record).text.strip() != fold(source).text.strip():
        if not any(map(str.isalnum, record + source)):
            return "punctuation"
        return "words"
    named = {_CLASS.get(c) for c in record + source if not c.isspace()}
    for name in ("ellipsis", *_ALIKE, *_SHAPING):
        if name in named:
            return name
    if _HIDDEN in record + source:
        return "hidden character"
    forms = _FORM.findall(record + source)
    if forms:
        return "ligature" if any(len(fold(form).text) > 1 for form in forms) else "letter form"
    if record.split() == source.split():
        return "spaces"
    return "capitals" if record.lower().split() == source.lower().split() else "accents"


def nearest(text: str, paragraph: str) -> tuple[Span, float] | None:
    """The passage of PARAGRAPH most like TEXT and the share of words they have in common, if it is enough.

    A window of as many words as TEXT has slides over the paragraph; the cost is one step a word.
    """
    wanted = _WORD.findall(text.lower())
    matches = list(_WORD.finditer(paragraph))
    words = [match[0].lower() for match in matches]
    last, common = _window(wanted, words)
    if not common or common < _TRACE * len(wanted):
        return None
    # Words added or left out shift the ends; aligning the words around the window finds them.
    slack = 2 + len(wanted) // 4
    start = max(0, last + 1 - len(wanted) - slack)
    around = words[start : last + 1 + slack]
    blocks = SequenceMatcher(None, wanted, around, autojunk=False).get_matching_blocks()[:-1]
    head, tail = blocks[0], blocks[-1]
    first = max(0, start + head.b - head.a)
    end = min(len(words), start + tail.b + len(wanted) - tail.a)
    return Span(matches[first].start(), matches[end - 1].end()), common / len(wanted)


def _window(wanted: list[str], words: list[str]) -> tuple[int, int]:
    """Where the stretch of WORDS ends that has most words of WANTED in it, and how many it has."""
    needed = Counter(wanted)
    inside: Counter[str] = Counter()
    common = best = found = 0
    for last, word in enumerate(words):
        inside[word] += 1
        common += inside[word] <= needed[word]
        if last >= len(wanted):
            gone = words[last - len(wanted)]
            common -= inside[gone] <= needed[gone]
            inside[gone] -= 1
        if common > best:
            best, found = common, last
    return found, best
