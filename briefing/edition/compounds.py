"""Words that are written together, with a hyphen or apart: ceasefire, cease-fire, cease fire.

The index gets the words of a text in their other spelling too, and a query that has a hyphen asks for
the word without it as well. What is written with a hyphen, or as an abbreviation with points (``U.S.``),
is one word besides its parts. Of what has no sign in it nobody can tell that it is one word, or two: that
is known of some only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.model.names import is_article

_LETTERS = r"[^\W_]+"
_HYPHEN = "[-\u2010\u2011]"
_APART = re.compile(rf"(?P<first>{_LETTERS}){_HYPHEN}(?P<second>{_LETTERS})(?:{_HYPHEN}{_LETTERS})*")
_ABBREVIATION = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\.?")
# What newspapers write in each of the three ways.
_COMPOUNDS = (
    r"(?:air(?= ?(?:strike|base|raid|field|lift))|cease(?= ?fire)|gun(?= ?(?:fire|boat|ship))"
    r"|counter(?= ?(?:attack|terror|offensive|strike|insurgen|intelligence|measure))"
    r"|war(?= ?(?:plane|ship|head)s?\b))"
)
# Of a name only that it may be written together: "Benjamin" is one word.
_NAMES = r"(?:[Bb]en|[Bb]in|[Aa]bu)(?= [A-Z])"
_OTHERWISE = re.compile(
    rf"(?<![^\W_])(?:{_APART.pattern}|{_ABBREVIATION.pattern}"
    rf"|(?P<head>(?i:{_COMPOUNDS})|{_NAMES})(?P<gap> ?)(?P<tail>{_LETTERS}))(?![^\W_])"
)
# Without one of these there is no such word; looking for that first is much faster.
_HINTS = ("-", "\u2010", "\u2011", "air", "cease", "gun", "counter", "war", "ben ", "bin ", "abu ")
_POINT = re.compile(r"\.[^\W\d_]\b")
_SIGNS = re.compile(rf"{_HYPHEN}|\.")
# What newspapers write with points or without.
_WITHOUT_POINTS = re.compile(r"\b(?:us|usa|uk|un|eu|uae)\b", re.IGNORECASE)


def together(word: str) -> str | None:
    """WORD without its hyphens or points, if it has any between letters; not a name with its article."""
    if not (found := _APART.fullmatch(word)):
        return _SIGNS.sub("", word) if _ABBREVIATION.fullmatch(word) else None
    if is_article(found["first"], found["second"]):
        return None
    joined = _SIGNS.sub("", word)
    return None if joined.isdigit() else joined  # "3-5" is no number


def otherwise(text: str) -> Iterator[tuple[str, int, int]]:
    """Words of TEXT in their other spelling, which may be two words, each with its place."""
    lower = text.lower()
    if not any(hint in lower for hint in _HINTS) and not _POINT.search(text):
        return
    for match in _OTHERWISE.finditer(text):
        if match["head"]:
            spelled: str | None = f"{match['head']}{'' if match['gap'] else ' '}{match['tail']}"
        else:
            spelled = together(match.group())
        if spelled is not None:
            yield spelled, match.start(), match.end()


def respelled(name: str) -> str:
    """NAME with all such words in their other spelling."""
    found, at = "", 0
    for spelled, start, end in otherwise(name):
        found += name[at:start] + spelled
        at = end
    return found + name[at:]


def spellings(text: str) -> list[str]:
    """How else TEXT, of several words, may be written: with hyphens and points, or without."""
    joined = respelled(text)
    return [other for other in dict.fromkeys((joined, _pointed(text), _pointed(joined))) if other != text]


def _pointed(text: str) -> str:
    return _WITHOUT_POINTS.sub(lambda found: ".".join(found[0]) + ".", text)
