# ruff: noqa: S608 (only numbers and our own words are put into statements)
"""The record store: one SQLite file, read by many at once, and what stands in it.

`record` says where each record stands and `body` holds it as msgpack with a checksum (apart, because
what goes through all records seldom needs them); `link` what names what, clustered by the
name that is linked to, newest first, so that the records on one name are one range of it;
`linked` counts them by role, `tally` the records by kind. A link is written with the scope (the
briefing) that it was meant for; among actors it reaches the shared one where that scope has none.
`spare` holds records whose id an earlier one has. Orders of panes stand in a flat file (see `orders`).
"""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from briefing.content.problem import Problem
from briefing.content.verdict import Standing, Verdict
from briefing.edition.keys import KINDS
from briefing.model.learning import decoder
from briefing.model.records import TYPES, AnyRecord, Briefing
from briefing.model.vocabulary import Kind

SCHEMA = """
CREATE TABLE scope (scope INTEGER PRIMARY KEY, id TEXT UNIQUE);
CREATE TABLE role (role INTEGER PRIMARY KEY, kind INTEGER);
CREATE TABLE file (file INTEGER PRIMARY KEY, path TEXT UNIQUE, scope INTEGER, kind INTEGER,
  first INTEGER, last INTEGER);
CREATE TABLE record (
  number INTEGER PRIMARY KEY, name INTEGER, scope INTEGER, kind INTEGER, id TEXT, file INTEGER,
  line INTEGER, "column" INTEGER, position INTEGER, dated INTEGER, sort INTEGER, verdict TEXT);
CREATE TABLE body (number INTEGER PRIMARY KEY, body BLOB);
CREATE TABLE spare AS SELECT * FROM record;
CREATE TABLE link (name INTEGER, scope INTEGER, role INTEGER, dated INTEGER, source INTEGER,
  PRIMARY KEY (name, scope, role, dated, source)) WITHOUT ROWID;
CREATE TABLE linked (name INTEGER, scope INTEGER, role INTEGER, links INTEGER,
  PRIMARY KEY (name, scope, role)) WITHOUT ROWID;
CREATE TABLE tally (name INTEGER, scope INTEGER, kind INTEGER, records INTEGER,
  PRIMARY KEY (name, scope, kind)) WITHOUT ROWID;
CREATE TABLE dangling (name INTEGER, scope INTEGER, PRIMARY KEY (name, scope)) WITHOUT ROWID;
CREATE TABLE fact (topic TEXT, key TEXT, source INTEGER, value TEXT);
CREATE TABLE pane (scope INTEGER, kind INTEGER, start INTEGER, count INTEGER, PRIMARY KEY (scope, kind));
CREATE TABLE day (scope INTEGER, day INTEGER, incidents INTEGER, PRIMARY KEY (scope, day)) WITHOUT ROWID;
CREATE TABLE problem (path TEXT, line INTEGER, "column" INTEGER, code TEXT, scope INTEGER, alone INTEGER,
  body BLOB);
"""
# Of the verdicts on words those that are problems: few, so that an index of them is small.
DOUBTFUL = f"(verdict GLOB '{Standing.STALE} *' OR verdict GLOB '{Standing.DIFFERS} *')"
INDEXES = f"""
CREATE INDEX IF NOT EXISTS record_doubtful ON record (verdict) WHERE {DOUBTFUL};
CREATE INDEX IF NOT EXISTS record_name ON record (name, scope);
CREATE INDEX IF NOT EXISTS fact_topic ON fact (topic, key);
CREATE INDEX IF NOT EXISTS fact_source ON fact (source);
CREATE INDEX IF NOT EXISTS spare_name ON spare (name, scope);
CREATE INDEX IF NOT EXISTS problem_place ON problem (path, line, "column", code);
CREATE INDEX IF NOT EXISTS problem_scope ON problem (scope);
"""
ALL_SCOPE, SHARED_SCOPE = 0, 1
_COLUMNS = "number, name, scope, kind, id, file, line, sort, verdict, body"


# What a connection keeps of the file (negative: KiB); there is one a thread. The system keeps the file too,
# once for all processes that read it, and reading it from there is as fast.
_KEPT = -256

_AT_ONCE = 500

_Value = TypeVar("_Value")
# What a record bears: its name key and its scope.
Key = tuple[int, int]


class DamageError(RuntimeError):
    """What is stored is not what was written."""


class Row(NamedTuple):
    """A record as the store has it; `body` is still to be decoded."""

    number: int
    name: int
    scope: int
    kind: Kind
    id: str
    file: int
    line: int
    sort: int
    verdict: str | None
    body: bytes

    @property
    def record(self) -> AnyRecord | Briefing:
        return unseal(self.kind, self.body)


_ENCODER = msgspec.msgpack.Encoder()


def seal(value: AnyRecord | Briefing | Problem) -> bytes:
    """VALUE as bytes that tell when they were damaged."""
    body = _ENCODER.encode(value)
    return body + zlib.crc32(body).to_bytes(4)


def unseal(kind: Kind, sealed: bytes) -> AnyRecord | Briefing:
    record: AnyRecord | Briefing = decoder(TYPES[kind]).decode(_unsealed(sealed))
    return record


