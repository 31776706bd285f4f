"""The edition: a library compiled for reading; all that the reader and the commands use of it."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import msgspec

from briefing.content.library import LibraryError
from briefing.content.problem import Problem
from briefing.edition.core import Core
from briefing.edition.entry import Card, Entry, Link, LinkGroup, Links
from briefing.edition.keys import KIND_NUMBERS
from briefing.edition.opening import Opened, Opener, look
from briefing.edition.problems import ProblemList, shown_from
from briefing.edition.store import ALL_SCOPE, DamageError, Store, unseal_problem
from briefing.edition.survey import program
from briefing.edition.view import View, short_name
from briefing.model.links import UTTERANCE, utterance_key
from briefing.model.records import (
    RECORDS,
    AnyRecord,
    Briefing,
)
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

if TYPE_CHECKING:
    from briefing.edition.build import Progress
    from briefing.edition.completion import Completion
    from briefing.edition.search import Hits

__all__ = [
    "Card",
    "Edition",
    "Entry",
    "LibraryError",
    "Link",
    "LinkGroup",
    "Links",
    "ProblemList",
    "Refreshed",
    "open_edition",
    "standing_edition",
]

_UNDATED_DAY = (1 << 22) - 1
_DAMAGE = (DamageError, sqlite3.DatabaseError, msgspec.MsgspecError)

# Problems of reading a file and of YAML itself, nothing left in it, or an error that takes away the one
# record of a briefing.yaml, and the briefing with it: marks of half-done work.
_IN_BRIEFING = f"path IN (SELECT path FROM file WHERE kind = {KIND_NUMBERS[Kind.BRIEFING]})"  # noqa: S608
_OF_FILE = "code BETWEEN 'E100' AND 'E119' OR code = 'W102'"
_BROKEN = f"alone = 1 AND ({_OF_FILE} OR code LIKE 'E%' AND {_IN_BRIEFING})"
_BROKEN_FILES = f"SELECT DISTINCT path FROM problem WHERE {_BROKEN}"  # noqa: S608
_BROKEN_FIRST = f"SELECT path, body FROM problem WHERE {_BROKEN} GROUP BY path ORDER BY path LIMIT 100"  # noqa: S608

_NAMES_KEPT = 2_048

_Method = TypeVar("_Method", bound=Callable[..., Any])


def open_edition(
    path: Path, *, progress: Progress | None = None, cache: Path | None = None, wait: bool = True
) -> Edition:
    """Open the edition of the library at PATH, building it first when there is none that is fresh.

    Unless WAIT, that of a large library is the last one, at once and without a look at the files; so is
    that of a small one while somebody else builds it. `stale` says so; `refresh` gives the newer one.
    Raises LibraryError when there is no library to be read; bad content is among the problems.
    """
    root = Path(os.path.realpath(path))
    opener = Opener(root, cache)
    opened = opener.last(checked=wait) if root.is_dir() else None
    return Edition(_Library(path, opener, opened or opener.open(look(path), progress, wait=wait), root))


def standing_edition(root: Path, mark: str) -> Edition | None:
    """The edition of the library in ROOT that bears MARK, whatever is there now; None when it is gone."""
    by, _, identity = mark.partition("-")
    opener = Opener(root, None)
    core = opener.take(identity) if by == str(program()) else None
    return None if core is None else Edition(_Library(root, opener, Opened(core, [], 0, stale=True), root))


class Refreshed(NamedTuple):
    """What looking again at a library found: a newer edition, or files that were saved broken."""

    edition: Edition | None = None
    broken: tuple[Problem, ...] = ()


class _Library:
    """An open edition, shared by all views of it; opens another in its place when it is damaged."""

    def __init__(self, path: Path, opener: Opener, opened: Opened, root: Path) -> None:
        self.path = path
        self.opener = opener
        self.opened = opened
        self.root = root
        self.shown = shown_from(str(path))
        self._mending = threading.Lock()

    def mend(self, damaged: Core) -> None:
        """Replace an edition that cannot be read; several threads may find that at once."""
        with self._mending:
            if self.opened.core is damaged:
                self.opened = self.opener.replace(damaged, look(self.path))


def _mending(method: _Method) -> _Method:
    """Ask again, of an edition built anew, when what is stored turns out to be damaged."""

    @wraps(method)
    def ask(self: Edition, *values: Any, **named: Any) -> Any:
        core = self._core
        try:
            return method(self, *values, **named)
        except _DAMAGE:
            self._library.mend(core)
            return method(self, *values, **named)

    return cast(_Method, ask)


class Edition:
    """A library, or one briefing of it (`only`); safe to share between threads and sessions."""

    def __init__(self, library: _Library, only: str | None = None) -> None:
        self._library = library
        self.only_briefing = only

    @property
    def identity(self) -> str:
        """Changes when the content does."""
        return self._core.identity

    @property
    def mark(self) -> str:
        """What `standing_edition` finds it by: its identity, and the only program that can read it."""
        return f"{program()}-{self.identity}"

    @property
    def path(self) -> Path:
        """The library, as it was asked for."""
        return self._library.path

    @property
    def root(self) -> Path:
        """The folder that it was built from, where no link stands for it."""
        return self._library.root

    @property
    def notices(self) -> tuple[str, ...]:
        """What was in the way of opening it, a line each."""
        return self._library.opened.lines

    @property
    def stale(self) -> bool:
        """Whether the content may have changed since; `refresh` gives the newer edition if it has."""
        return self._library.opened.stale

    @property
    def _core(self) -> Core:
        return self._library.opened.core

    @property
    def _store(self) -> Store:
        return self._core.store

    @property
    def _view(self) -> View:
        core = self._core
        return View(core, ALL_SCOPE if self.only_briefing is None else core.scopes[self.only_briefing])

    @property
    def problems(self) -> ProblemList:
        return ProblemList(self._ask, self._view.scope, self._library.shown, self._core.briefings)

    @_mending
    def _ask(self, question: Callable[[Store], Any]) -> Any:
        return question(self._store)

    @property
    @_mending
    def briefing(self) -> Briefing | None:
        """The briefing when there is one only, by restriction or because the library holds no other."""
        numbers = self._view.numbers(Kind.BRIEFING, 0, 2)
        if len(numbers) != 1:
            return None
        record = self._store.rows(numbers)[0].record
        assert isinstance(record, Briefing)
        return record

    def only(self, briefing: str | None) -> Edition:
        """The same edition restricted to BRIEFING (None: everything); KeyError when it has none such."""
        # The store keeps the scope of all under an empty name.
        if briefing is not None and (
            not briefing or (self._core.scopes[briefing], Kind.BRIEFING) not in self._core.panes
        ):
            raise KeyError(briefing)
        return Edition(self._library, briefing)

    def refresh(self, progress: Progress | None = None) -> Refreshed:
        """Look whether the content changed; costs little when it did not.

        A file that was sound and is now no YAML keeps this edition standing, and so does a briefing.yaml
        that is no briefing: editors save half-done work. Raises LibraryError when the library is gone.
        """
        library = self._library
        seen = look(library.path)
        if library.opened.holds(seen):
            library.opened = library.opened._replace(stale=False)
            return Refreshed()
        opened = library.opener.open(seen, progress)
        if opened.core.identity == self.identity:
            library.opened = opened._replace(core=self._core)
            return Refreshed()
        edition = Edition(_Library(library.path, library.opener, opened, library.root))
        broken = edition.newly_broken(self)
        if broken:
            return Refreshed(broken=broken)
        if self.only_briefing is None:
            return Refreshed(edition)
        try:
            return Refreshed(edition.only(self.only_briefing))
        except KeyError:  # the briefing is gone
            return Refreshed(edition)

    def newly_broken(self, before: Edition) -> tuple[Problem, ...]:
        """The first problem of each file that could be read in the edition BEFORE and cannot be now."""
        already = set(before._ask(lambda store: store.all(_BROKEN_FILES)))
        first = self._ask(
            lambda store: [(path, unseal_problem(body)) for path, body in store.all(_BROKEN_FIRST)]
        )
        return tuple(
            msgspec.structs.replace(problem, file=self._library.shown(path))
            for path, problem in first
            if (path,) not in already
        )

    def briefings(self) -> list[Card]:
        """The briefings, the newest first."""
        return self.cards(0, self.count(Kind.BRIEFING))

    @_mending
    def cards(self, start: int, stop: int) -> list[Card]:
        """The briefings at START to STOP, the newest first, with how much is in each."""
        cards = []
        for row in self._store.rows(self._view.numbers(Kind.BRIEFING, start, stop)):
            briefing = row.record
            assert isinstance(briefing, Briefing)
            view = self.only(self._core.briefings[row.scope])
            counts: dict[Kind, int] = {kind: view.count(kind) for kind in RECORDS}
            cards.append(Card(briefing, counts, len(view.problems)))
        return cards

    @_mending
    def count(self, kind: Kind) -> int:
        return self._view.pane(kind)[1]

    @_mending
    def page(self, kind: Kind, start: int, stop: int) -> list[Entry]:
        """The records of KIND at START to STOP in the order of their pane."""
        return self.entries(self._view.numbers(kind, start, stop))

    @_mending
    def position(self, ref: Ref) -> int | None:
        """Where a record stands in its pane; None when it is not there."""
        return self._view.position(ref)

    @_mending
    def get(self, ref: Ref) -> Entry | None:
        """A record by its ref; an actor that its briefing does not have is looked for among the shared."""
        row = self._view.row(ref)
        return None if row is None else self._view.entries([row])[0]

    @_mending
    def get_many(self, refs: Iterable[Ref]) -> list[Entry]:
        """The records of REFS that exist."""
        return self._view.entries(self._view.rows(refs))

    @_mending
    def utterance(self, briefing: str, name: str) -> list[Entry]:
        """The quotes of BRIEFING that are parts of the utterance NAME, none of them retracted."""
        parts = self._store.all(
            "SELECT source FROM fact WHERE topic = ? AND key = ?", (UTTERANCE, utterance_key(briefing, name))
        )
        return self._view.entries(self._store.rows([number for (number,) in parts]))

    @_mending
    def name(self, ref: Ref) -> str:
        """A short name of any record for display; its id when there is no such record."""
        names = self._core.names
        name = names.get(ref)
        if name is None:
            row = self._view.row(ref)
            if len(names) >= _NAMES_KEPT:
                names.clear()
            name = names[ref] = ref.id if row is None else short_name(row.record)
        return name

    @_mending
    def links(self, ref: Ref, *, limit: int = 20) -> Links:
        """What a record names, and what names it: of each role the newest LIMIT."""
        return self._view.links(ref, limit)

    @_mending
    def search(self, query: str, *, typing: bool = False, kinds: Iterable[Kind] = ()) -> Hits:
        """Find records; while TYPING, an unfinished query does its best and is never wrong."""
        from briefing.edition.search import search

        return search(self._core.index, self, query, typing=typing, kinds=kinds)

    @_mending
    def complete(self, query: str, cursor: int) -> list[Completion]:
        """What the word at CURSOR of a query may become: fields, and their values with counts."""
        from briefing.edition.completion import complete

        return complete(self._core.index, self, query, cursor)

    @_mending
    def days(self) -> list[tuple[dt.date, int]]:
        """How many incidents each day had, the oldest first; incidents not dated to the day are left out."""
        days = self._store.all(
            "SELECT day, incidents FROM day WHERE scope = ? AND day < ? ORDER BY day DESC",
            (self._view.scope, _UNDATED_DAY),
        )
        return [(dt.date.fromordinal(_UNDATED_DAY - 1 - day), incidents) for day, incidents in days]

    @_mending
    def place_of(self, ref: Ref) -> tuple[Path, int] | None:
        """The file and line where a record is written."""
        row = self._view.row(ref)
        if row is None:
            return None
        (path,) = self._store.one("SELECT path FROM file WHERE file = ?", (row.file,))
        return self._library.root / path, row.line

    @_mending
    def entries(self, numbers: list[int]) -> list[Entry]:
        """The records of the store's NUMBERS; for searching."""
        return self._view.entries(self._store.rows(numbers))

    @_mending
    def record(self, ref: Ref) -> AnyRecord | Briefing | None:
        """A record without what the library knows about it; for searching."""
        row = self._view.row(ref)
        return None if row is None else row.record

    @_mending
    def sort_key(self, ref: Ref) -> int | None:
        """What orders a record in its pane; for searching."""
        row = self._view.row(ref)
        return None if row is None else row.sort
