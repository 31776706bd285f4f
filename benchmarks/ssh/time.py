"""First screens and keys while many sessions are open; what an idle session costs."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

from benchmarks.libraries import CACHE, edition, library
from benchmarks.report import Figure, median, percentile
from benchmarks.ssh.memory import alone, to_serve
from benchmarks.ssh.process import processor
from benchmarks.ssh.seat import Seat, sit_down
from benchmarks.ssh.server import Server, serve
from benchmarks.terminal import Terminal

OPEN, TYPING, AT_ONCE, SAMPLES = 200, 40, 50, 15
EVERY, FOR, IDLE_FOR = 0.2, 10.0, 20.0
# What the typists type, over and over: records, a search letter by letter and back, panes. Every key
# changes the screen. They begin anywhere within one round of it, or in step: all search at the same moment.
TYPED = "jkjkjjkk/hamid\x7f\x7f\x7f\x7f\x7firaq\x7f\x7f\x7f\x7f\r4jkjk2jkjk5"
LONGEST = 2.0


async def first_screen(server: Server) -> float:
    """Milliseconds from the end of the handshake to the first screen."""
    began = time.perf_counter()
    seat = await sit_down(server.port)
    await seat.until("Library")
    elapsed = time.perf_counter() - began - seat.handshake
    await seat.leave()
    return elapsed * 1000


async def first_screens(server: Server) -> float:
    samples = []
    for _ in range(SAMPLES):
        samples.append(await first_screen(server))
        await asyncio.sleep(0.2)
    return median(samples)


def from_the_command(command: Sequence[str]) -> float:
    """Milliseconds from starting COMMAND, as ForceCommand does, to the first screen."""
    samples = []
    for _ in range(SAMPLES):
        with Terminal(command) as terminal:
            samples.append(terminal.until("Library"))
    return median(samples)


async def fill(server: Server, count: int) -> list[Seat]:
    """COUNT open sessions, opened a few at a time."""
    seats: list[Seat] = []
    while len(seats) < count:
        few = [sit_down(server.port, parse=False) for _ in range(min(8, count - len(seats)))]
        seats += await asyncio.gather(*few)
    await answered(seats, "\r")  # all briefings together
    return seats


async def answered(seats: list[Seat], key: str) -> None:
    """Press KEY on SEATS and wait until every one has shown something and is quiet again."""
    for seat in seats:
        await seat.quiet(0.05)
        seat.first = 0.0
        seat.type(key)
    async with asyncio.timeout(60):
        while not all(seat.first for seat in seats):
            await asyncio.sleep(0.05)
    for seat in seats:
        await seat.quiet(0.3)


class Typist:
    """Types on one seat and notes how long each key waits for its paint."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self.waits: list[float] = []
        self.unanswered = 0

    async def type(self, begin: float, count_from: float, until: float) -> None:
        """Type from BEGIN to UNTIL, as the clock says, and count the keys after COUNT_FROM."""
        await asyncio.sleep(begin - time.perf_counter())
        for key in cycle(TYPED):
            since = time.perf_counter()
            if since >= until:
                return
            self._seat.first = 0.0
            self._seat.type(key)
            # Woken by what comes: clients that look again and again would take the server's processor.
            with contextlib.suppress(TimeoutError):
                while not self._seat.first:
                    await self._seat.news(since + LONGEST - time.perf_counter())
            if not self._seat.first:
                self.unanswered += 1
            elif since >= count_from:
                self.waits.append((self._seat.first - since) * 1000)
            await asyncio.sleep(max(0.0, since + EVERY - time.perf_counter()))


class Typed(NamedTuple):
    """How long each key of several typists waited (ms), and what it took of the server's processor (s)."""

    waits: list[float]
    unanswered: int
    used: float


