"""Where in a record a reference stands, for marking it."""

from __future__ import annotations

from typing import Any

from briefing.content.finding import FieldPath


def path_of(record: Any, role: str, reference: str) -> FieldPath:
    """The path of REFERENCE among the fields that ROLE names (`sources.source`); the role's own if unsure."""
    return _find(record, role.split("."), reference) or tuple(role.split(".")[:1])


def _find(value: Any, names: list[str], reference: str) -> FieldPath | None:
    if isinstance(value, tuple):
        for position, item in enumerate(value):
            found = _find(item, names, reference)
            if found is not None:
                return (position, *found)
        return None
    if not names:
        return () if value == reference else None
    found = _find(getattr(value, names[0], None), names[1:], reference)
    return None if found is None else (names[0], *found)
