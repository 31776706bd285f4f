"""Where building runs: in this process, or in one of its own with others that parse for it.

A process of its own leaves the reader's memory and its time to the reader.
"""

from __future__ import annotations

import shutil
import sqlite3
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import msgspec

from briefing.edition.build import UNSAFE_AND_FAST, Target, build
from briefing.edition.index import IndexWriter
from briefing.edition.ordering import update_orders
from briefing.edition.orders import Orders
from briefing.edition.pool import BuildError, Pool, cores
from briefing.edition.processes import start
from briefing.edition.progress import Progress
from briefing.edition.shelf import INDEX, ORDERS, STORE
from briefing.edition.survey import State, Survey
from briefing.edition.update import update
from briefing.model.learning import decoder


class Told(msgspec.Struct, array_like=True):
    """What the process that builds tells: progress, then the files as read, or what went wrong."""

    progress: tuple[str, int, int] | None = None
    states: list[State] | None = None
    # The number of an error of the system, and its words; or a traceback.
    error: tuple[int, str] | None = None
    trace: str = ""


def build_here(
    folder: Path, seen: Survey, progress: Progress | None, pool: Pool | None = None
) -> list[State]:
    """Build an edition in FOLDER, in this process; files are parsed by POOL when there is one."""
    (folder / INDEX).mkdir()
    database = sqlite3.connect(folder / STORE, isolation_level=None)
    scratch = folder / "scratch"
    scratch.mkdir()
    try:
        heap = 15_000_000 if pool is None else 90_000_000
        with (folder / ORDERS).open("wb") as orders, IndexWriter(folder / INDEX, heap=heap) as index:
            return build(seen, Target(database, index, orders), pool, scratch, progress)
    finally:
        database.close()
        shutil.rmtree(scratch, ignore_errors=True)


def update_here(folder: Path, seen: Survey, older: Path, before: list[State]) -> None:
    """Build an edition in FOLDER on that in OLDER, which holds the files BEFORE; SEEN are hashed."""
    shutil.copyfile(older / STORE, folder / STORE)
    _share(older / INDEX, folder / INDEX)
    database = sqlite3.connect(folder / STORE, isolation_level=None)
    try:
        database.executescript(UNSAFE_AND_FAST)
        with IndexWriter(folder / INDEX, heap=30_000_000) as index:
            changes = update(seen, before, database, index)
            with (folder / ORDERS).open("wb") as orders:
                update_orders(database, Orders(older / ORDERS), orders, changes)
            index.close()
    finally:
        database.close()


def _share(older: Path, folder: Path) -> None:
    """The files of an index in another folder too; those of its segments never change."""
    folder.mkdir()
    for path in older.iterdir():
        if path.name.endswith(".lock"):
            continue
        if path.name.endswith(".json"):  # says which segments there are
            shutil.copyfile(path, folder / path.name)
            continue
        try:
            (folder / path.name).hardlink_to(path)
        except OSError:
            shutil.copyfile(path, folder / path.name)


class Order(NamedTuple):
    """What a process is to build, and on what."""

    folder: Path
    seen: Survey
    older: Path | None = None
    before: tuple[State, ...] = ()


def build_apart(order: Order, progress: Progress | None) -> list[State]:
    """Carry out ORDER in a process of its own; it ends when this one does."""
    process, pipe = start(build_for)
    decode = decoder(Told).decode
    try:
        pipe.send(order)
        while True:
            told: Told = decode(pipe.recv_bytes())
            if told.progress is not None and progress is not None:
                progress(*told.progress)
            if told.states is not None:
                return told.states
            if told.error is not None:
                raise OSError(*told.error)
            if told.trace:
                raise BuildError(told.trace)
    except (EOFError, ConnectionError) as error:
        raise BuildError("the building process ended") from error
    finally:
        pipe.close()
        # It has nothing more to do; when it failed or we are interrupted, it is not to go on.
        process.terminate()
        process.wait()


def build_for(pipe: Connection) -> None:
    """Carry out the order that comes through PIPE, and tell through it what comes of it."""
    order: Order = pipe.recv()
    encode = msgspec.msgpack.Encoder().encode

    def tell(told: Told) -> None:
        pipe.send_bytes(encode(told))

    with suppress(BrokenPipeError, ConnectionResetError):
        try:
            if order.older is not None:
                update_here(order.folder, order.seen, order.older, list(order.before))
                states = order.seen.states
            else:
                with Pool(order.seen.root, cores()) as pool:
                    states = build_here(
                        order.folder,
                        order.seen,
                        lambda what, done, total: tell(Told(progress=(what, done, total))),
                        pool,
                    )
            tell(Told(states=states))
        except (BrokenPipeError, ConnectionResetError):
            raise
        except OSError as error:
            tell(Told(error=(error.errno or 0, error.strerror or str(error))))
        except Exception:  # noqa: BLE001 (whatever it is, the reader must know)
            tell(Told(trace=traceback.format_exc()))
