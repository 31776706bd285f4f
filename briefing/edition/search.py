"""Searching an edition: a query to hits, by rank or in the order of the panes."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING

import tantivy
from tantivy import Occur, Query

from briefing.edition.beside import Beside
from briefing.edition.compiling import Compiler, dates_in, vague_dates
from briefing.edition.entry import Entry
from briefing.edition.highlight import Highlighter
from briefing.edition.keys import KIND_NUMBERS, KINDS
from briefing.edition.matching import (
    Reading,
    adding,
    all_of,
    name_weighing,
    phrase_weighed,
    weighing_titles,
)
from briefing.edition.query.parser import parse, parse_typed
from briefing.edition.query.printer import write
from briefing.edition.query.problem import QueryError
from briefing.edition.query.tree import Everything, Node, Or, Phrase, Word
from briefing.edition.reasons import Explainer
from briefing.edition.scope import reading_of
from briefing.edition.searched import ref_key, texts_of, titles_of
from briefing.edition.view import View
from briefing.edition.words import SHORT, Meaning, phrase_of
from briefing.model.ref import SHARED, Ref
from briefing.model.vocabulary import Kind

if TYPE_CHECKING:
    from briefing.edition.facets import Facet, FacetValue
    from briefing.edition.hits import Hits

# Down to here a page is read off the top of the hits; deeper ones go by buckets of the sort key.
_NEAR_TOP = 2_000
_BUCKETS = 4_096
# What it is worth to be found at all, and to be an actor or an issue.
_FOUND, _LASTING = 0.125, 1.0
# What lasts counts as so recent (`indexed`): more than that is seldom, and looked for at once.
_RECENT = 0.035


class Hit:
    """A record that was found; why it was is worked out when it is asked for."""

    def __init__(self, entry: Entry, hits: Hits, score: float) -> None:
        self.entry = entry
        self.score = score
        self._hits = hits

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """What to say of it where its own words do not show why it is one."""
        return self._hits.why(self.entry)

    @cached_property
    def typo(self) -> bool:
        """Whether only a corrected word finds it."""
        return self._hits.is_typo(self.entry.ref)


def find(view: View, query: str, typing: bool, kinds: Iterable[Kind], hits: Hits) -> Found:
    """Find the records of VIEW that match QUERY; all words must, the last as a prefix while TYPING.

    Each of them asks HITS why it is one.
    """
    started = time.perf_counter()
    reading = reading_of(view)
    try:
        node = parse_typed(query) if typing else parse(query)
    except QueryError as error:
        return Found(reading, query, Everything(), False, (), started, hits, str(error))
    return Found(reading, query, node, typing, tuple(kinds), started, hits)


class Found:
    """What a query finds in one edition; nothing is fetched before it is asked for, but they are counted.

    Raises what a damaged edition raises; `Hits` ask again.
    """

    def __init__(
        self,
        reading: Reading,
        query: str,
        node: Node,
        typing: bool,
        kinds: tuple[Kind, ...],
        started: float,
        hits: Hits,
        problem: str | None = None,
    ) -> None:
        self.problem = problem
        self._reading = reading
        self._hits = hits
        self._compiler = Compiler(reading, query, typing)
        self._part = [] if problem else self._part_of(kinds)
        self.node = self._compiler.going_on(node, self._part) if typing else node
        self._matching = (
            Query.empty_query() if problem else all_of([self._compiler.matching(self.node), *self._part])
        )
        self._buckets: dict[Kind, tuple[list[int], list[int]]] = {}
        # To count them and to read the first takes about as long, and neither needs the other.
        self._counted = None if problem else Beside(partial(self._count, started))
        # The first hits of a kind as far as they were read, and whether those are all.
        self._first: dict[Kind, tuple[list[Ref], bool]] = {}
        # What is on the screen is asked for more than once, and first where it holds nobody up.
        self.page = lru_cache(maxsize=4)(self._page)
        self.ranked = lru_cache(maxsize=4)(self._ranked)
        self.best = lru_cache(maxsize=len(KINDS))(self._best)
        self.position = lru_cache(maxsize=16)(self._position)

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many hits there are of each kind that has any."""
        return self._counted.result()[0] if self._counted is not None else {}

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def seconds(self) -> float:
        """How long it took to find and count them."""
        return self._counted.result()[1] if self._counted is not None else 0.0

    def _page(self, kind: Kind, start: int, stop: int) -> list[Hit]:
        """The hits of KIND at START to STOP, in the order of the pane."""
        start = max(start, 0)
        if stop > _NEAR_TOP:
            stop = min(stop, self.counts.get(kind, 0))
        if stop <= start:
            return []
        query, before = self._of(kind), 0
        if stop > _NEAR_TOP:
            low, before = self._bucket(kind, start)
            query = all_of([query, self._reading.between("sort", low, None)])
        found = self._reading.searcher.search(
            query,
            stop - start,
            count=False,
            order_by_field="sort",
            order=tantivy.Order.Asc,
            offset=start - before,
        )
        entries = self._entries([address for _, address in found.hits])
        if start == 0:
            self._first[kind] = [entry.ref for entry in entries], len(entries) < stop
        return [self._hit(entry) for entry in entries]

    def _ranked(self, start: int, stop: int) -> list[Hit]:
        """The hits of all kinds at START to STOP, the best first; those of one worth as they are kept.

        They are in one order whatever part is asked for: a list is put together from several.
        """
        if stop <= start:
            return []
        found = self._by_rank([], stop - start, start)
        entries = self._entries([address for _, address in found])
        return [self._hit(entry, score) for entry, (score, _) in zip(entries, found, strict=True)]

    def newest(self, start: int, stop: int) -> list[Hit]:
        """The hits of all kinds at START to STOP, the latest day first; last, by ref, what has no date."""
        stop = min(stop, self.total)
        if stop <= start:
            return []
        numbers: list[int] = []
        if start < self._dated:
            found = self._reading.searcher.search(
                self._matching,
                min(stop, self._dated) - start,
                count=False,
                order_by_field="from_day",
                order=tantivy.Order.Desc,
                offset=start,
            )
            numbers = self._reading.numbers([address for _, address in found.hits])
        if stop > self._dated:
            numbers += self._undated[max(start - self._dated, 0) : stop - self._dated]
        ranked = self._by_rank([self._reading.terms("number", numbers)], len(numbers), 0)
        scores = dict(
            zip(
                self._reading.numbers([address for _, address in ranked]),
                (score for score, _ in ranked),
                strict=True,
            )
        )
        entries = self._reading.view.entries(numbers)
        return [self._hit(entry, scores[number]) for entry, number in zip(entries, numbers, strict=True)]

    @cached_property
    def _dated(self) -> int:
        """How many hits have a date."""
        return self._reading.count(all_of([self._matching, self._reading.between("from_day", 0, None)]))

    @cached_property
    def _undated(self) -> array[int]:
        """The store's numbers of the hits that have no date, by their refs."""
        dated, view = self._reading.between("from_day", 0, None), self._reading.view
        undated = Query.boolean_query([(Occur.Must, self._matching), (Occur.MustNot, dated)])
        numbers = self._reading.numbers(self._reading.addresses(undated, self.total - self._dated))
        refs = (str(view.ref(*of_one)) for of_one in view.core.store.ids(numbers))
        return array("I", (number for _, number in sorted(zip(refs, numbers, strict=True))))

    def _best(self, kind: Kind) -> int | None:
        """Where the best hit of KIND stands among the hits of KIND."""
        if not self.counts.get(kind):
            return None
        found = self._by_rank([self._reading.term("kind", KIND_NUMBERS[kind])], 1, 0)
        searcher, (_, address) = self._reading.searcher, found[0]
        (sort,), own = (searcher.fast_field_values(field, [address]) for field in ("sort", "self"))
        return self._place(kind, int(sort or 0), [int(key or 0) for key in own])

    def _position(self, ref: Ref) -> int | None:
        """Where REF stands among the hits of its kind; None when it is no hit."""
        first, are_all = self._first.get(ref.kind, ([], False))
        shared = Ref(SHARED, ref.kind, ref.id)
        if ref in first or are_all:
            return next((first.index(one) for one in (ref, shared) if one in first), None)
        sort = self._reading.view.sort_key(ref)
        if sort is None:
            return None
        own = [ref_key(ref), ref_key(shared)]
        if not self._reading.finds(all_of([self._of(ref.kind), self._reading.terms("self", own)])):
            return None
        return self._place(ref.kind, sort, own)

    def snippet(self, hit: Hit) -> str:
        """The piece of a hit's text that shows why it is one."""
        record = hit.entry.record
        return self._highlighter.snippet([*texts_of(record), *titles_of(record)])

    def highlight(self, text: str) -> list[tuple[int, int]]:
        """The spans of TEXT that the query matches."""
        return self._highlighter.spans(text)

    def facets(self, limit: int = 12) -> tuple[Facet, ...]:
        """What the hits are about: of each field the LIMIT most frequent values, and their days."""
        from briefing.edition.facets import facets

        return facets(self._reading, self._matching, limit) if self.total else ()

    def narrowed(self, value: FacetValue) -> str:
        """The query for those of the hits that VALUE of a facet counts."""
        whole = write(self.node)
        return f"{f'({whole})' if isinstance(self.node, Or) else whole} {value.query}".strip()

    @property
    def may_have_notes(self) -> bool:
        """Whether `notes` are worth asking for, which takes another search."""
        return not self.problem and bool(dates_in(self.node))

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What has to be said of the hits: records whose dates are too vague to be among them."""
        if not self.may_have_notes:
            return ()
        vague = vague_dates(self._compiler, self._reading, self.node)
        count = self._reading.count(all_of([vague, *self._reading.part]))
        return (f"{count:,} more may be of that time; their dates do not tell",) if count else ()

    @cached_property
    def nearest(self) -> str | None:
        """A name that may have been meant, when nothing was found."""
        if self.total or self.problem:
            return None
        from briefing.edition.suggesting import nearest_name

        finds = partial(self._compiler.finds, part=self._reading.part)
        return nearest_name(self._reading, self.node, finds)

    @cached_property
    def _highlighter(self) -> Highlighter:
        def others() -> Iterator[str]:
            from briefing.edition.suggesting import other_names

            return other_names(self._reading, self.node)

        return Highlighter(self._reading, self.node, others)

    @cached_property
    def explainer(self) -> Explainer:
        def holds(node: Node, ref: Ref) -> bool:
            return self._compiler.finds(node, [self._reading.term("self", ref_key(ref))])

        return Explainer(self._reading, self.node, holds)

    @cached_property
    def _phrase(self) -> Meaning | None:
        """The phrase of two words or more that is the whole of the query."""
        if not isinstance(self.node, Phrase) or self.node.prefix:
            return None
        phrase = phrase_of(self.node.text, prefix=False)
        return phrase if phrase is not None and len(phrase.tokens) > 1 else None

    @cached_property
    def _worth(self) -> list[Query]:
        return self._compiler.weighing(self.node)

    def _part_of(self, kinds: tuple[Kind, ...]) -> list[Query]:
        """The part of the library and of the KINDS that are searched; nothing to ask when all is."""
        asked = [KIND_NUMBERS[kind] for kind in kinds]
        return [*self._reading.part, *([self._reading.terms("kind", asked)] if asked else [])]

    def _of(self, kind: Kind) -> Query:
        return all_of([self._matching, self._reading.term("kind", KIND_NUMBERS[kind])])

    def _by_rank(
        self, within: list[Query], limit: int, offset: int
    ) -> list[tuple[float, tantivy.DocAddress]]:
        """The best of the hits WITHIN queries; what is worth the same, newest first."""
        found = self._by_title(within, limit, offset)
        if found is not None:
            return found
        query, worth = all_of([self._matching, *within]), self._worth
        clauses = []
        if self._phrase is not None:  # the places of its words are walked once: what weighs it finds it
            query = all_of([Query.all_query(), *self._part, *within])
            worth = [name_weighing(self._reading, self._phrase)]
            clauses = [(Occur.Must, phrase_weighed(self._reading, self._phrase))]
        clauses.append((Occur.Must, Query.const_score_query(query, _FOUND)))
        clauses += ((Occur.Should, part) for part in (*worth, self._lasting))
        return self._heaviest(Query.boolean_query(clauses), limit, offset)

    def _by_title(
        self, within: list[Query], limit: int, offset: int
    ) -> list[tuple[float, tantivy.DocAddress]] | None:
        """As `_by_rank`, looking only at what has the word of the query in its title: a tenth of the hits.

        None when that is not enough of them, or any other may be better.
        """
        if not isinstance(self.node, Word):
            return None
        meaning = self._reading.meaning(self.node.text, self.node.prefix)
        if meaning is None or len(meaning.tokens) > 1 or meaning.edits:
            return None
        if meaning.prefix and len(meaning.plain[0]) <= SHORT:
            return None  # what is found is not told by the words themselves
        titled, name = weighing_titles(self._reading, meaning), name_weighing(self._reading, meaning)
        parts = [titled.query, *(Query.const_score_query(part, 0.0) for part in (*self._part, *within))]
        parts.append(Query.const_score_query(Query.all_query(), _FOUND))
        query = adding(all_of(parts), (*titled.beside, name, self._lasting))
        found = self._heaviest(query, limit, offset)
        if len(found) < limit:
            return None
        # What has no such title and is still better is a name, or of a time that is yet to come.
        others = titled.others + _FOUND + _LASTING
        recency = 2 ** (found[-1][0] / others) - 2  # see `_heaviest`
        if recency < _RECENT:
            return None
        better = [
            self._reading.above("recency", recency),
            Query.boolean_query([(Occur.Must, name), (Occur.MustNot, titled.query)]),
        ]
        return None if any(map(self._reading.finds, better)) else found

    def _heaviest(self, query: Query, limit: int, offset: int) -> list[tuple[float, tantivy.DocAddress]]:
        """What is worth most, times log2(2 + recency)."""
        found = self._reading.searcher.search(
            query, limit, count=False, offset=offset, weight_by_field="recency"
        )
        return [(float(score), address) for score, address in found.hits]

    @cached_property
    def _lasting(self) -> Query:
        """What is worth more as it lasts."""
        kinds = [KIND_NUMBERS[kind] for kind in (Kind.ACTOR, Kind.ISSUE)]
        return Query.const_score_query(self._reading.terms("kind", kinds), _LASTING)

    def _before(self, kind: Kind, sort: int) -> int:
        """How many hits of KIND stand before the one with this sort key."""
        if sort == 0:
            return 0
        return self._reading.count(all_of([self._of(kind), self._reading.between("sort", None, sort - 1)]))

    def _place(self, kind: Kind, sort: int, own: list[int]) -> int:
        """Where the first stands of those OWN keys of records that a hit of KIND with this sort key has.

        Actors of one kind, on whom as much hangs and whose names begin alike, share a sort key.
        """
        before = self._before(kind, sort)
        sharing = all_of([self._of(kind), self._reading.between("sort", sort, sort)])
        number = self._reading.count(sharing)
        if number < 2:
            return before
        searcher = self._reading.searcher
        found = searcher.search(
            sharing, number, count=False, order_by_field="sort", order=tantivy.Order.Asc
        ).hits
        keys = searcher.fast_field_values("self", [address for _, address in found])
        return before + next((keys.index(key) for key in own if key in keys), 0)

    def _bucket(self, kind: Kind, place: int) -> tuple[int, int]:
        """A sort key not far before the hit at PLACE, and how many hits stand before that key."""
        from bisect import bisect_right

        if kind not in self._buckets:
            self._buckets[kind] = self._histogram(kind)
        edges, before = self._buckets[kind]
        for at in range(bisect_right(before, place) - 1, 0, -1):
            # The histogram counts in floating point, so the edge is counted once more.
            exactly = self._before(kind, edges[at])
            if exactly <= place:
                return edges[at], exactly
        return 0, 0

    def _histogram(self, kind: Kind) -> tuple[list[int], list[int]]:
        """Sort keys that cut the hits of KIND into buckets, and about how many hits stand before each."""
        query, searcher = self._of(kind), self._reading.searcher
        stats = searcher.aggregate(query, {"sort": {"stats": {"field": "sort"}}})["sort"]
        interval = max((stats["max"] - stats["min"]) / _BUCKETS, 1.0)
        histogram = {"histogram": {"field": "sort", "interval": interval, "min_doc_count": 1}}
        edges, before, total = [], [], 0
        for bucket in searcher.aggregate(query, {"sort": histogram})["sort"]["buckets"]:
            edges.append(int(bucket["key"]))
            before.append(total)
            total += bucket["doc_count"]
        return edges, before

    def _count(self, started: float) -> tuple[dict[Kind, int], float]:
        """How many hits there are of each kind, and the seconds since the search was STARTED."""
        groups = self._reading.searcher.aggregate(
            self._matching, {"kinds": {"terms": {"field": "kind", "size": len(KINDS)}}}
        )
        counts = {
            KINDS[int(bucket["key"])]: int(bucket["doc_count"]) for bucket in groups["kinds"]["buckets"]
        }
        return counts, time.perf_counter() - started

    def _entries(self, addresses: list[tantivy.DocAddress]) -> list[Entry]:
        return self._reading.view.entries(self._reading.numbers(addresses))

    def _hit(self, entry: Entry, score: float = 0.0) -> Hit:
        return Hit(entry, self._hits, score)
