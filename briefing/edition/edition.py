"""The edition: a library compiled for reading; all that the reader and the commands use of it."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from briefing.content.library import LibraryError
from briefing.content.problem import Problem
from briefing.edition.core import Core
from briefing.edition.entry import Card, Entry, Link, LinkGroup, Links
from briefing.edition.keys import KIND_NUMBERS
from briefing.edition.opening import Opened, Opener, look
from briefing.edition.problems import ProblemList, problem_count, shown_from
from briefing.edition.store import Row, unseal_problem
from briefing.edition.survey import program
from briefing.edition.view import View, short_name
from briefing.model.links import UTTERANCE, utterance_key
from briefing.model.records import RECORDS, Briefing
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

if TYPE_CHECKING:
    from briefing.edition.completion import Completion
    from briefing.edition.hits import Hits
    from briefing.edition.progress import Progress

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

# Problems of reading a file and of YAML itself, nothing left in it, or an error that takes away the one
# record of a briefing.yaml, and the briefing with it: marks of half-done work.
_IN_BRIEFING = f"path IN (SELECT path FROM file WHERE kind = {KIND_NUMBERS[Kind.BRIEFING]})"  # noqa: S608
_OF_FILE = "code BETWEEN 'E100' AND 'E119' OR code = 'W102'"
_BROKEN = f"alone = 1 AND ({_OF_FILE} OR code LIKE 'E%' AND {_IN_BRIEFING})"
_BROKEN_FILES = f"SELECT DISTINCT path FROM problem WHERE {_BROKEN}"  # noqa: S608
_BROKEN_FIRST = f"SELECT path, body FROM problem WHERE {_BROKEN} GROUP BY path ORDER BY path LIMIT 100"  # noqa: S608

_DAYS = "SELECT day, incidents FROM day WHERE scope = ? AND day < ? ORDER BY day DESC"

_NAMES_KEPT = 2_048

_Answer = TypeVar("_Answer")
# Called with a line of what is to be known.
Say = Callable[[str], object]


def _unheard(_line: str) -> None:
    """What is said to nobody."""


def open_edition(
    path: Path,
    *,
    progress: Progress | None = None,
    cache: Path | None = None,
    wait: bool = True,
    say: Say = _unheard,
) -> Edition:
    """Open the edition of the library at PATH, building it first when there is none that is fresh.

    Unless WAIT, that of a large library is the last one, at once and without a look at the files, and when
    there was none it is `partial`; that of a small one is the last while somebody else builds it. `stale`
    says so; `refresh` gives the newer one.
    SAY is told of damage that is met later, while it is read, by whichever thread meets it.
    Raises LibraryError when there is no library to be read; bad content is among the problems.
    """
    root = Path(os.path.realpath(path))
    opener = Opener(root, cache)
    opened = opener.last(checked=wait) if root.is_dir() else None
    opened = opened or opener.open(look(path), progress, wait=wait)
    return Edition(_Library(path, opener, opened, root, say))


def standing_edition(root: Path, mark: str, *, say: Say = _unheard) -> Edition | None:
    """The edition of the library in ROOT that bears MARK, whatever is there now; None when it is gone.

    SAY is told of damage, as `open_edition`'s is.
    """
    by, _, identity = mark.partition("-")
    opener = Opener(root, None)
    core = opener.take(identity) if by == str(program()) else None
    if core is None:
        return None
    return Edition(_Library(root, opener, Opened(core, [], 0, stale=True), root, say))


class Refreshed(NamedTuple):
    """What looking again at a library found: a newer edition, or files that were saved broken."""

    edition: Edition | None = None
    broken: tuple[Problem, ...] = ()


class _Library:
    """An open edition, shared by all views of it; opens another in its place when it is damaged."""

    def __init__(
        self,
        path: Path,
        opener: Opener,
        opened: Opened,
        root: Path,
        say: Say = _unheard,
    ) -> None:
        self.path = path
        self.opener = opener
        self.opened = opened
        self.root = root
        self.say = say
        # How far mending is.
        self.progress: Progress | None = None
        self.shown = shown_from(str(path))
        self._mending = threading.Lock()

    def mend(self, damaged: Core) -> None:
        """Replace an edition that cannot be read; several threads may find that at once."""
        with self._mending:
            if self.opened.core is damaged:
                self.opened = self.opener.replace(damaged, look(self.path), self.progress)
                for line in self.opened.lines:
                    self.say(line)


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

    def tell_mending(self, progress: Progress) -> None:
        """Let PROGRESS be told, in the thread that met damage, how far mending is; that may take minutes."""
        self._library.progress = progress

    @property
    def stale(self) -> bool:
        """Whether the content may have changed since; `refresh` gives the newer edition if it has."""
        return self._library.opened.stale

    @property
    def partial(self) -> bool:
        """Whether it holds a first part of the content only; `refresh` gives all of it."""
        return self._library.opened.partial

    @property
    def _core(self) -> Core:
        return self._library.opened.core

    def look(self, question: Callable[[View], _Answer]) -> _Answer:
        """Ask QUESTION; if what is stored turns out to be damaged, ask again of an edition built anew.

        An answer is of one edition, so a question that is put in the course of another has to be put to
        its view.
        """
        core = self._core
        try:
            return question(View(core, self.only_briefing))
        except BaseException as error:
            from briefing.edition.damage import is_damage

            if not is_damage(error, core):
                raise
        self._library.mend(core)
        return question(View(self._core, self.only_briefing))

    def examine(self, rest: float) -> bool:
        """Look whether the search index is what was written; whether it was not, and another edition is in
        its place. It takes a while, with a REST (seconds) after each piece."""
        core = self._core
        if core.index_folder is None:
            return False
        from briefing.edition.damage import is_sound_index

        if is_sound_index(core.index_folder, rest) or not core.index_folder.exists():
            return False
        self._library.mend(core)
        return True

    @property
    def problems(self) -> ProblemList:
        return ProblemList(self.look, self._library.shown)

    @property
    def briefing(self) -> Briefing | None:
        """The briefing when there is one only, by restriction or because the library holds no other."""
        return self.look(_only_briefing)

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
        edition = Edition(_Library(library.path, library.opener, opened, library.root, library.say))
        edition._library.progress = library.progress
        broken = () if library.opened.partial else edition.newly_broken(self)
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
        already = set(before.look(lambda view: view.core.store.all(_BROKEN_FILES)))
        first = self.look(
            lambda view: [(path, unseal_problem(body)) for path, body in view.core.store.all(_BROKEN_FIRST)]
        )
        return tuple(
            msgspec.structs.replace(problem, file=self._library.shown(path))
            for path, problem in first
            if (path,) not in already
        )

    def briefings(self) -> list[Card]:
        """The briefings, the newest first."""
        return self.cards(0, self.count(Kind.BRIEFING))

    def cards(self, start: int, stop: int) -> list[Card]:
        """The briefings at START to STOP, the newest first, with how much is in each."""
        return self.look(
            lambda view: [
                _card(view, row) for row in view.core.store.rows(view.numbers(Kind.BRIEFING, start, stop))
            ]
        )

    def count(self, kind: Kind) -> int:
        return self.look(lambda view: view.pane(kind)[1])

    def page(self, kind: Kind, start: int, stop: int) -> list[Entry]:
        """The records of KIND at START to STOP in the order of their pane."""
        return self.look(lambda view: view.entries(view.numbers(kind, start, stop)))

    def position(self, ref: Ref) -> int | None:
        """Where a record stands in its pane; None when it is not there."""
        return self.look(lambda view: view.position(ref))

    def get(self, ref: Ref) -> Entry | None:
        """A record by its ref; an actor that its briefing does not have is looked for among the shared."""
        return next(iter(self.get_many([ref])), None)

    def get_many(self, refs: Iterable[Ref]) -> list[Entry]:
        """The records of REFS that exist."""
        asked = list(refs)
        return self.look(lambda view: view.entries_of(view.rows(asked)))

    def utterance(self, briefing: str, name: str) -> list[Entry]:
        """The quotes of BRIEFING that are parts of the utterance NAME, none of them retracted."""

        def parts(view: View) -> list[Entry]:
            found = view.core.store.all(
                "SELECT source FROM fact WHERE topic = ? AND key = ?",
                (UTTERANCE, utterance_key(briefing, name)),
            )
            return view.entries([number for (number,) in found])

        return self.look(parts)

    def name(self, ref: Ref) -> str:
        """A short name of any record for display; its id when there is no such record."""

        def name(view: View) -> str:
            names = view.core.names
            known = names.get(ref)
            if known is None:
                record = view.record(ref)
                if len(names) >= _NAMES_KEPT:
                    names.clear()
                known = names[ref] = ref.id if record is None else short_name(record)
            return known

        return self.look(name)

    def links(self, ref: Ref, *, limit: int = 20) -> Links:
        """What a record names, and what names it: of each role the newest LIMIT."""
        return self.look(lambda view: view.links(ref, limit))

    def search(self, query: str, *, typing: bool = False, kinds: Iterable[Kind] = ()) -> Hits:
        """Find records; while TYPING, an unfinished query does its best and is never wrong."""
        from briefing.edition.hits import Hits

        return Hits(self, query, typing, kinds)

    def complete(self, query: str, cursor: int) -> list[Completion]:
        """What the word at CURSOR of a query may become: fields, and their values with counts."""
        from briefing.edition.completion import complete

        return self.look(lambda view: complete(view, query, cursor))

    def days(self) -> list[tuple[dt.date, int]]:
        """How many incidents each day had, the oldest first; incidents not dated to the day are left out."""
        return self.look(
            lambda view: [
                (dt.date.fromordinal(_UNDATED_DAY - 1 - day), incidents)
                for day, incidents in view.core.store.all(_DAYS, (view.scope, _UNDATED_DAY))
            ]
        )

    def place_of(self, ref: Ref) -> tuple[Path, int] | None:
        """The file and line where a record is written."""

        def place(view: View) -> tuple[Path, int] | None:
            row = view.row(ref)
            if row is None:
                return None
            (path,) = view.core.store.one("SELECT path FROM file WHERE file = ?", (row.file,))
            return self._library.root / path, row.line

        return self.look(place)


def _only_briefing(view: View) -> Briefing | None:
    numbers = view.numbers(Kind.BRIEFING, 0, 2)
    if len(numbers) != 1:
        return None
    record = view.core.store.rows(numbers)[0].record
    assert isinstance(record, Briefing)
    return record


def _card(view: View, row: Row) -> Card:
    briefing = row.record
    assert isinstance(briefing, Briefing)
    inside = View(view.core, view.core.briefings[row.scope])
    counts: dict[Kind, int] = {kind: inside.pane(kind)[1] for kind in RECORDS}
    return Card(briefing, counts, problem_count(inside))
