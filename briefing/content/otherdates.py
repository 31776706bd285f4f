"""Dates in other forms than ours, as far as only one day can be meant."""

from __future__ import annotations

import calendar
import re

from briefing.model.when import parse_date

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
}
_MONTH = rf"(?P<word>{'|'.join(_MONTHS)}|sept)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_FORMS = [
    re.compile(form)
    for form in (
        rf"{_YEAR}([-./ ])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}})",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)",
        rf"{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)[t ]\d\d:\d\d.*",
        rf"{_YEAR}[-./](?P<month>\d{{1,2}})",
        rf"(?P<month>\d{{1,2}})[-./]{_YEAR}",
        rf"{_DAY}[- ]?{_MONTH}[-, ]*{_YEAR}",
        rf"{_MONTH} ?{_DAY}[, ]+{_YEAR}",
        rf"{_MONTH}[, ]*{_YEAR}",
        rf"{_YEAR}[- ]?{_MONTH}[- ]?{_DAY}",
        r"(?P<one>\d{1,2})([-./])(?P<other>\d{1,2})\2(?P<year>\d{4})",
    )
]
_BETWEEN = re.compile(r"\s+(?:-|/|to|until)\s+|\s*(?:\.\.\.?|[–—])\s*")
_LENGTH_MAX = 60


def date_meant(text: str) -> str | None:
    """The date that TEXT, which is none of ours, can only mean; None where that may be several, or none."""
    if len(text) > _LENGTH_MAX:
        return None
    days = [_day_meant(part) for part in _BETWEEN.split(text.strip().lower())]
    meant = "/".join(filter(None, days))
    if None in days or len(days) > 2 or meant == text:
        return None
    try:
        parse_date(meant)
    except ValueError:
        return None
    return meant


def _day_meant(text: str) -> str | None:
    for form in _FORMS:
        if found := form.fullmatch(text):
            said = found.groupdict()
            if "one" in said:
                numbers = {int(said["one"]), int(said["other"])}
                if len(numbers) > 1 and max(numbers) <= 12:
                    return None  # the day may stand first or second
                month, day = min(numbers), str(max(numbers))
            else:
                month = _MONTHS[said["word"][:3]] if "word" in said else int(said["month"])
                day = said.get("day", "")
            return f"{said['year']}-{month:02d}" + (f"-{int(day):02d}" if day else "")
    return text if _is_ours(text) else None


def _is_ours(text: str) -> bool:
    try:
        parse_date(text)
    except ValueError:
        return False
    return True
