# ruff: noqa: S608 (only numbers and our own words are put into statements)
"""Writing into a store: the statements that building anew and building on share."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import pairwise

from briefing.content.problem import Problem
from briefing.edition.keys import KIND_NUMBERS, actor_key
from briefing.edition.parse import Batch, Job, Mention, numbers_for
from briefing.edition.store import SHARED_SCOPE, in_parts, placeholders, seal, unseal
from briefing.edition.survey import State
from briefing.model.links import roles
from briefing.model.records import Actor
from briefing.model.ref import SHARED
from briefing.model.vocabulary import Kind

_RECORD_MARKS = ", ".join("?" * 12)
# Records of these kinds are what hangs on an actor.
_HANGING = ", ".join(str(KIND_NUMBERS[kind]) for kind in (Kind.POSITION, Kind.INCIDENT, Kind.QUOTE))
ACTOR = KIND_NUMBERS[Kind.ACTOR]
# Of a dated key, the day and whether it is known to the day.
DAY = "dated >> 41"
TO_THE_DAY = "(dated >> 39) & 3 = 0"
NOTE_DANGLING = f"""
INSERT INTO dangling SELECT DISTINCT name, scope FROM linked WHERE NOT EXISTS
  (SELECT 1 FROM record WHERE record.name = linked.name
   AND (record.scope = linked.scope OR record.scope = {SHARED_SCOPE}))
"""


class Writer:
    """Adds files, records and what they say; mentions go where MENTIONS (a table) says."""

    def __init__(self, database: sqlite3.Connection, mentions: str) -> None:
        self.database = database
        self._mentions = mentions
        self.scopes: dict[str, int] = {
            briefing: scope for scope, briefing in database.execute("SELECT scope, id FROM scope")
        }
        if not self.scopes:
            database.executemany(
                "INSERT INTO role VALUES (?, ?)",
                [(number, KIND_NUMBERS[kind]) for number, (kind, _) in enumerate(roles())],
            )
            for briefing in ("", SHARED):  # everything, and what is shared: scopes 0 and 1
                self.scope(briefing)

    def scope(self, briefing: str) -> int:
        """The number of a briefing, also of one that is only named and not there."""
        scope = self.scopes.get(briefing)
        if scope is None:
            scope = self.scopes[briefing] = len(self.scopes)
            self.database.execute("INSERT INTO scope VALUES (?, ?)", (scope, briefing))
        return scope

    def file(self, job: Job) -> int:
        """The number of a file, whose records have numbers from the first of JOB on."""
        state = job.state
        self.database.execute(
            "INSERT INTO file (path, scope, kind, first, last) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (path) DO UPDATE SET first = excluded.first, last = excluded.last",
            (
                state.path,
                self.scope(state.briefing),
                KIND_NUMBERS[Kind(state.kind)],
                job.first,
                job.first + numbers_for(state) - 1,
            ),
        )
        row = self.database.execute("SELECT file FROM file WHERE path = ?", (state.path,)).fetchone()
        number: int = row[0]
        return number

    def add(self, batch: Batch, state: State, file: int) -> None:
        """Store what a batch of the records of a file holds."""
        scope, kind = self.scope(state.briefing), KIND_NUMBERS[Kind(state.kind)]
        self.database.executemany(
            f"INSERT INTO record VALUES ({_RECORD_MARKS})",
            [(row[0], row[1], scope, kind, row[2], file, *row[3:9]) for row in batch.rows],
        )
        self.database.executemany("INSERT INTO body VALUES (?, ?)", [(row[0], row[9]) for row in batch.rows])
        self.mention(batch.mentions, scope)
        if batch.facts:
            self.database.executemany("INSERT INTO fact VALUES (?, ?, ?, ?)", batch.facts)
        if batch.problems:
            self.report(batch.problems, state)

    def report(self, problems: Iterable[tuple[int, int, str, bytes]], state: State) -> None:
        """Store what is wrong with a file by itself."""
        scope = self.scope(state.briefing)
        self.database.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?, 1, ?)",
            [(state.path, *problem[:3], scope, problem[3]) for problem in problems],
        )

    def mention(self, mentions: Iterable[Mention], scope: int) -> None:
        """Store what records of SCOPE name."""
        self.database.executemany(
            f"INSERT INTO {self._mentions} VALUES (?, ?, ?, ?, ?)",
            [
                (name, self.scope(briefing) if briefing else scope, role, dated, source)
                for name, briefing, role, dated, source in mentions
            ],
        )


def set_duplicates_aside(database: sqlite3.Connection) -> list[int]:
    """Move records whose ref an earlier one has (by file, then place) out of the way; their numbers."""
    rows = database.execute(
        """
        SELECT number, name, scope FROM record JOIN file USING (file, scope, kind) WHERE (name, scope) IN
          (SELECT name, scope FROM record GROUP BY name, scope HAVING count(*) > 1)
        ORDER BY name, scope, path, position
        """
    ).fetchall()
    losers = [row[0] for before, row in pairwise(rows) if before[1:] == row[1:]]
    for number in losers:
        move(database, number, "record", "spare")
    return losers


def move(database: sqlite3.Connection, number: int, source: str, target: str) -> None:
    """Move a record from among the living to the spare, or back."""
    database.execute(f"INSERT INTO {target} SELECT * FROM {source} WHERE number = ?", (number,))
    database.execute(f"DELETE FROM {source} WHERE number = ?", (number,))


def place_actors(
    database: sqlite3.Connection, names: Sequence[int], scopes: Container[int] | None = None
) -> list[tuple[int, int]]:
    """The sort keys of the actors of NAMES, as they should be: (key, number), where that is a change.

    Of all briefings, or of those of SCOPES and the shared ones.
    """
    changed = []
    for part in in_parts(names):
        marks = placeholders(part)
        actors = database.execute(
            "SELECT name, number, scope, sort, body FROM record JOIN body USING (number)"
            f" WHERE name IN ({marks}) AND kind = ?",
            (*part, ACTOR),
        ).fetchall()
        own = {(name, scope) for name, _, scope, _, _ in actors if scope != SHARED_SCOPE}
        # How many records name an actor, by the scope that they mean.
        hanging: dict[int, list[tuple[int, int]]] = {}
        for name, scope, records in database.execute(
            f"SELECT name, scope, sum(records) FROM tally WHERE name IN ({marks}) AND kind IN ({_HANGING})"
            " GROUP BY name, scope",
            part,
        ):
            hanging.setdefault(name, []).append((scope, records))
        for name, number, scope, before, body in actors:
            shared = scope == SHARED_SCOPE
            if not (shared or scopes is None or scope in scopes):
                continue
            actor = unseal(Kind.ACTOR, body)
            assert isinstance(actor, Actor)
            weight = sum(
                records
                for named, records in hanging.get(name, ())
                if named == scope or (shared and (name, named) not in own)
            )
            sort = actor_key(actor.kind, weight, actor.name)
            if sort != before:
                changed.append((sort, number))
    return changed


def store_problems(writer: Writer, problems: Iterable[Problem], paths: Mapping[str, str]) -> None:
    """Keep problems that are not of one record alone; PATHS say to which briefing each file belongs.

    A file that is none of the library's belongs to the folder that it lies in.
    """
    writer.database.executemany(
        "INSERT INTO problem VALUES (?, ?, ?, ?, ?, 0, ?)",
        [
            (
                found.file,
                found.line,
                found.column,
                found.code,
                writer.scopes.get(paths.get(found.file) or found.file.partition("/")[0], 0),
                seal(found),
            )
            for found in problems
        ],
    )
