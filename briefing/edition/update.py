# ruff: noqa: S608 (only numbers and our own words are put into statements)
"""Building an edition on the one before: only the files that changed are parsed and indexed again.

The records of changed files are retired and admitted anew; what hangs on them follows: the counts of
what they name, the places of actors and positions, the words that other records are found by, their
verification. The outcome is the same as building anew, which a test holds it to.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Set
from itertools import chain

from briefing.content.checks.registry import Setting, facts_of
from briefing.content.checks.run import check_together
from briefing.edition.context import Context
from briefing.edition.held import Held, held, held_of
from briefing.edition.index import IndexWriter
from briefing.edition.keys import KIND_NUMBERS
from briefing.edition.lookup import StoreLookup
from briefing.edition.ordering import Changes
from briefing.edition.parse import Batch, Job, marks_problems, mentions_of, numbers_for, parse
from briefing.edition.ripples import Ripples
from briefing.edition.store import ALL_SCOPE, SHARED_SCOPE, Key
from briefing.edition.survey import State, Survey
from briefing.edition.writing import ACTOR, DAY, NOTE_DANGLING, TO_THE_DAY, Writer, move, store_problems
from briefing.model.records import Briefing
from briefing.model.ref import SHARED, Ref
from briefing.model.vocabulary import Kind

_LAST_NUMBER = (1 << 32) - 1


class CannotUpdate(RuntimeError):
    """The edition before has no room for this; build anew."""


def update(
    survey: Survey, before: Iterable[State], database: sqlite3.Connection, index: IndexWriter
) -> Changes:
    """Bring DATABASE and INDEX, which hold the files BEFORE, to the files of SURVEY, which are hashed."""
    return _Updater(survey, list(before), database, index).run()


class _Updater:
    def __init__(
        self, survey: Survey, before: list[State], database: sqlite3.Connection, index: IndexWriter
    ) -> None:
        self._survey = survey
        self._database = database
        self._index = index
        self._writer = Writer(database, "link")
        self._before = {state.path: state for state in before}
        self._states = {state.path: state for state in survey.states}
        self._retired: dict[int, Held] = {}
        self._admitted: dict[int, Held] = {}
        # Records stored now, and those whose file did not change and whose id now is theirs.
        self._new: set[int] = set()
        self._raised: set[int] = set()
        self._names: dict[int, str] = {}
        self._keys: set[Key] = set()
        # By how much counts change: of links by role, of records by kind, of incidents by day.
        self._linked: Counter[tuple[int, int, int]] = Counter()
        self._tally: Counter[tuple[int, int, int]] = Counter()
        self._days: Counter[Key] = Counter()

    def run(self) -> Changes:
        database = self._database
        database.execute("BEGIN")
        self._files = {
            path: (file, first, last)
            for path, file, first, last in database.execute("SELECT path, file, first, last FROM file")
        }
        self._next = max((last for _, _, last in self._files.values()), default=0) + 1
        changed, marks = self._changed()
        self._replace(changed)
        self._count()
        ripples = Ripples(
            self._survey,
            database,
            self._index,
            self._retired,
            self._admitted,
            {(name, scope) for name, scope, _ in self._tally},
        )
        ripples.spread({self._any(path).briefing for path in marks})
        self._check_marks(marks)
        self._check()
        database.execute("COMMIT")
        return ripples.changes()

    # Which files

    def _changed(self) -> tuple[set[str], set[str]]:
        """The files of records to be parsed again or to go, and those of marks of verification."""
        before, after = self._before, self._states
        paths = {
            path
            for path in before.keys() | after.keys()
            if (old := before.get(path)) is None
            or (new := after.get(path)) is None
            or (old.sha256, old.kind, old.briefing) != (new.sha256, new.kind, new.briefing)
        }
        marks = {path for path in paths if not self._any(path).kind}
        return paths - marks, marks

    def _any(self, path: str) -> State:
        return self._states.get(path) or self._before[path]

    def _replace(self, changed: set[str]) -> None:
        """Retire the records of changed files and store those that they hold now.

        Briefings and shared actors first: other files mean something else when these changed.
        """
        first = {
            path
            for path in changed
            if self._any(path).kind == Kind.BRIEFING or self._any(path).briefing == SHARED
        }
        settings = self._settings(first)
        shared_before = self._shared(first)
        self._parse(first)
        others = changed - first
        for briefing, setting in self._settings(first).items():
            if settings.get(briefing) != setting:
                others |= {
                    path for path, state in self._states.items() if state.kind and state.briefing == briefing
                }
        if self._shared(first) != shared_before:
            others |= self._overriding()
        self._parse(others - first)

    def _settings(self, paths: set[str]) -> dict[str, Setting]:
        briefings = {self._any(path).briefing for path in paths} - {SHARED}
        context = Context(self._database)
        settings = {}
        for name in briefings:
            briefing = context.find(Ref(name, Kind.BRIEFING, name))
            assert briefing is None or isinstance(briefing, Briefing)
            settings[name] = Setting.of(name, briefing)
        return settings

    def _shared(self, paths: set[str]) -> list[tuple[int, bytes]]:
        if not any(self._any(path).briefing == SHARED for path in paths):
            return []
        return self._database.execute(
            "SELECT name, body FROM record JOIN body USING (number) WHERE scope = ? ORDER BY name",
            (SHARED_SCOPE,),
        ).fetchall()

    def _overriding(self) -> set[str]:
        """Files of actors that build, or may wish to build, on shared ones."""
        rows = self._database.execute(
            "SELECT path FROM file WHERE kind = ? AND scope <> ? AND (file IN (SELECT file FROM record WHERE"
            " kind = ? AND name IN (SELECT name FROM record WHERE scope = ?)) OR path IN"
            " (SELECT path FROM problem WHERE alone = 1))",
            (ACTOR, SHARED_SCOPE, ACTOR, SHARED_SCOPE),
        )
        retired = {held.name for held in self._retired.values() if held.scope == SHARED_SCOPE}
        files = {path for (path,) in rows}
        for name in retired:
            files |= {
                path
                for (path,) in self._database.execute(
                    "SELECT path FROM file JOIN record USING (file) WHERE name = ?", (name,)
                )
            }
        return files & self._states.keys()

    def _parse(self, paths: Iterable[str]) -> None:
        ordered = sorted(paths)
        for path in ordered:
            if self._any(path).kind == Kind.BRIEFING:  # its own dates are not held against the ones before
                self._retire_file(path, frozenset())
        context = Context(self._database)
        for path in ordered:
            state = self._states.get(path)
            if state is None:
                self._retire_file(path, frozenset())
            else:
                self._parse_file(state, context)
        self._settle()

    def _parse_file(self, state: State, context: Context) -> None:
        batches = list(parse(self._survey.root, Job(state, 0), context, bare=True))
        if batches[-1].state is None or batches[-1].state.sha256 != state.sha256:
            raise CannotUpdate  # it changed again meanwhile
        kept, free = self._keep(state, batches)
        self._retire_file(state.path, kept)
        file, number = (self._files[state.path][0], free) if kept else self._room(state)
        scope = self._writer.scope(state.briefing)
        for batch in batches:
            batch.rows = [row._replace(number=number + place) for place, row in enumerate(batch.rows)]
            number += len(batch.rows)
            self._writer.add(batch, state, file)
            self._keys.update((row.name, scope) for row in batch.rows)
            self._new.update(row.number for row in batch.rows)

    def _keep(self, state: State, batches: list[Batch]) -> tuple[set[int], int]:
        """Take what is as it was out of BATCHES, the records of a file now.

        Gives the numbers that it keeps, and the first that is free for the others. A record may stand on
        another line than before, but not in another place among the records.
        """
        nothing: set[int] = set()
        known, before = self._files.get(state.path), self._before.get(state.path)
        if known is None or before is None or (before.kind, before.briefing) != (state.kind, state.briefing):
            return nothing, 0
        _, first, last = known
        if self._database.execute(_ANY_SPARE, (first, last)).fetchone() is not None:
            return nothing, 0  # of those with one id another may be the first now
        stood = {id_: held for id_, *held in self._database.execute(_STOOD, (first, last))}
        times = Counter(row.id for batch in batches for row in batch.rows)
        free = max((number for number, *_ in stood.values()), default=first) + 1
        if free + times.total() > last:
            return nothing, 0  # no numbers are left for what may be new
        kept, moved = nothing, []
        for batch in batches:
            changed = []
            for row in batch.rows:
                number, dated, body, *place = stood.get(row.id, (0, 0, b""))
                if times[row.id] > 1 or (dated, body) != (row.dated, row.body):
                    changed.append(row)
                    continue
                kept.add(number)
                now = [row.line, row.column, row.position]
                if place != now:
                    moved.append((*now, number))
            batch.rows = changed
        self._database.executemany(_MOVE, moved)
        return kept, free

    def _room(self, state: State) -> tuple[int, int]:
        """The number of a file whose records are all new, and the first number for them."""
        job = Job(state, self._next)
        self._next += numbers_for(state)
        if self._next > _LAST_NUMBER:
            raise CannotUpdate
        return self._writer.file(job), job.first

    def _retire_file(self, path: str, kept: Set[int]) -> None:
        """Retire the records of a file but those of the numbers KEPT."""
        known = self._files.get(path)
        if known is None:
            return
        file, *span = known
        living = self._database.execute("SELECT number FROM record WHERE number BETWEEN ? AND ?", span)
        gone = [number for (number,) in living if number not in kept]
        for record in held_of(self._database, gone):
            self._retire(record)
        spare = self._database.execute(
            "SELECT number, name, scope FROM spare WHERE number BETWEEN ? AND ?", span
        ).fetchall()
        self._keys.update((name, scope) for _, name, scope in spare)
        gone += [number for number, _, _ in spare]
        for table in ("record", "spare", "body"):
            self._database.executemany(
                f"DELETE FROM {table} WHERE number = ?", [(number,) for number in gone]
            )
        self._database.execute("DELETE FROM problem WHERE path = ? AND alone = 1", (path,))
        if path not in self._states:
            self._database.execute("DELETE FROM file WHERE file = ?", (file,))

    # Which records

    def _settle(self) -> None:
        """Of the records of one id let the first live, as the files stand now, and admit who is new."""
        for name, scope in self._keys:
            rows = self._database.execute(_OF_ONE_ID, (name, scope, name, scope)).fetchall()
            for place, (number, living, _, _) in enumerate(rows):
                if place == 0 and not living:
                    move(self._database, number, "spare", "record")
                    self._raised.add(number)
                elif place and living:
                    if number not in self._new:
                        self._retire(next(held(self._database, "number = ?", (number,))))
                    move(self._database, number, "record", "spare")
            for record in held(self._database, "name = ? AND scope = ?", (name, scope)):
                if record.number in self._new or record.number in self._raised:
                    self._admit(record)
        self._keys.clear()

    def _retire(self, record: Held) -> None:
        """Take a living record out of the counts and links."""
        self._keys.add(record.key)
        if self._admitted.pop(record.number, None) is None:
            self._retired[record.number] = record
        self._tell(record, -1)
        self._database.execute("DELETE FROM fact WHERE source = ?", (record.number,))

    def _admit(self, record: Held) -> None:
        """Take a record that now lives into the counts and links."""
        if record.number in self._admitted:
            return
        self._admitted[record.number] = record
        self._tell(record, 1)
        briefing = self._briefing(record.scope)
        self._database.executemany(
            "INSERT INTO fact VALUES (?, ?, ?, ?)",
            [(fact.topic, fact.key, record.number, fact.value) for fact in facts_of(record.record, briefing)],
        )

    def _tell(self, record: Held, sign: int) -> None:
        briefing, kind = self._briefing(record.scope), KIND_NUMBERS[record.kind]
        rows, kinds = [], set()
        for name, other, role, dated, number in mentions_of(
            record.record, briefing, record.dated, record.number
        ):
            scope = self._writer.scope(other) if other else record.scope
            rows.append((name, scope, role, dated, number))
            kinds.add((name, scope, kind))
            self._linked[name, scope, role] += sign
        self._tally.update(dict.fromkeys(kinds, sign))
        link = _ADD_LINK if sign > 0 else _DROP_LINK
        self._database.executemany(link, rows)
        if record.kind is Kind.INCIDENT:
            query = f"SELECT {DAY} FROM record WHERE number = ? AND {TO_THE_DAY}"
            for (day,) in self._database.execute(query, (record.number,)):
                self._days.update({(record.scope, day): sign, (ALL_SCOPE, day): sign})

    def _briefing(self, scope: int) -> str:
        if len(self._names) != len(self._writer.scopes):
            self._names = {scope: briefing for briefing, scope in self._writer.scopes.items()}
        return self._names[scope]

    # What follows

    def _count(self) -> None:
        """Bring the counts to what they are now."""
        for table, keys, value, counter in (
            ("linked", "name, scope, role", "links", self._linked),
            ("tally", "name, scope, kind", "records", self._tally),
            ("day", "scope, day", "incidents", self._days),
        ):
            width = keys.count(",") + 2
            self._database.executemany(
                f"INSERT INTO {table} VALUES ({', '.join('?' * width)}) ON CONFLICT ({keys})"
                f" DO UPDATE SET {value} = {value} + excluded.{value}",
                [(*key, change) for key, change in counter.items() if change],
            )
            self._database.executemany(
                f"DELETE FROM {table} WHERE ({keys}) = ({', '.join('?' * (width - 1))}) AND {value} = 0",
                list(counter),
            )
        for name in {key[0] for key in chain(self._tally, self._touched())}:
            self._database.execute("DELETE FROM dangling WHERE name = ?", (name,))
            self._database.execute(f"{NOTE_DANGLING} AND name = ?", (name,))

    def _touched(self) -> set[Key]:
        return {record.key for record in chain(self._retired.values(), self._admitted.values())}

    def _check_marks(self, paths: set[str]) -> None:
        """Report anew what is wrong with the marks of verification in the files PATHS."""
        for path in paths:
            self._database.execute("DELETE FROM problem WHERE path = ? AND alone = 1", (path,))
            if (state := self._states.get(path)) is not None:
                self._writer.report(marks_problems(self._survey.root, state), state)

    def _check(self) -> None:
        """Run the checks between records again."""
        self._database.execute("DELETE FROM problem WHERE alone = 0")
        lookup = StoreLookup(self._database, self._survey.root, self._survey.unread)
        paths = {path: state.briefing for path, state in self._states.items()}
        store_problems(self._writer, chain(self._survey.problems, check_together(lookup)), paths)


_OF_ONE_ID = """
SELECT number, 0, path, position FROM spare JOIN file USING (file) WHERE name = ? AND spare.scope = ?
UNION ALL
SELECT number, 1, path, position FROM record JOIN file USING (file) WHERE name = ? AND record.scope = ?
ORDER BY 3, 4
"""
_ANY_SPARE = "SELECT 1 FROM spare WHERE number BETWEEN ? AND ? LIMIT 1"
_STOOD = """
SELECT id, number, dated, body, line, "column", position FROM record JOIN body USING (number)
WHERE number BETWEEN ? AND ?
"""
_MOVE = 'UPDATE record SET line = ?, "column" = ?, position = ? WHERE number = ?'
_ADD_LINK = "INSERT INTO link VALUES (?, ?, ?, ?, ?)"
_DROP_LINK = "DELETE FROM link WHERE name = ? AND scope = ? AND role = ? AND dated = ? AND source = ?"
