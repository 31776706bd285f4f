"""Building: records to a store, the orders of the panes, and an index."""

from __future__ import annotations

import io
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from briefing.edition.index import Indexed, IndexWriter, prepare
from briefing.edition.keys import (
    ISSUE_BITS,
    KIND_NUMBERS,
    KINDS,
    LAST,
    actor_key,
    dated_key,
    file_bits,
    issue_key,
    name_key,
    position_key,
)
from briefing.edition.orders import OrderWriter
from briefing.edition.reading import File, read_file
from briefing.edition.store import INDEXES, SCHEMA, seal, unseal
from briefing.model.links import links, roles
from briefing.model.records import Actor, AnyRecord, Briefing, Position
from briefing.model.ref import SHARED, Ref
from briefing.model.vocabulary import Kind

ALL_SCOPE = 0
SHARED_SCOPE = 1
ROLE_NUMBERS = {role: number for number, role in enumerate(roles())}
# Records of these kinds say how much hangs on an actor.
_HANGING = (Kind.POSITION, Kind.INCIDENT, Kind.QUOTE)
Progress = Callable[[int, int], None]


def build(database: sqlite3.Connection, files: Iterable[File], root: Path, index: IndexWriter) -> bytes:
    """Fill DATABASE and INDEX from FILES; gives back the orders of the panes."""
    database.executescript(SCHEMA)
    database.execute("BEGIN")
    database.execute("CREATE TEMP TABLE mention (name, scope, role, dated, source)")
    builder = _Builder(database)
    for file in files:
        builder.add(file, root)
    builder.connect()
    builder.place()
    orders = builder.orders()
    database.execute("COMMIT")
    database.executescript(INDEXES)
    builder.index(index)
    return orders


