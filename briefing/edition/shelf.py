"""Where editions are kept: a folder a library in the cache, a folder an edition in it.

    LIBRARY/current          which edition is the newest, and the files it was built from
    LIBRARY/building         held by the one builder; a lock dies with its process
    LIBRARY/NAME/            an edition, named by its content, never changed once it stands there
    LIBRARY/NAME/reading     held, shared, by everyone who reads it
    LIBRARY/.NAME-XXXX/      an edition being built, or one being removed

An edition comes to stand under its name by one rename, and `current` is replaced by another, so
nobody sees half of either. Who reads an edition holds its lock; others are removed by the next builder.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from briefing.edition.hashes import sha256
from briefing.edition.home import own_folder
from briefing.edition.survey import Signature, State, Survey, program
from briefing.model.learning import decoder

STORE, ORDERS, INDEX = "store.db", "orders", "index"
_MANIFEST = "manifest"
_READING = "reading"
# Up to this size an edition is checked whole when it is opened; beyond, by what is read of it.
_CHECKED_WHOLE = 4 << 20


class Pointer(msgspec.Struct, frozen=True):
    """The newest edition of a library and what it was built from (`Survey`)."""

    name: str
    states: list[State]
    trouble: int
    folders: dict[str, Signature]
    program: int


class Manifest(msgspec.Struct, frozen=True):
    """The files of an edition: their sizes; the checksums of all when small, else of what has none itself."""

    sizes: dict[str, int]
    checksums: dict[str, int]


class Busy(Exception):
    """Somebody else is building."""


def cache_folder(override: Path | None = None) -> Path:
    """The folder of all editions: ``$XDG_CACHE_HOME/briefing`` unless told otherwise."""
    return override or own_folder("CACHE")


class Shelf:
    """The editions of one library."""

    def __init__(self, cache: Path, root: Path) -> None:
        self.folder = cache / sha256(os.fsencode(root)).hexdigest()[:24]

    def current(self) -> Pointer | None:
        """What the newest edition is; None when there is none that this program can read."""
        try:
            sealed = (self.folder / "current").read_bytes()
            pointer: Pointer = decoder(Pointer).decode(_checked(sealed))
        except (OSError, msgspec.MsgspecError, ValueError):
            return None
        return pointer if pointer.program == program() else None

    def take(self, name: str) -> tuple[Path, int] | None:
        """The folder of edition NAME and a descriptor that keeps it from being removed; None if damaged.

        The descriptor is closed by whoever reads the edition, or with the process.
        """
        folder = self.folder / name
        try:
            lock = os.open(folder / _READING, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        with suppress(OSError):  # a file system may have no locks
            fcntl.flock(lock, fcntl.LOCK_SH)
            # It may have been moved away to be removed between the two calls.
            if os.path.samestat(os.fstat(lock), os.stat(folder / _READING)) and is_sound(folder):  # noqa: PTH116
                return folder, lock
        os.close(lock)
        return None

    @contextmanager
    def building(self, *, wait: bool) -> Iterator[None]:
        """Be the one builder; waits for another or, unless WAIT, raises Busy. Needs a writable cache."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self.folder / "building", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError as error:
                raise Busy from error
            self.sweep()
            yield
        finally:
            os.close(lock)

    def workplace(self) -> Path:
        """A new folder to build in; what is left there is removed by the next builder."""
        return self._new_folder("building")

    def publish(self, workplace: Path, name: str) -> None:
        """Put what was built into its place."""
        complete(workplace)
        if (self.folder / name).exists():  # a damaged one; whoever reads it finds this one instead
            self._move_away(self.folder / name)
        workplace.rename(self.folder / name)

    def point(self, name: str, built: Survey) -> None:
        """Make NAME, which was BUILT from that, the newest edition."""
        import tempfile

        body = msgspec.msgpack.encode(Pointer(name, built.states, built.trouble, built.folders, program()))
        descriptor, temporary = tempfile.mkstemp(prefix=".", suffix="-current", dir=self.folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(zlib.crc32(body).to_bytes(4) + body)
            Path(temporary).replace(self.folder / "current")
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def discard(self, name: str, lock: int) -> None:
        """Move a damaged edition out of the way; for the builder. LOCK tells it from one built since."""
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(lock), os.stat(self.folder / name / _READING)):  # noqa: PTH116
                self._move_away(self.folder / name)

    def sweep(self) -> None:
        """Remove what killed builders left, and editions neither newest nor being read; for the builder."""
        pointer = self.current()
        keep = {"current", "building", pointer.name if pointer else ""}
        for name in set(os.listdir(self.folder)) - keep:  # noqa: PTH208
            path = self.folder / name
            with suppress(OSError):  # what cannot be removed, another user's say, keeps nothing else
                if path.is_symlink() or not path.is_dir():
                    path.unlink(missing_ok=True)
                elif name.startswith("."):
                    remove(path)
                else:
                    self._retire(path)

    def _retire(self, folder: Path) -> None:
        """Remove an edition unless somebody reads it: out of reach first, so that none is met half gone."""
        lock = os.open(folder / _READING, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(self._move_away(folder))
        except BlockingIOError:
            return
        finally:
            os.close(lock)

    def _move_away(self, folder: Path) -> Path:
        away = self._new_folder("old")
        folder.rename(away / "old")
        return away

    def _new_folder(self, what: str) -> Path:
        # Imported by who builds: to open an edition takes none of it.
        import tempfile

        return Path(tempfile.mkdtemp(prefix=".", suffix=f"-{what}", dir=self.folder))


def remove(folder: Path) -> None:
    """Remove FOLDER and all in it, as far as that can be done."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def complete(folder: Path) -> None:
    """Write the manifest of a built edition and the file that its readers lock."""
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in _files(folder)}
    whole = sum(sizes.values()) <= _CHECKED_WHOLE
    checksums = {
        name: zlib.crc32((folder / name).read_bytes()) for name in sizes if whole or name.endswith(".json")
    }
    body = msgspec.msgpack.encode(Manifest(sizes, checksums))
    (folder / _MANIFEST).write_bytes(zlib.crc32(body).to_bytes(4) + body)
    (folder / _READING).touch()


def is_sound(folder: Path) -> bool:
    """Whether the edition's files are what its manifest says, as far as that is cheap to see."""
    try:
        sealed = _checked((folder / _MANIFEST).read_bytes())
        manifest: Manifest = decoder(Manifest).decode(sealed)
        return all((folder / name).stat().st_size == size for name, size in manifest.sizes.items()) and all(
            zlib.crc32((folder / name).read_bytes()) == checksum
            for name, checksum in manifest.checksums.items()
        )
    except (OSError, msgspec.MsgspecError, ValueError):
        return False


def _files(folder: Path) -> Iterator[Path]:
    """What of an edition is read: not the locks that tantivy leaves."""
    yield folder / STORE
    yield folder / ORDERS
    yield from sorted(path for path in (folder / INDEX).iterdir() if not path.name.endswith(".lock"))


def _checked(sealed: bytes) -> bytes:
    body = sealed[4:]
    if zlib.crc32(body).to_bytes(4) != sealed[:4]:
        raise ValueError("damaged")
    return body
