"""Completion of queries: fields, then their values with how many records have each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import tantivy
from msgspec import Struct
from tantivy import Query

from briefing.edition.entry import Entry
from briefing.edition.facets import name_of, named, quoted
from briefing.edition.keys import KIND_NUMBERS
from briefing.edition.matching import Reading, all_of
from briefing.edition.narrowing import naming
from briefing.edition.query.fields import FIELDS, FieldSpec, Sort
from briefing.edition.query.lexer import QUOTES
from briefing.edition.scope import scope_of
from briefing.edition.search import Library
from briefing.edition.searched import ref_key
from briefing.model.names import fold_name, fold_starts
from briefing.model.vocabulary import Kind

SHOWN = 20
_LOOKED_AT = 200
# Fields whose values the index lists, and the index's field for each.
_LISTED = {"place": "place", "tag": "tag", "country": "country", "briefing": "briefing"}
_NUMBERS_ASKED = (">0", ">=10", ">=100")


class Completion(Struct, frozen=True):
    """What may stand in the query from START to END; `count` says how many records have it."""

    text: str
    start: int
    end: int
    label: str
    count: int | None = None


def complete(index: tantivy.Index, library: Library, query: str, cursor: int) -> list[Completion]:
    """What the word at CURSOR may become: a field, or a value of the field it begins with."""
    start, word = _word_before(query, cursor)
    name, colon, value = word.partition(":")
    spec = FIELDS.get(name.casefold().rstrip("+"))
    if not colon:
        return [
            Completion(f"{field.name}:", start, cursor, f"{field.name}:  {field.help}")
            for field in FIELDS.values()
            if field.name.startswith(word.casefold())
        ]
    if spec is None:
        return []
    reading = Reading(index, library.identity)
    begin = start + len(name) + 1
    return [
        Completion(text, begin, cursor, label, count)
        for text, label, count in _Values(reading, library, spec).like(value.lstrip(QUOTES + "="))
    ]


_Value = tuple[str, str, int | None]


class _Values:
    """The values of one field, as far as records have them."""

    def __init__(self, reading: Reading, library: Library, spec: FieldSpec) -> None:
        self._reading = reading
        self._library = library
        self._spec = spec
        self._scope = scope_of(reading, library.only_briefing)

    def like(self, typed: str) -> list[_Value]:
        """The values that begin like TYPED, the most frequent first."""
        match self._spec.sort:
            case Sort.CHOICE:
                found = self._choices(typed)
            case Sort.NAME:
                found = self._names(typed)
            case Sort.DATE:
                found = self._dates(typed)
            case Sort.COUNT:
                return [(asked, asked, None) for asked in _NUMBERS_ASKED if asked.startswith(typed)]
            case _:
                found = self._words(typed)
        return sorted(found, key=lambda value: -(value[2] or 0))[:SHOWN]

    def _choices(self, typed: str) -> Iterator[_Value]:
        for choice in self._spec.choices:
            if choice.startswith(typed.casefold()):
                asked = KIND_NUMBERS[Kind(choice)] if self._spec.name == "kind" else choice
                if count := self._count(self._reading.term(self._spec.name, asked)):
                    yield choice, choice, count

    def _names(self, typed: str) -> Iterator[_Value]:
        assert self._spec.kind is not None
        if typed.strip():
            found = self._hits(naming(self._reading, self._spec.kind, typed, True))
            counts = [
                (ref_key(entry.ref), count)
                for entry in found
                if (count := self._count(self._reading.term(self._spec.name, ref_key(entry.ref))))
            ]
        else:
            counts = [(int(key), count) for key, count in self._frequent(self._spec.name)]
        counts.sort(key=lambda item: -item[1])
        for entry, count in named(self._reading, self._library, counts[:SHOWN]):
            name = name_of(entry)
            yield quoted(name), name, count

    def _dates(self, typed: str) -> Iterator[_Value]:
        for period, _ in self._reading.searcher.terms_with_prefix("dated", typed, limit=_LOOKED_AT):
            if count := self._count(self._reading.term("dated", period)):
                yield period, period, count

    def _words(self, typed: str) -> Iterator[_Value]:
        field = _LISTED.get(self._spec.name)
        if field is None:
            return
        if field in ("briefing", "tag"):
            values = self._reading.searcher.terms_with_prefix(field, typed.casefold(), limit=_LOOKED_AT)
        else:
            begins = _begins(typed)
            values = [(value, count) for value, count in self._frequent(field) if begins(str(value))]
        for value, _ in values:
            if count := self._count(self._reading.term(field, value)):
                yield quoted(str(value)), str(value), count

    def _frequent(self, field: str) -> list[tuple[str, int]]:
        """The most frequent values of a field in what is searched."""
        asked = {"values": {"terms": {"field": field, "size": _LOOKED_AT}}}
        counted = self._reading.searcher.aggregate(all_of(self._scope), asked)
        return [(bucket["key"], int(bucket["doc_count"])) for bucket in counted["values"]["buckets"]]

    def _count(self, query: Query) -> int:
        return self._reading.count(all_of([query, *self._scope]))

    def _hits(self, query: Query) -> Iterable[Entry]:
        found = self._reading.searcher.search(query, _LOOKED_AT, count=False).hits
        return self._library.entries(self._reading.numbers([address for _, address in found]))


def _begins(typed: str) -> Callable[[str], bool]:
    """Whether a name has a word that begins as TYPED does, however it is spelled."""
    starts = fold_starts(typed) if typed.strip() else ("",)

    def begins(name: str) -> bool:
        return any(key.startswith(start) for key in fold_name(name).split() for start in starts)

    return begins


def _word_before(query: str, cursor: int) -> tuple[int, str]:
    """What stands right before CURSOR, from its last space, parenthesis or minus on; quotes hold together."""
    start, open_quote = 0, False
    for place, letter in enumerate(query[:cursor]):
        if letter in QUOTES:
            open_quote = not open_quote
        elif not open_quote and (letter.isspace() or letter in "()" or (letter == "-" and place == start)):
            start = place + 1
    return start, query[start:cursor]
