# ruff: noqa: S608 (only numbers and our own words are put into statements)
"""Writing the orders of the panes, for the whole library and for each briefing."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect
from functools import lru_cache
from typing import BinaryIO, NamedTuple

from briefing.edition.keys import KIND_NUMBERS, KINDS
from briefing.edition.orders import Orders, OrderWriter
from briefing.edition.store import ALL_SCOPE, SHARED_SCOPE
from briefing.edition.writing import DAY, TO_THE_DAY
from briefing.model.vocabulary import Kind


class Changes(NamedTuple):
    """What an update did to the panes: the records that left a place and those that came to one."""

    left: list[tuple[Kind, int, int]]
    came: list[tuple[Kind, int, int]]


def write_orders(database: sqlite3.Connection, file: BinaryIO) -> None:
    """Write every order to FILE, and to the store where each begins."""
    writer = OrderWriter(file)
    for kind in KINDS:
        for scope, order in order_of(database, kind).items():
            add_pane(database, writer, scope, kind, order)
    writer.finish()


def add_pane(
    database: sqlite3.Connection, writer: OrderWriter, scope: int, kind: Kind, order: array[int]
) -> None:
    """Write the order of one pane."""
    if order:
        database.execute(
            "INSERT INTO pane VALUES (?, ?, ?, ?)", (scope, KIND_NUMBERS[kind], writer.count, len(order))
        )
        writer.extend(order)


def order_of(database: sqlite3.Connection, kind: Kind) -> dict[int, array[int]]:
    """The records of KIND in the order of their pane, by scope.

    A briefing's actors are its own and those of the shared ones that its records name.
    """
    used = _shared_in_use(database) if kind is Kind.ACTOR else {}
    orders: dict[int, array[int]] = {ALL_SCOPE: array("I")}
    everything = orders[ALL_SCOPE].append
    for number, scope, name in database.execute(
        # File by file: most kinds have few.
        "SELECT number, record.scope, name FROM file CROSS JOIN record ON number BETWEEN first AND last"
        " JOIN scope ON scope.scope = file.scope WHERE file.kind = ? ORDER BY sort, name, scope.id",
        (KIND_NUMBERS[kind],),
    ):
        everything(number)
        if scope not in orders:
            orders[scope] = array("I")
        orders[scope].append(number)
        if used and scope == SHARED_SCOPE:
            for user in used.get(name, ()):
                orders.setdefault(user, array("I")).append(number)
    return orders


def _shared_in_use(database: sqlite3.Connection) -> dict[int, list[int]]:
    """The scopes that name each shared actor and have none of their own under its id."""
    used: dict[int, list[int]] = {}
    for name, scope in database.execute(
        # In this order: there are few shared actors, and many counts.
        "SELECT DISTINCT tally.name, tally.scope FROM file CROSS JOIN record AS shared"
        " ON shared.number BETWEEN file.first AND file.last CROSS JOIN tally ON tally.name = shared.name"
        " WHERE file.scope = ? AND tally.scope <> shared.scope AND NOT EXISTS"
        " (SELECT 1 FROM record AS own WHERE own.name = tally.name AND own.scope = tally.scope)",
        (SHARED_SCOPE,),
    ):
        used.setdefault(name, []).append(scope)
    return used


def update_orders(database: sqlite3.Connection, before: Orders, file: BinaryIO, changes: Changes) -> None:
    """Write the orders anew that CHANGES touch; the others are taken over from BEFORE."""
    panes = {
        (KINDS[kind], scope): (start, count)
        for scope, kind, start, count in database.execute("SELECT scope, kind, start, count FROM pane")
    }
    left: dict[tuple[Kind, int], set[int]] = {}
    came: dict[tuple[Kind, int], list[int]] = {}
    for kind, scope, number in changes.left:
        for place in (ALL_SCOPE, scope):
            left.setdefault((kind, place), set()).add(number)
    for kind, scope, number in changes.came:
        for place in (ALL_SCOPE, scope):
            came.setdefault((kind, place), []).append(number)
    database.execute("DELETE FROM pane")
    writer = OrderWriter(file)
    places = _Places(database)
    for kind in KINDS:
        if kind in _SMALL:
            for scope, order in order_of(database, kind).items():
                add_pane(database, writer, scope, kind, order)
            continue
        for scope in sorted({scope for known, scope in (*panes, *came) if known is kind}):
            start, count = panes.get((kind, scope), (0, 0))
            order = before.array(start, start + count)
            gone, new = left.get((kind, scope)), came.get((kind, scope))
            if gone:
                order = array("I", (number for number in order if number not in gone))
            if new:
                order = _merged(order, sorted(new, key=places.of), places)
            add_pane(database, writer, scope, kind, order)
    writer.finish()


# Panes that depend on more than their records' keys, or are cheap to write.
_SMALL = (Kind.BRIEFING, Kind.ACTOR, Kind.ISSUE)


class _Places:
    """What orders a record in its pane."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.of = lru_cache(maxsize=100_000)(self._of)

    def _of(self, number: int) -> tuple[int, int, str]:
        query = "SELECT sort, name, scope.id FROM record JOIN scope USING (scope) WHERE number = ?"
        sort, name, briefing = self._database.execute(query, (number,)).fetchone()
        return sort, name, briefing


def _merged(order: array[int], new: list[int], places: _Places) -> array[int]:
    """ORDER with the records NEW, sorted already, at their places."""
    merged = array("I")
    at = 0
    for number in new:
        place = bisect(order, places.of(number), lo=at, key=places.of)
        merged.extend(order[at:place])
        merged.append(number)
        at = place
    merged.extend(order[at:])
    return merged


def count_days(database: sqlite3.Connection) -> None:
    """Count the incidents of each day, for each briefing and for everything."""
    database.execute(
        f"INSERT INTO day SELECT scope, {DAY}, count(*) FROM record WHERE kind = ? AND {TO_THE_DAY}"
        " GROUP BY 1, 2",
        (KIND_NUMBERS[Kind.INCIDENT],),
    )
    database.execute("INSERT INTO day SELECT ?, day, sum(incidents) FROM day GROUP BY day", (ALL_SCOPE,))
