"""Opening the edition of a library: the one that is there, or one made now, wherever there is room.

What can go wrong with a cache (no room, no permission, damage, a newer program's leavings) leads to a
working edition and one clear line, never to an error: the content is what counts.
"""

from __future__ import annotations

import errno
import io
import os
import re
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from briefing.content.library import LibraryError, find_library
from briefing.edition.core import Core
from briefing.edition.orders import Orders
from briefing.edition.shelf import INDEX, ORDERS, STORE, Busy, Pointer, Shelf, cache_folder, remove
from briefing.edition.store import DamageError, Store
from briefing.edition.survey import State, Survey, first_part, fresh, hashed, identity, survey, untouched

if TYPE_CHECKING:
    from briefing.edition.progress import Progress

# Smaller libraries are parsed by the process that opens them, sooner than others would have started,
# and looking whether their files have changed costs nothing that could be noticed.
_PARSED_HERE = 1_500_000
_DAMAGED = "the edition in the cache was damaged; it was built again"
# What a cache that cannot be used raises (tantivy: ValueError).
_TROUBLE = (OSError, sqlite3.Error, RuntimeError, ValueError)


class _Cleared(OSError):
    """Somebody emptied the cache while an edition was built there, which shows in many ways."""


class Opened(NamedTuple):
    """An edition, what it was built from (`Survey`), and what was in the way."""

    core: Core
    states: list[State]
    trouble: int
    lines: tuple[str, ...] = ()
    # The content may have changed since: nobody has looked, or a newer one is being built.
    stale: bool = False
    # It holds some of the content only, for as long as the first edition is being built.
    partial: bool = False

    def holds(self, seen: Survey) -> bool:
        """Whether this is the edition of what was SEEN."""
        return fresh(seen, self.states, self.trouble)


def look(path: Path) -> Survey:
    """The files of the library at PATH; raises LibraryError when it is none."""
    resolved = Path(os.path.realpath(path))  # and not resolve(), which fails at a link in a circle
    try:
        return survey(find_library(resolved))
    except LibraryError as error:
        # In the words of who asked for it.
        raise LibraryError(str(error).replace(str(resolved), str(path))) from None


class Opener:
    """Opens the editions of one library, whose folder is ROOT."""

    def __init__(self, root: Path, cache: Path | None) -> None:
        self._root = root
        self._shelf = Shelf(cache_folder(cache), root)

    def last(self, *, checked: bool) -> Opened | None:
        """The last edition, if no file was touched since; unless CHECKED, that of a large library anyway."""
        pointer = self._shelf.current()
        if pointer is None:
            return None
        stale = not checked and _is_large(pointer.states)
        if not stale and not untouched(self._root, pointer.states, pointer.folders):
            return None
        core = self.take(pointer.name)
        return None if core is None else Opened(core, pointer.states, pointer.trouble, stale=stale)

    def open(self, seen: Survey, progress: Progress | None = None, *, wait: bool = True) -> Opened:
        """The edition of the files SEEN, built if need be.

        Unless WAIT, it is the last one while others build, and of a large library without one a first part.
        """
        lines: list[str] = []
        try:
            try:
                return self._open_cached(seen, progress, lines, wait=wait)
            except _Cleared:
                return self._open_cached(seen, progress, lines, wait=wait)
        except _TROUBLE as error:
            return _open_for_this_run(seen, progress, lines, error)

    def replace(self, damaged: Core, seen: Survey, progress: Progress | None = None) -> Opened:
        """Another edition in place of one that turned out to be damaged while it was read."""
        lock = damaged.lock
        if lock is not None:
            try:
                with self._shelf.building(wait=True):
                    self._shelf.discard(damaged.identity, lock)
            except OSError as error:  # it stays, and would be found again
                return _open_for_this_run(seen, progress, [_DAMAGED], error)
        opened = self.open(seen, progress)
        return opened._replace(lines=tuple(dict.fromkeys((_DAMAGED, *opened.lines))))

    def _open_cached(
        self, seen: Survey, progress: Progress | None, lines: list[str], *, wait: bool
    ) -> Opened:
        pointer = self._shelf.current()
        if pointer is not None and fresh(seen, pointer.states, pointer.trouble):
            core = self.take(pointer.name)
            if core is not None:
                return Opened(core, pointer.states, pointer.trouble)
        older = None if wait or pointer is None else self.take(pointer.name)
        if older is None and not wait and _is_large(seen.states):
            part = first_part(seen, _PARSED_HERE)
            return _open_in_memory(part, None, lines)._replace(stale=True, partial=True)
        try:
            with self._shelf.building(wait=older is None):
                return self._open_built(seen, progress, lines)
        except Busy:
            assert pointer is not None and older is not None
            return Opened(older, pointer.states, pointer.trouble, stale=True)

    def _open_built(self, seen: Survey, progress: Progress | None, lines: list[str]) -> Opened:
        """Under the builder's lock: somebody may have built it meanwhile; else build it."""
        shelf = self._shelf
        pointer = shelf.current()
        if pointer is not None:
            states = _hashed(seen, pointer)
            name = identity(states, seen.problems)
            core = self.take(name)
            if core is not None:
                shelf.point(name, seen._replace(states=states))
                return Opened(core, states, seen.trouble)
            if name == pointer.name:
                lines.append(_DAMAGED)
            seen = seen._replace(states=states)
        with _workplace(shelf) as folder:
            older = None if pointer is None or name == pointer.name else shelf.take(pointer.name)
            states = _build_in(folder, seen, progress, older, [] if pointer is None else pointer.states)
            name = identity(states, seen.problems)
            # The content may be as it was before, and somebody still reads that edition.
            core = self.take(name)
            if core is None:
                shelf.publish(folder, name)
                core = self.take(name)
        if core is None:
            raise DamageError("what was written cannot be read back")
        shelf.point(name, seen._replace(states=states))
        shelf.sweep()
        return Opened(core, states, seen.trouble, tuple(lines))

    def take(self, name: str) -> Core | None:
        """The edition NAME; None where it is gone or damaged."""
        taken = self._shelf.take(name)
        if taken is None:
            return None
        folder, lock = taken
        try:
            core = open_folder(folder, name, lock)
        except (OSError, sqlite3.Error, DamageError):
            os.close(lock)
            return None
        weakref.finalize(core, os.close, lock)
        return core


