"""The document that the index gets of a record.

Runs in the processes that parse, so nothing here needs tantivy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from briefing.content.verdict import Standing, Verdict
from briefing.edition.compounds import otherwise, respelled
from briefing.edition.keys import KIND_NUMBERS
from briefing.edition.query.fields import Is
from briefing.edition.searched import (
    FIELDS_OF_ROLES,
    LINKED_KINDS,
    periods_of,
    ref_key,
    span_of,
    texts_of,
    titles_of,
)
from briefing.model.links import links
from briefing.model.names import composed, fold_name, plain, plain_name
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
from briefing.model.when import Span

# Finds a linked actor or issue by the ref a record resolves to; None when it dangles.
Resolve = Callable[[Ref], AnyRecord | Briefing | None]

_STATES_OF_WORDS = {
    Standing.VERBATIM: (Is.VERIFIED,),
    Standing.DIFFERS: (Is.DIFFERS, Is.UNVERIFIED),
    Standing.STALE: (Is.STALE, Is.UNVERIFIED),
    Standing.UNVERIFIED: (Is.UNVERIFIED,),
}
# Names in a running text: capitalised words, with what joins them (al-, apostrophes), and words in
# Arabic script. Only those are folded: "men" and "min" are no spellings of one word.
_ARABIC = "\u0600-\u06ff\u200c"
_LATIN_NAME = r"(?:[A-Za-z]{2,3}-)?[A-ZÀ-ÖØ-ÞĀ-Žʾʿ‘][\w’'ʾʿ‘`]*"
_NAMES = re.compile(rf"{_LATIN_NAME}(?:[ -]{_LATIN_NAME})*|[{_ARABIC}]+(?: [{_ARABIC}]+)*")
_FIRST_LETTER = re.compile(rf"[A-ZÀ-ÖØ-ÞĀ-Žʾʿ‘{_ARABIC}]")
_JOINED = re.compile("[A-Za-z]{2,3}-$")
_STARTS = re.compile(r"([^\W_]{1,2})[^\W_]*")
# How much of a score the date makes: enough to order equals, too little to matter otherwise.
# Days count from 1970; what has no date because it lasts is as recent as anything.
_FIRST_DAY, _RECENCY_OF_DAY, _TIMELESS = 719_163, 1.5e-6, 0.035


class Indexed(NamedTuple):
    """A record with what of it the index needs beside its fields."""

    number: int
    ref: Ref
    sort: int
    verdict: Verdict | None
    record: AnyRecord | Briefing


def prepare(item: Indexed, linked: Linked) -> str:
    """The document of one record, as JSON; LINKED gives what it is found by through others."""
    record = item.record
    titles, texts = (list(map(composed, found)) for found in (titles_of(record), texts_of(record)))
    if spelled := [word for word, _, _ in otherwise("\n".join([*titles, *texts]))]:
        titles = list(dict.fromkeys([*titles, *map(respelled, titles)]))
        texts += spelled
    words = [*titles, *texts, item.ref.id, *([record.type] if isinstance(record, Incident) else ())]
    document: dict[str, Any] = {
        "number": item.number,
        "sort": item.sort,
        "kind": KIND_NUMBERS[item.ref.kind],
        "ref": [str(item.ref), item.ref.id],
        "self": ref_key(item.ref),
        "briefing": item.ref.briefing,
        # Editors know a source by its id.
        "title": [*titles, item.ref.id] if isinstance(record, Source) else titles,
        "text": words,
        "title_folded": [fold_name(name) for name in titles]
        if isinstance(record, Actor)
        else names_in(titles),
        "folded": names_in(texts),
        "is": list(_states(record, item.verdict)),
        **_keywords(record),
        **_numbers(record),
    }
    starts = _starts([*words, *names_in(titles), *document["folded"]])
    starts |= _add_links(document, item, linked)
    document["edge"] = " ".join(starts | {start[0] for start in starts})
    return msgspec.json.encode(document).decode()


def _starts(texts: Iterable[str]) -> set[str]:
    """The first two letters of every word: what a search begins with."""
    return set().union(*map(_starts_in, set(" ".join(texts).split())))


@lru_cache(maxsize=4_096)
def _starts_in(piece: str) -> tuple[str, ...]:
    """Those of a piece of a text without spaces; most pieces come again and again."""
    return tuple(_STARTS.findall(plain(piece)))


def names_in(texts: Iterable[str]) -> list[str]:
    """The names that stand in TEXTS, folded; names side by side as one."""
    return [key for text in texts for name in _names(text) if (key := fold_name(name))]


def _names(text: str) -> list[str]:
    """What _NAMES finds in TEXT; looking for a first letter is a quarter of its time."""
    found = []
    at = 0
    while (first := _FIRST_LETTER.search(text, at)) is not None:
        start = first.start()
        if (
            start > at
            and text[start - 1] == "-"
            and (joined := _JOINED.search(text, max(at, start - 4), start))
        ):
            start = joined.start()
        name = _NAMES.match(text, start)
        assert name is not None
        found.append(name.group())
        at = name.end()
    return found


def _states(record: AnyRecord | Briefing, verdict: Verdict | None) -> Iterator[Is]:
    if isinstance(record, Briefing):
        return
    if verdict is not None:
        yield from _STATES_OF_WORDS[verdict.standing]
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
        case Issue():
            held = {}
        case Briefing():
            return {}
    held["tag"] = record.tags
    return {field: value for field, value in held.items() if value}


def _numbers(record: AnyRecord | Briefing) -> dict[str, Any]:
    numbers: dict[str, Any] = {"recency": _TIMELESS} if isinstance(record, Actor | Issue) else {}
    span = span_of(record)
    if span is not None:
        numbers.update(_dates(span))
    if isinstance(record, Incident):
        for field, toll in (("deaths", record.deaths), ("injured", record.injured)):
            if toll is not None:
                numbers[field] = people_of(toll)
    return numbers


@lru_cache(maxsize=4_096)
def _dates(span: Span) -> dict[str, Any]:
    first = span.earliest.toordinal()
    dates = {
        "dated": periods_of(span),
        "from_day": first,
        "to_day": span.latest.toordinal(),
        "recency": max(first - _FIRST_DAY, 0) * _RECENCY_OF_DAY,
    }
    return {**dates, "day": first} if span.earliest == span.latest else dates


def people_of(toll: Toll) -> int:
    """The one figure that a toll is searched by: the best, else the lowest, else the highest."""
    return next(n for n in (toll.best, toll.low, toll.high) if n is not None)


def _add_links(document: dict[str, Any], item: Indexed, linked: Linked) -> set[str]:
    """Add what the record is linked to, field by field; gives back how the names begin that count for it."""
    own, briefing = item.ref.kind, item.ref.briefing
    keys: dict[str, dict[int, None]] = {own.value: {ref_key(item.ref): None}} if own in LINKED_KINDS else {}
    names: dict[str, None] = {}
    starts: set[str] = set()
    for role, reference, kind in links(item.record):
        target = linked.of(reference, briefing, kind)
        if target is None:
            continue
        for field in (target.field, FIELDS_OF_ROLES.get((own, role))):
            if field is not None:
                keys.setdefault(field, {})[target.key] = None
        names.update(target.forms)
        starts |= target.starts
    document.update((field, list(found)) for field, found in keys.items())
    document["linked"] = list(names)
    return starts


class _Target(NamedTuple):
    """What a record is found by through another that it names: the names' forms, and how they begin."""

    field: str
    key: int
    forms: dict[str, None]
    starts: set[str]


