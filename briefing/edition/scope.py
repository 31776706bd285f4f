"""The part of an index that is one briefing."""

from __future__ import annotations

from tantivy import Query

from briefing.edition.matching import Reading, all_of, any_of
from briefing.edition.view import View
from briefing.model.ref import SHARED

_SHARED_MOST = 10_000
_KEPT = 256


def reading_of(view: View) -> Reading:
    """A look into the part of its index that VIEW is."""
    reading = Reading(view)
    reading.part = _part(reading)
    return reading


def _part(reading: Reading) -> list[Query]:
    """What is in a briefing: its records, and the shared actors that they name; nothing to ask of all."""
    briefing = reading.view.only_briefing
    if briefing is None:
        return []
    own = reading.term("briefing", briefing)
    if not reading.searcher.doc_freq("briefing", SHARED):
        return [own]
    named = _named(reading, briefing)
    shared = all_of([reading.term("briefing", SHARED), reading.terms("self", named)])
    return [any_of([own, shared])] if named else [own]


_kept: dict[tuple[int, str], list[int]] = {}


def _named(reading: Reading, briefing: str) -> list[int]:
    """The keys of the actors that a briefing names; kept, as an edition never changes."""
    key = (reading.view.serial, briefing)
    kept = _kept.get(key)
    if kept is None:
        actors = {"actors": {"terms": {"field": "actor", "size": _SHARED_MOST}}}
        groups = reading.searcher.aggregate(reading.term("briefing", briefing), actors)
        kept = [int(bucket["key"]) for bucket in groups["actors"]["buckets"]]
        if len(_kept) >= _KEPT:
            _kept.clear()
        _kept[key] = kept
    return kept