def unseal_problem(sealed: bytes) -> Problem:
    problem: Problem = decoder(Problem).decode(_unsealed(sealed))
    return problem


def _unsealed(sealed: bytes) -> bytes:
    body = sealed[:-4]
    if zlib.crc32(body).to_bytes(4) != sealed[-4:]:
        raise DamageError("a record's bytes changed since they were written")
    return body


def pack_verdict(verdict: Verdict | None) -> str | None:
    return None if verdict is None else f"{verdict.standing} {verdict.sha256 or ''}"


def unpack_verdict(packed: str | None) -> Verdict | None:
    if packed is None:
        return None
    standing, _, sha256 = packed.partition(" ")
    return Verdict(Standing(standing), sha256 or None)


class _Connected:
    """Closes a CONNECTION when it goes: by itself one holds itself (by the cache of its statements), and so
    its file, until Python looks for such circles, which in a server it seldom does.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


class Store:
    """Reads a store from any thread; every query takes time by what it returns, not by what there is."""

    def __init__(self, path: Path | None, memory: sqlite3.Connection | None = None) -> None:
        self._path = path
        self._memory = memory
        self._local = threading.local()

    @property
    def database(self) -> sqlite3.Connection:
        """This thread's connection."""
        if self._memory is not None:
            return self._memory
        connected: _Connected | None = getattr(self._local, "connected", None)
        if connected is None:
            address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1" if self._path else ""
            connected = _Connected(
                sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
            )
            connected.connection.execute(f"PRAGMA cache_size = {_KEPT}")
            self._local.connected = connected
        return connected.connection

    def all(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        return self.database.execute(query, values).fetchall()

    def one(self, query: str, values: Sequence[Any] = ()) -> Any:
        return self.database.execute(query, values).fetchone()

    def rows(self, numbers: Sequence[int]) -> list[Row]:
        """The records of NUMBERS, in their order."""
        found = {
            row[0]: _row(row)
            for part in in_parts(numbers)
            for row in self.all(
                f"SELECT {_COLUMNS} FROM record JOIN body USING (number)"
                f" WHERE number IN ({placeholders(part)})",
                part,
            )
        }
        if len(found) != len(set(numbers)):
            raise DamageError("an order names a record that is not there")
        return [found[number] for number in numbers]

    def ids(self, numbers: Sequence[int]) -> list[tuple[int, Kind, str]]:
        """The scope, kind and id of the records of NUMBERS, in their order."""
        found = {
            number: (scope, KINDS[kind], identifier)
            for part in in_parts(numbers)
            for number, scope, kind, identifier in self.all(
                f"SELECT number, scope, kind, id FROM record WHERE number IN ({placeholders(part)})", part
            )
        }
        if len(found) != len(set(numbers)):
            raise DamageError("a link comes from a record that is not there")
        return [found[number] for number in numbers]

    def named(self, keys: Iterable[Key]) -> dict[Key, Row]:
        """The records of KEYS that there are."""
        rows = map(
            _row, self._of(keys, f"{_COLUMNS} FROM wanted CROSS JOIN record", "JOIN body USING (number)")
        )
        return {(row.name, row.scope): row for row in rows}

    def tallies(self, keys: Iterable[Key]) -> list[tuple[int, int, Kind, int]]:
        """How many records of each kind name each of KEYS: (name, scope, kind, records)."""
        rows = self._of(keys, "name, scope, kind, records FROM wanted CROSS JOIN tally")
        return [(name, scope, KINDS[kind], records) for name, scope, kind, records in rows]

    def _of(self, keys: Iterable[Key], what: str, more: str = "") -> Iterator[tuple[Any, ...]]:
        """WHAT stands under each of KEYS, in a table that is joined to those `wanted`."""
        for part in in_parts(list(dict.fromkeys(keys))):
            wanted = f"WITH wanted (name, scope) AS (VALUES {','.join(['(?, ?)'] * len(part))})"
            values = [value for key in part for value in key]
            yield from self.all(f"{wanted} SELECT {what} USING (name, scope) {more}", values)

    def tally_of_shared(self, name: int, inside: int | None) -> dict[Kind, int]:
        """How many records of each kind name a shared actor; INSIDE one scope, or in all.

        A scope that has an actor of its own under the same id means that one.
        """
        rows = self.all(
            "SELECT kind, sum(records) FROM tally WHERE name = :name AND scope = coalesce(:inside, scope)"
            f" AND scope NOT IN (SELECT scope FROM record WHERE name = :name AND scope <> {SHARED_SCOPE})"
            " GROUP BY kind",
            {"name": name, "inside": inside},
        )
        return {KINDS[kind]: records for kind, records in rows}


def _row(row: tuple[Any, ...]) -> Row:
    number, name, scope, kind, *rest = row
    return Row(number, name, scope, KINDS[kind], *rest)


def in_parts(values: Sequence[_Value]) -> Iterable[Sequence[_Value]]:
    """VALUES, so many at a time as one statement takes."""
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def placeholders(values: Sequence[Any]) -> str:
    """What stands for VALUES in a statement."""
    return ",".join("?" * len(values))
