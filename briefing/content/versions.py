"""Versions of a library: its files of records in a commit or as they are on disk, and their records."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from briefing.content import codes
from briefing.content.changes import Version, version
from briefing.content.git import Blob, Contents, GitError
from briefing.content.layout import Tree
from briefing.content.library import BRIEFING_FILE, File, Library, is_briefing_name, is_utf8
from briefing.content.sanitise import sanitise_line
from briefing.content.text import Unreadable, read_bytes, read_text
from briefing.content.tree import read_items
from briefing.model.ref import SHARED, SLUG, Ref
from briefing.model.vocabulary import Kind

_KINDS = {kind.plural: kind for kind in Kind if kind is not Kind.BRIEFING}


_ID_KEY = re.compile(r"""\bid["']?\s*:\s*["']?$""")


class Place(NamedTuple):
    """Where records belong: a briefing (or the shared folder) and their kind."""

    briefing: str
    kind: Kind

    @property
    def listed(self) -> bool:
        """Whether the records are entries of a list; a briefing is a file of its own."""
        return self.kind is not Kind.BRIEFING


class Piece(NamedTuple):
    """One version of a file of records: a blob of git, or, with a path, the file as it is on disk."""

    place: Place
    blob: str
    name: str
    path: Path | None = None


class Layout:
    """Where a library's files stand in its repository."""

    def __init__(self, library: Library, prefix: str) -> None:
        root = PurePosixPath(prefix)
        # A library may be the folder of one briefing: its shared actors then stand beside it.
        single = [folder.id for folder in library.briefings if folder.path == library.root]
        self._single = single[0] if single else None
        self._root = root
        self._shared = root / SHARED if not single else root.parent / SHARED if prefix else None

    def place(self, path: PurePosixPath) -> Place | None:
        """What a file of the repository holds, or None when it is no file of records."""
        if self._shared is not None and path.is_relative_to(self._shared):
            kind = _kind(path.relative_to(self._shared).parts)
            return Place(SHARED, kind) if kind is Kind.ACTOR else None
        if not path.is_relative_to(self._root):
            return None
        parts = path.relative_to(self._root).parts
        briefing = self._single
        if briefing is None:
            briefing, parts = parts[0], parts[1:]
            if not is_briefing_name(briefing):
                return None
        kind = _kind(parts)
        return None if kind is None else Place(briefing, kind)

    def folder(self, briefing: str) -> PurePosixPath | None:
        """The folder of a briefing, or of the shared actors; None where that is outside of the repository."""
        if briefing == SHARED:
            return self._shared
        return self._root if self._single else self._root / briefing

    def folders(self) -> list[str]:
        """The folders that hold all of the library."""
        root = [str(self._root)]
        return [*root, str(self._shared)] if self._single and self._shared is not None else root

    def pieces(self, blobs: Iterable[Blob]) -> list[Piece]:
        """Those of BLOBS that are files of records."""
        placed = ((blob, self.place(blob.path)) for blob in blobs)
        return [Piece(place, blob.id, str(blob.path)) for blob, place in placed if place is not None]


def paths_of(kind: Kind, folder: PurePosixPath) -> list[str]:
    """The file and the folder in which records of KIND stand in the FOLDER of a briefing."""
    if kind is Kind.BRIEFING:
        return [str(folder / BRIEFING_FILE)]
    return [str(folder / f"{kind.plural}.yaml"), str(folder / kind.plural)]


def pieces_of(place: Place, folder: PurePosixPath, blobs: Iterable[Blob]) -> list[Piece]:
    """Those of BLOBS that are files of records of PLACE, whose briefing stands in FOLDER."""
    return [
        Piece(place, blob.id, str(blob.path))
        for blob in blobs
        if blob.path.is_relative_to(folder) and _kind(blob.path.relative_to(folder).parts) is place.kind
    ]


def _kind(parts: tuple[str, ...]) -> Kind | None:
    """Of which kind the records are in a file at PARTS of a briefing's folder."""
    match parts:
        case (name,) if name == BRIEFING_FILE:
            return Kind.BRIEFING
        case (name,) if name.endswith(".yaml"):
            return _KINDS.get(name.removesuffix(".yaml"))
        case (folder, name) if name.endswith(".yaml") and not name.startswith(".") and is_utf8(name):
            return _KINDS.get(folder)
        case _:
            return None


class Versions:
    """Reads the records of pieces; `notices` gathers, by file, what could not be read."""

    def __init__(self, contents: Contents) -> None:
        self.notices: dict[str, str] = {}
        self._contents = contents

    def records(self, piece: Piece) -> Iterator[Version]:
        """The records of PIECE that have an id."""
        text = self._text(piece)
        if text is not None:
            yield from (version(tree, piece.place.kind) for tree in self._trees(piece, text))

    def bearing(self, piece: Piece, name: str) -> Iterator[Version]:
        """The records of PIECE whose id NAME is or was."""
        text = self._text(piece)
        if text is None or name not in text:
            return
        for tree in self._trees(piece, text):
            if tree["id"] == name or name in former_ids(tree):
                yield version(tree, piece.place.kind)

    def named(self, piece: Piece, names: Collection[str]) -> dict[str, Version]:
        """The records of PIECE whose id is one of NAMES.

        Only the entries with these ids are parsed, for a log reads each version of a file that may be
        long; when they are no sound records by themselves, the whole is.
        """
        text = self._text(piece)
        entries = [] if text is None else _excerpts(text, names)
        if text is None or not entries:
            return {}
        items = [item for entry in entries for item in read_items(entry, listed=piece.place.listed)]
        trees = [item.tree for item in items if isinstance(item.tree, dict)]
        if len(trees) != len(items) or not any(tree.get("id") in names for tree in trees):
            trees = list(self._trees(piece, text))
        found: dict[str, Version] = {}
        for tree in trees:
            name = tree.get("id")
            if isinstance(name, str) and name in names and name not in found:
                found[name] = version(tree, piece.place.kind)
        return found

    def _trees(self, piece: Piece, text: str) -> Iterator[dict[str, Tree]]:
        for item in read_items(text, listed=piece.place.listed):
            if item.column == 0:
                if any(fault.code != codes.SECOND_DOCUMENT for fault in item.faults):
                    self._notice(piece, "not sound YAML, so some of its records may be missing here")
            elif isinstance(item.tree, dict) and _is_id(item.tree.get("id")):
                yield item.tree

    def is_whole(self, piece: Piece) -> bool:
        """Whether all of PIECE could be read, after its records were."""
        return _name(piece) not in self.notices

    def may_have(self, piece: Piece, name: str) -> bool:
        """Whether PIECE, which could not be read as a whole, seems to have a record of the id NAME."""
        if self.is_whole(piece):
            return False
        text = self._text(piece)
        return text is None or bool(_excerpts(text, [name]))

    def _text(self, piece: Piece) -> str | None:
        """The text of PIECE; None, and a notice, when it cannot be read."""
        try:
            if piece.path is not None:
                return read_text(piece.path)
            return self._contents.read(piece.blob).decode("utf-8-sig")
        except UnicodeDecodeError:
            self._notice(piece, "not UTF-8")
        except (Unreadable, GitError) as error:
            self._notice(piece, str(error))
        return None

    def _notice(self, piece: Piece, why: str) -> None:
        self.notices.setdefault(_name(piece), why)


def _excerpts(text: str, names: Collection[str]) -> list[str]:
    """The entries of TEXT in which an id of NAMES seems to be written; the whole when they cannot be told."""
    wanted = re.compile(rf"(?:{'|'.join(map(re.escape, names))})(?![\w-])")
    # Names are looked for first: that is fast, and few of them follow the key of an id.
    matches = [
        match for match in wanted.finditer(text) if _ID_KEY.search(text, match.start() - 20, match.start())
    ]
    dash = re.search(r"^ *- ", text, re.MULTILINE)
    if not matches or dash is None:
        return [text] if matches else []
    opening = f"\n{dash[0]}"
    entries = {}
    for match in matches:
        start = text.rfind(opening, 0, match.start()) + 1
        end = text.find(opening, match.end())
        entries[start] = text[start : end if end >= 0 else len(text)]
    return list(entries.values())


def _name(piece: Piece) -> str:
    """The piece as messages name it."""
    return sanitise_line(piece.name if piece.path else f"{piece.name} ({piece.blob[:10]})")


def on_disk(files: Iterable[File], hash_size: int) -> Iterator[Piece]:
    """The files as they are, under the hash that git would give them (SHA-1, or SHA-256 of 64 digits)."""
    for file in files:
        digest = hashlib.sha256() if hash_size == 64 else hashlib.sha1(usedforsecurity=False)
        try:
            text = read_bytes(file.path)
        except Unreadable:
            text = b""  # the reason is told when its records are read
        digest.update(b"blob %d\0" % len(text))
        digest.update(text)
        yield Piece(Place(file.briefing, file.kind), digest.hexdigest(), str(file.path), file.path)


def former_ids(record: Mapping[str, Any]) -> list[str]:
    """The ids that RECORD, sound or not, says it had before."""
    written = record.get("formerly")
    return [name for name in written if _is_id(name)] if isinstance(written, list) else []


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(SLUG, value) is not None


def ref_of(piece: Piece, record: Version) -> Ref:
    return Ref(*piece.place, record["id"])
