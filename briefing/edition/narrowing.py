"""What the fields of a query ask of the index: ``speaker:``, ``date:``, ``is:`` and the others."""

from __future__ import annotations

from collections.abc import Sequence

from tantivy import Query

from briefing.edition.keys import KIND_NUMBERS
from briefing.edition.matching import (
    OWN,
    Reading,
    all_of,
    any_of,
    matching,
    phrase_matching,
)
from briefing.edition.query.fields import FIELDS, FieldSpec, Is, Sort, choices_for
from briefing.edition.query.lexer import AS_TYPED
from briefing.edition.query.tree import Field
from briefing.edition.query.values import Counts, Days, counts_of, days_of, typed_counts, typed_days
from briefing.edition.searched import periods_of
from briefing.edition.words import Meaning, phrase_of
from briefing.model.names import fold_starts, folded_words, is_article, words_in
from briefing.model.records import COUNT_MAX, Actor
from briefing.model.vocabulary import ActorKind, Kind
from briefing.model.when import Span, parse_date

# More records than this are not looked through for a name that is still being typed.
NAMED_MOST = 10_000
_COUNTRIES_MOST = 20
# Members of members of groups, and so on.
_DEEPEST = 8


def field_matching(reading: Reading, field: Field, typing: bool) -> Query:
    """What a field asks for. While TYPING, a value that says nothing yet asks for nothing."""
    spec = FIELDS[field.name]
    match spec.sort:
        case Sort.CHOICE:
            return _choice(reading, spec, field, typing)
        case Sort.NAME:
            keys = named(reading, spec, field)
            return reading.terms(spec.name, keys) if keys else Query.empty_query()
        case Sort.DATE:
            days = typed_days(spec.name, field.value) if typing else days_of(spec.name, field.value)
            return Query.all_query() if days is None else within(reading, days)
        case Sort.COUNT:
            counts = typed_counts(field.value) if typing else counts_of(field.value)
            return Query.all_query() if counts is None else _count(reading, spec.name, counts)
    return _words(reading, field)


def within(reading: Reading, days: Days) -> Query:
    """Records all of whose days are among DAYS."""
    period = next(iter(periods_of(Span(*days, "interval"))), "")
    if period and parse_date(period)[:2] == days:
        return reading.term("dated", period)
    return all_of(
        [
            reading.between("from_day", days.earliest.toordinal(), None),
            reading.between("to_day", None, days.latest.toordinal()),
        ]
    )


def possibly(reading: Reading, field: Field) -> Query | None:
    """Records that may be of the time that a date field asks for: vaguely dated or undated ones too."""
    days = typed_days(field.name, field.value)
    if days is None:
        return None
    touching = all_of(
        [
            reading.between("from_day", None, days.latest.toordinal()),
            reading.between("to_day", days.earliest.toordinal(), None),
        ]
    )
    return any_of([touching, reading.term("is", Is.UNDATED)])


def named(reading: Reading, spec: FieldSpec, field: Field) -> list[int]:
    """The keys of the records that a field's value names; with the plus, of their members too."""
    keys = named_itself(reading, spec, field)
    return with_members(reading, keys) if field.more else keys


def named_itself(reading: Reading, spec: FieldSpec, field: Field) -> list[int]:
    """The keys of the records that a field's value names, looked for once in a look into the index."""
    assert spec.kind is not None
    asked = (spec.kind, field.value, field.prefix)
    if asked not in reading.named:
        reading.named[asked] = _keys(reading, spec.kind, naming(reading, *asked))
    return reading.named[asked]


def with_members(reading: Reading, keys: list[int]) -> list[int]:
    """KEYS of actors, those of their members, and of theirs."""
    found, newest = set(keys), keys
    for _ in range(_DEEPEST):
        members = _keys(reading, Kind.ACTOR, reading.terms("member_of", newest)) if newest else []
        newest = [key for key in members if key not in found]
        found.update(newest)
    return sorted(found)


def naming(reading: Reading, kind: Kind, value: str, prefix: bool) -> Query:
    """Records of KIND that VALUE names: by all of its words, or by ``=`` and the id or ref."""
    of_kind = reading.term("kind", KIND_NUMBERS[kind])
    if value.startswith("="):
        ref = value[1:].strip().casefold()
        exactly = all_of([of_kind, reading.identified(ref)])
        if prefix and not reading.finds(exactly):
            return all_of([of_kind, reading.starting("ref", ref)])
        return exactly
    words = [matching(reading, word, OWN[:1], "title") for word in words_of_name(reading, value, prefix)]
    return all_of([of_kind, *words]) if words else Query.empty_query()


