# ruff: noqa: S608 (only numbers and our own words are put into statements)
"""What an update of some records does to others: their places, their verification, their words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from itertools import chain

from briefing.edition.context import Context
from briefing.edition.held import Held, held, held_of
from briefing.edition.index import IndexWriter
from briefing.edition.indexed import Indexed, prepare
from briefing.edition.keys import ISSUE_BITS, KIND_NUMBERS, issue_key
from briefing.edition.ordering import Changes
from briefing.edition.parse import ROLE_NUMBERS, marks_of, sort_of, verdict_of
from briefing.edition.store import pack_verdict, unpack_verdict
from briefing.edition.survey import Survey
from briefing.edition.writing import place_actors
from briefing.model.records import Actor, Issue, Position, Source
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

_ON_ISSUE = ROLE_NUMBERS[Kind.POSITION, "issue"]
_MEMBER_OF = ROLE_NUMBERS[Kind.ACTOR, "member_of"]
_FROM_SOURCE = [role for (_, path), role in ROLE_NUMBERS.items() if path == "sources.source"]


class Ripples:
    """Follows the consequences of the records RETIRED and ADMITTED, and of the links to NAMED."""

    def __init__(
        self,
        survey: Survey,
        database: sqlite3.Connection,
        index: IndexWriter,
        retired: Mapping[int, Held],
        admitted: Mapping[int, Held],
        named: set[tuple[int, int]],
    ) -> None:
        self._survey = survey
        self._states = {state.path: state for state in survey.states}
        self._database = database
        self._index = index
        self._retired = retired
        self._admitted = admitted
        self._named = named
        self._context = Context(database)
        self._briefings: dict[int, str] = dict(database.execute("SELECT scope, id FROM scope"))
        self._paths: dict[int, str] = dict(database.execute("SELECT file, path FROM file"))
        # What each admitted record replaced, by name and scope.
        self._before = {record.key: record for record in retired.values()}
        # Records that were there all along and stand elsewhere now, or must be indexed again.
        self._moved: set[int] = set()
        self._again: set[int] = set()

    def spread(self, reverified: set[str]) -> None:
        """Bring the other records to what they are now; REVERIFIED briefings have other marks."""
        self._sort(self._relabel())
        self._sort_actors()
        self._verify(reverified)
        self._follow_names()
        self._describe()

    def changes(self) -> Changes:
        """What left its place in the panes and what came to one."""
        moved = list(held_of(self._database, sorted(self._moved)))
        came = [*held_of(self._database, sorted(self._admitted)), *moved]
        return Changes(
            left=[(r.kind, r.scope, r.number) for r in chain(self._retired.values(), moved)],
            came=[(r.kind, r.scope, r.number) for r in came],
        )

    def _relabel(self) -> set[tuple[int, int]]:
        """Label the issues that are new or stand elsewhere; the keys of all whose label changed."""
        touched = [r for r in chain(self._retired.values(), self._admitted.values()) if r.kind is Kind.ISSUE]
        if not touched:
            return set()
        before = {r.key: r.sort >> (63 - ISSUE_BITS) for r in self._retired.values() if r.kind is Kind.ISSUE}
        rows = self._database.execute(
            "SELECT number, name, record.scope, sort FROM record JOIN file USING (file) WHERE record.kind = ?"
            " ORDER BY path, position",
            (KIND_NUMBERS[Kind.ISSUE],),
        ).fetchall()
        known = [
            before.get((name, scope)) if number in self._admitted else sort >> (63 - ISSUE_BITS)
            for number, name, scope, sort in rows
        ]
        labels = fill(known, 1 << ISSUE_BITS)
        changed = {r.key for r in touched if r.number in self._retired} - {(row[1], row[2]) for row in rows}
        for (number, name, scope, sort), old, new in zip(rows, known, labels, strict=True):
            if old != new:
                changed.add((name, scope))
            if sort != issue_key(new):
                self._database.execute(
                    "UPDATE record SET sort = ? WHERE number = ?", (issue_key(new), number)
                )
                self._note_moved(number)
        self._context = Context(self._database)
        return changed

    def _sort(self, issues: set[tuple[int, int]]) -> None:
        """Give the positions on ISSUES, and those admitted, their places."""
        numbers = {r.number for r in self._admitted.values() if r.kind is Kind.POSITION}
        for name, scope in issues:
            rows = self._database.execute(
                "SELECT source FROM link WHERE name = ? AND scope = ? AND role = ?", (name, scope, _ON_ISSUE)
            )
            numbers.update(number for (number,) in rows)
        for record in held_of(self._database, sorted(numbers)):
            assert isinstance(record.record, Position)
            sort = sort_of(record.record, self._briefings[record.scope], record.dated, self._context)
            if sort != record.sort:
                self._database.execute("UPDATE record SET sort = ? WHERE number = ?", (sort, record.number))
                self._note_moved(record.number)

    def _sort_actors(self) -> None:
        keys = self._named | {
            r.key for r in chain(self._retired.values(), self._admitted.values()) if r.kind is Kind.ACTOR
        }
        names, scopes = {name for name, _ in keys}, {scope for _, scope in keys}
        changed = place_actors(self._database, sorted(names), scopes)
        self._database.executemany("UPDATE record SET sort = ? WHERE number = ?", changed)
        for _, number in changed:
            self._note_moved(number)

    def _note_moved(self, number: int) -> None:
        if number not in self._admitted:
            self._moved.add(number)
            self._again.add(number)

    def _verify(self, reverified: set[str]) -> None:
        """Verify what was admitted, what rests on changed sources, and the briefings with other marks."""
        numbers = set(self._admitted)
        for record in chain(self._retired.values(), self._admitted.values()):
            if isinstance(record.record, Source) and self._checksum_changed(record):
                for role in _FROM_SOURCE:
                    numbers |= self._sources(
                        "name = ? AND scope = ? AND role = ?", (record.name, record.scope, role)
                    )
        for briefing in reverified:
            rows = self._database.execute(
                "SELECT first, last FROM file JOIN scope USING (scope) WHERE scope.id = ?", (briefing,)
            ).fetchall()
            for span in rows:
                found = self._database.execute("SELECT number FROM record WHERE number BETWEEN ? AND ?", span)
                numbers.update(number for (number,) in found)
        for record in held_of(self._database, sorted(numbers)):
            state = self._states[self._paths[record.file]]
            marks = marks_of(state.file(self._survey.root), self._survey.root)
            verdict = pack_verdict(verdict_of(record.record, marks, self._context))
            if verdict != record.verdict:
                self._database.execute(
                    "UPDATE record SET verdict = ? WHERE number = ?", (verdict, record.number)
                )
                self._again.add(record.number)

    def _checksum_changed(self, record: Held) -> bool:
        before, now = self._before.get(record.key), self._now(record)
        checksums = [
            r.record.sha256 if r is not None and isinstance(r.record, Source) else None for r in (before, now)
        ]
        return checksums[0] != checksums[1] or (before is None) != (now is None)

    def _now(self, record: Held) -> Held | None:
        return next(held(self._database, "name = ? AND scope = ?", record.key), None)

    def _follow_names(self) -> None:
        """Index again what is found by the names of actors and issues that changed.

        `prepare` looks at what a record names and, of persons, at the groups they are members of.
        """
        for record in list(chain(self._retired.values(), self._admitted.values())):
            if record.kind not in (Kind.ACTOR, Kind.ISSUE):
                continue
            before, now = self._before.get(record.key), self._now(record)
            if _words(before) == _words(now) and not self._has_copy(record, before, now):
                continue
            self._again |= self._sources("name = ?", (record.name,))
            if record.kind is Kind.ACTOR:
                members = self._sources("name = ? AND role = ?", (record.name, _MEMBER_OF))
                for member in held_of(self._database, sorted(members)):
                    self._again |= self._sources("name = ?", (member.name,))

    def _has_copy(self, record: Held, *versions: Held | None) -> bool:
        """Whether there is or was the very same actor elsewhere in any of the VERSIONS of RECORD.

        What names a copy of a shared actor is linked to the shared one, for as long as they are equal.
        """
        if record.kind is not Kind.ACTOR:
            return False
        before = (self._before.get((record.name, scope)) for scope in self._briefings)
        others = chain(held(self._database, "name = ?", (record.name,)), filter(None, before))
        records = [version.record for version in versions if version is not None]
        return any(other.scope != record.scope and other.record in records for other in others)

    def _sources(self, where: str, values: Iterable[int]) -> set[int]:
        """The records whose links satisfy WHERE."""
        rows = self._database.execute(f"SELECT source FROM link WHERE {where}", tuple(values))
        return {number for (number,) in rows}

    def _describe(self) -> None:
        """Replace the documents of everything that changed."""
        self._index.remove(self._retired.keys() | self._again)
        for record in held_of(self._database, sorted(self._again | self._admitted.keys())):
            ref = Ref(self._briefings[record.scope], record.kind, record.id)
            verdict = unpack_verdict(record.verdict)
            item = Indexed(record.number, ref, record.sort, verdict, record.record)
            self._index.add(prepare(item, self._context.linked))


def _words(record: Held | None) -> tuple[object, ...] | None:
    """What others are found by through a record."""
    if record is None:
        return None
    if isinstance(record.record, Actor):
        return record.record.names, record.record.kind, record.record.member_of
    return record.record.names if isinstance(record.record, Issue) else None


def fill(known: list[int | None], most: int) -> list[int]:
    """Rising labels from 1 to below MOST: those KNOWN where they rise, others evenly in the gaps between."""
    kept: list[int | None] = []
    last = 0
    for label in known:
        rises = label is not None and label > last
        kept.append(label if rises else None)
        last = label if rises and label is not None else last
    labels: list[int] = []
    start = 0
    while start < len(kept):
        stop = start
        while stop < len(kept) and kept[stop] is None:
            stop += 1
        low = labels[-1] if labels else 0
        high = kept[stop] if stop < len(kept) else most
        assert high is not None
        step = (high - low) // (stop - start + 1)
        if stop > start and step == 0:
            even = most // (len(kept) + 2)
            return [(place + 1) * even for place in range(len(kept))]
        labels.extend(low + (place + 1) * step for place in range(stop - start))
        if stop < len(kept):
            labels.append(high)
        start = stop + 1
    return labels
