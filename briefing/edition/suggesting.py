"""Names that may have been meant, and other names of what was named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise

from tantivy import Occur, Query

from briefing.edition.facets import name_of
from briefing.edition.keys import KIND_NUMBERS
from briefing.edition.matching import Reading, all_of
from briefing.edition.narrowing import naming
from briefing.edition.query.fields import FIELDS, nearest
from briefing.edition.query.printer import write
from briefing.edition.query.tree import And, Field, Node, Phrase, Word, wanted
from briefing.edition.query.values import days_of
from briefing.edition.words import NO_EDITS, Meaning, meaning_of
from briefing.model.names import plain_word
from briefing.model.records import Actor, Incident
from briefing.model.vocabulary import ActorKind, Kind

_NAMESAKES = 5
_TAGS_LOOKED_AT = 500
# Of words written apart neither is shorter.
_SHORTEST = 3
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")
# What the values of these fields are the names of.
_NAMED_BY = {"country": Kind.ACTOR, "briefing": Kind.BRIEFING}
# Longer words are taken for names by how they begin.
_SURE_START = 4


def nearest_name(reading: Reading, node: Node, finds: Callable[[Node], bool]) -> str | None:
    """What finds something and is written much like NODE: its words together or apart, a date as a field,
    the name of an actor, or else of an issue, source, place or tag.

    Looked for is what alone FINDS nothing; other words are spelled right, and met by no record together.
    What a field asks for is found among what it can name.
    """
    lost = [leaf for leaf in dict.fromkeys(wanted(node)) if not finds(leaf)]
    for meant in _respelled(reading, node, lost):
        if finds(meant):
            return write(meant) if isinstance(meant, Field) else meant.text
    for kind in (Kind.ACTOR, Kind.ISSUE, Kind.SOURCE, Kind.INCIDENT):
        likely = [query for leaf in lost for query in _meant_by(reading, leaf, kind)]
        if not likely:
            continue
        of_kind = reading.term("kind", KIND_NUMBERS[kind])
        some = Query.boolean_query([(Occur.Should, query) for query in likely])
        there = [Query.const_score_query(query, 0.0) for query in (of_kind, *reading.part)]
        for entry in reading.entries(all_of([some, *there]), 1):
            record = entry.record
            return record.place.name if isinstance(record, Incident) else name_of(entry)
    return next((tag for leaf in lost if (tag := _nearest_tag(reading, leaf)) is not None), None)


def other_names(reading: Reading, node: Node) -> Iterator[str]:
    """All names of the actors whom the words of NODE together name; one word must be the whole name."""
    words = " ".join(leaf.text for leaf in wanted(node) if isinstance(leaf, Word | Phrase))
    fields = [leaf.value for leaf in wanted(node) if isinstance(leaf, Field) and _names_actors(leaf)]
    for text in (words, *fields):
        meaning = meaning_of(text, False)
        if meaning is None:
            continue
        if len(meaning.plain) == 1:
            named = reading.terms("name", sorted({*meaning.plain, " ".join(meaning.keys)}))
        else:
            named = naming(reading, Kind.ACTOR, text, False)
        for entry in reading.entries(named, _NAMESAKES):
            if isinstance(entry.record, Actor):
                yield from entry.record.names


def _respelled(reading: Reading, node: Node, lost: Sequence[Node]) -> Iterator[Word | Phrase | Field]:
    yield from _written_together(reading, node)
    yield from _written_apart(reading, lost)
    yield from _dates_among(lost)
    for leaf in lost:
        if isinstance(leaf, Field) and leaf.name in _NAMED_BY:
            yield from _value_meant_by(reading, leaf)


def _written_together(reading: Reading, node: Node) -> Iterator[Word]:
    """Words of NODE side by side that are one in the library: "check point"."""
    parts = node.parts if isinstance(node, And) else ()
    for part, following in pairwise(parts):
        if isinstance(part, Word) and isinstance(following, Word):
            word = plain_word(part.text + following.text)
            if reading.has("text", word):
                yield Word(word)


def _written_apart(reading: Reading, lost: Sequence[Node]) -> Iterator[Phrase]:
    """Words that are LOST as two of which the library has both."""
    for leaf in lost:
        if isinstance(leaf, Word) and _SURE_START < len(leaf.text) < NO_EDITS:
            word = plain_word(leaf.text)
            for at in range(_SHORTEST, len(word) - _SHORTEST + 1):
                if reading.has("text", word[:at]) and reading.has("text", word[at:]):
                    yield Phrase(f"{word[:at]} {word[at:]}")


def _dates_among(lost: Sequence[Node]) -> Iterator[Field]:
    """Words that are LOST and are dates to the month or the day."""
    for leaf in lost:
        if isinstance(leaf, Word) and _DATE.fullmatch(leaf.text):
            with suppress(ValueError):
                days_of("date", leaf.text)
                yield Field("date", leaf.text)


def _value_meant_by(reading: Reading, leaf: Field) -> Iterator[Field]:
    """The country or briefing whose name is written much like the value of LEAF."""
    words = (meaning_of(word, False) for word in leaf.value.split())
    likely = [
        query for word in words if word is not None for query in _likeness(reading, word, "title_folded")
    ]
    there = [reading.term("kind", KIND_NUMBERS[_NAMED_BY[leaf.name]]), *reading.part]
    if leaf.name == "country":
        there.append(reading.term("type", ActorKind.STATE))
    some = Query.boolean_query([(Occur.Should, query) for query in likely])
    for entry in reading.entries(
        all_of([some, *(Query.const_score_query(query, 0.0) for query in there)]), _NAMESAKES
    ):
        value = entry.ref.id if leaf.name == "briefing" else name_of(entry)
        yield Field(leaf.name, value, quoted=" " in value)


def _likeness(reading: Reading, word: Meaning, field: str) -> Iterator[Query]:
    """What is spelled like WORD in FIELD, worth more the nearer it is."""
    for key in {*word.keys, *word.plain}:
        if len(key) >= NO_EDITS:
            continue
        for distance, worth in ((0, 3.0), (1, 2.0), (2, 1.0)):
            if len(key) <= 2 * distance:
                break
            near = Query.fuzzy_term_query(reading.schema, field, key, distance, True, False)
            yield Query.const_score_query(near, worth)
        if len(key) > _SURE_START:
            start = key[: max(_SURE_START, len(key) * 3 // 5)]
            yield Query.const_score_query(reading.starting(field, start), 0.5)


def _meant_by(reading: Reading, leaf: Word | Phrase | Field, kind: Kind) -> Iterator[Query]:
    """What LEAF may mean to name among records of KIND; a word alone may be a name, and no title or place."""
    if isinstance(leaf, Field):
        asked = Kind.INCIDENT if leaf.name == "place" else FIELDS[leaf.name].kind
        text = leaf.value.removeprefix("=") if asked is kind else ""
        # Questions and titles are made of other words than names.
        field = {Kind.ACTOR: "title_folded", Kind.INCIDENT: "place_folded"}.get(kind, "title")
    else:
        text, field = leaf.text if kind in (Kind.ACTOR, Kind.ISSUE) else "", "title_folded"
    for word in text.split():
        meaning = meaning_of(word, False)
        if meaning is not None:
            yield from _likeness(reading, meaning, field)


def _nearest_tag(reading: Reading, leaf: Word | Phrase | Field) -> str | None:
    if not isinstance(leaf, Field) or leaf.name != "tag":
        return None
    asked = {"tags": {"terms": {"field": "tag", "size": _TAGS_LOOKED_AT}}}
    counted = reading.searcher.aggregate(all_of(reading.part), asked)
    return nearest("-".join(leaf.value.split()), [bucket["key"] for bucket in counted["tags"]["buckets"]])


def _names_actors(field: Field) -> bool:
    return FIELDS[field.name].kind is Kind.ACTOR
