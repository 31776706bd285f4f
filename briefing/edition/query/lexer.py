"""Cuts a query into tokens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from briefing.edition.query.problem import QueryError

QUOTES = '"“”„«»'
# What no value in a query can hold: marks that would end it, and lines.
AS_TYPED = str.maketrans(dict.fromkeys(QUOTES + "\n", " "))
_ONE_QUOTE = str.maketrans(dict.fromkeys(QUOTES, '"'))
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<open>\() | (?P<close>\))
    | (?P<phrase>"(?P<inside>[^"]*)(?P<end>"?)(?P<star>\**))
    | (?P<minus>-)
    | (?P<word>[^\s()"]+)""",
    re.VERBOSE,
)
_JOINERS = "\u200c\u200d"


class Mark(Enum):
    """What a token is."""

    OPEN = "("
    CLOSE = ")"
    MINUS = "-"
    WORD = "word"
    PHRASE = "phrase"


class Token(NamedTuple):
    """A piece of the query; `text` of a phrase is what stands between the quotes."""

    mark: Mark
    text: str
    start: int
    end: int
    star: bool = False
    closed: bool = True


def tokens(text: str) -> Iterator[Token]:
    """The tokens of TEXT. A minus is one only where a term may begin; elsewhere it is part of the word."""
    text = text.translate(_ONE_QUOTE)
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None
        kind, start, at = match.lastgroup, match.start(), match.end()
        if match["space"] is not None:
            continue
        if match["phrase"] is not None:
            closed, star = bool(match["end"]), bool(match["star"])
            yield Token(Mark.PHRASE, match["inside"], start, at, star, closed)
        elif match["word"] is not None:
            yield Token(Mark.WORD, match["word"], start, at)
        else:
            yield Token(Mark[str(kind).upper()], match.group(), start, at)


def readable(text: str, *, strict: bool) -> str:
    """TEXT with what cannot be read as spaces, in the same places; when STRICT that is an error."""
    if text.isprintable():
        return text
    return "".join(_readable(letter, column, strict) for column, letter in enumerate(text, 1))


def _readable(letter: str, column: int, strict: bool) -> str:
    if letter.isprintable() or letter.isspace() or letter in _JOINERS:
        return letter
    category = unicodedata.category(letter)
    if strict and category in ("Cc", "Cs"):
        what = "a control character" if category == "Cc" else "half of a character"
        raise QueryError(column, f"{what} (U+{ord(letter):04X}) cannot be searched for")
    return " "


def word_before(query: str, cursor: int) -> tuple[int, str]:
    """What stands right before CURSOR, from its last space, parenthesis or minus on; quotes hold together."""
    start, open_quote = 0, False
    for place, letter in enumerate(query[:cursor]):
        if letter in QUOTES:
            open_quote = not open_quote
        elif not open_quote and (letter.isspace() or letter in "()" or (letter == "-" and place == start)):
            start = place + 1
    return start, query[start:cursor]
