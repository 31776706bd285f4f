"""Facets: what a set of hits is about, counted by actor, stance, status, type, place and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct
from tantivy import Query

from briefing.edition.entry import Entry
from briefing.edition.matching import Reading
from briefing.edition.query.lexer import AS_TYPED
from briefing.edition.searched import ref_key
from briefing.model.records import Actor, Issue, Source

FIELDS = ("actor", "stance", "status", "type", "place")
DAYS_MOST = 400


class FacetValue(Struct, frozen=True):
    """One value, how many hits have it, and the query that asks for it."""

    label: str
    count: int
    query: str


class Facet(Struct, frozen=True):
    """A field of the hits: its most frequent values; the days, which are in their order, all of them."""

    field: str
    values: tuple[FacetValue, ...]


def facets(reading: Reading, hits: Query, limit: int) -> tuple[Facet, ...]:
    """The facets of HITS, those without values left out."""
    asked = {field: {"terms": {"field": field, "size": limit}} for field in FIELDS}
    asked["day"] = {"terms": {"field": "day", "size": DAYS_MOST, "order": {"_key": "desc"}}}
    counted = reading.searcher.aggregate(hits, asked)
    found = []
    for field in (*FIELDS, "day"):
        counts = [(bucket["key"], int(bucket["doc_count"])) for bucket in counted[field]["buckets"]]
        if field == "actor":
            values = [
                FacetValue(name_of(entry), count, f"actor:={exact(reading, entry)}")
                for entry, count in named(reading, [(int(key), count) for key, count in counts])
            ]
        elif field == "day":
            values = [_day(int(key), count) for key, count in reversed(counts)]
        else:
            equals = "=" if field == "place" else ""
            values = [FacetValue(str(key), count, f"{field}:{quoted(key, equals)}") for key, count in counts]
        if values:
            found.append(Facet(field, tuple(values)))
    return tuple(found)


def named(reading: Reading, counts: Sequence[tuple[int, int]]) -> list[tuple[Entry, int]]:
    """The records that the keys of COUNTS stand for, in their order."""
    if not counts:
        return []
    query = reading.terms("self", [key for key, _ in counts])
    entries = {ref_key(entry.ref): entry for entry in reading.entries(query, len(counts))}
    return [(entries[key], count) for key, count in counts if key in entries]


def name_of(entry: Entry) -> str:
    """What a record that others name is called."""
    record = entry.record
    if isinstance(record, Actor | Issue):
        return record.names[0]
    return record.title if isinstance(record, Source) else entry.ref.id


def exact(reading: Reading, entry: Entry) -> str:
    """The id of a record, or its whole ref where others of its kind have the same id."""
    alike = reading.count(reading.term("ref", entry.ref.id))
    return entry.ref.id if alike < 2 else str(entry.ref)


def quoted(value: str, equals: str = "") -> str:
    """VALUE as a query writes it, after what EQUALS says of it."""
    value = value.translate(AS_TYPED)  # the words will do
    return f"{equals}{value}" if value.replace("-", "").isalnum() else f'"{equals}{value}"'


def _day(ordinal: int, count: int) -> FacetValue:
    day = dt.date.fromordinal(ordinal).isoformat()
    return FacetValue(day, count, f"date:{day}")