def open_folder(folder: Path, name: str, lock: int | None = None) -> Core:
    """The edition that stands in FOLDER."""
    return Core(name, Store(folder / STORE), Orders(folder / ORDERS), folder / INDEX, lock)


def _hashed(seen: Survey, pointer: Pointer) -> list[State]:
    known = {state.path: state for state in pointer.states}
    return [hashed(seen.root, state, known.get(state.path)) for state in seen.states]


def _open_for_this_run(seen: Survey, progress: Progress | None, lines: list[str], error: Exception) -> Opened:
    """An edition outside of the cache, which ERROR keeps from being used."""
    lines.append(f"the cache cannot be used ({_why(error)}); this edition is kept for this run only")
    try:
        return _open_temporary(seen, progress, lines)
    except _TROUBLE as another:
        lines[-1] += f", in memory ({_why(another)})"
    return _open_in_memory(seen, progress, lines)


def _open_temporary(seen: Survey, progress: Progress | None, lines: list[str]) -> Opened:
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="briefing-"))
    try:
        states = _build_in(folder, seen, progress)
        core = open_folder(folder, identity(states, seen.problems))
    except BaseException:
        remove(folder)
        raise
    weakref.finalize(core, remove, folder)
    return Opened(core, states, seen.trouble, tuple(lines))


def _open_in_memory(seen: Survey, progress: Progress | None, lines: list[str]) -> Opened:
    from briefing.edition.build import Target, build
    from briefing.edition.index import IndexWriter

    database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA temp_store = MEMORY")
    orders = io.BytesIO()
    with IndexWriter(None) as index:
        states = build(seen, Target(database, index, orders), progress=progress)
    store = Store(None, database)
    core = Core(identity(states, seen.problems), store, Orders(orders.getvalue()), index.index)
    return Opened(core, states, seen.trouble, tuple(lines))


@contextmanager
def _workplace(shelf: Shelf) -> Iterator[Path]:
    """A folder to build in that is gone afterwards unless it was published."""
    folder = shelf.workplace()
    try:
        yield folder
    except _TROUBLE as error:
        if folder.exists():
            raise
        raise _Cleared(errno.ENOENT, "it was cleared meanwhile") from error
    finally:
        remove(folder)


def _build_in(
    folder: Path,
    seen: Survey,
    progress: Progress | None,
    older: tuple[Path, int] | None = None,
    before: list[State] | None = None,
) -> list[State]:
    """Build in FOLDER, on the OLDER edition of the files BEFORE if most of that can stay."""
    from briefing.edition.construct import Order, build_apart, build_here, update_here

    large = _is_large(seen.states)
    if older is not None and before is not None:
        kept, lock = older
        try:
            if _mostly_kept(seen.states, before):
                if large:
                    return build_apart(Order(folder, seen, kept, tuple(before)), progress)
                update_here(folder, seen, kept, before)
                return seen.states
        except _TROUBLE:
            # Whatever kept the older edition from being built on, a new one does without it.
            remove(folder)
            folder.mkdir()
        finally:
            os.close(lock)
    return build_apart(Order(folder, seen), progress) if large else build_here(folder, seen, progress)


def _is_large(states: list[State]) -> bool:
    return sum(state.size for state in states) >= _PARSED_HERE


def _mostly_kept(states: list[State], before: list[State]) -> bool:
    known = {state.path: state.sha256 for state in before}
    changed = sum(state.size for state in states if known.get(state.path) != state.sha256)
    gone = len(known.keys() - {state.path for state in states})
    return changed * 4 < sum(state.size for state in states) and gone * 4 < len(known)


def _why(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    if "surrogates not allowed" in str(error):
        return "its path is not UTF-8"
    words = str(error).strip().rpartition("\n")[2]
    # The engine names files of its own, and a process that builds gives the last line of a traceback.
    if (number := re.search(r"\(os error (\d+)\)", words)) is not None:
        return os.strerror(int(number[1])).lower()
    if "index writer was killed" in words:
        return "the search index could not be written"
    return re.sub(r"^[\w.]+: ", "", words)
