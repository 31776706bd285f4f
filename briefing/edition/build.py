# ruff: noqa: S608 (only numbers and our own words are put into statements)
"""Building an edition anew: files to a store, the orders of its panes, and an index.

Files are parsed in three rounds, each by what it needs of the one before: briefings and shared
actors; then actors, issues and sources, on which the order and the words of the others depend; then
the others. Everything streams: what is held at once does not grow with the library.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, TypeVar

from msgspec import Struct

from briefing.content.checks.run import check_together
from briefing.edition.context import NAMED_KINDS, Context
from briefing.edition.index import IndexWriter
from briefing.edition.keys import ISSUE_BITS, KIND_NUMBERS, issue_key
from briefing.edition.lookup import StoreLookup
from briefing.edition.ordering import count_days, write_orders
from briefing.edition.parse import Batch, Job, Waiting, marks_problems, numbers_for
from briefing.edition.pool import Pool, carry_out
from briefing.edition.progress import Progress
from briefing.edition.store import INDEXES, SCHEMA
from briefing.edition.survey import State, Survey, hashed
from briefing.edition.writing import (
    ACTOR,
    NOTE_DANGLING,
    Writer,
    place_actors,
    set_duplicates_aside,
    store_problems,
)
from briefing.model.ref import SHARED
from briefing.model.vocabulary import Kind

# A build that is interrupted is thrown away, so nothing is kept safe meanwhile.
UNSAFE_AND_FAST = "\n".join(
    f"PRAGMA {setting};" for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -48000")
)


_WAITING_AT_ONCE = 300
_Job = TypeVar("_Job", Job, Waiting)


class Target(Struct, frozen=True):
    """Where an edition is written: a folder, or memory when there is none."""

    database: sqlite3.Connection
    index: IndexWriter
    orders: BinaryIO


def build(
    survey: Survey, target: Target, pool: Pool | None = None, scratch: Path | None = None,
    progress: Progress | None = None,
) -> list[State]:  # fmt: skip
    """Fill TARGET from the files of SURVEY; gives them back with the hashes of what was read.

    POOL parses large libraries, and SCRATCH is a folder for what is needed only meanwhile.
    """
    return _Builder(survey, target, pool, scratch, progress or (lambda *_: None)).run()


class _Builder:
    def __init__(
        self, survey: Survey, target: Target, pool: Pool | None, scratch: Path | None, progress: Progress
    ) -> None:
        self._survey = survey
        self._target = target
        self._database = target.database
        self._pool = pool
        self._scratch = scratch
        self._progress = progress
        # Marks of verification are no job's to read and to hash.
        self._states = {
            state.path: hashed(survey.root, state, None) for state in survey.states if not state.kind
        }
        self._bytes = sum(max(state.size, 0) for state in survey.states if state.kind)
        self._bytes_done = self._records = 0
        self._jobs: list[Job] = []
        first = 1
        for state in survey.states:
            if state.kind:
                self._jobs.append(Job(state, first))
                first += numbers_for(state)

    def run(self) -> list[State]:
        database = self._database
        database.executescript("PRAGMA page_size = 8192;" + UNSAFE_AND_FAST + SCHEMA)
        if self._pool is None:
            # Records are looked up while others are parsed, in the same database.
            database.executescript(INDEXES)
        aside = "" if self._scratch is None else str(self._scratch / "mentions.db")
        database.execute("ATTACH ? AS aside", (aside,))
        database.executescript("PRAGMA aside.journal_mode = OFF; PRAGMA aside.synchronous = OFF;")
        database.execute("CREATE TABLE aside.mention (name, scope, role, dated, source)")
        database.execute("BEGIN")
        self._writer = Writer(database, "aside.mention")
        self._round(lambda s: s.kind == Kind.BRIEFING or s.briefing == SHARED)
        self._set_duplicates_aside()
        self._round(lambda s: s.kind != Kind.BRIEFING and s.kind in NAMED_KINDS and s.briefing != SHARED)
        self._set_duplicates_aside()
        self._label_issues()
        self._round(lambda s: s.kind not in NAMED_KINDS)
        self._progress("linking", 0, 1)
        database.execute("COMMIT")
        database.executescript(INDEXES)
        database.execute("BEGIN")
        self._target.index.remove(self._set_duplicates_aside())
        for statement in _CONNECT:
            database.execute(statement)
        self._place_actors()
        self._progress("linking", 1, 1)
        self._describe_named()
        count_days(database)
        write_orders(database, self._target.orders)
        self._check()
        database.execute("COMMIT")
        database.execute("DETACH aside")
        database.execute("ANALYZE record")
        self._target.index.close()
        return [self._states.get(state.path, state) for state in self._survey.states]

    def _round(self, wanted: Callable[[State], bool]) -> None:
        """Parse and store the files that are WANTED now."""
        jobs = [job for job in self._jobs if wanted(job.state)]
        files = {job.state.path: self._writer.file(job) for job in jobs}
        # Large files first: the last ones to be done are then short.
        jobs.sort(key=lambda job: -job.state.size)
        for job, batch in self._done(jobs):
            self._writer.add(batch, job.state, files[job.state.path])
            for document in batch.documents:
                self._target.index.add(document)
            self._records += len(batch.rows)
            if batch.state is not None:
                self._states[job.state.path] = batch.state
                self._bytes_done += max(job.state.size, 0)
                expected = self._records * self._bytes // max(self._bytes_done, 1)
                self._progress("reading", self._records, max(expected, self._records))

    def _done(self, jobs: list[_Job]) -> Iterator[tuple[_Job, Batch]]:
        """What comes of JOBS, done here or by the pool."""
        if self._pool is None or self._scratch is None:
            context = Context(self._database)
            return ((job, batch) for job in jobs for batch in carry_out(self._survey.root, job, context))
        return self._pool.work(jobs, self._write_context(self._scratch))

    def _write_context(self, folder: Path) -> Path:
        """A database of the named records so far, for the workers to read."""
        path = folder / f"context-{time.monotonic_ns()}.db"
        kinds = ", ".join(str(KIND_NUMBERS[kind]) for kind in NAMED_KINDS)
        self._database.execute("COMMIT")
        self._database.execute("ATTACH ? AS context", (str(path),))
        self._database.executescript(
            f"""
            PRAGMA context.journal_mode = OFF; PRAGMA context.synchronous = OFF;
            CREATE TABLE context.scope AS SELECT scope, id FROM main.scope;
            CREATE TABLE context.record AS SELECT number, name, scope, id, sort FROM main.record
              WHERE kind IN ({kinds});
            CREATE TABLE context.body (number INTEGER PRIMARY KEY, body BLOB);
            INSERT INTO context.body SELECT number, body FROM context.record JOIN main.body USING (number)
              ORDER BY number;
            CREATE INDEX context.record_name ON record (name, scope);
            DETACH context;
            BEGIN;
            """
        )
        return path

    def _set_duplicates_aside(self) -> list[int]:
        losers = set_duplicates_aside(self._database)
        if losers:
            spare = "(SELECT number FROM spare)"
            self._database.execute(f"DELETE FROM aside.mention WHERE source IN {spare}")
            self._database.execute(f"DELETE FROM fact WHERE source IN {spare}")
        return losers

    def _label_issues(self) -> None:
        """Order the issues as the editors do; the gaps are for those that come later."""
        issues = self._database.execute(
            "SELECT number FROM record JOIN file USING (file) WHERE record.kind = ? ORDER BY path, position",
            (KIND_NUMBERS[Kind.ISSUE],),
        ).fetchall()
        step = (1 << ISSUE_BITS) // (len(issues) + 2)
        self._database.executemany(
            "UPDATE record SET sort = ? WHERE number = ?",
            [(issue_key((place + 1) * step), number) for place, (number,) in enumerate(issues)],
        )

    def _place_actors(self) -> None:
        rows = self._database.execute(
            "SELECT DISTINCT name FROM record WHERE kind = ? ORDER BY name", (ACTOR,)
        )
        changed = place_actors(self._database, [name for (name,) in rows])
        self._database.executemany("UPDATE record SET sort = ? WHERE number = ?", changed)

    def _describe_named(self) -> None:
        """Verify and index the records that had to wait for the others."""
        kinds = ", ".join(str(KIND_NUMBERS[kind]) for kind in NAMED_KINDS)
        rows = self._database.execute(
            f"SELECT number, path, sort FROM record JOIN file USING (file) WHERE record.kind IN ({kinds})"
        )
        jobs = []
        while part := rows.fetchmany(_WAITING_AT_ONCE):
            jobs.append(Waiting([(number, self._states[path], sort) for number, path, sort in part]))
        for _, batch in self._done(jobs):
            for document in batch.documents:
                self._target.index.add(document)
            self._database.executemany("UPDATE record SET verdict = ? WHERE number = ?", batch.verdicts)

    def _check(self) -> None:
        """Run the checks between records, and keep what is wrong with the folders themselves."""
        for state in self._survey.states:
            if not state.kind:
                self._writer.report(marks_problems(self._survey.root, state), state)
        lookup = StoreLookup(self._database, self._survey.root, self._survey.unread)
        paths = {state.path: state.briefing for state in self._survey.states}
        store_problems(self._writer, chain(self._survey.problems, check_together(lookup)), paths)


# Clusters the links by what they name, counts them, and notes those that name nothing.
_CONNECT = (
    "INSERT OR IGNORE INTO link SELECT * FROM aside.mention ORDER BY name, scope, role, dated, source",
    "DROP TABLE aside.mention",
    "INSERT INTO linked SELECT name, scope, role, count(*) FROM link GROUP BY name, scope, role",
    # A record that names another in two roles counts once.
    """
    INSERT INTO tally SELECT name, scope, kind, CASE count(*) WHEN 1 THEN sum(links) ELSE
      (SELECT count(DISTINCT source) FROM link JOIN role AS r USING (role)
       WHERE link.name = linked.name AND link.scope = linked.scope AND r.kind = role.kind) END
    FROM linked JOIN role USING (role) GROUP BY name, scope, kind
    """,
    NOTE_DANGLING,
)
