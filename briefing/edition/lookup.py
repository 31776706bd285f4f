# ruff: noqa: S608 (only numbers and our own words are put into statements)
"""What the checks between records see of a store (the `Lookup` of the content)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from pathlib import Path
from typing import Any

from briefing.content import codes
from briefing.content.checks.lookup import Fact, Mentioned, Place, left_out_by
from briefing.content.library import File
from briefing.content.verdict import Standing
from briefing.edition.keys import KIND_NUMBERS, KINDS, name_key
from briefing.edition.store import DOUBTFUL, SHARED_SCOPE, unpack_verdict, unseal, unseal_problem
from briefing.model.links import links, roles
from briefing.model.records import AnyRecord, Briefing
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

_NEIGHBOURS = 5000
_AT_ONCE = 500
# The files that were opened and could not be read.
_UNREAD = f"""
SELECT DISTINCT file.scope, kind FROM problem JOIN file USING (path)
WHERE code IN ({", ".join("?" * len(codes.UNREAD))})
"""
# The keys that some briefing sees of records of two ids, its own and the shared ones.
_SEEN_TOGETHER = f"""
AND fact.key IN (SELECT fact.key FROM fact JOIN record ON number = source WHERE topic = :topic
  GROUP BY fact.key
  HAVING min(id) <> max(id)
    AND (count(DISTINCT source) > count(DISTINCT scope) OR min(scope) = {SHARED_SCOPE}))
