"""Records as data: as they are written, as rows of a table, and the head that names each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from briefing.model.records import TYPES, Briefing, Incident, Place, Position, Quote, Source
from briefing.model.vocabulary import Kind
from briefing.model.when import When

if TYPE_CHECKING:
    from briefing.edition.edition import Edition
    from briefing.edition.entry import Entry, Links


def as_written(entry: Entry) -> dict[str, Any]:
    """The record as its YAML says it, defaults left out."""
    written: dict[str, Any] = msgspec.to_builtins(entry.record)
    return written


def head(edition: Edition, entry: Entry) -> dict[str, Any]:
    """What names a record in every list: ref, kind, id, briefing, title, date."""
    ref = entry.ref
    return {
        "ref": str(ref),
        "kind": ref.kind.value,
        "id": ref.id,
        "briefing": ref.briefing,
        "title": edition.name(ref),
        "date": date_of(entry),
    }


def date_of(entry: Entry) -> str | None:
    """The record's date as written; None when it has none."""
    record = entry.record
    if isinstance(record, Position | Incident | Quote):
        return record.when.date
    if isinstance(record, Source):
        return record.published
    return record.as_of if isinstance(record, Briefing) else None


def links_written(links: Links) -> dict[str, Any]:
    return {
        "out": [{"role": link.role, "ref": str(link.ref)} for link in links.out],
        "into": [
            {
                "role": group.role,
                "kind": group.kind.value,
                "total": group.total,
                "refs": [str(ref) for ref in group.refs],
            }
            for group in links.into
        ],
    }


# `when` and `place` become columns of their own, so that a table can be sorted by date.
_SPREAD: dict[str, type[When | Place]] = {"when": When, "place": Place}


def table_header(kind: Kind) -> list[str]:
    """The columns of a table of KIND: the ref, then each field of the record."""
    return ["ref", *_columns(kind)]


def table_row(entry: Entry) -> list[Any]:
    """ENTRY under `table_header`: a list of words as words, anything deeper as JSON."""
    written = as_written(entry)
    return [str(entry.ref), *(_cell(_dig(written, column)) for column in _columns(entry.ref.kind))]


def _columns(kind: Kind) -> Iterator[str]:
    record = TYPES[kind]
    for field in msgspec.structs.fields(record):
        if field.encode_name not in _SPREAD:
            yield field.encode_name
            continue
        for part in msgspec.structs.fields(_SPREAD[field.encode_name]):
            yield f"{field.encode_name}.{part.encode_name}"


def _dig(written: dict[str, Any], column: str) -> Any:
    name, dot, part = column.partition(".")
    value = written.get(name)
    return value.get(part) if dot and isinstance(value, dict) else value


def _cell(value: Any) -> Any:
    if value is None or (isinstance(value, str | int | float) and not isinstance(value, bool)):
        return value
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return "; ".join(value)
    return msgspec.json.encode(value).decode()