class _Builder:
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._scopes: dict[str, int] = {}
        self._number = 0
        self._file = 0
        self._seen: set[tuple[int, int]] = set()
        for briefing in ("", SHARED):
            self._scope(briefing)

    def _scope(self, briefing: str) -> int:
        scope = self._scopes.get(briefing)
        if scope is None:
            scope = self._scopes[briefing] = len(self._scopes)
            self._database.execute("INSERT INTO scope VALUES (?, ?, NULL, 0)", (scope, briefing))
        return scope

    def add(self, file: File, root: Path) -> None:
        """Store the records of one file and what they mention."""
        self._file += 1
        path = file.path.relative_to(root).as_posix()
        scope = self._scope(file.briefing)
        kind = KIND_NUMBERS[file.kind]
        self._database.execute("INSERT INTO file VALUES (?, ?, ?, ?, NULL)", (self._file, path, scope, kind))
        rows, mentions = [], []
        for position, (record, line) in enumerate(read_file(file)):
            name = name_key(file.kind, record.id)
            if (name, scope) in self._seen:
                continue
            self._seen.add((name, scope))
            self._number += 1
            dated = dated_key(record, position, file_bits(path))
            place = (self._file, line, position)
            body = seal(record)
            rows.append((self._number, scope, kind, record.id, name, *place, dated, dated, None, body))
            for role, reference, named_kind in links(record):
                ref = Ref.resolve(reference, briefing=file.briefing, kind=named_kind)
                number = ROLE_NUMBERS[file.kind, role]
                mentions.append(
                    (name_key(ref.kind, ref.id), self._scope(ref.briefing), number, dated, self._number)
                )
        self._database.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._database.executemany("INSERT INTO mention VALUES (?, ?, ?, ?, ?)", mentions)

    def connect(self) -> None:
        """Cluster the links by what they name, and count them."""
        kinds = " ".join(f"WHEN {n} THEN {KIND_NUMBERS[kind]}" for n, (kind, _) in enumerate(roles()))
        for statement in (
            "INSERT OR IGNORE INTO link SELECT * FROM mention ORDER BY name, scope, role, dated, source",
            "DROP TABLE mention",
            "INSERT INTO linked SELECT name, scope, role, count(*) FROM link GROUP BY name, scope, role",
            f"INSERT INTO tally SELECT name, scope, CASE role {kinds} END AS kind,"  # noqa: ISC004, S608
            " count(DISTINCT source) FROM link GROUP BY name, scope, kind",
        ):
            self._database.execute(statement)

    def place(self) -> None:
        """Give the records whose place depends on others their sort keys."""
        database = self._database
        issues = database.execute(
            "SELECT number, name, scope, position FROM record JOIN file USING (file, scope, kind)"
            " WHERE kind = ? ORDER BY scope, path, position",
            (KIND_NUMBERS[Kind.ISSUE],),
        ).fetchall()
        step = (1 << ISSUE_BITS) // (len(issues) + 2)
        labels = {}
        for place, (number, name, scope, _) in enumerate(issues):
            labels[name, scope] = label = (place + 1) * step
            database.execute("UPDATE record SET sort = ? WHERE number = ?", (issue_key(label, 0), number))
        updates = []
        for number, briefing, dated, body in self._of(Kind.POSITION):
            position = unseal(Kind.POSITION, body)
            assert isinstance(position, Position)
            ref = Ref.resolve(position.issue, briefing=briefing, kind=Kind.ISSUE)
            issue = name_key(ref.kind, ref.id), self._scope(ref.briefing)
            label = labels.get(issue, LAST >> (63 - ISSUE_BITS))
            updates.append((position_key(label, dated), number))
        hanging = self._hanging()
        own = {(name, scope) for name, scope in self._keys(Kind.ACTOR)}
        for number, briefing, _, body in self._of(Kind.ACTOR):
            actor = unseal(Kind.ACTOR, body)
            assert isinstance(actor, Actor)
            name, scope = name_key(Kind.ACTOR, actor.id), self._scope(briefing)
            shared = scope == SHARED_SCOPE
            weight = sum(
                records
                for named, records in hanging.get(name, {}).items()
                if named == scope or (shared and (name, named) not in own)
            )
            updates.append((actor_key(actor.kind, weight, actor.name), number))
        database.executemany("UPDATE record SET sort = ? WHERE number = ?", updates)

    def _of(self, kind: Kind) -> Iterator[tuple[int, str, int, bytes]]:
        return self._database.execute(
            "SELECT number, scope.id, dated, body FROM record JOIN scope USING (scope) WHERE kind = ?",
            (KIND_NUMBERS[kind],),
        )

    def _keys(self, kind: Kind) -> Iterator[tuple[int, int]]:
        return self._database.execute("SELECT name, scope FROM record WHERE kind = ?", (KIND_NUMBERS[kind],))

    def _hanging(self) -> dict[int, dict[int, int]]:
        kinds = ", ".join(str(KIND_NUMBERS[kind]) for kind in _HANGING)
        found: dict[int, dict[int, int]] = {}
        for name, scope, records in self._database.execute(
            f"SELECT name, scope, sum(records) FROM tally WHERE kind IN ({kinds}) GROUP BY name, scope"  # noqa: S608
        ):
            found.setdefault(name, {})[scope] = records
        return found

    def orders(self) -> bytes:
        """The orders of all panes, and where each begins in them."""
        file = io.BytesIO()
        writer = OrderWriter(file)
        used = self._used_shared()
        for number, kind in enumerate(KINDS):
            everything = array("I")
            scopes = {scope: array("I") for scope in self._scopes.values()}
            for record, scope, name in self._database.execute(
                "SELECT number, scope, name FROM record WHERE kind = ? ORDER BY sort, name, scope", (number,)
            ):
                everything.append(record)
                scopes[scope].append(record)
                if kind is Kind.ACTOR and scope == SHARED_SCOPE:
                    for user in used.get(name, ()):
                        scopes[user].append(record)
            scopes[ALL_SCOPE] = everything
            for scope, order in scopes.items():
                self._database.execute(
                    "INSERT INTO pane VALUES (?, ?, ?, ?)", (scope, number, writer.count, len(order))
                )
                writer.extend(order)
        writer.finish()
        self._count_days()
        return file.getvalue()

    def _used_shared(self) -> dict[int, list[int]]:
        """Which briefings name each shared actor without having one of the same id."""
        used: dict[int, list[int]] = {}
        for name, scope in self._database.execute(
            "SELECT DISTINCT tally.name, tally.scope FROM tally JOIN record s ON s.name = tally.name"
            " AND s.scope = ? WHERE tally.scope <> ? AND NOT EXISTS"
            " (SELECT 1 FROM record r WHERE r.name = tally.name AND r.scope = tally.scope)",
            (SHARED_SCOPE, SHARED_SCOPE),
        ):
            used.setdefault(name, []).append(scope)
        return used

    def _count_days(self) -> None:
        # The day and the breadth of the date are the top bits of the dated key.
        self._database.execute(
            "INSERT INTO day SELECT scope, dated >> 41, count(*) FROM record WHERE kind = ?"
            " AND (dated >> 39) & 3 = 0 GROUP BY 1, 2",
            (KIND_NUMBERS[Kind.INCIDENT],),
        )
        self._database.execute("INSERT INTO day SELECT 0, day, sum(incidents) FROM day GROUP BY day")

    def index(self, writer: IndexWriter) -> None:
        """Hand every record to the index, with the names of what it links to."""
        find = lru_cache(maxsize=20_000)(self._find)
        for number, briefing, kind, sort, verdict, body in self._database.execute(
            "SELECT number, scope.id, kind, sort, verdict, body FROM record JOIN scope USING (scope)"
        ):
            record = unseal(KINDS[kind], body)
            ref = Ref(briefing, KINDS[kind], record.id)
            writer.add(prepare(Indexed(number, ref, sort, verdict, record), find))

    def _find(self, ref: Ref) -> AnyRecord | Briefing | None:
        row = self._database.execute(
            "SELECT body FROM record WHERE name = ? AND scope IN (?, ?) ORDER BY scope DESC",
            (name_key(ref.kind, ref.id), self._scope(ref.briefing), SHARED_SCOPE),
        ).fetchone()
        return None if row is None else unseal(ref.kind, row[0])
