"""Memory of each further session, after it has been used as readers use it."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import hello
from benchmarks.libraries import CACHE, edition, library
from benchmarks.report import Figure
from benchmarks.ssh.process import own, resident
from benchmarks.ssh.seat import Seat, sit_down
from benchmarks.ssh.server import serve
from benchmarks.terminal import Terminal
from tests.ssh.accounts import ssh_command

WARM, MORE = 10, 60
# All briefings together, a tab, some records, a search, a record of it, back.
USE = ("\r", "5", "j", "j", "j", "/", "i", "r", "a", "\r", "j", "\r", "\x7f", "\x1b", "4", "j", "1")


async def use(seat: Seat) -> None:
    for key in USE:
        seat.type(key)
        await asyncio.sleep(0.12)
    await seat.quiet(0.5)


async def _seats(port: int, count: int) -> list[Seat]:
    seats: list[Seat] = []
    while len(seats) < count:
        few = await asyncio.gather(*(sit_down(port, parse=False) for _ in range(10)))
        await asyncio.gather(*(use(seat) for seat in few))
        seats += few
    return seats


async def measure(options: argparse.Namespace) -> list[Figure]:
    content = library(options.records)
    edition(options.records)
    with tempfile.TemporaryDirectory() as folder:
        with serve(content, Path(folder), cache=CACHE, workers=1) as server:
            (worker,) = server.workers()
            before_any = resident(worker)
            seats = await _seats(server.port, WARM)
            before = resident(worker)
            seats += await _seats(server.port, MORE)
            after = resident(worker)
            for seat in seats:
                await seat.leave()
            handed_on = await asyncio.to_thread(_beside_another, to_serve(server.port), "Library", USE)
        restricted = _beside_another(alone(content, Path(folder)), "Library", USE)
    each = (after - before) / MORE
    return [
        Figure("a worker without sessions", before_any, "MB"),
        Figure(
            f"each further session in serve, {options.records:,} records",
            each,
            "MB",
            bound=2.5,
        ),
        Figure("under ForceCommand handed on to serve: ssh, and that", handed_on + each, "MB", bound=25),
        Figure("under ForceCommand in a process of its own", restricted, "MB", bound=25),
        Figure("Python and Textual with one line on the screen, of their own", _hello(), "MB"),
    ]


def alone(content: Path, state: Path) -> list[str]:
    """What ForceCommand runs for a reader in a process of its own."""
    where = ["--content", str(content), "--state", str(state / "desk"), "--cache", str(CACHE)]
    return [sys.executable, "-I", "-m", "briefing", "--restricted", *where]


def to_serve(port: int) -> list[str]:
    """What it runs to hand readers on to a server at PORT, but for the key."""
    return ssh_command(port, "desk", "-e", "none", "-t", "127.0.0.1")


def _hello() -> float:
    """What Python and Textual take to show one line."""
    return _beside_another([sys.executable, "-I", str(Path(hello.__file__))], "Hello, world", ())


def _beside_another(command: Sequence[str], shown: str, keys: Sequence[str]) -> float:
    """Own memory (MB) of a second process beside a first, so that what both share is shared."""
    with Terminal(command) as first, Terminal(command) as second:
        for terminal in (first, second):
            terminal.until(shown)
            for key in keys:
                terminal.send(key)
                terminal.settle(0.1)
        return own(second.pid)
