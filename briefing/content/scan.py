"""Scanning: what a source's text says in quotation marks, and which days it names, that no record covers.

A pure core: a text and the records that rest on it go in, gaps come out, so that nothing is overlooked.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import StrEnum
from typing import NamedTuple

from briefing.content.claims import claims
from briefing.content.differences import find_whole
from briefing.content.sourcetext import SourceText, Span, quoted_spans
from briefing.model.records import AnyRecord, Incident, Position, Quote, Source
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.model.when import When

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# fmt: off
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on
_SHORT = "|".join(rf"{month}|{month[:3]}t?\.?" for month in _MONTHS)
# "may" and "march" are words too, so a month counts only beside a day or a year.
_DAY = re.compile(
    rf"(?P<weekday>\b(?:{'|'.join(_WEEKDAYS)})\b)"
    r"|\b(?P<iso>\d{4}-\d\d-\d\d)\b"
    r"|(?<![\w/.])(?P<one>\d\d?)(?P<between>[/.])(?P<other>\d\d?)(?P=between)(?P<year_of_both>\d{4})(?![\w/])"
    rf"|\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_SHORT})\b(?:,?\s+(?P<year>\d{{4}}))?"
    rf"|\b(?P<month_first>{_SHORT})\s+(?P<day_second>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year_last>\d{{4}}))?"
    rf"|\b(?P<only_month>{_SHORT})\s+(?P<only_year>\d{{4}})\b"
)


class What(StrEnum):
    """What sort of passage a gap is."""

    QUOTE = "quote"
    WEEKDAY = "weekday"
    DATE = "date"


class Gap(NamedTuple):
    """A passage that no record covers; line and column count from 1."""

    line: int
    column: int
    what: What
    text: str


def scan(text: SourceText, source: Ref, records: Iterable[AnyRecord]) -> list[Gap]:
    """The gaps that RECORDS leave in TEXT, the text of SOURCE, in its order.

    A quoted passage is covered by quotes and locators that repeat it; each covers one place, so the same
    words of two speakers need two. A day is covered by a record of that paragraph that is dated by it.
    """
    words: dict[int | None, list[str]] = {}
    days: dict[int | None, list[When]] = {}
    for record in records:
        for claim in claims(record, source.briefing):
            if claim.source == source and claim.text is not None:
                words.setdefault(claim.para, []).append(claim.text)
        if isinstance(record, Position | Incident | Quote):
            for locator in record.sources:
                if Ref.resolve(locator.source, briefing=source.briefing, kind=Kind.SOURCE) == source:
                    days.setdefault(locator.para, []).append(record.when)
        elif isinstance(record, Source) and record.id == source.id and record.published:
            days.setdefault(None, []).append(When(date=record.published))
    gaps: list[Gap] = []
    for para, line in text.paragraphs:
        gaps.extend(_unquoted(para, line, words.get(para, []) + words.get(None, [])))
        gaps.extend(_undated(para, line, days.get(para, []) + days.get(None, [])))
    return sorted(gaps)


def _unquoted(para: int, line: str, texts: list[str]) -> Iterator[Gap]:
    """The quoted passages of LINE, or what is left of them, that none of TEXTS covers."""
    spans = list(quoted_spans(line))
    covered = bytearray(len(line))
    # The longest first: a fragment must not take the place of the sentence that holds it.
    for text in sorted(texts, key=len, reverse=True):
        at = _free_place(text, line, spans, covered)
        if at is not None:
            covered[at : at + len(text)] = b"\x01" * len(text)
    for start, end in spans:
        left = [at for at in range(start, end) if not covered[at] and line[at].isalnum()]
        if left:
            yield Gap(para, left[0] + 1, What.QUOTE, line[left[0] : left[-1] + 1])


def _free_place(text: str, line: str, spans: list[Span], covered: bytearray) -> int | None:
    at = find_whole(line, text)
    while at is not None:
        end = at + len(text)
        if not any(covered[at:end]) and any(start <= at and end <= stop for start, stop in spans):
            return at
        at = find_whole(line, text, after=at + 1)
    return None


def _undated(para: int, line: str, whens: list[When]) -> Iterator[Gap]:
    """The days that LINE names and no record of the paragraph is dated by."""
    for match in _DAY.finditer(line):
        if match["one"] and not _readings(match):
            continue
        if not any(_is_dated_by(when, match) for when in whens):
            what = What.WEEKDAY if match["weekday"] else What.DATE
            yield Gap(para, match.start() + 1, what, match[0])


def _is_dated_by(when: When, match: re.Match[str]) -> bool:
    if when.date_text is not None and re.search(rf"\b{re.escape(match[0])}", when.date_text, re.IGNORECASE):
        return True
    return when.span is not None and _means(match, when.span.earliest, when.span.latest)


def _means(match: re.Match[str], earliest: dt.date, latest: dt.date) -> bool:
    """Whether the date that MATCH spells out, as far as it does, is a day of the span."""
    if match["weekday"]:
        return False
    if match["iso"]:
        return earliest.isoformat() <= match["iso"] <= latest.isoformat()
    if match["one"]:
        return any(earliest <= day <= latest for day in _readings(match))
    name = match["month"] or match["month_first"] or match["only_month"]
    month = next(n for n, full in enumerate(_MONTHS, 1) if full.startswith(name[:3]))
    year = match["year"] or match["year_last"] or match["only_year"]
    day = match["day"] or match["day_second"]
    for date in (earliest, latest):
        if date.month == month and year in (None, str(date.year)) and day in (None, str(date.day)):
            return True
    return False


def _readings(match: re.Match[str]) -> list[dt.date]:
    """The days that a date in numbers may mean: in Europe the day comes first, in America the month."""
    one, other, year = int(match["one"]), int(match["other"]), int(match["year_of_both"])
    days = []
    for month, day in ((other, one), (one, other)):
        with suppress(ValueError):
            days.append(dt.date(year, month, day))
    return days
