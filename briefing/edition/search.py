"""Searching an edition: a query to hits, by rank or in the order of the panes."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import tantivy

from briefing.edition.entry import Entry
from briefing.edition.index import register
from briefing.edition.keys import KIND_NUMBERS, KINDS
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

_FIELDS = ("names", "text", "linked")
_BOOSTS = {"names": 3.0, "text": 1.0, "linked": 0.5}


class Library(Protocol):
    """What searching asks of the edition (or of the part of it that is searched)."""

    @property
    def only_briefing(self) -> str | None: ...
    def entries(self, numbers: list[int]) -> list[Entry]: ...
    def sort_key(self, ref: Ref) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found, and why; `typo` marks one that only a corrected word finds."""

    entry: Entry
    reasons: tuple[str, ...] = ()
    typo: bool = False
    score: float = 0.0
    snippet: str = ""


def open_index(folder: Path) -> tantivy.Index:
    """Open the index of an edition; raises ValueError when it is damaged."""
    index = tantivy.Index.open(str(folder))
    register(index)
    return index


def search(
    index: tantivy.Index, library: Library, query: str, *, typing: bool = False, kinds: Iterable[Kind] = ()
) -> Hits:
    """Find the records of LIBRARY that match QUERY; all words must, the last as a prefix while TYPING."""
    return Hits(index, library, query, typing, tuple(kinds))


class Hits:
    """What a query found; nothing is fetched before it is asked for."""

    problem: str | None = None
    nearest: str | None = None

    def __init__(
        self, index: tantivy.Index, library: Library, query: str, typing: bool, kinds: tuple[Kind, ...]
    ) -> None:
        started = time.perf_counter()
        self.query = query
        self._index = index
        self._searcher = index.searcher()
        self._library = library
        self._words = _words(query)
        self._typing = typing
        self._query = self._compiled(kinds)
        self.counts: Mapping[Kind, int] = self._count()
        self.total = sum(self.counts.values())
        self.seconds = time.perf_counter() - started

    def page(self, kind: Kind, start: int, stop: int) -> list[Hit]:
        """The hits of KIND at START to STOP, in the order of the pane."""
        stop = min(stop, self.counts.get(kind, 0))
        if stop <= start:
            return []
        found = self._searcher.search(
            self._of(kind),
            stop - start,
            count=False,
            order_by_field="sort",
            order=tantivy.Order.Asc,
            offset=start,
        )
        return [Hit(entry) for entry in self._entries([address for _, address in found.hits])]

    def ranked(self, start: int, stop: int) -> list[Hit]:
        """The hits of all kinds at START to STOP, the best first."""
        if stop <= start:
            return []
        found = self._searcher.search(self._query, stop - start, count=False, offset=start)
        entries = self._entries([address for _, address in found.hits])
        return [Hit(entry, score=score) for entry, (score, _) in zip(entries, found.hits, strict=True)]

    def best(self, kind: Kind) -> int | None:
        """Where the best hit of KIND stands among the hits of KIND."""
        found = self._searcher.search(self._of(kind), 1, count=False).hits
        return self.position(self._entries([found[0][1]])[0].ref) if found else None

    def position(self, ref: Ref) -> int | None:
        """Where REF stands among the hits of its kind; None when it is no hit."""
        sort = self._library.sort_key(ref)
        if sort is None:
            return None
        here = self._range(ref.kind, sort, sort)
        if not self._searcher.search(here, 1).count:  # type: ignore[attr-defined]
            return None
        if sort == 0:
            return 0
        return int(self._searcher.search(self._range(ref.kind, 0, sort - 1), 1).count)  # type: ignore[attr-defined]

    def highlight(self, text: str) -> list[tuple[int, int]]:
        """The spans of TEXT that the query matches."""
        spans = []
        for start, end, word in _spans(text):
            last = self._words[-1:] if self._typing else []
            if word in self._words or any(word.startswith(prefix) for prefix in last):
                spans.append((start, end))
        return spans

    def _compiled(self, kinds: tuple[Kind, ...]) -> tantivy.Query:
        must = [(tantivy.Occur.Must, self._word(word, place)) for place, word in enumerate(self._words)]
        if not must:
            must = [(tantivy.Occur.Must, tantivy.Query.empty_query())]
        schema = self._index.schema
        if self._library.only_briefing is not None:
            term = tantivy.Query.term_query(schema, "briefing", self._library.only_briefing)
            must.append((tantivy.Occur.Must, tantivy.Query.const_score_query(term, 0.0)))
        if kinds:
            numbers = [KIND_NUMBERS[kind] for kind in kinds]
            term = tantivy.Query.term_set_query(schema, "kind", numbers)
            must.append((tantivy.Occur.Must, tantivy.Query.const_score_query(term, 0.0)))
        return tantivy.Query.boolean_query(must)

    def _word(self, word: str, place: int) -> tantivy.Query:
        schema = self._index.schema
        prefix = self._typing and place == len(self._words) - 1
        fields = []
        for field in _FIELDS:
            if prefix:
                term = tantivy.Query.regex_query(schema, field, word + ".*")
            else:
                term = tantivy.Query.term_query(schema, field, word)
            fields.append(tantivy.Query.boost_query(term, _BOOSTS[field]))
        return tantivy.Query.disjunction_max_query(fields, 0.1)

    def _of(self, kind: Kind) -> tantivy.Query:
        term = tantivy.Query.term_query(self._index.schema, "kind", KIND_NUMBERS[kind])
        return self._query.and_must_match(tantivy.Query.const_score_query(term, 0.0))

    def _range(self, kind: Kind, low: int, high: int) -> tantivy.Query:
        span = tantivy.Query.range_query(self._index.schema, "sort", tantivy.FieldType.Unsigned, low, high)
        return self._of(kind).and_must_match(tantivy.Query.const_score_query(span, 0.0))

    def _count(self) -> dict[Kind, int]:
        groups = self._searcher.aggregate(self._query, {"kinds": {"terms": {"field": "kind", "size": 16}}})
        buckets = groups["kinds"]["buckets"]
        return {KINDS[int(bucket["key"])]: int(bucket["doc_count"]) for bucket in buckets}

    def _entries(self, addresses: list[tantivy.DocAddress]) -> list[Entry]:
        if not addresses:
            return []
        numbers = self._searcher.fast_field_values("number", addresses)
        return self._library.entries([int(number) for number in numbers if number is not None])

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(self._words)


def _words(text: str) -> list[str]:
    return [word for _, _, word in _spans(text)]


def _spans(text: str) -> Iterable[tuple[int, int, str]]:
    """The words of TEXT as the index has them, each with its place."""
    start = None
    for place, letter in enumerate(text + " "):
        if letter.isalnum() or unicodedata.combining(letter):
            start = place if start is None else start
        elif start is not None:
            plain = unicodedata.normalize("NFKD", text[start:place])
            yield start, place, "".join(c for c in plain if not unicodedata.combining(c)).lower()
            start = None
