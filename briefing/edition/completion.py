"""Completion of queries: fields, then their values with how many records have each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct
from tantivy import Query

from briefing.edition.facets import exact, name_of, named, quoted
from briefing.edition.keys import KIND_NUMBERS
from briefing.edition.matching import Reading, all_of
from briefing.edition.narrowing import field_matching, naming, with_members
from briefing.edition.query.fields import FIELDS, FieldSpec, Sort
from briefing.edition.query.lexer import QUOTES, readable, word_before
from briefing.edition.query.tree import Field
from briefing.edition.scope import reading_of
from briefing.edition.searched import ref_key
from briefing.edition.view import View
from briefing.model.names import fold_name, fold_starts, plain_name, words_in
from briefing.model.vocabulary import Kind

SHOWN = 20
_LOOKED_AT = 200
# Fields whose values the index lists.
_LISTED = frozenset({"place", "tag", "country", "briefing"})
_NUMBERS_ASKED = (">0", ">=10", ">=100")


class Completion(Struct, frozen=True):
    """What may stand in the query from START to END; `count` says how many records have it."""

    text: str
    start: int
    end: int
    label: str
    count: int | None = None


def complete(view: View, query: str, cursor: int) -> list[Completion]:
    """What the word at CURSOR may become: a field, or a value of the field it begins with."""
    start, word = word_before(readable(query, strict=False), cursor)
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
    reading = reading_of(view)
    more = spec.more and name.endswith("+")
    begin = start + len(name) + 1
    return [
        Completion(text, begin, cursor, label, count)
        for text, label, count in _Values(reading, spec, more).like(value.lstrip(QUOTES + "="))
    ]


_Value = tuple[str, str, int | None]


class _Values:
    """The values of one field, as far as records have them."""

    def __init__(self, reading: Reading, spec: FieldSpec, more: bool) -> None:
        """MORE: members of actors count for them."""
        self._reading = reading
        self._spec = spec
        self._more = more

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
            entries = self._reading.entries(naming(self._reading, self._spec.kind, typed, True), _LOOKED_AT)
            entries.sort(key=lambda entry: (name_of(entry), entry.ref))
            keys = [ref_key(entry.ref) for entry in entries]
        else:
            keys = [int(key) for key, _ in self._frequent(self._spec.name)[:SHOWN]]
        counts = [(key, count) for key in keys if (count := self._count(self._asking_for(key)))]
        counts.sort(key=lambda item: -item[1])
        for entry, count in named(self._reading, counts[:SHOWN]):
            name = name_of(entry)
            yield quoted(name) if self._tells(name) else f"={exact(self._reading, entry)}", name, count

    def _tells(self, name: str) -> bool:
        """Whether an actor's NAME finds that actor alone; a question or title has too many words to look."""
        kind = self._spec.kind
        return kind is Kind.ACTOR and self._reading.count(naming(self._reading, kind, name, False)) == 1

    def _asking_for(self, key: int) -> Query:
        keys = with_members(self._reading, [key]) if self._more else [key]
        return self._reading.terms(self._spec.name, keys)

    def _dates(self, typed: str) -> Iterator[_Value]:
        found = [
            (period, count)
            for period, _ in self._reading.searcher.terms_with_prefix("dated", typed, limit=_LOOKED_AT)
            if (count := self._count(self._reading.term("dated", period)))
        ]
        found.sort(key=lambda value: (-value[1], value[0]))
        for period, count in found:
            # How many are of that time says nothing of how many are earlier or later.
            yield period, period, count if self._spec.name == "date" else None

    def _words(self, typed: str) -> Iterator[_Value]:
        field = self._spec.name
        if field not in _LISTED:
            return
        if field in ("briefing", "tag"):
            values = sorted(
                self._reading.searcher.terms_with_prefix(field, typed.casefold(), limit=_LOOKED_AT)
            )
        else:
            begins = _begins(typed)
            values = [(value, count) for value, count in self._frequent(field) if begins(str(value))][:SHOWN]
        for value, _ in values:
            if count := self._count(self._reading.term(field, value)):
                yield quoted(str(value), self._equals(str(value), count)), str(value), count

    def _equals(self, value: str, count: int) -> str:
        """The sign that asks for VALUE alone, where its words find more than the COUNT that have it."""
        if self._spec.name != "place":
            return ""
        asked = field_matching(self._reading, Field("place", value), typing=False)
        return "" if self._count(asked) == count else "="

    def _frequent(self, field: str) -> list[tuple[str, int]]:
        """The most frequent values of a field in what is searched."""
        asked = {"values": {"terms": {"field": field, "size": _LOOKED_AT}}}
        counted = self._reading.searcher.aggregate(all_of(self._reading.part), asked)
        values = [(bucket["key"], int(bucket["doc_count"])) for bucket in counted["values"]["buckets"]]
        # The engine gives equally frequent ones as they came into the index.
        return sorted(values, key=lambda value: (-value[1], value[0]))

    def _count(self, query: Query) -> int:
        return self._reading.count(all_of([query, *self._reading.part]))


def _begins(typed: str) -> Callable[[str], bool]:
    """Whether a name has the words of TYPED, the last as a beginning, however it is spelled."""
    last = next((word for word, _, _ in reversed(words_in(typed))), "")
    starts = fold_starts(last) if last else ("",)
    keys = fold_name(typed).split()[:-1]

    def begins(name: str) -> bool:
        words = fold_name(name).split()
        # Of an article it is not known yet that it is one.
        starting = (*words, *plain_name(name).split())
        return all(key in words for key in keys) and any(word.startswith(starts) for word in starting)

    return begins
