"""Finding the briefings of a folder and the files they are made of; nothing is parsed here.

Only regular files inside the library are ever opened: what else lies in their place (a pipe, a
device, a link to somewhere else) becomes a problem, because reading it could hang or leak.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from briefing.content import codes
from briefing.content.problem import Problem
from briefing.model.ref import SHARED, SLUG_MAX, SLUG_PATTERN
from briefing.model.vocabulary import Kind

BRIEFING_FILE = "briefing.yaml"
VERIFIED_FILE = "verified.yaml"
TEXTS_FOLDER = "texts"
# Beyond this a list belongs in a folder of files, and a stranger's file would fill the memory.
FILE_BYTES_MAX = 32 * 1024 * 1024
_PLACES = {kind: place for place, kind in enumerate(Kind)}
_STEMS: dict[str, Kind] = {kind.plural: kind for kind in Kind if kind is not Kind.BRIEFING}


class LibraryError(Exception):
    """The folder cannot be read as a library at all; the message says why and what to do."""


class File(NamedTuple):
    """One YAML file: records of KIND that belong to BRIEFING (the shared folder's name for shared ones).

    Its path is kept as text: there may be thousands of files, and most are only looked at.
    """

    location: str
    kind: Kind
    briefing: str
    # As it was when the folder was looked through.
    status: os.stat_result | None = None

    @property
    def path(self) -> Path:
        return Path(self.location)

    @property
    def inside(self) -> str:
        """Its path inside the briefing's folder, safe to show."""
        name = self.path.name
        in_folder = self.path.parent.name == self.kind.plural
        return _shown(Path(self.kind.plural, name) if in_folder else Path(name))


class Folder(NamedTuple):
    """One briefing, named by its folder, and its files."""

    id: str
    path: Path
    files: tuple[File, ...]
    # Of verified.yaml, as it was when the folder was looked through; None where there is none to be read.
    verified: os.stat_result | None = None


class Library(NamedTuple):
    """A folder of briefings; `shared` holds the files of actors that all of them may name."""

    root: Path
    briefings: tuple[Folder, ...]
    shared: tuple[File, ...]
    problems: tuple[Problem, ...]
    # The folders that were looked through, as they were; None where links lead elsewhere, of which these
    # tell nothing.
    folders: dict[str, os.stat_result] | None
    # Briefings and the kinds of which a file could not be opened, or has a name that nearly is that of one:
    # their records may be there nevertheless.
    unread: frozenset[tuple[str, Kind]] = frozenset()

    @property
    def files(self) -> Iterator[File]:
        """Every file: the shared ones first, because briefings' actors build on them."""
        yield from self.shared
        for folder in self.briefings:
            yield from folder.files


def find_library(path: Path) -> Library:
    """The library at PATH: a folder of briefings, or the folder of one.

    Raises LibraryError when there is no such folder, it cannot be read, or it holds no briefing.
    """
    try:
        if not path.is_dir():
            raise LibraryError(
                f"{_shown(path)}: {'a file, not a folder' if path.exists() else 'no such folder'}"
            )
        single = (path / BRIEFING_FILE).exists()
        beside = path / ".." if path.name in ("", "..") else path.parent
        finder = _Finder(beside if single and (beside / SHARED).is_dir() else path)
        if single:
            name = path.name if is_briefing_name(path.name) else path.resolve().name
            briefings = finder.briefing(path, name, finder.scan(path))
            finder.watch(beside)  # where the shared folder may come to be
            shared = finder.shared(beside)
        else:
            briefings = [folder for entry in finder.scan(path) for folder in finder.entry(entry)]
            shared = finder.shared(path)
    except OSError as error:
        raise LibraryError(f"{_shown(path)}: cannot be read: {error.strerror or error}") from error
    if not briefings and not finder.problems:
        what = "the folder is empty" if not finder.scan(path) else "not a library"
        way_out = f"a library holds folders with a {BRIEFING_FILE} (see: briefing new DIR)"
        if finder.nested:
            way_out = f"one that holds briefings is {_shown(finder.nested[0].parent)}"
        raise LibraryError(f"{_shown(path)}: {what}; {way_out}")
    for nested in finder.nested:
        finder.report(codes.NO_BRIEFING, nested, "briefings lie in the library's own folder; not read")
    folders = None if finder.linked else finder.folders
    unread = frozenset(finder.unread)
    return Library(path, tuple(briefings), tuple(shared), tuple(finder.problems), folders, unread)


def _shown(path: Path) -> str:
    # Imported for what goes wrong only: the patterns of the sanitiser take a while to compile.
    from briefing.content.sanitise import sanitise_line

    return sanitise_line(str(path))


def is_briefing_name(name: str) -> bool:
    """Whether a folder of this name can be a briefing."""
    return len(name) <= SLUG_MAX and re.fullmatch(SLUG_PATTERN, name) is not None


def is_utf8(name: str) -> bool:
    """Whether the name of a file is text: any bytes may be one, and nothing is kept under such."""
    return name.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in name)


