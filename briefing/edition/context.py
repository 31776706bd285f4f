"""The context of records: the actors, issues, sources and briefings that others name.

What a record's place in its pane, its verification and its words in the index depend on, beside the
record itself. Read from SQLite as it is needed, so that a worker's memory does not grow with the library.
"""

from __future__ import annotations

import sqlite3
from functools import cached_property, lru_cache

from briefing.edition.indexed import Linked
from briefing.edition.keys import ISSUE_BITS, LAST, name_key
from briefing.edition.store import unseal
from briefing.model.records import Actor, AnyRecord, Briefing, Source
from briefing.model.ref import SHARED, Ref
from briefing.model.vocabulary import Kind

NAMED_KINDS = (Kind.BRIEFING, Kind.ACTOR, Kind.ISSUE, Kind.SOURCE)
# The label of positions whose issue is not there: after all others.
NO_ISSUE = LAST >> (63 - ISSUE_BITS)
_KEPT = 20_000


class Context:
    """Finds records in DATABASE, whose `record` and `scope` tables have at least the NAMED_KINDS."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._scopes: dict[str, int] = {}
        self._rows = lru_cache(maxsize=_KEPT)(self._row)

    def find(self, ref: Ref) -> AnyRecord | Briefing | None:
        """The record that REF reaches: an actor that its briefing lacks, among the shared ones."""
        row = self._rows(ref.briefing, ref.kind, ref.id)
        if row is None and ref.kind is Kind.ACTOR and ref.briefing != SHARED:
            row = self._rows(SHARED, ref.kind, ref.id)
        return None if row is None else row[0]

    def numbered(self, number: int, kind: Kind) -> AnyRecord | Briefing:
        """The record of NUMBER, which must be there."""
        (body,) = self._database.execute("SELECT body FROM body WHERE number = ?", (number,)).fetchone()
        return unseal(kind, body)

    def label(self, issue: Ref) -> int:
        """Where the positions on ISSUE stand among those on other issues."""
        row = self._rows(issue.briefing, issue.kind, issue.id)
        return NO_ISSUE if row is None else row[1] >> (63 - ISSUE_BITS)

    def checksum(self, ref: Ref) -> str | None:
        """The checksum that a source declares of its text."""
        source = self.find(ref)
        return source.sha256 if isinstance(source, Source) else None

    def shared(self, identifier: str) -> Actor | None:
        """The shared actor of an id."""
        actor = self.find(Ref(SHARED, Kind.ACTOR, identifier))
        return actor if isinstance(actor, Actor) else None

    @cached_property
    def linked(self) -> Linked:
        """The words by which records are found through those that they name."""
        return Linked(self.find)

    def _row(self, briefing: str, kind: Kind, identifier: str) -> tuple[AnyRecord | Briefing, int] | None:
        scope = self._scopes.get(briefing)
        if scope is None:
            found = self._database.execute("SELECT scope FROM scope WHERE id = ?", (briefing,)).fetchone()
            if found is None:
                return None
            scope = self._scopes[briefing] = found[0]
        row = self._database.execute(
            "SELECT body, sort FROM record JOIN body USING (number) WHERE name = ? AND scope = ?",
            (name_key(kind, identifier), scope),
        ).fetchone()
        return None if row is None else (unseal(kind, row[0]), row[1])
