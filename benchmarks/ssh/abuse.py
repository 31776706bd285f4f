"""Guests who come and go, too many of them, and some who never read; and what the others notice."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from benchmarks.libraries import CACHE, edition, library
from benchmarks.report import Figure, percentile
from benchmarks.ssh.process import descriptors, resident, threads
from benchmarks.ssh.seat import Seat, sit_down
from benchmarks.ssh.server import Server, serve
from briefing.ssh.settings import Limits

COMING, AT_ONCE = 1000, 20
CAP, MORE = 500, 50
DEAF, FLOOD = 200, 40
# A connection cut at a random moment of its first screen.
LONGEST = 0.4
# After all have gone, the server sweeps, and fresh workers take the place of large ones.
SETTLE = 30.0
# What a worker may keep (MB), beyond what it starts with: the server's default.
KEPT = Limits().keep_memory
OPTIONS = ("--sessions", str(CAP), "--per-address", str(CAP))
PATIENCE = 10.0


@dataclass(frozen=True)
class Held:
    """What the workers hold: memory (MB), descriptors, threads, tasks, and sessions that they count."""

    memory: float
    descriptors: int
    threads: int
    tasks: float
    sessions: float


def held(server: Server) -> Held:
    workers = server.workers()
    return Held(
        sum(map(resident, workers)),
        sum(map(descriptors, workers)),
        sum(map(threads, workers)),
        server.total("tasks"),
        server.number("sessions"),
    )


async def after_all(server: Server, before: Held) -> Held:
    """What is held once nothing more is let go of."""
    deadline = time.monotonic() + SETTLE
    now = await asyncio.to_thread(held, server)
    while time.monotonic() < deadline and (
        now.sessions or now.descriptors > before.descriptors or now.tasks > before.tasks
    ):
        await asyncio.sleep(1)
        now = await asyncio.to_thread(held, server)
    await asyncio.sleep(3)  # the sweep comes a little after the last
    while len(server.events("worker replaced")) < len(server.events("worker has grown")):
        await asyncio.sleep(0.1)
    return await asyncio.to_thread(held, server)


@contextlib.asynccontextmanager
async def reading(port: int, waits: list[float]) -> AsyncIterator[None]:
    """Somebody reads all the while; WAITS gets the milliseconds of each key."""
    seat = await sit_down(port)
    await seat.until("Library")
    await seat.press("\r")
    await seat.press("5")
    stop = asyncio.Event()

    async def read() -> None:
        key = "j"
        while not stop.is_set():
            since, seat.first = time.perf_counter(), 0.0
            seat.type(key)
            while not seat.first and time.perf_counter() < since + PATIENCE:
                await asyncio.sleep(0.005)
            waits.append(((seat.first or time.perf_counter()) - since) * 1000)
            key = "k" if key == "j" else "j"
            await asyncio.sleep(0.2)

    task = asyncio.create_task(read())
    try:
        yield
    finally:
        stop.set()
        await task
        await seat.leave()


async def come_and_go(port: int, count: int) -> None:
    """COUNT visitors, some at a time, each cut off at a random moment."""

    async def one() -> None:
        async with contextlib.AsyncExitStack() as stack:
            stack.enter_context(contextlib.suppress(asyncssh.Error, OSError, TimeoutError))
            async with asyncio.timeout(random.random() * LONGEST):
                seat = Seat(parse=False)
                try:
                    await sit_down(port, seat=seat)
                    seat.type("\r5jjj/ira")
                    await asyncio.sleep(LONGEST)
                finally:
                    if seat.connection is not None:
                        seat.connection.abort()

    for _ in range(0, count, AT_ONCE):
        await asyncio.gather(*(one() for _ in range(AT_ONCE)))


async def fill(port: int, count: int) -> list[Seat]:
    seats: list[Seat] = []
    while len(seats) < count:
        few = [sit_down(port, parse=False) for _ in range(min(10, count - len(seats)))]
        seats += await asyncio.gather(*few)
        await asyncio.gather(*(_first_screen(seat) for seat in seats[-len(few) :]))
    return seats


async def _first_screen(seat: Seat) -> None:
    while not seat.first and not seat.ended.is_set():
        await seat.news()


async def refused(port: int) -> bool:
    """Whether one more visitor is told in a sentence that the house is full, and leaves with a status."""
    seat = await sit_down(port, parse=False)
    async with asyncio.timeout(PATIENCE):
        await seat.ended.wait()
    await seat.leave()
    return seat.status == 75 and b"The server is full" in seat.raw


async def deaf(port: int) -> Seat:
    """Somebody who types and never reads: nothing is taken from the network any more."""
    seat = await sit_down(port, parse=False)
    await _first_screen(seat)
    assert seat.connection is not None
    transport = seat.connection._transport
    assert isinstance(transport, asyncio.ReadTransport)
    transport.pause_reading()
    return seat


async def leave_all(seats: Sequence[Seat]) -> None:
    for seat in seats:
        if seat.connection is not None:
            seat.connection.abort()
    await asyncio.sleep(0)


async def measure(options: argparse.Namespace) -> list[Figure]:
    content = library(options.records)
    edition(options.records)
    with tempfile.TemporaryDirectory() as folder:
        figures = await comings_and_goings(content, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        return figures + await full_house(content, Path(folder))


async def comings_and_goings(content: Path, folder: Path) -> list[Figure]:
    """What visitors cut off at random moments leave behind, in workers that no fresh ones replace."""
    with serve(content, folder, *OPTIONS, "--keep-memory", "100000", cache=CACHE) as server:
        # Whatever is made once is made now, the threads that search among it.
        await come_and_go(server.port, 100)
        seats = await fill(server.port, 40)
        for seat in seats:
            seat.type("\r5/attack on drone")
        await asyncio.gather(*(seat.quiet(1.0) for seat in seats))
        await leave_all(seats)
        start = await after_all(server, Held(0, 0, 0, 0, 0))
        waits: list[float] = []
        async with reading(server.port, waits):
            await come_and_go(server.port, COMING)
        end = await after_all(server, start)
        what = f"{COMING:,} connects and disconnects"
        return [
            *_harm(what, waits),
            *_left(what, start, end),
            Figure(f"{what}: memory", end.memory, "MB", "before", start.memory, bound=1.1),
            *_unharmed(server),
        ]


async def full_house(content: Path, folder: Path) -> list[Figure]:
    """As many as may come, and more; then some who never read; and that all of their memory comes back."""
    with serve(content, folder, *OPTIONS, cache=CACHE) as server:
        start = await asyncio.to_thread(held, server)
        seats = await fill(server.port, CAP)
        polite = [await refused(server.port) for _ in range(MORE)]
        what = f"{CAP} sessions"
        figures = [
            Figure(f"{what}: of {MORE} more, politely refused", sum(polite), "", "all", MORE, least=1),
            Figure(f"{what}: open", server.number("sessions"), "", "all", CAP, least=1),
            Figure(f"{what}: memory", held(server).memory, "MB", "at first", start.memory),
        ]
        await leave_all(seats)
        figures += [*_left(what, start, await after_all(server, start)), await _back(what, server, start)]

        waits: list[float] = []
        what = f"{DEAF} who never read"
        async with reading(server.port, waits):
            silent = [await deaf(server.port) for _ in range(DEAF)]
            before = held(server).memory
            for _ in range(FLOOD):
                for seat in silent:
                    seat.type("\r5jj4jj2jj3")
                await asyncio.sleep(0.1)
            grown = held(server).memory - before
        figures += _harm(what, waits)
        figures.append(Figure(f"{what}: memory for each", grown / DEAF, "MB", bound=2.5))
        await leave_all(silent)
        figures += [*_left(what, start, await after_all(server, start)), await _back(what, server, start)]
        replaced = len(server.events("worker replaced"))
        return [*figures, Figure("workers replaced by fresh ones", replaced, ""), *_unharmed(server)]


async def _back(what: str, server: Server, start: Held) -> Figure:
    """The memory that the workers keep beyond what they had at first."""
    kept = KEPT * len(server.workers())
    more = (await asyncio.to_thread(held, server)).memory - start.memory
    return Figure(f"{what}: memory kept by the workers beyond {start.memory:.0f} MB", more, "MB", bound=kept)


def _unharmed(server: Server) -> list[Figure]:
    for failure in server.events("session failed")[:3]:
        sys.stderr.write(f"{failure}\n")
    return [
        Figure("sessions that failed", server.number("failed_total"), "", bound=0),
        Figure("workers that died", len(server.events("worker died")), "", bound=0),
    ]


def _harm(what: str, waits: Sequence[float]) -> list[Figure]:
    return [Figure(f"{what}: another's key to paint, p95", percentile(waits, 0.95), "ms", bound=1000)]


def _left(what: str, before: Held, after: Held) -> list[Figure]:
    """What is left once all have gone."""
    return [
        Figure(f"{what}: sessions left", after.sessions, "", bound=0),
        Figure(f"{what}: descriptors left", after.descriptors - before.descriptors, "", bound=0),
        Figure(f"{what}: tasks left", after.tasks - before.tasks, "", bound=0),
        Figure(f"{what}: threads left", after.threads - before.threads, "", bound=0),
    ]
