"""Values of fields: days and numbers as a query writes them."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from briefing.model.records import COUNT_MAX
from briefing.model.when import Span, parse_date

_COMPARISON = re.compile(r"(>=|<=|>|<|=)?\s*(.*)", re.DOTALL)
_NUMBER = re.compile("[0-9]+")


class Days(NamedTuple):
    """From a day to a day, both included."""

    earliest: dt.date
    latest: dt.date


class Counts(NamedTuple):
    """From a number to a number, both included."""

    low: int
    high: int


def days_of(name: str, value: str) -> Days:
    """The days that ``date:``, ``before:`` or ``after:`` VALUE asks for.

    A record matches when all of its own days are among them: a date that says only the month
    cannot be said to be one day of it. Raises ValueError, worded for the one who asks.
    """
    if name == "before":
        return _before(parse_date(value.strip()))
    if name == "after":
        return _after(parse_date(value.strip()))
    first, dots, last = value.partition("..")
    if dots:
        earliest = parse_date(first.strip()).earliest if first.strip() else dt.date.min
        latest = parse_date(last.strip()).latest if last.strip() else dt.date.max
        if not first.strip() and not last.strip():
            raise ValueError("a range needs a date on one side of the dots at least")
        if latest < earliest:
            raise ValueError(f'"{value}" ends before it begins')
        return Days(earliest, latest)
    match = _COMPARISON.fullmatch(value)
    assert match is not None
    span = parse_date(match[2].strip())
    match match[1]:
        case ">":
            return _after(span)
        case ">=":
            return Days(span.earliest, dt.date.max)
        case "<":
            return _before(span)
        case "<=":
            return Days(dt.date.min, span.latest)
    return Days(span.earliest, span.latest)


def typed_days(name: str, value: str) -> Days | None:
    """The days of a value that is still being typed: of whatever its next digit may make of it, where it
    needs one, and else of its longest part that is a date."""
    longest = (value[:end] for end in range(len(value), 0, -1))
    for texts in ([value], [value + digit for digit in "0123456789"], *([text] for text in longest)):
        found = [days for text in texts if (days := _days_if_any(name, text)) is not None]
        if found:
            return Days(min(days.earliest for days in found), max(days.latest for days in found))
    return None


def _days_if_any(name: str, value: str) -> Days | None:
    try:
        return days_of(name, value)
    except ValueError:
        return None


def counts_of(value: str) -> Counts:
    """The numbers that ``deaths:`` VALUE asks for: ``3``, ``>0``, ``<=10``, ``3..10``."""
    first, dots, last = value.partition("..")
    if dots:
        low = _number(first) if first.strip() else 0
        high = _number(last) if last.strip() else max(low, COUNT_MAX)
        if not first.strip() and not last.strip():
            raise ValueError("a range needs a number on one side of the dots at least")
        if high < low:
            raise ValueError(f'"{value[:40]}" ends before it begins')
        return Counts(low, high)
    match = _COMPARISON.fullmatch(value)
    assert match is not None
    number = _number(match[2])
    match match[1]:
        case ">":
            return Counts(number + 1, COUNT_MAX)
        case ">=":
            return Counts(number, COUNT_MAX)
        case "<":
            return Counts(0, number - 1)
        case "<=":
            return Counts(0, number)
    return Counts(number, number)


def typed_counts(value: str) -> Counts | None:
    """The numbers of a value that is still being typed, or of its longest part that says any."""
    for end in range(len(value), 0, -1):
        try:
            return counts_of(value[:end])
        except ValueError:
            continue
    return None


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f'"{text.strip()[:40]}" is not a number; write 3, >0, <=10 or 3..10')
    return int(text)


def _before(span: Span) -> Days:
    if span.earliest == dt.date.min:
        raise ValueError("no date is before the year 1")
    return Days(dt.date.min, span.earliest - dt.timedelta(1))


def _after(span: Span) -> Days:
    if span.latest == dt.date.max:
        raise ValueError("no date is after the year 9999")
    return Days(span.latest + dt.timedelta(1), dt.date.max)
