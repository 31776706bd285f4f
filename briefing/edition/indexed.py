"""What of a record is searched: the document that the index gets of it.

Runs in the processes that parse, so nothing here needs tantivy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from briefing.edition.keys import KIND_NUMBERS
from briefing.edition.query.fields import Is
from briefing.model.links import links
from briefing.model.names import fold_name, plain, plain_name
from briefing.model.records import (
    Actor,
    AnyRecord,
    Briefing,
    Incident,
    Issue,
    Position,
    Quote,
    Source,
    Toll,
    many,
)
from briefing.model.ref import SHARED, Ref
from briefing.model.vocabulary import ActorKind, Kind, QuoteForm
from briefing.model.when import Span, parse_date

# Finds a linked actor or issue by the ref a record resolves to; None when it dangles.
Resolve = Callable[[Ref], AnyRecord | Briefing | None]

VERBATIM = "verbatim"
_STATES_OF_VERDICTS = {VERBATIM: Is.VERIFIED, "differs": Is.DIFFERS, "stale": Is.STALE}
# Names in a running text: capitalised words, with what joins them (al-, apostrophes), and words in
# Arabic script. Only those are folded: "men" and "min" are no spellings of one word.
_ARABIC = "\u0600-\u06ff\u200c"
_LATIN_NAME = r"(?:[A-Za-z]{2,3}-)?[A-ZÀ-ÖØ-ÞĀ-Žʾʿ‘][\w’'ʾʿ‘`]*"
_NAMES = re.compile(rf"{_LATIN_NAME}(?:[ -]{_LATIN_NAME})*|[{_ARABIC}]+(?: [{_ARABIC}]+)*")


_WORDS = re.compile(r"[^\W_]+")
# How much of a score the date makes: enough to order equals, too little to matter otherwise.
# Days count from 1970; what has no date because it lasts is as recent as anything.
_FIRST_DAY, _RECENCY_OF_DAY, _TIMELESS = 719_163, 1.5e-6, 0.035


class Indexed(NamedTuple):
    """A record with what of it the index needs beside its fields."""

    number: int
    ref: Ref
    sort: int
    verdict: str | None
    record: AnyRecord | Briefing


def prepare(item: Indexed, resolve: Resolve) -> str:
    """The document of one record, as JSON. RESOLVE gives the actors and issues it names."""
    record = item.record
    titles, texts = list(titles_of(record)), list(texts_of(record))
    words = [*titles, *texts, item.ref.id, *([record.type] if isinstance(record, Incident) else ())]
    document: dict[str, Any] = {
        "number": item.number,
        "sort": item.sort,
        "kind": KIND_NUMBERS[item.ref.kind],
        "ref": [str(item.ref), item.ref.id],
        "self": ref_key(item.ref),
        "briefing": item.ref.briefing,
        "title": titles,
        "text": words,
        "title_folded": [fold_name(name) for name in titles]
        if isinstance(record, Actor)
        else names_in(titles),
        "folded": names_in(texts),
        "is": list(_states(record, item.verdict)),
        **_keywords(record),
        **_numbers(record),
    }
    starts = _starts([*words, *document["title_folded"], *document["folded"]])
    starts |= _add_links(document, item, resolve)
    document["edge"] = " ".join(starts | {start[0] for start in starts})
    return msgspec.json.encode(document).decode()


def ref_key(ref: Ref) -> int:
    """A number for REF. It has 52 bits, so that JSON keeps it; two refs share one in 10^15."""
    return int.from_bytes(blake2b(f"{ref[0]}/{ref[1]}/{ref[2]}".encode(), digest_size=7).digest()) >> 4


def _starts(texts: Iterable[str]) -> set[str]:
    """The first two letters of every word: what a search begins with."""
    return {word[:2] for word in _WORDS.findall(plain(" ".join(texts)))}


def titles_of(record: AnyRecord | Briefing) -> Iterable[str]:
    """What a record is called."""
    if isinstance(record, Actor | Issue):
        return record.names
    if isinstance(record, Briefing):
        return (record.title, record.question)
    if isinstance(record, Incident | Source):
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
        case Source():
            yield from filter(None, (record.outlet, record.by))
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
    for _, reference, kind in links(record):
        if kind in (Kind.ACTOR, Kind.ISSUE):
            yield Ref.resolve(reference, briefing=briefing, kind=kind)


def names_in(texts: Iterable[str]) -> list[str]:
    """The names that stand in TEXTS, folded; names side by side as one."""
    return [key for text in texts for name in _NAMES.findall(text) if (key := fold_name(name))]


def _states(record: AnyRecord | Briefing, verdict: str | None) -> Iterator[Is]:
    if isinstance(record, Briefing):
        return
    if verdict in _STATES_OF_VERDICTS:
        yield _STATES_OF_VERDICTS[verdict]
    if verdict != VERBATIM and (isinstance(record, Quote) or any(locator.text for locator in record.sources)):
        yield Is.UNVERIFIED
    if record.retracted is not None:
        yield Is.RETRACTED
    if isinstance(record, Position | Incident | Quote):
        if record.when.undated:
            yield Is.UNDATED
        if record.when.inferred:
            yield Is.INFERRED
    if isinstance(record, Quote) and record.form is QuoteForm.FRAGMENT:
        yield Is.FRAGMENT
    if isinstance(record, Actor) and (record.anonymous or record.kind is ActorKind.UNNAMED_SOURCE):
        yield Is.ANONYMOUS


def _keywords(record: AnyRecord | Briefing) -> dict[str, Any]:
    match record:
        case Actor():
            names = list(_forms(record.names)[0])
            held: dict[str, Any] = {"type": record.kind, "country": record.country, "name": names}
        case Position():
            held = {"stance": record.stance, "act": record.act, "status": record.status}
        case Incident():
            held = {
                "type": record.type,
                "status": [record.status, *([] if record.by_status is None else [record.by_status])],
                "place": record.place.name,
                "place_folded": fold_name(record.place.name),
                "country": record.place.country,
            }
        case Quote():
            held = {"type": record.medium}
        case Source():
            held = {"type": record.kind}
        case _:
            return {}
    if not isinstance(record, Briefing):
        held["tag"] = record.tags
    return {field: value for field, value in held.items() if value}


def _numbers(record: AnyRecord | Briefing) -> dict[str, Any]:
    numbers: dict[str, Any] = {"recency": _TIMELESS} if isinstance(record, Actor | Issue) else {}
    span = span_of(record)
    if span is not None:
        numbers["dated"] = periods_of(span)
        if span.precision == "day":
            numbers["day"] = span.earliest.toordinal()
        numbers["from_day"], numbers["to_day"] = span.earliest.toordinal(), span.latest.toordinal()
        numbers["recency"] = max(numbers["from_day"] - _FIRST_DAY, 0) * _RECENCY_OF_DAY
    if isinstance(record, Incident):
        for field, toll in (("deaths", record.deaths), ("injured", record.injured)):
            if toll is not None:
                numbers[field] = people_of(toll)
    return numbers


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


def people_of(toll: Toll) -> int:
    """The one figure that a toll is searched by: the best, else the lowest, else the highest."""
    return next(n for n in (toll.best, toll.low, toll.high) if n is not None)


def _add_links(document: dict[str, Any], item: Indexed, resolve: Resolve) -> set[str]:
    """Add what the record is linked to, field by field; gives back how the names begin that count for it."""
    own = item.ref.kind
    keys: dict[str, list[int]] = {own.value: [ref_key(item.ref)]} if own in _LINKED_KINDS else {}
    names: dict[str, None] = {}
    starts: set[str] = set()
    for role, reference, kind in links(item.record):
        if kind not in _LINKED_KINDS and (kind is not None or "/" not in reference):
            continue
        ref = Ref.resolve(reference, briefing=item.ref.briefing, kind=kind)
        if ref.kind not in _LINKED_KINDS:
            continue
        if ref.kind is not Kind.SOURCE:
            found = resolve(ref)
            ref = _canonical(ref, found, resolve)
            for named in _named(found, ref.briefing, resolve):
                forms, of_forms = _forms(named.names)
                names.update(forms)
                starts |= of_forms
        key = ref_key(ref)
        for field in (ref.kind.value, _FIELDS_OF_ROLES.get((own, role))):
            if field is not None and key not in keys.setdefault(field, []):
                keys[field].append(key)
    document.update(keys)
    document["linked"] = list(names)
    return starts


_LINKED_KINDS = frozenset({Kind.ACTOR, Kind.ISSUE, Kind.SOURCE})
_FIELDS_OF_ROLES = {
    (Kind.QUOTE, "speaker"): "speaker",
    (Kind.POSITION, "actor"): "by",
    (Kind.INCIDENT, "by"): "by",
    (Kind.QUOTE, "to"): "target",
    (Kind.POSITION, "target"): "target",
    (Kind.INCIDENT, "target"): "target",
    (Kind.ACTOR, "member_of"): "member_of",
}


def _canonical(ref: Ref, found: AnyRecord | Briefing | None, resolve: Resolve) -> Ref:
    """The ref under which FOUND stands: among the shared actors when the briefing has none of its own."""
    shared = Ref(SHARED, ref.kind, ref.id)
    return shared if ref.kind is Kind.ACTOR and found is not None and resolve(shared) == found else ref


def _named(found: AnyRecord | Briefing | None, briefing: str, resolve: Resolve) -> Iterator[Actor | Issue]:
    """The records whose names count for one that is linked to FOUND: itself and, of a person, the groups."""
    if not isinstance(found, Actor | Issue):
        return
    yield found
    if isinstance(found, Actor) and found.kind is ActorKind.PERSON:
        for group in many(found.member_of):
            member_of = resolve(Ref.resolve(group, briefing=briefing, kind=Kind.ACTOR))
            if isinstance(member_of, Actor):
                yield member_of


@lru_cache(maxsize=16_384)
def _forms(names: tuple[str, ...]) -> tuple[dict[str, None], set[str]]:
    """NAMES as they are searched, plain and (where that differs) folded; and how their words begin."""
    forms = dict.fromkeys(form for name in names for form in (plain_name(name), fold_name(name)))
    return forms, _starts(forms)
