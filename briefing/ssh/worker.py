"""One worker process of `briefing serve`: takes connections until it is told to drain.

Started by the watcher with one end of a socket pair; it ends when the other end is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from briefing.edition.panics import own_errors_only
from briefing.ssh.log import problem, say, start_log
from briefing.ssh.metrics import memory
from briefing.ssh.settings import Serve, unpacked
from briefing.ssh.wire import (
    Answer,
    Ask,
    Count,
    Counted,
    Drain,
    Grown,
    Last,
    Leave,
    Ready,
    Refresh,
    Retire,
    Wire,
)

if TYPE_CHECKING:
    from briefing.ssh.house import House
    from briefing.ssh.shelf import Shelf

# Searches and whatever else must not hold up other readers.
THREADS = 8
# How long (seconds) a search may keep Python to itself before a key of another reader gets its turn.
SWITCH = 0.001
# Sessions are large cycles of objects; collecting them looks at every object of every session, so it is
# done a while after some have ended, or when more have ended than are there, and not, as Python would,
# whenever enough objects were made.
SWEEP, SWEEP_FEW = 2.0, 16


class DistantDoor:
    """Asks the watcher for places, so that limits hold for all workers together."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._asked: dict[int, asyncio.Future[int | str]] = {}
        self._next = 0

    async def admit(self, address: str, key: str) -> int | str:
        self._next += 1
        number = self._next
        future: asyncio.Future[int | str] = asyncio.get_running_loop().create_future()
        self._asked[number] = future
        self._wire.send(Ask(number, address, key))
        try:
            return await future
        finally:
            del self._asked[number]

    def leave(self, ticket: int) -> None:
        self._wire.send(Leave(ticket))

    def answered(self, answer: Answer) -> None:
        future = self._asked.get(answer.number)
        if future is not None and not future.done():
            future.set_result(answer.place)
        elif isinstance(answer.place, int):
            self.leave(answer.place)  # whoever asked is gone


class Sweeper:
    """Collects what ended sessions leave, some time after they ended.

    The allocators give little of it back to the system: what many readers took at once lies between the few
    things that stay. So a worker that was large, and is empty, asks that a fresh one take its place.
    """

    def __init__(self, house: House, wire: Wire) -> None:
        self._house, self._wire = house, wire
        self._due: asyncio.TimerHandle | None = None
        self._ended = 0
        gc.collect()
        self._at_first = memory()[1]
        gc.freeze()
        gc.set_threshold(20_000, 50, 1_000_000)

    def ended(self) -> None:
        """A session or a connection has ended."""
        self._ended += 1
        many = self._ended == max(len(self._house.sessions), SWEEP_FEW)
        if many and self._due is not None:
            self._due.cancel()
            self._due = None
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(0 if many else SWEEP, self._sweep)

    def _sweep(self) -> None:
        self._due, self._ended = None, 0
        gc.collect()
        more = memory()[1] - self._at_first
        if not self._house.sessions and more > self._house.serve.limits.keep_memory * 1e6:
            self._wire.send(Grown(more))


async def work(serve: Serve, key: bytes, end: socket.socket, door: socket.socket, last: Last | None) -> None:
    """Serve who comes to DOOR until retired or drained, or until the watcher is gone.

    KEY is the host key; LAST is the edition that the workers before it showed.
    """
    # Textual and asyncssh are what makes a worker large; nothing of them is needed before.
    from asyncssh import import_private_key

    from briefing.ssh.house import House
    from briefing.ssh.listener import listen
    from briefing.ssh.shelf import Shelf

    sys.setswitchinterval(SWITCH)
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="reader"))
    wire = await Wire.over(end)
    places = DistantDoor(wire)
    shelf = Shelf(serve.content, wire.send)
    await shelf.open(last)
    house = House(serve, places, shelf.reader)
    house.library = shelf.library
    house.when_ended = Sweeper(house, wire).ended
    server = await listen(house, door, import_private_key(key))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # the watcher says what to do
        loop.add_signal_handler(number, lambda: None)
    wire.send(Ready())
    retired = asyncio.Event()
    stopping: asyncio.Future[float] = loop.create_future()
    obeying = asyncio.create_task(_obey(wire, places, house, shelf, retired, stopping))
    leaving = asyncio.create_task(_leave(server, house, retired))
    ends: set[asyncio.Future[Any]] = {obeying, stopping, leaving}
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    if obeying.done():
        obeying.result()
    server.close()
    await house.drain(stopping.result() if stopping.done() else 0.0)
    wire.send(Counted(0, house.metrics.sample()))
    wire.close()


async def _leave(server: asyncio.Server, house: House, retired: asyncio.Event) -> None:
    """Once RETIRED, take nobody more, and come back when those inside have left."""
    await retired.wait()
    server.close()
    await house.emptied()


async def _obey(
    wire: Wire,
    places: DistantDoor,
    house: House,
    shelf: Shelf,
    retired: asyncio.Event,
    stopping: asyncio.Future[float],
) -> None:
    """Do what the watcher says for as long as it is there; STOPPING gets the seconds for draining."""
    refreshing: set[asyncio.Task[None]] = set()
    while (message := await wire.receive()) is not None:
        match message:
            case Answer():
                places.answered(message)
            case Count(number):
                wire.send(Counted(number, house.metrics.sample(len(asyncio.all_tasks()))))
            case Refresh():
                task = asyncio.create_task(shelf.open())
                refreshing.add(task)
                task.add_done_callback(refreshing.discard)
            case Retire():
                retired.set()
            case Drain(seconds) if stopping.done():
                house.closes_at = time.monotonic() + seconds
            case Drain(seconds):
                # Places that were asked for are still given, and numbers told, while sessions end.
                stopping.set_result(seconds)
            case _:
                problem("not a message for a worker", message=type(message).__name__)
    if not stopping.done():
        say("the watcher is gone, closing")
        stopping.set_result(1.0)


def main(wire: int, door: int, *last: str) -> None:
    end = socket.socket(fileno=wire)
    serve, key = unpacked(_part(end)), _part(end)
    # A panic of the search engine comes as an error too, and has its line in the log.
    with own_errors_only():
        start_log(serve.log)
        try:
            asyncio.run(
                work(
                    serve,
                    key,
                    end,
                    socket.socket(fileno=door),
                    Last(os.fsencode(last[0]), last[1]) if last else None,
                )
            )
        except Exception as error:  # noqa: BLE001  # the last thing said before the process ends
            problem("worker failed", error)
            sys.exit(1)
        with contextlib.suppress(OSError):
            sys.stderr.flush()
        os._exit(0)  # threads of a search that nobody waits for any more must not hold up the end


def _part(end: socket.socket) -> bytes:
    """One of the things that the watcher gives a worker to begin with."""
    return _exactly(end, int.from_bytes(_exactly(end, 4), "big"))


def _exactly(end: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = end.recv(size - len(data))
        if not piece:
            sys.exit(1)
        data += piece
    return data


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
