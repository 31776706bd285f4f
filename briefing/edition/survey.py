"""What an edition is built from: the library's files, and how it is told that they changed.

A file is taken for unchanged when its size, times and inode are; else its content is hashed. A file
that was written within the clock's grain of being read is not trusted (it may have been written
again in the same tick), and hashed until that has passed: so is git's index.
"""

from __future__ import annotations

import errno
import os
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

import briefing
from briefing import __version__
from briefing.content.library import VERIFIED_FILE, File, Library, is_utf8, refuse
from briefing.content.problem import Problem
from briefing.model.ref import SHARED
from briefing.model.vocabulary import Kind

# Coarse file systems keep times to two seconds.
_GRAIN = 2_500_000_000
_CHUNK = 1 << 20


# What changes with a file or a folder: the size (of files), the times, the inode.
Signature = tuple[int, int, int, int]


class State(msgspec.Struct, frozen=True, array_like=True):
    """One file as it was when it was read; `kind` is empty for the marks of verification."""

    path: str
    briefing: str
    kind: str
    size: int
    mtime: int
    ctime: int
    inode: int
    sha256: bytes = b""
    trusted: bool = False

    @property
    def signature(self) -> Signature:
        return self.size, self.mtime, self.ctime, self.inode

    def file(self, root: Path) -> File:
        """The content's own name for it, in the library at ROOT."""
        return File(str(root / self.path), Kind(self.kind), self.briefing)


class Survey(NamedTuple):
    """The files of a library in their order, and what is wrong with the folders themselves."""

    root: Path
    states: list[State]
    problems: list[Problem]
    # The folders looked through: as long as they are like this, no file came or went. Empty when that
    # cannot be told.
    folders: dict[str, Signature]
    # Briefings and the kinds of which a file could not be opened.
    unread: frozenset[tuple[str, Kind]] = frozenset()

    @property
    def trouble(self) -> int:
        """Tells whether the problems of the folders are those of another time."""
        return zlib.crc32("\n".join(map(str, self.problems)).encode())


