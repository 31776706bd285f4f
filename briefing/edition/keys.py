"""Keys: the integers by which the store names and orders records.

A name key hashes ``KIND/ID``, so that links need no resolving when they are stored: what a link
names is looked up by key when it is read, first in its own briefing, then among the shared.
A sort key places a record in its pane. It depends on the record itself (and, for positions, on
the label of their issue; for actors, on how much hangs on them), so an edit of one file leaves the
keys of all others alone. Both have 63 bits: SQLite's integers are signed.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from unicodedata import combining, normalize

from briefing.edition.hashes import blake2b
from briefing.model.records import AnyRecord, Briefing, Incident, Position, Quote, Source
from briefing.model.vocabulary import ActorKind, Kind
from briefing.model.when import Span, When, parse_date

KINDS = tuple(Kind)
KIND_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}
LAST = (1 << 63) - 1
# Bits of a dated key, from the top: day, breadth of the date, minute, place in the file, file.
_DAY_BITS, _BREADTH_BITS, _MINUTE_BITS, _INDEX_BITS, _FILE_BITS = 22, 2, 11, 18, 10
_DAY_MAX = (1 << _DAY_BITS) - 1
_BREADTH = {"day": 0, "interval": 1, "month": 2, "year": 3}
_MINUTE_MAX = (1 << _MINUTE_BITS) - 1
ISSUE_BITS = 22
# An actor's key: kind, what hangs on it, seven letters of its name.
_HANGING_BITS, _ACTOR_LETTERS = 20, 7
_ACTOR_ORDER = {kind: number for number, kind in enumerate(ActorKind)}
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
# Where the parts of a day stand among its hours; the longer phrase first.
_PARTS_OF_DAY = (
    ("early morning", 5),
    ("late morning", 11),
    ("late afternoon", 17),
    ("late evening", 22),
    ("dawn", 5),
    ("morning", 8),
    ("noon", 12),
    ("midday", 12),
    ("afternoon", 15),
    ("dusk", 18),
    ("evening", 19),
    ("overnight", 1),
    ("midnight", 0),
    ("night", 22),
)


def name_key(kind: Kind, identifier: str) -> int:
    """The key of ``KIND/ID``; two names share one with a chance of 1 in 9 * 10^18."""
    return int.from_bytes(blake2b(f"{kind}/{identifier}".encode(), digest_size=8).digest()) >> 1


@lru_cache(maxsize=4096)
def file_bits(path: str) -> int:
    """What of a sort key tells files apart that hold records of the same moment."""
    return int.from_bytes(blake2b(path.encode(), digest_size=2).digest()) & ((1 << _FILE_BITS) - 1)


def dated_key(record: AnyRecord | Briefing, index: int, file: int) -> int:
    """Newest first: the day, a day before the month that holds it, the time, then as the file has it.

    INDEX is the record's place in its file, FILE the file's bits. Undated records come last.
    """
    span, minute = _moment(record)
    if span is None:
        day, breadth = _DAY_MAX, 0
    else:
        day = _DAY_MAX - 1 - span.earliest.toordinal()
        breadth = _BREADTH[span.precision]
    key = (day << _BREADTH_BITS) | breadth
    key = (key << _MINUTE_BITS) | (_MINUTE_MAX if minute is None else _MINUTE_MAX - 1 - minute)
    key = (key << _INDEX_BITS) | min(index, (1 << _INDEX_BITS) - 1)
    return (key << _FILE_BITS) | file


def position_key(label: int, dated: int) -> int:
    """Under the issue of LABEL, newest first; keeps the place in the file but not the time."""
    day = dated >> (63 - _DAY_BITS)
    rest = dated & ((1 << (63 - ISSUE_BITS - _DAY_BITS)) - 1)
    return (label << (63 - ISSUE_BITS)) | (day << (63 - ISSUE_BITS - _DAY_BITS)) | rest


def actor_key(kind: ActorKind, hanging: int, name: str) -> int:
    """By kind, then by how many records hang on the actor, then by the first letters of the name."""
    letters = 0
    plain = [letter for letter in normalize("NFKD", name).casefold() if not combining(letter)]
    for place in range(_ACTOR_LETTERS):
        letter = ord(plain[place]) - 96 if place < len(plain) else 0
        letters = letters << 5 | (letter if 0 < letter < 27 else 31 * (letter >= 27))
    most = (1 << _HANGING_BITS) - 1
    key = _ACTOR_ORDER[kind] << _HANGING_BITS | (most - min(hanging, most))
    return key << 5 * _ACTOR_LETTERS | letters


def issue_key(label: int) -> int:
    """In the order of the editors."""
    return label << (63 - ISSUE_BITS)


@lru_cache(maxsize=4096)
def minute_of(time: str) -> int | None:
    """The minute of the day that a time or a part of the day stands for in an order."""
    clock = _CLOCK.match(time)
    if clock is not None:
        minutes = int(clock[1]) * 60 + int(clock[2])
        return minutes if minutes <= 24 * 60 else None
    words = time.casefold()
    return next((hour * 60 for part, hour in _PARTS_OF_DAY if part in words), None)


def heading_of(when: When) -> str:
    """The heading under which records of this moment stand: ``Sunday 15 June 2025``."""
    span = when.span
    if span is None:
        return "Undated"
    return _heading(span)


@lru_cache(maxsize=4096)
def _heading(span: Span) -> str:
    first, last = span.earliest, span.latest
    if span.precision == "year":
        return f"{first.year}"
    if span.precision == "month":
        return f"{first:%B} {first.year}"
    if first == last:
        return f"{first:%A} {_day(first)}"
    return f"{_day(first)} to {_day(last)}"


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%B} {date.year}"


def _moment(record: AnyRecord | Briefing) -> tuple[Span | None, int | None]:
    if isinstance(record, Position | Incident | Quote):
        time = record.when.time
        return record.when.span, None if time is None else minute_of(time)
    if isinstance(record, Source):
        return None if record.published is None else parse_date(record.published), None
    if isinstance(record, Briefing):
        return parse_date(record.as_of), None
    return None, None
