"""What of a record is searched: its titles, its words, whom it names, its days.

Indexing writes it into documents; explaining and marking hits read it again from the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from briefing.edition.hashes import blake2b
from briefing.model.links import links
from briefing.model.records import Actor, AnyRecord, Briefing, Incident, Issue, Position, Quote, Source
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.model.when import Span, parse_date

# Records of these kinds others are found by: in the field named so, and by the role in which they are named.
LINKED_KINDS = frozenset({Kind.ACTOR, Kind.ISSUE, Kind.SOURCE})
FIELDS_OF_ROLES = {
    (Kind.QUOTE, "speaker"): "speaker",
    (Kind.POSITION, "actor"): "by",
    (Kind.INCIDENT, "by"): "by",
    (Kind.QUOTE, "to"): "target",
    (Kind.POSITION, "target"): "target",
    (Kind.INCIDENT, "target"): "target",
    (Kind.ACTOR, "member_of"): "member_of",
}


@lru_cache(maxsize=16_384)
def ref_key(ref: Ref) -> int:
    """A number for REF. It has 52 bits, so that JSON keeps it; two refs share one in 10^15."""
    return int.from_bytes(blake2b(f"{ref[0]}/{ref[1]}/{ref[2]}".encode(), digest_size=7).digest()) >> 4


def titles_of(record: AnyRecord | Briefing) -> Iterable[str]:
    """What a record is called."""
    if isinstance(record, Actor | Issue):
        return record.names
    if isinstance(record, Briefing):
        return (record.title, record.question)
    if isinstance(record, Source):
        return filter(None, (record.title, record.outlet, record.by))
    if isinstance(record, Incident):
        return (record.title,)
    return ()


def texts_of(record: AnyRecord | Briefing) -> Iterator[str]:
    """A record's own words beside its titles."""
    match record:
        case Actor():
            yield from filter(None, (record.role, *(role.title for role in record.roles)))
        case Position():
            yield from filter(None, (record.summary, record.condition))
        case Incident():
            yield from filter(None, (record.summary, record.place.name, record.weapon, record.outcome))
        case Quote():
            original = None if record.original is None else record.original.text
            yield from filter(None, (record.text, original, record.role, record.attribution))
        case Briefing():
            yield from filter(None, (record.summary, *record.authors))
            yield from (judgement.text for judgement in record.judgements)
            return
    if record.note:
        yield record.note
    if record.retracted is not None:
        yield record.retracted.why
    yield from record.tags
    yield from (locator.text for locator in record.sources if locator.text)


def people_or_issues(record: AnyRecord | Briefing, briefing: str) -> Iterator[Ref]:
    """The actors and issues that a record of BRIEFING names."""
    for mention in links(record):
        if mention.kind in (None, Kind.ACTOR, Kind.ISSUE):
            ref = mention.target(briefing)
            if ref.kind in (Kind.ACTOR, Kind.ISSUE):
                yield ref


def periods_of(span: Span) -> list[str]:
    """The day, month and year that all days of SPAN are in, as far as they share one."""
    first, last = span.earliest.isoformat(), span.latest.isoformat()
    return [first[:length] for length in (10, 7, 4) if first[:length] == last[:length]]


def span_of(record: AnyRecord | Briefing) -> Span | None:
    """The days that a record may be of; None when it has no date."""
    if isinstance(record, Position | Incident | Quote):
        return record.when.span
    if isinstance(record, Source) and record.published is not None:
        return parse_date(record.published)
    if isinstance(record, Briefing):
        return parse_date(record.as_of)
    return None
