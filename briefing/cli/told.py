"""Changes of records in words: lines for people, data for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from briefing.cli.difference import difference
from briefing.content.changes import FieldChange, Version, What, start
from briefing.content.differences import compare
from briefing.content.history import RecordChange
from briefing.content.sanitise import sanitise_line
from briefing.document.document import Line, Run, Style

_STYLES: dict[What, Style] = {
    What.ADDED: "good",
    What.REMOVED: "bad",
    What.RETRACTED: "warning",
    What.RESTORED: "good",
}
# The fields of which the first that a record has is its title.
_TITLES = ("name", "title", "question", "text", "summary")
_TITLE_MAX = 70
# Up to here two values stand whole beside an arrow; above, their differences are shown in place.
_ARROW_MAX = 80
# Comparing words takes time with the square of the length.
_COMPARED_MAX = 8000


def title(record: Version) -> str:
    """What RECORD is called, short enough for a heading."""
    found = next((record[field] for field in _TITLES if isinstance(record.get(field), str)), "")
    return start(sanitise_line(found), _TITLE_MAX)


def style(what: What) -> Style:
    return _STYLES.get(what, "plain")


def lines(change: RecordChange) -> Iterator[Line]:
    """Each difference of the fields in a line."""
    return map(_line, change.fields)


def _line(change: FieldChange) -> Line:
    field, what, before, after = change
    match what:
        case What.ADDED:
            return Run(field, "strong"), Run(" added", "good"), Run(f": {_shown(after)}")
        case What.REMOVED:
            return Run(field, "strong"), Run(" removed", "bad"), Run(f": {_shown(before)}")
        case What.REORDERED:
            return Run(field, "strong"), Run(": the same in another order")
    old, new = _shown(before), _shown(after)
    if len(old) + len(new) <= _ARROW_MAX:
        return Run(f"{field}: ", "strong"), Run(old), Run(" -> "), Run(new)
    if len(old) + len(new) > _COMPARED_MAX:
        return Run(f"{field}: ", "strong"), Run(f"{start(old, _ARROW_MAX)} -> {start(new, _ARROW_MAX)}")
    return Run(f"{field}: ", "strong"), *difference(compare(old, new))


def _shown(value: Any) -> str:
    """A value in one line: a mapping as its keys and values, a list with semicolons."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return "; ".join(map(_shown, value))
    return sanitise_line(value)


def as_data(change: RecordChange) -> dict[str, Any]:
    """The change with both versions of what differs; a whole record where it came or went."""
    ref = change.ref
    record = change.newest
    data: dict[str, Any] = {
        "ref": str(ref),
        "kind": ref.kind.value,
        "id": ref.id,
        "briefing": ref.briefing,
        "title": title(record),
        "change": change.what.value,
        "fields": [field._asdict() for field in change.fields],
    }
    if change.what in (What.ADDED, What.REMOVED):
        data["record"] = record
    return data
