"""The edition: a library compiled for reading; all that the reader and the commands use of it."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, overload

from briefing.content.problem import Problem
from briefing.edition.entry import Card, Entry, Link, LinkGroup, Links
from briefing.edition.keys import KINDS, heading_of, name_key
from briefing.edition.orders import Orders
from briefing.edition.reading import LibraryError, find_files
from briefing.edition.store import DamageError, Row, Store, unseal_problem
from briefing.model.links import links, roles
from briefing.model.records import (
    RECORDS,
    Actor,
    AnyRecord,
    Briefing,
    Incident,
    Issue,
    Position,
    Quote,
)
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

if TYPE_CHECKING:
    import tantivy

    from briefing.edition.build import Progress
    from briefing.edition.search import Hits

__all__ = [
    "Card",
    "Edition",
    "Entry",
    "LibraryError",
    "Link",
    "LinkGroup",
    "Links",
    "ProblemList",
    "open_edition",
]

ALL_SCOPE, SHARED_SCOPE = 0, 1
_NAME_MOST = 60
_UNDATED_DAY = (1 << 22) - 1


def open_edition(path: Path, *, progress: Progress | None = None, cache: Path | None = None) -> Edition:  # noqa: ARG001
    """Open the edition of the library at PATH, building it first when there is none that is fresh."""
    from briefing.edition.build import build
    from briefing.edition.index import IndexWriter

    root = path.resolve()
    files = find_files(root)
    database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    index = IndexWriter(None)
    orders = build(database, files, root, index)
    index.close()
    identity = sha256(b"".join(file.path.read_bytes() for file in files)).hexdigest()[:16]
    return Edition(_Core(root, identity, Store(None, database), Orders(orders), index.index))


class _Core:
    """What all views of an edition share."""

    def __init__(
        self, root: Path, identity: str, store: Store, orders: Orders, index: tantivy.Index | None
    ) -> None:
        self.root = root
        self.identity = identity
        self.store = store
        self.orders = orders
        self.scopes: dict[str, int] = {}
        self.briefings: dict[int, str] = {}
        for scope, briefing in store.all("SELECT scope, id FROM scope"):
            self.scopes[briefing] = scope
            self.briefings[scope] = briefing
        self.panes: dict[tuple[int, Kind], tuple[int, int]] = {
            (scope, KINDS[kind]): (start, count)
            for scope, kind, start, count in store.all("SELECT scope, kind, start, count FROM pane")
        }
        self._index = index
        self._index_lock = threading.Lock()

    @property
    def index(self) -> tantivy.Index:
        """The search index, opened when it is first needed."""
        with self._index_lock:
            assert self._index is not None
            return self._index


class ProblemList(Sequence[Problem]):
    """What `check` found when the edition was built; reads only the problems that are asked for."""

    def __init__(self, store: Store, scope: int) -> None:
        self._store = store
        self._where = "" if scope == ALL_SCOPE else f"WHERE scope = {scope}"
        self._length: int = store.one(f"SELECT count(*) FROM problem {self._where}")[0]  # noqa: S608

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Problem: ...
    @overload
    def __getitem__(self, index: slice) -> list[Problem]: ...
    def __getitem__(self, index: int | slice) -> Problem | list[Problem]:
        if isinstance(index, slice):
            start, stop, step = index.indices(self._length)
            return self._read(start, stop) if step == 1 else [self[i] for i in range(start, stop, step)]
        place = range(self._length)[index]
        return self._read(place, place + 1)[0]

    def __iter__(self) -> Iterator[Problem]:
        for start in range(0, self._length, 100):
            yield from self._read(start, start + 100)

    def _read(self, start: int, stop: int) -> list[Problem]:
        rows = self._store.all(
            f"SELECT body FROM problem {self._where} ORDER BY problem LIMIT ? OFFSET ?",  # noqa: S608
            (max(stop - start, 0), start),
        )
        return [unseal_problem(body) for (body,) in rows]


class Edition:
    """A library, or one briefing of it (`only`); safe to share between threads and sessions."""

    def __init__(self, core: _Core, scope: int = ALL_SCOPE) -> None:
        self._core = core
        self._store = core.store
        self._scope = scope

    @property
    def identity(self) -> str:
        """Changes when the content does."""
        return self._core.identity

    @property
    def only_briefing(self) -> str | None:
        """The id of the briefing that this view is restricted to."""
        return None if self._scope == ALL_SCOPE else self._core.briefings[self._scope]

    @property
    def problems(self) -> ProblemList:
        return ProblemList(self._store, self._scope)

    @property
    def briefing(self) -> Briefing | None:
        """The briefing when there is one only, by restriction or because the library holds no other."""
        numbers = self._numbers(Kind.BRIEFING, 0, 2)
        if len(numbers) != 1:
            return None
        record = self._store.rows(numbers)[0].record
        assert isinstance(record, Briefing)
        return record

    def only(self, briefing: str | None) -> Edition:
        """The same edition restricted to BRIEFING (None: everything); KeyError when it has none such."""
        return Edition(self._core, ALL_SCOPE if briefing is None else self._core.scopes[briefing])

    def briefings(self) -> list[Card]:
        """The briefings, the newest first."""
        start, count = self._core.panes.get((ALL_SCOPE, Kind.BRIEFING), (0, 0))
        cards = []
        for row in self._store.rows(self._core.orders.slice(start, start + count)):
            briefing = row.record
            assert isinstance(briefing, Briefing)
            view = Edition(self._core, row.scope)
            counts: dict[Kind, int] = {kind: view.count(kind) for kind in RECORDS}
            cards.append(Card(briefing, counts, len(view.problems)))
        return cards

    def count(self, kind: Kind) -> int:
        return self._pane(kind)[1]

    def page(self, kind: Kind, start: int, stop: int) -> list[Entry]:
        """The records of KIND at START to STOP in the order of their pane."""
        return self.entries(self._numbers(kind, start, stop))

    def position(self, ref: Ref) -> int | None:
        """Where a record stands in its pane; None when it is not there."""
        row = self._row(ref)
        if row is None:
            return None
        wanted = (row.sort, row.name, row.scope)
        start, count = self._pane(row.kind)
        low, high = 0, count
        while low < high:
            middle = (low + high) // 2
            if self._place(start + middle) < wanted:
                low = middle + 1
            else:
                high = middle
        found = low < count and self._core.orders.slice(start + low, start + low + 1) == [row.number]
        return low if found else None

    def get(self, ref: Ref) -> Entry | None:
        """A record by its ref; an actor that its briefing does not have is looked for among the shared."""
        row = self._row(ref)
        return None if row is None else self._entries([row])[0]

    def get_many(self, refs: Iterable[Ref]) -> list[Entry]:
        """The records of REFS that exist."""
        return self._entries([row for ref in refs if (row := self._row(ref)) is not None])

    def name(self, ref: Ref) -> str:
        """A short name of any record for display; its id when there is no such record."""
        row = self._row(ref)
        return ref.id if row is None else short_name(row.record)

    def links(self, ref: Ref, *, limit: int = 20) -> Links:
        """What a record names, and what names it: of each role the newest LIMIT."""
        row = self._row(ref)
        if row is None:
            return Links((), ())
        briefing = self._core.briefings[row.scope]
        out: dict[Link, None] = {}
        for role, reference, kind in links(row.record):
            named = Ref.resolve(reference, briefing=briefing, kind=kind)
            out[Link(role, self._canonical(named))] = None
        return Links(tuple(out), tuple(self._into(row, limit)))

    def search(self, query: str, *, typing: bool = False, kinds: Iterable[Kind] = ()) -> Hits:
        """Find records; while TYPING, an unfinished query does its best and is never wrong."""
        from briefing.edition.search import search

        return search(self._core.index, self, query, typing=typing, kinds=kinds)

    def days(self) -> list[tuple[dt.date, int]]:
        """How many incidents each day had, the oldest first; incidents not dated to the day are left out."""
        days = self._store.all(
            "SELECT day, incidents FROM day WHERE scope = ? AND day < ? ORDER BY day DESC",
            (self._scope, _UNDATED_DAY),
        )
        return [(dt.date.fromordinal(_UNDATED_DAY - 1 - day), incidents) for day, incidents in days]

    def place_of(self, ref: Ref) -> tuple[Path, int] | None:
        """The file and line where a record is written."""
        row = self._row(ref)
        if row is None:
            return None
        (path,) = self._store.one("SELECT path FROM file WHERE file = ?", (row.file,))
        return self._core.root / path, row.line

    def entries(self, numbers: list[int]) -> list[Entry]:
        """The records of the store's NUMBERS; for searching."""
        return self._entries(self._store.rows(numbers))

    def sort_key(self, ref: Ref) -> int | None:
        """What orders a record in its pane; for searching."""
        row = self._row(ref)
        return None if row is None else row.sort

    def _numbers(self, kind: Kind, start: int, stop: int) -> list[int]:
        first, count = self._pane(kind)
        start, stop = max(start, 0), min(stop, count)
        return self._core.orders.slice(first + start, first + stop)

    def _pane(self, kind: Kind) -> tuple[int, int]:
        """Where the order of a pane begins, and how many records stand in it."""
        return self._core.panes.get((self._scope, kind), (0, 0))

    def _place(self, place: int) -> tuple[int, int, int]:
        number = self._core.orders.slice(place, place + 1)[0]
        found = self._store.one("SELECT sort, name, scope FROM record WHERE number = ?", (number,))
        if found is None:
            raise DamageError("an order names a record that is not there")
        sort, name, scope = found
        return sort, name, scope

    def _row(self, ref: Ref) -> Row | None:
        scope = self._core.scopes.get(ref.briefing)
        name = name_key(ref.kind, ref.id)
        row = None if scope is None else self._store.named(name, scope)
        if row is None and ref.kind is Kind.ACTOR and scope is not None:
            row = self._store.named(name, SHARED_SCOPE)
        return row

    def _canonical(self, ref: Ref) -> Ref:
        """REF as the record that it reaches is named: a shared actor's own ref."""
        if ref.kind is not Kind.ACTOR or not self._core.panes.get((SHARED_SCOPE, Kind.ACTOR), (0, 0))[1]:
            return ref
        row = self._row(ref)
        return ref if row is None else self._ref(row)

    def _ref(self, row: Row) -> Ref:
        return Ref(self._core.briefings[row.scope], row.kind, row.id)

    def _entries(self, rows: list[Row]) -> list[Entry]:
        tallies = self._tallies(rows)
        questions: dict[Ref, str] = {}
        entries = []
        for row in rows:
            record = row.record
            group = self._group(row, record, questions)
            entries.append(Entry(self._ref(row), record, group, tallies.get(row.number, {}), row.verdict))
        return entries

    def _tallies(self, rows: list[Row]) -> dict[int, dict[Kind, int]]:
        counted: dict[int, list[tuple[int, Kind, int]]] = {}
        for name, scope, kind, records in self._store.tallies(list({row.name for row in rows})):
            counted.setdefault(name, []).append((scope, kind, records))
        found: dict[int, dict[Kind, int]] = {}
        for row in rows:
            tally: dict[Kind, int] = {}
            reached = self._reached(row)
            for scope, kind, records in counted.get(row.name, ()):
                if reached(scope):
                    tally[kind] = tally.get(kind, 0) + records
            found[row.number] = tally
        return found

    def _reached(self, row: Row) -> _Reached:
        """Whether a link written with a briefing's scope reaches ROW."""
        if row.scope != SHARED_SCOPE:
            return _Reached({row.scope}, None)
        own = {scope for (scope,) in self._store.all("SELECT scope FROM record WHERE name = ?", (row.name,))}
        inside = None if self._scope in (ALL_SCOPE, SHARED_SCOPE) else {self._scope}
        return _Reached(inside, own - {SHARED_SCOPE})

    def _group(self, row: Row, record: AnyRecord | Briefing, questions: dict[Ref, str]) -> str:
        if isinstance(record, Incident | Quote):
            return heading_of(record.when)
        if isinstance(record, Actor):
            return record.kind
        if isinstance(record, Position):
            ref = Ref.resolve(record.issue, briefing=self._core.briefings[row.scope], kind=Kind.ISSUE)
            if ref not in questions:
                issue = self._row(ref)
                questions[ref] = ref.id if issue is None else short_name(issue.record, most=None)
            return questions[ref]
        return ""

    def _into(self, row: Row, limit: int) -> Iterator[LinkGroup]:
        reached = self._reached(row)
        roles_found: dict[int, dict[int, int]] = {}
        for scope, role, count in self._store.all(
            "SELECT scope, role, links FROM linked WHERE name = ? ORDER BY role", (row.name,)
        ):
            if reached(scope):
                roles_found.setdefault(role, {})[scope] = count
        for role, scopes in roles_found.items():
            newest: list[tuple[int, int]] = []
            for scope in scopes:
                newest += self._store.all(
                    "SELECT dated, source FROM link WHERE name = ? AND scope = ? AND role = ?"
                    " ORDER BY dated, source LIMIT ?",
                    (row.name, scope, role, limit),
                )
            numbers = [source for _, source in sorted(newest)[:limit]]
            refs = tuple(self._ref(source) for source in self._store.rows(numbers))
            kind, path = roles()[role]
            yield LinkGroup(path, kind, sum(scopes.values()), refs)


class _Reached:
    """Which scopes' links reach a record: those inside (None: any) that are not outside."""

    def __init__(self, inside: set[int] | None, outside: set[int] | None) -> None:
        self._inside, self._outside = inside, outside or set()

    def __call__(self, scope: int) -> bool:
        return (self._inside is None or scope in self._inside) and scope not in self._outside


def short_name(record: AnyRecord | Briefing, most: int | None = _NAME_MOST) -> str:
    """A record's name on one line, at most MOST letters of it."""
    if isinstance(record, Actor):
        return record.name
    if isinstance(record, Issue):
        text = record.question
    elif isinstance(record, Position):
        text = record.summary
    elif isinstance(record, Quote):
        text = record.text
    else:
        text = record.title
    text = " ".join(text.split())
    return text if most is None or len(text) <= most else text[: most - 1].rstrip() + "…"
