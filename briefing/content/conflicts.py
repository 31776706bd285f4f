"""What git leaves of a merge in a list of records: both sides, for the editor to choose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

MARK = "<<<<<<< "
_EDGE = re.compile(rf"^(?:{MARK}|>>>>>>> ).*$", re.MULTILINE)
_BETWEEN = re.compile(r"^(?:=======|\|\|\|\|\|\|\|).*$", re.MULTILINE)
# The next line that says something.
_WRITTEN = re.compile(r"^[ \t]*[^\s#].*$", re.MULTILINE)


class Conflict(NamedTuple):
    """The line of its first mark, from 1, and whether it is inside of the entry before it."""

    line: int
    inside: bool


def cut_out(text: str) -> tuple[str, list[Conflict]]:
    """TEXT without conflicts and what they leave without a head, its lines in their places; the conflicts."""
    dash = re.search("^ *-(?=[ \r\n])", text, re.MULTILINE)
    opening = re.compile(rf"^{dash[0] if dash else '-'}(?=[ \r\n])", re.MULTILINE)
    found: list[Conflict] = []
    kept: list[str] = []
    at, line = 0, 1
    for begin, sides, end in _conflicts(text):
        if begin < at:
            continue
        kept.append(text[at:begin])
        line += kept[-1].count("\n")
        firsts = [_WRITTEN.search(side) for side in _BETWEEN.split(sides)]
        inside = any(first is not None and opening.match(first[0]) is None for first in firsts)
        following = _WRITTEN.search(text, end)
        if following is not None and not following[0].startswith(MARK):
            entry = opening.search(text, following.start())
            end = entry.start() if entry is not None else len(text)
            # Where one side is empty, nobody knows whether what follows belongs to the entry before it.
            inside = inside or (end > following.start() and None in firsts)
        found.append(Conflict(line, inside))
        kept.append("\n" * text.count("\n", begin, end))
        line += len(kept[-1])
        at = end
    return "".join([*kept, text[at:]]), found


def _conflicts(text: str) -> Iterator[tuple[int, str, int]]:
    """Where each conflict begins, what stands between its outer marks, and where it ends."""
    first: re.Match[str] | None = None
    for edge in _EDGE.finditer(text):
        if edge[0].startswith(MARK):
            first = first or edge
        elif first is not None:
            yield first.start(), text[first.end() : edge.start()], edge.end()
            first = None
