"""How records changed, told from the git repository that holds them.

Git alone is asked, by argument lists and never through a shell, and nothing is checked out: old versions are
read as text out of its objects and understood by the loader that reads today's, so a change is a change of
what the records say, not of lines. A record is known by its id, and by the ids it names under `formerly`;
in which file of its kind it stands, and where in it, is nothing about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import PurePosixPath
from types import TracebackType
from typing import NamedTuple, Self

from briefing.content.changes import FieldChange, Version, What, became, compare
from briefing.content.git import Commit, GitError, Repository
from briefing.content.library import Library
from briefing.content.sanitise import sanitise_line
from briefing.content.versions import (
    Layout,
    Piece,
    Place,
    Versions,
    former_ids,
    on_disk,
    paths_of,
    pieces_of,
    ref_of,
)
from briefing.model.ref import SHARED, Ref
from briefing.model.vocabulary import Kind

# Versions of a record that a log keeps: the one before a commit is the one after an earlier.
_KEPT = 16


class RecordChange(NamedTuple):
    """What became of one record, and its versions: a new one has none before, a removed one none after."""

    ref: Ref
    what: What
    before: Version | None
    after: Version | None

    @property
    def fields(self) -> tuple[FieldChange, ...]:
        """What differs, of a record that was there before and after."""
        return () if self.before is None or self.after is None else compare(self.before, self.after)

    @property
    def newest(self) -> Version:
        return self.after or self.before or {}


class Step(NamedTuple):
    """One change in a record's history; without a commit it is not committed yet.

    `beginning`: a shallow clone begins with this commit, so what was before it is not known.
    """

    commit: Commit | None
    change: RecordChange
    beginning: bool = False


class History:
    """The history of a library, while it is open: a context manager."""

    def __init__(self, library: Library) -> None:
        self._repository = Repository(library.root)
        self._head = self._repository.commit("HEAD")
        self._library = library
        self._layout = Layout(library, self._repository.prefix)
        self._open = ExitStack()
        self._versions = Versions(self._open.enter_context(self._repository.contents()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def notices(self) -> list[str]:
        """What could not be read so far."""
        return [f"{name}: {why}" for name, why in self._versions.notices.items()]

    def find(self, briefing: str | None, kind: Kind | None, name: str) -> list[Ref]:
        """The records whose id the slug NAME is, else those whose it once was, removed ones last."""
        return (
            self._bearing(self._on_disk(briefing, kind), name)
            # A file that is broken, as in a merge, may have it still.
            or self._bearing((p for p in self._tree(self._head) if _fits(p.place, briefing, kind)), name)
            or self._gone(briefing, kind, name)
        )

    def _bearing(self, pieces: Iterable[Piece], name: str) -> list[Ref]:
        """The records of PIECES whose id NAME is, else those whose it once was."""
        found: dict[Ref, None] = {}
        former: dict[Ref, None] = {}
        for piece in pieces:
            for record in self._versions.bearing(piece, name):
                bearers = found if record["id"] == name else former
                bearers[ref_of(piece, record)] = None
        return list(found or former)

    def _gone(self, briefing: str | None, kind: Kind | None, name: str) -> list[Ref]:
        """The records of the id NAME that the history had last."""
        pattern = f"(^|[^a-z0-9-])id: *[\"']?{name}([^a-z0-9-]|$)"
        folder = None if briefing is None else self._layout.folder(briefing)
        paths = self._layout.folders() if folder is None or kind is None else paths_of(kind, folder)
        files = self._repository.last_with(self._head, pattern, paths)
        places = dict.fromkeys(filter(None, map(self._layout.place, files)))
        return [Ref(*place, name) for place in places if _fits(place, briefing, kind)]

    def log(self, ref: Ref) -> Iterator[Step]:
        """What became of the record REF, newest first."""
        place = Place(ref.briefing, ref.kind)
        finder = _Finder(self._versions, ref.id)
        now = finder.find(self._now(*place))
        head = finder.find(piece for piece in self._tree(self._head) if piece.place == place)
        if now.known and head.known and now.record != head.record:
            yield Step(None, _change(ref, head.record, now.record))
        start, folder = self._head, self._layout.folder(place.briefing)
        while folder is not None:
            former = yield from self._log(ref, finder, start, folder)
            if former is None:
                return
            start, folder = former

    def _log(
        self, ref: Ref, finder: _Finder, start: str, folder: PurePosixPath
    ) -> Generator[Step, None, tuple[str, PurePosixPath] | None]:
        """What became of the record REF in the FOLDER of its briefing up to the commit START, newest first.

        Where the folder was another one before, gives the commit up to which it was, and that folder.
        """
        place = Place(ref.briefing, ref.kind)
        repaired: tuple[Commit, _Found] | None = None
        for commit in self._repository.log(start, paths_of(place.kind, folder)):
            after = finder.find(pieces_of(place, folder, commit.after))
            parents = [finder.find(pieces_of(place, folder, blobs)) for blobs in commit.before]
            teller = commit
            if not after.known:
                # What changed while the file was broken is told of the commit that repaired it.
                if repaired is None:
                    continue
                teller, after = repaired
            repaired = None
            if not all(parent.known for parent in parents):
                repaired = teller, after
            elif all(parent.record != after.record for parent in parents):
                former = None
                was_nowhere = all(parent.record is None for parent in parents)
                for former in self._former(commit, folder) if was_nowhere else ():
                    if ref.kind is Kind.BRIEFING:
                        finder.also(former[1].name)
                    parents = [finder.find(self._pieces_in(former[0], place, former[1]))]
                    if parents[0].record is not None:
                        break
                if parents[0].record != after.record:
                    change = _change(ref, parents[0].record, after.record)
                    yield Step(teller, change, commit.id in self._repository.beginnings)
                if former is not None and parents[0].record is not None:
                    return former
        return None

    def _former(self, commit: Commit, folder: PurePosixPath) -> Iterator[tuple[str, PurePosixPath]]:
        """The commit before COMMIT and the name of FOLDER then, if COMMIT renamed it; the likeliest first.

        They may be several: files that hold little are like those of any briefing.
        """
        if commit.id in self._repository.beginnings:
            return
        folders: Counter[PurePosixPath] = Counter()
        for old, new in self._repository.renamed(commit.id):
            inside = new.relative_to(folder) if new.is_relative_to(folder) else None
            if inside is not None and old.parts[-len(inside.parts) :] == inside.parts:
                folders[old.parents[len(inside.parts) - 1]] += 1
        for former, _ in folders.most_common():
            yield self._repository.commit(f"{commit.id}^"), former

    def _pieces_in(self, commit: str, place: Place, folder: PurePosixPath) -> list[Piece]:
        files = self._repository.files(commit, paths_of(place.kind, folder))
        return pieces_of(place, folder, files)

    def diff(self, first: str, second: str | None, briefing: str | None = None) -> Iterator[RecordChange]:
        """What became of the records from revision FIRST to SECOND, or to the files as they are."""
        old = self._tree(self._repository.commit(first))
        new = list(self._now()) if second is None else self._tree(self._repository.commit(second))
        if briefing is not None and all(piece.place.briefing != briefing for piece in (*old, *new)):
            raise GitError(f"neither revision has a briefing “{sanitise_line(briefing)}”")
        old = self._renamed(old, new, briefing)
        same = {piece[:2] for piece in old} & {piece[:2] for piece in new}
        groups: dict[Place, tuple[list[Piece], list[Piece]]] = {}
        for side, pieces in enumerate((old, new)):
            for piece in pieces:
                if piece[:2] not in same and _fits(piece.place, briefing, None):
                    groups.setdefault(piece.place, ([], []))[side].append(piece)
        order = list(Kind)
        for place in sorted(groups, key=lambda place: (place.briefing, order.index(place.kind))):
            left, right = groups[place]
            for change in _changes(place, self._all(left), self._all(right)):
                # What cannot be read in a broken file, as in a merge, has not come or gone.
                missing = {What.ADDED: left, What.REMOVED: right}.get(change.what, ())
                if not any(self._versions.may_have(piece, change.ref.id) for piece in missing):
                    yield change

    def _renamed(self, old: list[Piece], new: list[Piece], asked: str | None) -> list[Piece]:
        """The pieces OLD under the names of the NEW ones, where a briefing's folder was renamed since.

        It is taken for the same where half of its records have the ids that they had, and any of them is as
        it was; one that is ASKED for stays what it was.
        """
        before, after = ({piece.place.briefing for piece in pieces} for pieces in (old, new))
        same = {piece.blob for piece in old} & {piece.blob for piece in new}
        left = [piece for piece in old if piece.place.briefing not in {*after, asked}]
        gone = self._prints(left, same)
        came = self._prints([p for p in new if p.place.briefing not in before] if gone else [], same)
        names: dict[str, str] = {}
        for now, prints in came.items():
            alike = {
                name: len(prints.items() & others.items())
                for name, others in gone.items()
                if name not in names
                and len(prints.keys() & others.keys()) * 2 >= min(len(prints), len(others))
            }
            likest = max(alike, key=alike.__getitem__, default=None)
            if likest is not None and alike[likest]:
                names[likest] = now
        now_called = [names.get(piece.place.briefing, piece.place.briefing) for piece in old]
        return [
            piece._replace(place=piece.place._replace(briefing=name))
            for piece, name in zip(old, now_called, strict=True)
        ]

    def _prints(self, pieces: list[Piece], same: set[str]) -> dict[str, dict[tuple[Kind, str], int]]:
        """By briefing, the records of PIECES, the briefing aside, each as a number that few share.

        Of the files that are the SAME before and after, one speaks for all.
        """
        prints: dict[str, dict[tuple[Kind, str], int]] = {}
        for piece in pieces:
            place = piece.place
            of_briefing = prints.setdefault(place.briefing, {})
            records = self._versions.records(piece) if place.listed else ()
            for record in islice(records, 1 if piece.blob in same else None):
                of_briefing[place.kind, record["id"]] = hash(repr(record))
        return prints

    def _all(self, pieces: list[Piece]) -> dict[str, Version]:
        """The records of PIECES by id; of two that bear one, the first."""
        found: dict[str, Version] = {}
        for piece in pieces:
            for record in self._versions.records(piece):
                found.setdefault(record["id"], record)
        return found

    def _tree(self, commit: str) -> list[Piece]:
        pieces = self._layout.pieces(self._repository.files(commit, self._layout.folders()))
        # A folder without briefing.yaml is none, here as on disk.
        read = {SHARED, *(piece.place.briefing for piece in pieces if not piece.place.listed)}
        return [piece for piece in pieces if piece.place.briefing in read]

    def _on_disk(self, briefing: str | None = None, kind: Kind | None = None) -> Iterator[Piece]:
        files = [
            file for file in self._library.files if _fits(Place(file.briefing, file.kind), briefing, kind)
        ]
        return on_disk(files, len(self._head))

    def _now(self, briefing: str | None = None, kind: Kind | None = None) -> Iterator[Piece]:
        """The files as they are: on disk, or left out of it by a sparse checkout; none behind links, as git
        has these."""
        on_disk = self._on_disk(briefing, kind)
        linked = self._library.folders is None
        yield from (piece for piece in on_disk if not linked or self._is_there(piece))
        left_out = self._layout.pieces(self._repository.left_out(self._layout.folders()))
        yield from (piece for piece in left_out if _fits(piece.place, briefing, kind))

    def _is_there(self, piece: Piece) -> bool:
        """Whether the file of PIECE lies where its name says, and not where a link leads."""
        assert piece.path is not None
        path, top = piece.path.resolve(), self._repository.top
        return (
            path.is_relative_to(top)
            and self._layout.place(PurePosixPath(path.relative_to(top))) == piece.place
        )


class _Found(NamedTuple):
    """A version of a record; not `known` when it is missing from files that are broken."""

    record: Version | None
    known: bool = True


class _Finder:
    """Finds one record in versions of its files, under the ids that it had."""

    def __init__(self, versions: Versions, name: str) -> None:
        self._versions = versions
        self._names = [name]
        self._kept: dict[tuple[str, ...], _Found] = {}

    def also(self, name: str) -> None:
        """Find it under NAME too."""
        self._names.append(name)

    def find(self, pieces: Iterable[Piece]) -> _Found:
        pieces = list(pieces)
        key = (*(piece.blob for piece in pieces), *self._names)
        found = self._kept.get(key) or self._find(pieces)
        self._kept[key] = found
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        if found.record is not None:
            self._names += [name for name in former_ids(found.record) if name not in self._names]
        return found

    def _find(self, pieces: list[Piece]) -> _Found:
        found: dict[str, Version] = {}
        for piece in pieces:
            found = self._versions.named(piece, self._names) | found
        best = next((name for name in self._names if name in found), None)
        if best is not None:
            return _Found(found[best])
        return _Found(None, all(map(self._versions.is_whole, pieces)))


def _fits(place: Place, briefing: str | None, kind: Kind | None) -> bool:
    return briefing in (None, place.briefing) and kind in (None, place.kind)


def _change(ref: Ref, before: Version | None, after: Version | None) -> RecordChange:
    return RecordChange(ref, became(before, after), before, after)


def _changes(place: Place, old: dict[str, Version], new: dict[str, Version]) -> Iterator[RecordChange]:
    """What became of the records of one place, the new ones' order first, then what is gone."""
    left = {name: record for name, record in old.items() if name not in new}
    for name, after in new.items():
        before = old.get(name)
        if before is None:
            past = next((past for past in former_ids(after) if past in left), name)
            if not place.listed:  # of a folder that was renamed
                past = next(iter(left), name)
            former = left.pop(past, None)
            yield _change(Ref(*place, name), former, after)
        elif before != after:
            yield _change(Ref(*place, name), before, after)
    for name, before in left.items():
        yield _change(Ref(*place, name), before, None)