async def type_together(server: Server, seats: list[Seat], apart: float) -> Typed:
    """Let all SEATS type the same; they begin within APART seconds, and all type when keys are counted."""
    for key in ("1", "5"):
        for seat in seats:
            seat.type(key)
        await asyncio.sleep(1)
    typists = [Typist(seat) for seat in seats]
    began = time.perf_counter()
    count_from = began + apart
    typing = [
        asyncio.ensure_future(
            typist.type(began + random.random() * apart, count_from, count_from + FOR),
        )
        for typist in typists
    ]
    await asyncio.sleep(apart)
    used = sum(map(processor, server.workers()))
    await asyncio.gather(*typing)
    used = sum(map(processor, server.workers())) - used
    for seat in seats:  # out of the search that it was left in
        seat.type("\x1b")
    await asyncio.sleep(1)
    waits = [wait for typist in typists for wait in typist.waits]
    return Typed(waits, sum(typist.unanswered for typist in typists), used)


async def at_once(seats: list[Seat]) -> float:
    """Milliseconds until the last of SEATS shows the key that all press at the same moment."""
    for seat in seats:
        seat.first = 0.0
    since = time.perf_counter()
    for seat in seats:
        seat.type("j")
    while not all(seat.first for seat in seats):
        await asyncio.sleep(0.001)
        if time.perf_counter() - since > 30:
            raise TimeoutError("somebody saw nothing")
    return (max(seat.first for seat in seats) - since) * 1000


async def measure(options: argparse.Namespace) -> list[Figure]:
    content = library(options.records)
    edition(options.records)
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(content, Path(folder), "--per-address", "1000", cache=CACHE) as server,
    ):
        await first_screen(server)
        await first_screen(server)
        quiet = await first_screens(server)
        handed_on = await asyncio.to_thread(from_the_command, to_serve(server.port))
        own = await asyncio.to_thread(from_the_command, alone(content, Path(folder)))
        seats = await fill(server, OPEN)
        busy = await first_screens(server)
        idle_bytes, idle_share = await _idle(server, seats)
        await answered(seats[:AT_ONCE], "5")
        rounds = []
        for _ in range(7):
            rounds.append(await at_once(seats[:AT_ONCE]))
            await asyncio.sleep(1.5)
        typing = await type_together(server, seats[:TYPING], len(TYPED) * EVERY)
        in_step = await type_together(server, seats[:TYPING], EVERY)
        for seat in seats:
            await seat.leave()
    return [
        Figure("connect to first screen over the handshake, idle, p50", quiet, "ms", bound=150),
        Figure(f"the same with {OPEN} sessions open, p50", busy, "ms", bound=300),
        Figure("ForceCommand to first screen, handed on to serve, p50", handed_on, "ms"),
        Figure("ForceCommand to first screen, in a process of its own, p50", own, "ms"),
        *_typing_figures(f"{TYPING} of {OPEN} typing", typing),
        *_typing_figures(f"{TYPING} of {OPEN} typing in step", in_step),
        Figure(f"{AT_ONCE} press a key at once: last paint, median of 7", median(rounds), "ms", bound=400),
        Figure(f"{AT_ONCE} press a key at once: last paint, worst of 7", max(rounds), "ms"),
        Figure("bytes of an idle session", idle_bytes, "bytes", bound=0),
        Figure("an idle session", idle_share, "percent of a core", bound=0.05),
    ]


def _typing_figures(what: str, typed: Typed) -> Iterator[Figure]:
    yield Figure(f"key to paint, {what}, p50", median(typed.waits), "ms")
    yield Figure("the same, p95", percentile(typed.waits, 0.95), "ms", bound=100)
    yield Figure("keys typed a second, of 200", len(typed.waits) / FOR, "keys")
    yield Figure("keys without an answer", typed.unanswered, "keys", bound=0)
    yield Figure("processor time of a key", typed.used / len(typed.waits) * 1000, "ms")


async def _idle(server: Server, seats: list[Seat]) -> tuple[float, float]:
    await asyncio.sleep(3)
    sent = sum(seat.bytes for seat in seats)
    used = sum(map(processor, server.workers()))
    await asyncio.sleep(IDLE_FOR)
    used = sum(map(processor, server.workers())) - used
    return sum(seat.bytes for seat in seats) - sent, 100 * used / IDLE_FOR / len(seats)
