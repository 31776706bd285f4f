"""Dates as sources give them: a day, a month, a year, an interval, or none."""

# Annotations are values, as in `records`.
import calendar
import datetime as dt
import re
from functools import lru_cache
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from briefing.model.vocabulary import DateBasis

Precision = Literal["day", "month", "year", "interval"]
_PART = "[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"
DATE_PATTERN = f"^{_PART}(?:/{_PART})?$"
_DATE = re.compile(DATE_PATTERN)


class Span(NamedTuple):
    """The days a date may mean, both ends included, and how precise it is."""

    earliest: dt.date
    latest: dt.date
    precision: Precision


@lru_cache(maxsize=4096)
def parse_date(text: str) -> Span:
    """Read ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or ``A/B``.

    Raises ValueError, worded for an editor, when the form is another or the day does not exist.
    """
    if not _DATE.match(text):
        raise ValueError(f'"{text[:40]}" is not a date; write YYYY, YYYY-MM, YYYY-MM-DD or A/B')
    first, slash, second = text.partition("/")
    span = _parse_part(first)
    if not slash:
        return span
    end = _parse_part(second)
    if end.latest < span.earliest:
        raise ValueError(f'"{text}" ends before it begins')
    return Span(span.earliest, end.latest, "interval")


def _parse_part(text: str) -> Span:
    numbers = [int(part) for part in text.split("-")]
    year = numbers[0]
    if year < 1:
        raise ValueError(f'"{text}" has no year')
    if len(numbers) == 1:
        return Span(dt.date(year, 1, 1), dt.date(year, 12, 31), "year")
    month = numbers[1]
    if not 1 <= month <= 12:
        raise ValueError(f'"{text}" has no month {month:02d}')
    days = calendar.monthrange(year, month)[1]
    if len(numbers) == 2:
        return Span(dt.date(year, month, 1), dt.date(year, month, days), "month")
    day = numbers[2]
    if not 1 <= day <= days:
        name = calendar.month_name[month]
        raise ValueError(f'"{text}" does not exist: {name} {year} has {days} days')
    date = dt.date(year, month, day)
    return Span(date, date, "day")


DateText = Annotated[
    str,
    Meta(
        pattern=DATE_PATTERN,
        description="YYYY, YYYY-MM, YYYY-MM-DD, or an interval A/B; its length is its precision.",
        examples=["2025-06-13", "2025-06", "2025-06-13/2025-06-16"],
    ),
]


class When(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """When something was: a date with its basis, or that no source dates it."""

    date: DateText | None = None
    date_basis: Annotated[
        DateBasis | None, Meta(description="Whether the source states the date or it is inferred.")
    ] = None
    date_text: Annotated[
        str | None, Meta(description="The source's own words for it.", examples=["On Sunday"])
    ] = None
    undated: Annotated[bool, Meta(description="True when no source gives a date.")] = False
    time: Annotated[
        str | None,
        Meta(
            description="HH:MM, or a part of the day in the source's words.",
            examples=["05:30", "early morning"],
        ),
    ] = None
    tz: Annotated[str | None, Meta(description="IANA time zone.", examples=["Asia/Baghdad"])] = None

    def __post_init__(self) -> None:
        if self.date is not None:
            parse_date(self.date)
        if (self.date is None) is not self.undated:
            raise ValueError("give either a date or undated: true")

    @property
    def span(self) -> Span | None:
        """The days it may mean, or None when undated."""
        return None if self.date is None else parse_date(self.date)

    @property
    def inferred(self) -> bool:
        return self.date_basis is DateBasis.INFERRED
