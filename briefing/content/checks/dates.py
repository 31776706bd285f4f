"""Checks of dates: that they agree with the source's words, the briefing's window and its day."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from briefing.content.checks.registry import Setting, record_check
from briefing.content.codes import declare
from briefing.content.finding import FieldPath, Finding
from briefing.model.records import Incident, Position, Quote, Source
from briefing.model.vocabulary import IncidentStatus, Kind
from briefing.model.when import Span, When, parse_date

WEEKDAY = declare(
    "W401",
    "weekday does not agree with the date",
    "`date_text` names a weekday, and the date falls on another. Texts that count from a weekday "
    '("since Friday", "the day before Sunday") are left alone.',
    'when: {date: 2025-06-14, date_basis: inferred, date_text: "On Sunday"}',
)
OUTSIDE_WINDOW = declare(
    "W402",
    "date outside the briefing's window",
    "The date lies wholly outside the `window` in briefing.yaml: either it is mistyped, or the window is too "
    "narrow. What is only planned may lie after it.",
    "# briefing.yaml: window: 2025-06-13/2025-06-17\nwhen: {date: 2024-06-13, date_basis: stated}",
)
AFTER_AS_OF = declare(
    "W403",
    "date after the briefing's own day",
    "The record is dated after `as_of`, the day the briefing describes, and is not planned.",
    "# briefing.yaml: as_of: 2025-06-17\nwhen: {date: 2025-07-13, date_basis: stated}",
)
NO_BASIS = declare(
    "W404",
    "date without its basis",
    "A dated record says with `date_basis` whether the source states the date or it is inferred or reported.",
    "when: {date: 2025-06-13}",
)
TIME = declare(
    "W405",
    "no such time",
    "A time in digits is HH:MM on a clock of 24 hours. Words such as early morning may stand instead.",
    "when: {date: 2025-06-13, date_basis: stated, time: 25:30}",
)
ZONE = declare(
    "W406",
    "time zone not of the IANA's form",
    "Write the zone as Area/City, or UTC.",
    "when: {date: 2025-06-13, date_basis: stated, time: 05:30, tz: Baghdad}",
)

_DAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_WEEKDAY = re.compile(rf"\b({'|'.join(_DAYS)})s?\b", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:before|after|since|until|till|from|by|following|next|last|ago)\b", re.IGNORECASE)
_CLOCK = re.compile(
    r"\d{1,2}(?:[:.h]?\d{0,2}){1,2}\s*(?:[ap]\.?m\.?|h|hrs|hours|o['’]clock|Z|UTC|GMT|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_ZONE = re.compile(r"UTC|GMT|[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_+-]+){1,2}|Etc/GMT[+-]\d{1,2}")


@record_check(Kind.POSITION, Kind.INCIDENT, Kind.QUOTE)
def weekday(record: Position | Incident | Quote, _: Setting) -> Iterator[Finding]:
    """The weekday in the source's words is one of the days that the date means."""
    when = record.when
    if when.date_text is None or when.date is None:
        return
    named = {match[1].lower() for match in _WEEKDAY.finditer(when.date_text)}
    if not named or _COUNTED.search(when.date_text):
        return
    span = parse_date(when.date)
    days = min((span.latest - span.earliest).days, 6)
    possible = {(span.earliest + dt.timedelta(days=day)).weekday() for day in range(days + 1)}
    if not any(_DAYS[name] in possible for name in named):
        says = " and ".join(sorted(name.capitalize() for name in named))
        is_a = calendar.day_name[span.earliest.weekday()]
        hint = _nearest(span, {_DAYS[name] for name in named}) if len(named) == 1 else ""
        message = f'{when.date} is a {is_a}, but the source\'s words say "{says}"'
        yield Finding(WEEKDAY, ("when", "date"), message, hint)


def _nearest(span: Span, wanted: set[int]) -> str:
    """Which days of the same week the words may mean; both directions, for the line does not say which."""
    days = [
        span.earliest + dt.timedelta(days=step)
        for step in range(-3, 4)
        if (span.earliest + dt.timedelta(days=step)).weekday() in wanted
    ]
    return f"{calendar.day_name[days[0].weekday()]} was {days[0].isoformat()}" if days else ""


@record_check(Kind.POSITION, Kind.INCIDENT, Kind.QUOTE)
def window(record: Position | Incident | Quote, setting: Setting) -> Iterator[Finding]:
    """The date lies inside the briefing's window and not after its day."""
    span = record.when.span
    if span is None:
        return
    planned = isinstance(record, Incident) and record.status in (
        IncidentStatus.PLANNED,
        IncidentStatus.CANCELLED,
    )
    bounds = setting.window
    path: FieldPath = ("when", "date")
    if bounds is not None and (
        span.latest < bounds.earliest or (span.earliest > bounds.latest and not planned)
    ):
        limits = f"{bounds.earliest.isoformat()} to {bounds.latest.isoformat()}"
        yield Finding(OUTSIDE_WINDOW, path, f"{record.when.date} is outside the briefing's window, {limits}")
    elif setting.as_of is not None and span.earliest > setting.as_of.latest and not planned:
        day = setting.as_of.latest.isoformat()
        yield Finding(AFTER_AS_OF, path, f"{record.when.date} is after the briefing's day, {day}")


@record_check(Kind.SOURCE)
def published(source: Source, setting: Setting) -> Iterator[Finding]:
    """A source was not published after the briefing's day."""
    if source.published is None or setting.as_of is None:
        return
    if parse_date(source.published).earliest > setting.as_of.latest:
        day = setting.as_of.latest.isoformat()
        message = f"published {source.published}, after the briefing's day, {day}"
        yield Finding(AFTER_AS_OF, ("published",), message)


@record_check(Kind.POSITION, Kind.INCIDENT, Kind.QUOTE)
def details(record: Position | Incident | Quote, _: Setting) -> Iterator[Finding]:
    """The basis is given, and time and zone are of a form that can be right."""
    when: When = record.when
    if when.date is not None and when.date_basis is None:
        message = "the date has no date_basis (stated, inferred or reported)"
        yield Finding(NO_BASIS, ("when", "date"), message)
    if when.time is not None and _CLOCK.fullmatch(when.time) and not _is_clock(when.time):
        yield Finding(TIME, ("when", "time"), f'"{when.time}" is no time; write HH:MM, from 00:00 to 23:59')
    if when.tz is not None and _ZONE.fullmatch(when.tz) is None:
        message = f'"{when.tz[:40]}" is not a zone of the form Asia/Baghdad'
        yield Finding(ZONE, ("when", "tz"), message)


def _is_clock(text: str) -> bool:
    return re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", text) is not None