"""


class StoreLookup:
    """Answers from the store in DATABASE of the library at ROOT, one record at a time."""

    def __init__(
        self, database: sqlite3.Connection, root: Path, unread: Iterable[tuple[str, Kind]] = ()
    ) -> None:
        """UNREAD are the briefings and kinds of which a file could not be opened."""
        self._database = database
        self._root = root
        self._scopes = dict(database.execute("SELECT id, scope FROM scope").fetchall())
        self._briefings = {scope: briefing for briefing, scope in self._scopes.items()}
        self._unread = set(unread)
        for scope, kind in database.execute(_UNREAD, list(codes.UNREAD)):
            self._unread.add((self._briefings[scope], KINDS[kind]))
        self.get = lru_cache(maxsize=5000)(self._get)
        self._ids = lru_cache(maxsize=8)(self._ids_of)
        self._left_out = lru_cache(maxsize=8)(self._left_out_of)

    def _get(self, ref: Ref) -> AnyRecord | Briefing | None:
        row = self._row(ref, "body")
        return None if row is None else unseal(ref.kind, row[0])

    def place(self, ref: Ref) -> Place | None:
        row = self._row(ref, 'scope, kind, file, line, "column"')
        return None if row is None else self._place(*row)

    def referring(self, ref: Ref) -> Iterator[Mentioned]:
        found = self._row(ref, "scope")
        scope = self._scopes.get(ref.briefing) if found is None else found[0]
        if scope is None:
            return
        name = name_key(ref.kind, ref.id)
        for (named,) in self._database.execute(
            "SELECT DISTINCT scope FROM linked WHERE name = ?", (name,)
        ).fetchall():
            reached = named == scope or (scope == SHARED_SCOPE and not self._has(name, named))
            if reached:
                yield from self._mentions(name, named)

    def dangling(self) -> Iterator[Mentioned]:
        for name, scope in self._database.execute("SELECT name, scope FROM dangling").fetchall():
            yield from self._mentions(name, scope)

    def unread(self, briefing: str, kind: Kind) -> bool:
        return (briefing, kind) in self._unread

    def left_out(self, ref: Ref) -> bool:
        left_out = self._left_out(self._scopes.get(ref.briefing, -1))
        return ref.short in left_out or f"{ref.kind}/" in left_out

    def incomplete(self, briefing: str, kind: Kind) -> bool:
        left_out = self._left_out(self._scopes.get(briefing, -1))
        return self.unread(briefing, kind) or any(name.startswith(f"{kind}/") for name in left_out)

    def _left_out_of(self, scope: int) -> Set[str]:
        rows = self._database.execute(
            "SELECT body, kind FROM problem JOIN file USING (path)"
            " WHERE problem.scope = ? AND alone = 1 AND code LIKE 'E%' LIMIT ?",
            (scope, _NEIGHBOURS),
        )
        return {left_out_by(unseal_problem(body), KINDS[kind]) for body, kind in rows}

    def duplicates(self) -> Iterator[tuple[Ref, Place]]:
        rows = self._database.execute(
            'SELECT spare.id, spare.scope, spare.kind, file, line, "column" FROM spare JOIN file USING (file)'
            " ORDER BY path, position"
        ).fetchall()
        for identifier, scope, kind, *place in rows:
            ref = Ref(self._briefings[scope], KINDS[kind], identifier)
            yield ref, self._place(scope, kind, *place)

    def facts(self, topic: str, *, in_briefing: bool = False) -> Iterator[Fact]:
        # A cursor of its own: others are used while this one is read.
        rows = self._database.cursor().execute(
            "SELECT fact.key, scope, kind, id, value FROM fact JOIN record ON number = source"
            f" WHERE topic = :topic {_SEEN_TOGETHER if in_briefing else ''}"
            " ORDER BY fact.key, scope, kind, id, value",
            {"topic": topic},
        )
        for key, scope, kind, identifier, value in rows:
            yield Fact(topic, key, Ref(self._briefings[scope], KINDS[kind], identifier), value)

    def doubtful(self) -> Iterator[tuple[Ref, Standing]]:
        rows = self._database.execute(
            f"SELECT scope, kind, id, verdict FROM record WHERE {DOUBTFUL} ORDER BY number"
        ).fetchall()
        for scope, kind, identifier, packed in rows:
            verdict = unpack_verdict(packed)
            assert verdict is not None
            yield Ref(self._briefings[scope], KINDS[kind], identifier), verdict.standing

    def neighbours(self, ref: Ref) -> Iterable[str]:
        return self._ids(self._scopes.get(ref.briefing, -1), ref.kind)

    def _ids_of(self, scope: int, kind: Kind) -> list[str]:
        rows = self._database.execute(
            "SELECT id FROM record WHERE scope IN (?, ?) AND kind = ? LIMIT ?",
            (scope, SHARED_SCOPE, KIND_NUMBERS[kind], _NEIGHBOURS),
        )
        return sorted(identifier for (identifier,) in rows)

    def _mentions(self, name: int, scope: int) -> Iterator[Mentioned]:
        """Every reference written to a name, newest first in each role."""
        last: tuple[int, int, int] = (-1, -1, -1)
        while True:
            rows = self._database.execute(
                "SELECT role, link.dated, source, record.scope, kind, id, body FROM link"
                " JOIN record ON record.number = source JOIN body ON body.number = source"
                " WHERE link.name = ? AND link.scope = ?"
                " AND (role, link.dated, source) > (?, ?, ?) ORDER BY role, link.dated, source LIMIT ?",
                (name, scope, *last, _AT_ONCE),
            ).fetchall()
            for role, _, _, briefing, kind, identifier, body in rows:
                ref = Ref(self._briefings[briefing], KINDS[kind], identifier)
                yield self._mention(ref, roles()[role][1], unseal(ref.kind, body), name, scope)
            if len(rows) < _AT_ONCE:
                return
            last = rows[-1][:3]

    def _mention(
        self, ref: Ref, wanted: str, record: AnyRecord | Briefing, name: int, scope: int
    ) -> Mentioned:
        for mention in links(record):
            if mention.role == wanted:
                target = mention.target(ref.briefing)
                if self._scopes.get(target.briefing) == scope and name_key(target.kind, target.id) == name:
                    return Mentioned(ref, wanted, mention.reference, target)
        raise AssertionError("a link that its record does not make")

    def _has(self, name: int, scope: int) -> bool:
        query = "SELECT 1 FROM record WHERE name = ? AND scope = ?"
        return self._database.execute(query, (name, scope)).fetchone() is not None

    def _row(self, ref: Ref, columns: str) -> Any:
        name = name_key(ref.kind, ref.id)
        query = f"SELECT {columns} FROM record JOIN body USING (number) WHERE name = ? AND scope = ?"
        row = None
        if ref.briefing in self._scopes:
            row = self._database.execute(query, (name, self._scopes[ref.briefing])).fetchone()
        if row is None and ref.kind is Kind.ACTOR:
            row = self._database.execute(query, (name, SHARED_SCOPE)).fetchone()
        return row

    def _place(self, scope: int, kind: int, file: int, line: int, column: int) -> Place:
        (path,) = self._database.execute("SELECT path FROM file WHERE file = ?", (file,)).fetchone()
        return Place(File(str(self._root / path), KINDS[kind], self._briefings[scope]), path, line, column)
