"""Findings: something wrong in one record, before it is known where in its file that stands."""

from __future__ import annotations

from typing import NamedTuple

# A field's place in a record: keys, and positions in lists, for example ("sources", 0, "para").
FieldPath = tuple[str | int, ...]


class Finding(NamedTuple):
    """One thing wrong at a field of a record; `on_key` when the key, not its value, is to be marked."""

    code: str
    path: FieldPath
    message: str
    hint: str = ""
    on_key: bool = False
