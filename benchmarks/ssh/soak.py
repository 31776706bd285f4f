"""Random readers: what each sees over SSH is compared with what a local session shows for the same keys.

The local session is drawn by Textual's own driver (plain.py), so that nothing of ours stands on both sides.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyte

from benchmarks.libraries import CACHE, edition, library
from benchmarks.report import Figure
from benchmarks.ssh.process import resident
from benchmarks.ssh.seat import Seat, sit_down
from benchmarks.ssh.server import serve
from benchmarks.terminal import Terminal

READERS, SEED = 5, 20_250_601
# What readers do, as often as it stands here; nothing that leaves the program or the account, so no word
# with a q, which is typed on whatever screen there is.
DEEDS = (
    *("j", "j", "jjj", "k", " ", "G", "g", "jjjjjjjj", "\x1b[B\x1b[B", "\x1b[6~", "\x1b[5~"),
    *("1", "2", "3", "4", "5", "6", "\t", "\t\t", "\x1b[Z", "\r", "\r", "\r\r", "\x7f", "\x7f\x7f"),
    *("/{}\r", "/{}\r", "/{}\x1b", "/{}", "\x1b", "b", "n", "N", "/\x1b[A\r", "/{}\r5jj\r", "/type:drone\r"),
    *("?", "?jj\x1b", "d2025-06\r", "f", "!", "L", "L\r", "5jjkk4jj\r\t\r"),
)
WORDS = ("erbil", "hamidawi", "drone", "baghdad", "sudani", "bridge", "zzzx", "attack on", "-iran")
# How long a screen may take to come to rest: a notice leaves after six seconds.
QUIET, PATIENCE = 0.35, 15.0
_CLOCK = re.compile(r" *([\d,]+ of [\d,]+)  in \d+ ms *$", re.MULTILINE)

Seen = list[tuple[str, ...]]


def seen(screen: pyte.Screen) -> tuple[str, Seen]:
    """The text, without how long a search took, and how each cell of all other lines looks."""
    lines = screen.display
    text = "\n".join(_CLOCK.sub(r" \1", line).rstrip() for line in lines)
    looks = [
        tuple(_look(screen.buffer[y][x]) for x in range(screen.columns))
        for y, line in enumerate(lines)
        if not _CLOCK.search(line)
    ]
    return text, looks


def _look(char: pyte.screens.Char) -> str:
    """What a person sees: of a blank, only its ground."""
    if char.data == " " and not (char.reverse or char.underscore or char.strikethrough):
        return char.bg
    return f"{char.fg} {char.bg} {char.bold} {char.reverse} {char.underscore}"


@dataclass
class Count:
    """What one or all readers have compared."""

    screens: int = 0
    keys: int = 0
    texts: int = 0
    looks: int = 0


def deeds(random_: random.Random) -> Iterator[str]:
    while True:
        yield random_.choice(DEEDS).format(random_.choice(WORDS))


async def same(seat: Seat, local: Terminal) -> tuple[bool, bool]:
    """Whether both show the same text, and the same looks, once they have come to rest."""
    deadline = time.monotonic() + PATIENCE
    while True:
        await asyncio.gather(seat.quiet(QUIET), asyncio.to_thread(local.settle, QUIET))
        (text, looks), (wanted, wanted_looks) = seen(seat.screen), seen(local.screen)
        if (text == wanted and looks == wanted_looks) or time.monotonic() > deadline:
            return text == wanted, looks == wanted_looks


async def read(port: int, content: Path, number: int, until: float, count: Count) -> None:
    """One reader with a seed of its own, over SSH and locally at the same time."""
    random_ = random.Random(SEED + number)
    command = (sys.executable, "-m", "benchmarks.ssh.plain", str(content))
    with Terminal(command, environment={"XDG_CACHE_HOME": str(CACHE)}) as local:
        seat = await sit_down(port)
        await seat.until("Library")
        await asyncio.to_thread(local.until, "Library")
        done: list[str] = []
        for deed in deeds(random_):
            if time.monotonic() > until:
                break
            done.append(deed)
            seat.type(deed)
            local.send(deed)
            texts, looks = await same(seat, local)
            count.screens += 1
            count.keys += len(deed)
            count.texts += not texts
            count.looks += not looks
            if not (texts and looks):
                _tell(number, done, seat, local)
                break  # from here on the two are not at the same place
        await seat.leave()


def _tell(number: int, done: list[str], seat: Seat, local: Terminal) -> None:
    sys.stderr.write(
        f"reader {number} after {done[-12:]!r}\nover SSH:\n{seat.text}\nlocally:\n{local.text}\n"
    )
    for y, (ours, theirs) in enumerate(zip(seen(seat.screen)[1], seen(local.screen)[1], strict=False)):
        if ours != theirs:
            x = next(x for x, (one, two) in enumerate(zip(ours, theirs, strict=True)) if one != two)
            sys.stderr.write(f"line {y}, column {x}: {ours[x]!r}, locally {theirs[x]!r}\n")


async def measure(options: argparse.Namespace) -> list[Figure]:
    content = library(options.records)
    edition(options.records)
    count = Count()
    with tempfile.TemporaryDirectory() as folder, serve(content, Path(folder), cache=CACHE) as server:
        begin = time.monotonic()
        until = begin + options.soak
        half = 0.0
        async with asyncio.TaskGroup() as group:
            for number in range(READERS):
                group.create_task(_readers(server.port, content, number, until, count))
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(options.soak / 2)
                half = sum(map(resident, server.workers()))
        grown = sum(map(resident, server.workers())) - half
        failed = server.number("failed_total")
    return [
        Figure(f"screens compared in {options.soak:g} seconds, {READERS} readers", count.screens, ""),
        Figure("keys typed", count.keys, ""),
        Figure("screens whose text differs from a local session's", count.texts, "", bound=0),
        Figure("screens whose looks differ from a local session's", count.looks, "", bound=0),
        Figure("sessions that failed", failed, "", bound=0),
        Figure("memory grown in the second half", grown, "MB"),
    ]


async def _readers(port: int, content: Path, number: int, until: float, count: Count) -> None:
    """One reader after another, each for a while, until UNTIL."""
    while time.monotonic() < until:
        await read(port, content, number, min(until, time.monotonic() + 60), count)
        number += READERS
