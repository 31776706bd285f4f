"""An edition as it is seen in one briefing, or whole: its panes, its records, what links them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from briefing.content.isolates import closed
from briefing.edition.core import Core
from briefing.edition.entry import Entry, Link, LinkGroup, Links
from briefing.edition.keys import heading_of, name_key
from briefing.edition.store import ALL_SCOPE, SHARED_SCOPE, DamageError, Key, Row, unpack_verdict
from briefing.model.links import links, roles
from briefing.model.records import Actor, AnyRecord, Briefing, Incident, Issue, Position, Quote
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

_NAME_MOST = 60
_NO_SCOPE = -1
# The kinds of which it is told how many records name them.
_TALLIED = frozenset({Kind.ACTOR, Kind.ISSUE, Kind.SOURCE})


class View:
    """What is read of CORE; raises what a damaged edition raises."""

    def __init__(self, core: Core, only: str | None = None) -> None:
        """ONLY one briefing of it; when there is none such, nothing."""
        self.core = core
        self.only_briefing = only
        self.scope = ALL_SCOPE if only is None else core.scopes.get(only, _NO_SCOPE)

    @property
    def serial(self) -> int:
        return self.core.serial

    def numbers(self, kind: Kind, start: int, stop: int) -> list[int]:
        """The store's numbers of the records of KIND at START to STOP."""
        first, count = self.pane(kind)
        start, stop = max(start, 0), min(stop, count)
        return self.core.orders.slice(first + start, first + stop)

    def pane(self, kind: Kind) -> tuple[int, int]:
        """Where the order of a pane begins, and how many records stand in it."""
        return self.core.panes.get((self.scope, kind), (0, 0))

    def position(self, ref: Ref) -> int | None:
        """Where a record stands in its pane; None when it is not there."""
        row = self.row(ref)
        if row is None:
            return None
        from bisect import bisect_left

        start, count = self.pane(row.kind)
        places = range(start, start + count)
        place = bisect_left(places, (row.sort, row.name, self.core.briefings[row.scope]), key=self._place)
        found = place < count and self.core.orders.slice(start + place, start + place + 1) == [row.number]
        return place if found else None

    def _place(self, place: int) -> tuple[int, int, str]:
        number = self.core.orders.slice(place, place + 1)[0]
        found = self.core.store.one("SELECT sort, name, scope FROM record WHERE number = ?", (number,))
        if found is None:
            raise DamageError("an order names a record that is not there")
        sort, name, scope = found
        return sort, name, self.core.briefings[scope]

    def row(self, ref: Ref) -> Row | None:
        """What is stored of a record; an actor that its briefing lacks is looked for among the shared."""
        return next(iter(self.rows([ref])), None)

    def rows(self, refs: Iterable[Ref]) -> list[Row]:
        """What is stored of REFS, in their order, as far as there are such records."""
        wanted = [list(self._keys(ref)) for ref in refs]
        found = self.core.store.named(key for keys in wanted for key in keys)
        return [row for keys in wanted if (row := next(filter(None, map(found.get, keys)), None)) is not None]

    def _keys(self, ref: Ref) -> Iterator[Key]:
        """Where the record of REF may stand, the first place first."""
        scope, name = self.core.scopes.get(ref.briefing), name_key(ref.kind, ref.id)
        if scope is not None:
            yield name, scope
        if ref.kind is Kind.ACTOR:
            yield name, SHARED_SCOPE

    def links(self, ref: Ref, limit: int) -> Links:
        """What a record names, and what names it: of each role the newest LIMIT."""
        row = self.row(ref)
        if row is None:
            return Links((), ())
        briefing = self.core.briefings[row.scope]
        out: dict[Link, None] = {}
        for mention in links(row.record):
            out[Link(mention.role, self._canonical(mention.target(briefing)))] = None
        return Links(tuple(out), tuple(self._into(row, limit)))

    def _canonical(self, ref: Ref) -> Ref:
        """REF as the record that it reaches is named: a shared actor's own ref."""
        if ref.kind is not Kind.ACTOR or not self.core.panes.get((SHARED_SCOPE, Kind.ACTOR), (0, 0))[1]:
            return ref
        row = self.row(ref)
        return ref if row is None else self.ref(row.scope, row.kind, row.id)

    def ref(self, scope: int, kind: Kind, identifier: str) -> Ref:
        """The ref of a record by how it is stored."""
        return Ref(self.core.briefings[scope], kind, identifier)

    def record(self, ref: Ref) -> AnyRecord | Briefing | None:
        """A record without what the library knows about it."""
        row = self.row(ref)
        return None if row is None else row.record

    def sort_key(self, ref: Ref) -> int | None:
        """What orders a record in its pane."""
        row = self.row(ref)
        return None if row is None else row.sort

    def entries(self, numbers: list[int]) -> list[Entry]:
        """The records of the store's NUMBERS with what the library knows about each."""
        return self.entries_of(self.core.store.rows(numbers))

    def entries_of(self, rows: list[Row]) -> list[Entry]:
        """The records of ROWS with what the library knows about each."""
        tallies = self._tallies([row for row in rows if row.kind in _TALLIED])
        questions: dict[Ref, str] = {}
        entries = []
        for row in rows:
            record = row.record
            group = self._group(row, record, questions)
            ref = self.ref(row.scope, row.kind, row.id)
            entries.append(
                Entry(ref, record, group, tallies.get(row.number, {}), unpack_verdict(row.verdict))
            )
        return entries

    def _tallies(self, rows: list[Row]) -> dict[int, dict[Kind, int]]:
        own = {(row.name, row.scope): row.number for row in rows if row.scope != SHARED_SCOPE}
        found: dict[int, dict[Kind, int]] = {}
        for name, scope, kind, records in self.core.store.tallies(list(own)):
            found.setdefault(own[name, scope], {})[kind] = records
        for row in rows:
            if row.scope == SHARED_SCOPE:
                found[row.number] = self.core.store.tally_of_shared(row.name, self._inside)
        return found

    def _reaching(self, row: Row) -> Callable[[int], bool]:
        """Tells whether a link written with a briefing's scope reaches ROW."""
        if row.scope != SHARED_SCOPE:
            return lambda scope: scope == row.scope
        scopes = self.core.store.all("SELECT scope FROM record WHERE name = ?", (row.name,))
        own = {scope for (scope,) in scopes} - {SHARED_SCOPE}
        return lambda scope: scope not in own and self._inside in (None, scope)

    @property
    def _inside(self) -> int | None:
        """The one scope whose links to shared actors count; None when all do."""
        return None if self.scope in (ALL_SCOPE, SHARED_SCOPE) else self.scope

    def _group(self, row: Row, record: AnyRecord | Briefing, questions: dict[Ref, str]) -> str:
        if isinstance(record, Incident | Quote):
            return heading_of(record.when)
        if isinstance(record, Actor):
            return record.kind
        if isinstance(record, Position):
            ref = Ref.resolve(record.issue, briefing=self.core.briefings[row.scope], kind=Kind.ISSUE)
            if ref not in questions:
                issue = self.row(ref)
                questions[ref] = ref.id if issue is None else short_name(issue.record, most=None)
            return questions[ref]
        return ""

    def _into(self, row: Row, limit: int) -> Iterator[LinkGroup]:
        reaches = self._reaching(row)
        roles_found: dict[int, dict[int, int]] = {}
        for scope, role, count in self.core.store.all(
            "SELECT scope, role, links FROM linked WHERE name = ? ORDER BY role", (row.name,)
        ):
            if reaches(scope):
                roles_found.setdefault(role, {})[scope] = count
        for role, scopes in roles_found.items():
            newest: list[tuple[int, int]] = []
            for scope in scopes:
                newest += self.core.store.all(
                    "SELECT dated, source FROM link WHERE name = ? AND scope = ? AND role = ?"
                    " ORDER BY dated, source LIMIT ?",
                    (row.name, scope, role, limit),
                )
            numbers = [source for _, source in sorted(newest)[:limit]]
            refs = tuple(self.ref(*source) for source in self.core.store.ids(numbers))
            kind, path = roles()[role]
            yield LinkGroup(path, kind, sum(scopes.values()), refs)


def short_name(record: AnyRecord | Briefing, most: int | None = _NAME_MOST) -> str:
    """A record's name on one line, at most MOST letters of it."""
    if isinstance(record, Actor):
        return " ".join(record.name.split())
    if isinstance(record, Issue):
        text = record.question
    elif isinstance(record, Position):
        text = record.summary
    elif isinstance(record, Quote):
        text = record.text
    else:
        text = record.title
    text = " ".join(text.split())
    return text if most is None or len(text) <= most else closed(text[: most - 1].rstrip()) + "…"