class Linked:
    """The records that others name, each looked up with RESOLVE and worked out once."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self.of = lru_cache(maxsize=4_096)(self._of)

    def _of(self, reference: str, briefing: str, kind: Kind | None) -> _Target | None:
        """What a record of BRIEFING names by REFERENCE, if it is of the kinds that others are found by."""
        if kind is not None and kind not in LINKED_KINDS:
            return None
        ref = Ref.resolve(reference, briefing=briefing, kind=kind)
        if ref.kind not in LINKED_KINDS:
            return None
        forms: dict[str, None] = {}
        starts: set[str] = set()
        if ref.kind is not Kind.SOURCE and (found := self._resolve(ref)) is not None:
            ref = self._canonical(ref, found)
            for named in self._named(found, ref.briefing):
                of_one, starts_of_one = _forms(named.names)
                forms.update(of_one)
                starts |= starts_of_one
        return _Target(ref.kind.value, ref_key(ref), forms, starts)

    def _canonical(self, ref: Ref, found: AnyRecord | Briefing) -> Ref:
        """The ref under which FOUND stands: among the shared actors when the briefing has none of its own."""
        if ref.kind is not Kind.ACTOR:
            return ref
        shared = Ref(SHARED, ref.kind, ref.id)
        return shared if self._resolve(shared) == found else ref

    def _named(self, found: AnyRecord | Briefing, briefing: str) -> Iterator[Actor | Issue]:
        """Whose names count for what is linked to FOUND: its own and, of a person, those of the groups."""
        if not isinstance(found, Actor | Issue):
            return
        yield found
        if isinstance(found, Actor) and found.kind is ActorKind.PERSON:
            for group in many(found.member_of):
                member_of = self._resolve(Ref.resolve(group, briefing=briefing, kind=Kind.ACTOR))
                if isinstance(member_of, Actor):
                    yield member_of


@lru_cache(maxsize=4_096)
def _forms(names: tuple[str, ...]) -> tuple[dict[str, None], set[str]]:
    """NAMES as they are searched, plain and (where that differs) folded; and how their words begin."""
    spelled = (*names, *map(respelled, names))
    forms = dict.fromkeys(form for name in spelled for form in (plain_name(name), fold_name(name)))
    # Folded words that are no names ("of" is "uf") begin nothing that is typed.
    return forms, _starts([*map(plain_name, spelled), *names_in(spelled)])
