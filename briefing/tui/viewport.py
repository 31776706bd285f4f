"""Viewport: which records and headings of a long list stand on which line.

A heading is drawn above the first record of its group and at the top of the view, so that what is on
screen always says where it belongs. Positions count records only, so a million records need no table
of headings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

GroupOf = Callable[[int], str]


class ViewLine(NamedTuple):
    """A line of the view: the heading of the group of record `position`, or the record itself."""

    position: int
    heading: bool


def lines(top: int, total: int, height: int, group: GroupOf) -> Iterator[ViewLine]:
    """The lines of a view of HEIGHT whose first record is at TOP."""
    position, left, shown = top, height, ""
    while left > 0 and position < total:
        name = group(position)
        if name and (name != shown or position == top):
            # A heading at the very bottom would head nothing.
            if left == 1:
                return
            yield ViewLine(position, True)
            left -= 1
        shown = name
        yield ViewLine(position, False)
        left -= 1
        position += 1


def highest_top(bottom: int, height: int, group: GroupOf) -> int:
    """The smallest top at which the record at BOTTOM is still within HEIGHT lines."""
    top = bottom
    # Besides its own line a record may bring one heading; the top always shows its group's.
    used = 1 + bool(group(bottom))
    while top > 0:
        above = group(top - 1)
        cost = 2 if above and above != group(top) else 1
        if used + cost > height:
            break
        used += cost
        top -= 1
    return top


def top_showing(cursor: int, top: int, total: int, height: int, group: GroupOf) -> int:
    """The top nearest to TOP at which the record at CURSOR is in view."""
    if total == 0 or height <= 0:
        return 0
    cursor = min(max(cursor, 0), total - 1)
    top = min(max(top, 0), total - 1)
    if cursor < top:
        return cursor
    least = highest_top(cursor, height, group)
    return max(top, least) if cursor >= top else cursor


class Thumb(NamedTuple):
    """Where the thumb of a scroll bar of `height` cells begins and how long it is."""

    start: int
    size: int


def thumb(top: int, shown: int, total: int, height: int) -> Thumb | None:
    """The thumb for a view of SHOWN of TOTAL lines from TOP; None when all is in view."""
    if total <= shown or height <= 0:
        return None
    size = max(height * shown // total, 1)
    start = min(round((height - size) * top / max(total - shown, 1)), height - size)
    return Thumb(start, size)