def folder_at(path: Path) -> tuple[int, int] | None:
    """Which folder stands at PATH, by the system's numbers; None when there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


class _Finder:
    """Walks a library's folders and gathers what is wrong with them."""

    def __init__(self, root: Path) -> None:
        self.problems: list[Problem] = []
        self.folders: dict[str, os.stat_result] = {}
        self.unread: set[tuple[str, Kind]] = set()
        self.nested: list[Path] = []
        self.linked = False
        self._root = root.resolve()

    def watch(self, path: Path | str) -> None:
        """Remember how a folder is now."""
        self.folders[str(path)] = os.stat(path)  # noqa: PTH116

    def scan(self, path: Path | str) -> list[os.DirEntry[str]]:
        """What is in a folder, by name."""
        self.watch(path)  # before its entries, so that none is missed
        with os.scandir(path) as entries:
            found = sorted(entries, key=attrgetter("name"))
        self.linked = self.linked or any(entry.is_symlink() for entry in found)
        return found

    def entry(self, entry: os.DirEntry[str]) -> list[Folder]:
        """The briefing that a folder of the library is, if it is one."""
        name = entry.name
        if name.startswith(".") or name == SHARED or not self._is_folder(entry):
            return []
        path = Path(entry.path)
        found = self._scan_or_report(path)
        if found is None:
            return []
        inside = {child.name for child in found}
        if BRIEFING_FILE in inside:
            return self.briefing(path, name, found)
        if any(f"{stem}.yaml" in inside for stem in _STEMS):
            self.report(codes.NO_BRIEFING, path, f"the folder has no {BRIEFING_FILE}, so it is not read")
        for child in found:
            self._note_nested(child)
        return []

    def _note_nested(self, entry: os.DirEntry[str]) -> None:
        """Note a briefing that lies deeper than briefings do."""
        if entry.name.startswith(".") or not entry.is_dir(follow_symlinks=False):
            return
        with suppress(OSError):  # what may not be looked into is none of the library's
            self.watch(entry.path)
            os.stat(os.path.join(entry.path, BRIEFING_FILE))  # noqa: PTH116, PTH118
            self.nested.append(Path(entry.path))

    def _scan_or_report(self, path: Path) -> list[os.DirEntry[str]] | None:
        """What is in a folder of the library, by name; None where that cannot be read."""
        try:
            return self.scan(path)
        except OSError as error:
            self.report(codes.UNREADABLE, path, f"cannot be read: {error.strerror or error}")
            return None

    def briefing(self, path: Path, name: str, found: list[os.DirEntry[str]]) -> list[Folder]:
        """The briefing NAME in the folder PATH, which holds what was FOUND there."""
        if not is_briefing_name(name):
            self.report(codes.FOLDER_NAME, path, "a briefing's folder must be named by an id (a-z, 0-9, -)")
            return []
        files = [file for entry in found for file in self._files(entry, name, {BRIEFING_FILE: Kind.BRIEFING})]
        # The list of a kind before the files of the kind's folder.
        below = len(str(path)) + 1
        files.sort(key=lambda file: (_PLACES[file.kind], os.sep in file.location[below:]))
        verified = next((self._status(entry) for entry in found if entry.name == VERIFIED_FILE), None)
        return [Folder(name, path, tuple(files), verified)]

    def shared(self, path: Path) -> list[File]:
        """The files of shared actors beside the briefings in PATH."""
        folder = path / SHARED
        if not folder.is_dir():
            return []
        self.linked = self.linked or folder.is_symlink()
        found = None
        if folder.resolve().is_relative_to(self._root):
            found = self._scan_or_report(folder)
        else:
            self.report(codes.OUTSIDE, folder, "the link leads out of the library; it is not followed")
        if found is None:
            self.unread.add((SHARED, Kind.ACTOR))
            return []
        files = []
        for entry in found:
            for file in self._files(entry, SHARED, {}):
                if file.kind is Kind.ACTOR:
                    files.append(file)
                else:
                    self.report(codes.UNKNOWN_FILE, file.path, f"{SHARED} holds actors only; not read")
        return files

    def _files(self, entry: os.DirEntry[str], briefing: str, named: dict[str, Kind]) -> Iterator[File]:
        """The files that one entry of a briefing's folder stands for."""
        name = entry.name
        if name.startswith(".") or name in (TEXTS_FOLDER, VERIFIED_FILE):
            return
        if (kind := _STEMS.get(name)) is not None and (entry.is_symlink() or entry.is_dir()):
            found = self._scan_or_report(Path(entry.path)) if self._is_inside(entry) else None
            if found is None:
                self.unread.add((briefing, kind))
                return
            for child in found:
                if child.name.startswith("."):
                    continue
                if not child.name.endswith(".yaml"):
                    self.report(codes.UNKNOWN_FILE, Path(child.path), "not a .yaml file; not read")
                elif (status := self._status(child)) is not None:
                    yield File(child.path, kind, briefing, status)
                else:
                    self.unread.add((briefing, kind))
            return
        stem = name.removesuffix(".yaml")
        kind = named.get(name) or (_STEMS.get(stem) if stem != name else None)
        if kind is None:
            if name.endswith((".yaml", ".yml")):
                self._unknown(Path(entry.path), name, briefing)
            self._note_nested(entry)
        elif (status := self._status(entry)) is not None:
            yield File(entry.path, kind, briefing, status)
        else:
            self.unread.add((briefing, kind))

    def _unknown(self, path: Path, name: str, briefing: str) -> None:
        from difflib import get_close_matches

        known = [BRIEFING_FILE, *(f"{stem}.yaml" for stem in _STEMS)]
        close = get_close_matches(name, known, n=1, cutoff=0.75)
        ending = f'; did you mean "{close[0]}"?' if close else ""
        if close and (meant := _STEMS.get(close[0].removesuffix(".yaml"))) is not None:
            self.unread.add((briefing, meant))  # who names its records is not told that they are missing
        self.report(codes.UNKNOWN_FILE, path, f"no kind of record has a file of this name{ending}")

    def _is_folder(self, entry: os.DirEntry[str]) -> bool:
        try:
            return entry.is_dir() and self._is_inside(entry)
        except OSError:
            return False

    def _is_inside(self, entry: os.DirEntry[str]) -> bool:
        path = Path(entry.path)
        # Not resolve(), which fails at a link in a circle.
        if not entry.is_symlink() or Path(os.path.realpath(path)).is_relative_to(self._root):
            return True
        self.report(codes.OUTSIDE, path, "the link leads out of the library; it is not followed")
        return False

    def _status(self, entry: os.DirEntry[str]) -> os.stat_result | None:
        """The status of a file that may be opened; reports why it may not."""
        if not is_utf8(entry.name):
            self.report(codes.NOT_UTF8, Path(entry.path), "its name is not UTF-8; not read")
            return None
        try:
            if not self._is_inside(entry):
                return None
            status = entry.stat()
        except OSError as error:  # a link in a circle, or to nothing
            self.report(codes.UNREADABLE, Path(entry.path), f"cannot be read: {error.strerror or error}")
            return None
        refusal = refuse(status)
        if refusal is not None:
            self.report(refusal[0], Path(entry.path), refusal[1])
            return None
        return status

    def report(self, code: str, path: Path, message: str) -> None:
        self.problems.append(codes.problem(code, message, file=_shown(path)))


def refuse(status: os.stat_result) -> tuple[str, str] | None:
    """The code and message why a file of this status is not read, or None when it may be."""
    if not stat.S_ISREG(status.st_mode):
        return codes.NOT_REGULAR, "not a regular file; it is not opened"
    if status.st_size > FILE_BYTES_MAX:
        size, limit = status.st_size // 2**20, FILE_BYTES_MAX // 2**20
        return codes.TOO_LARGE, f"{size} MiB, over the limit of {limit} MiB; split it into a folder of files"
    return None
