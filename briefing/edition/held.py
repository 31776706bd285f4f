# ruff: noqa: S608 (only numbers and our own words are put into statements)
"""Records of a store as an update handles them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from briefing.edition.keys import KINDS
from briefing.edition.store import in_parts, placeholders, unseal
from briefing.model.records import AnyRecord, Briefing
from briefing.model.vocabulary import Kind

_COLUMNS = "number, name, scope, kind, id, file, dated, sort, verdict, body"


class Held(NamedTuple):
    """A living record and what the store knows about it."""

    number: int
    name: int
    scope: int
    kind: Kind
    id: str
    file: int
    dated: int
    sort: int
    verdict: str | None
    record: AnyRecord | Briefing

    @property
    def key(self) -> tuple[int, int]:
        """Name and scope, of which there is one living record."""
        return self.name, self.scope


def held(database: sqlite3.Connection, where: str, values: Sequence[int]) -> Iterator[Held]:
    """The living records that satisfy WHERE, all read before the first is given."""
    rows = database.execute(
        f"SELECT {_COLUMNS} FROM record JOIN body USING (number) WHERE {where}", values
    ).fetchall()
    for number, name, scope, kind, id_, file, dated, sort, verdict, body in rows:
        record = unseal(KINDS[kind], body)
        yield Held(number, name, scope, KINDS[kind], id_, file, dated, sort, verdict, record)


def held_of(database: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[Held]:
    """The living records among NUMBERS."""
    for part in in_parts(numbers):
        yield from held(database, f"number IN ({placeholders(part)})", part)