def words_of_name(reading: Reading, value: str, prefix: bool) -> list[Meaning]:
    """What the words of a name mean, articles left out; nothing of an id (``=...``)."""
    words = [] if value.startswith("=") else value.split()
    asked = [
        reading.meaning(word, prefix and place == len(words))
        for place, word in enumerate(words, 1)
        if place == len(words) or not is_article(word, words[place])
    ]
    return [meaning for meaning in asked if meaning is not None]


def _keys(reading: Reading, kind: Kind, query: Query) -> list[int]:
    of_kind = reading.term("kind", KIND_NUMBERS[kind])
    addresses = reading.addresses(all_of([of_kind, query]), NAMED_MOST)
    return [int(key) for key in reading.searcher.fast_field_values("self", addresses) if key is not None]


def _choice(reading: Reading, spec: FieldSpec, field: Field, typing: bool) -> Query:
    choices = choices_for(spec, field.value, unfinished=field.prefix)
    if not choices:
        return Query.all_query() if typing else Query.empty_query()
    values: Sequence[str | int] = choices
    if spec.name == "kind":
        values = [KIND_NUMBERS[Kind(choice)] for choice in choices]
    return reading.terms(spec.name, values)


def _count(reading: Reading, field: str, counts: Counts) -> Query:
    high = min(counts.high, COUNT_MAX)  # a record has no more, and the index reads no number of any length
    return reading.between(field, counts.low, high) if counts.low <= high else Query.empty_query()


def _words(reading: Reading, field: Field) -> Query:
    match field.name:
        case "text":
            return _text(reading, field)
        case "place":
            return _place(reading, field)
        case "tag":
            slug = "-".join(field.value.casefold().split())
            return reading.starting("tag", slug) if field.prefix else reading.term("tag", slug)
        case "country":
            countries = _countries(reading, field)
            return reading.terms("country", countries) if countries else Query.empty_query()
    briefings = _briefings(reading, field)
    return reading.terms("briefing", briefings) if briefings else Query.empty_query()


def _text(reading: Reading, field: Field) -> Query:
    if field.quoted:
        phrase = phrase_of(field.value, field.prefix)
        return Query.all_query() if phrase is None else phrase_matching(reading, phrase, OWN)
    meaning = reading.meaning(field.value, field.prefix)
    return Query.all_query() if meaning is None else matching(reading, meaning, OWN)


def _place(reading: Reading, field: Field) -> Query:
    if field.value.startswith("="):
        names = _written(reading, place := field.value[1:])
        if field.prefix and not names:
            return reading.starting("place", place)
        return reading.terms("place", names)
    parts = [reading.term("place_folded", word.key) for word in folded_words(field.value)]
    if not parts:
        return Query.all_query()
    if field.prefix:
        last = words_in(field.value)[-1][0]
        starts = [reading.starting("place_folded", start) for start in fold_starts(last) if start]
        # Of a last article it is not known yet that it is one.
        article = len(parts) > 1 and is_article(last, "")
        parts[-1] = Query.all_query() if article else any_of([parts[-1], *starts])
    return all_of(parts)


def _written(reading: Reading, place: str) -> list[str]:
    """PLACE as records write it: with quotation marks or lines, where a query has to have spaces."""
    if reading.has("place", place):
        return [place]
    alike = reading.searcher.terms_with_prefix("place", place.partition(" ")[0], limit=NAMED_MOST)
    return [name for name, _ in alike if name.translate(AS_TYPED) == place]


def _countries(reading: Reading, field: Field) -> list[str]:
    """The codes that a code, or the name of a state that the library knows, stands for."""
    if len(field.value) == 2 and field.value.isalpha():
        code = field.value.upper()
        if not field.prefix or reading.has("country", code):
            return [code]
    states = all_of(
        [reading.term("type", ActorKind.STATE), naming(reading, Kind.ACTOR, field.value, field.prefix)]
    )
    found = reading.entries(states, _COUNTRIES_MOST)
    codes = (entry.record.country for entry in found if isinstance(entry.record, Actor))
    return sorted({code for code in codes if code})


def _briefings(reading: Reading, field: Field) -> list[str]:
    """The briefings that an id, how one begins, or words of a title stand for."""
    wanted = field.value.casefold().strip()
    if reading.has("briefing", wanted):
        return [wanted]
    begins = [reading.term("kind", KIND_NUMBERS[Kind.BRIEFING]), reading.starting("ref", wanted)]
    query = any_of([naming(reading, Kind.BRIEFING, field.value, field.prefix), all_of(begins)])
    return sorted({entry.ref.briefing for entry in reading.entries(query, NAMED_MOST)})