def survey(library: Library) -> Survey:
    """Look at the files of LIBRARY without opening any."""
    root = str(library.root)
    states = [
        _look(root, file.location, file.briefing, file.kind)
        if file.status is None
        else _state(_relative(root, file.location), file.briefing, file.kind, file.status)
        for file in library.files
    ]
    for folder in library.briefings:
        if folder.verified is not None:
            marks = os.path.join(folder.path, VERIFIED_FILE)  # noqa: PTH118 (a Path costs more, here and below)
            states.append(_state(_relative(root, marks), folder.id, "", folder.verified))
    problems = [msgspec.structs.replace(p, file=_relative(root, p.file)) for p in library.problems]
    folders = {
        _relative(root, path): (0, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        for path, status in (library.folders or {}).items()
    }
    # A file that is left out, as it is too large say, could change where it lies. A name that is not UTF-8
    # cannot be kept.
    settled = all(_settled(mtime, ctime) for _, mtime, ctime, _ in folders.values())
    if library.problems or not settled or not all(map(is_utf8, folders)):
        folders.clear()
    return Survey(library.root, states, problems, folders, library.unread)


def first_part(seen: Survey, most: int) -> Survey:
    """As much of what was SEEN as MOST bytes hold, to be read while the rest is still being compiled.

    What every briefing is comes first, then the shared actors and as many briefings as fit, the smallest
    first, and of the next one the files that fit. Records of what is left out count as there.
    """
    sizes: Counter[str] = Counter()
    for state in seen.states:
        sizes[state.briefing] += max(state.size, 0)
    order = sorted(
        seen.states,
        key=lambda s: (s.kind != Kind.BRIEFING, s.briefing != SHARED, sizes[s.briefing], s.briefing),
    )
    taken: set[str] = set()
    last = ""
    for state in order:
        common = state.kind == Kind.BRIEFING or state.briefing == SHARED
        if not common and last not in ("", state.briefing):
            break
        if state.size <= most:
            most -= max(state.size, 0)
            taken.add(state.path)
        elif not common:
            last = state.briefing
    left = {(s.briefing, Kind(s.kind)) for s in seen.states if s.kind and s.path not in taken}
    states = [state for state in seen.states if state.path in taken]
    return seen._replace(states=states, folders={}, unread=seen.unread | left)


def untouched(root: Path, states: Iterable[State], folders: dict[str, Signature]) -> bool:
    """Whether STATES and FOLDERS are as they were, and so is the library; sooner told than by a survey."""
    if not folders:
        return False
    start = os.path.join(root, "")  # noqa: PTH118
    try:
        return all(
            _stat(start + path, folder=True) == signature for path, signature in folders.items()
        ) and all(state.trusted and _stat(start + state.path) == state.signature for state in states)
    except OSError:
        return False


def _stat(path: str, *, folder: bool = False) -> Signature:
    status = os.stat(path)  # noqa: PTH116
    return 0 if folder else status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def fresh(seen: Survey, states: Iterable[State], trouble: int) -> bool:
    """Whether what is SEEN are the files of STATES with that TROUBLE, by sizes and times alone."""
    before = {state.path: state for state in states}
    return (
        seen.trouble == trouble
        and len(seen.states) == len(before)
        and all(
            (old := before.get(state.path)) is not None and old.trusted and old.signature == state.signature
            for state in seen.states
        )
    )


def hashed(root: Path, state: State, known: State | None) -> State:
    """STATE with the hash of its content, read only when it may differ from what is KNOWN."""
    if known is not None and known.trusted and known.signature == state.signature:
        return known
    from hashlib import sha256  # OpenSSL's is worth its loading here

    digest = sha256()
    try:
        for chunk in _read(root / state.path):
            digest.update(chunk)
    except OSError:
        digest.update(b"unreadable")
    return msgspec.structs.replace(state, sha256=digest.digest(), trusted=_settled(state.mtime, state.ctime))


def _read(path: Path) -> Iterator[bytes]:
    """What is in a file, as long as nothing else took its place; to open a pipe would wait for a writer."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if refuse(os.fstat(descriptor)) is not None:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        while chunk := os.read(descriptor, _CHUNK):
            yield chunk
    finally:
        os.close(descriptor)


def identity(states: Iterable[State], problems: Iterable[Problem]) -> str:
    """The name of what this program builds from files of these hashes."""
    from hashlib import sha256

    digest = sha256(f"{program()}".encode())
    for state in sorted(states, key=lambda state: state.path):
        digest.update(msgspec.msgpack.encode((state.path, state.briefing, state.kind, state.sha256)))
    digest.update(msgspec.msgpack.encode(sorted(str(problem) for problem in problems)))
    return digest.hexdigest()[:32]


@cache
def program() -> int:
    """Tells this program from others: an edition is only read by what would have built the same."""
    folder = Path(briefing.__file__).parent
    files = sorted(
        (entry.path.removeprefix(str(folder)), status.st_size, status.st_mtime_ns)
        for room in ("model", "content", "content/checks", "edition")
        for entry in os.scandir(folder / room)
        if entry.name.endswith(".py") and (status := entry.stat())
    )
    return zlib.crc32(repr((__version__, files)).encode())


def _look(root: str, path: str, briefing: str, kind: str) -> State:
    relative = _relative(root, path)
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return State(relative, briefing, kind, -1, 0, 0, 0)
    return _state(relative, briefing, kind, status)


def _state(relative: str, briefing: str, kind: str, status: os.stat_result) -> State:
    times = status.st_mtime_ns, status.st_ctime_ns
    return State(relative, briefing, kind, status.st_size, *times, status.st_ino)


def _settled(mtime: int, ctime: int) -> bool:
    """Whether a later write must show in the times; a time in the future tells nothing."""
    return max(mtime, ctime) < time.time_ns() - _GRAIN


def _relative(root: str, path: str) -> str:
    prefix = root + os.sep
    return path[len(prefix) :] if path.startswith(prefix) else os.path.relpath(path, root)
