"""Bytes of a start and of keys at 80x24, beside the plain Textual driver and newsboat on the same records."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.libraries import CACHE, DATA, edition, library
from benchmarks.peers import Peer, prepare
from benchmarks.report import Figure, median
from benchmarks.ssh.seat import sit_down
from benchmarks.ssh.server import serve
from benchmarks.terminal import KEYS, Terminal

START, TAB, DOWN, LETTER = "start", "tab switch", "cursor down", "letter typed in search"
BOUNDS = {START: 8.0, TAB: 4.0, DOWN: 0.5, LETTER: 2.0}
# Longer than an open record waits for the last of several quick keys.
REST = 0.4
SEARCHED = "hamidawi iraq"
DOWNS = 20
KB = 1024
Sizes = Mapping[str, list[int]]


async def ours(content: Path, folder: Path) -> Sizes:
    """Bytes of the channel's data, as `serve` sends them."""
    sizes: dict[str, list[int]] = {name: [] for name in BOUNDS}
    with serve(content, folder, cache=CACHE, workers=1) as server:
        for _ in range(2):
            seat = await sit_down(server.port)
            await seat.until("Library")
            await seat.quiet(REST)
            sizes[START].append(seat.bytes)
            sizes[START].append((await seat.press("\r", REST))[1])  # all briefings together
            for pane in "54326":
                sizes[TAB].append((await seat.press(pane, REST))[1])
            await seat.press("5", REST)
            sizes[DOWN] += [(await seat.press(KEYS["down"], REST))[1] for _ in range(DOWNS)]
            await seat.press("/", REST)
            sizes[LETTER] += [(await seat.press(letter, REST))[1] for letter in SEARCHED if letter != " "]
            await seat.leave()
    return sizes


def plain(content: Path) -> Sizes:
    """The same keys on the same reader, drawn by Textual's own driver."""
    command = (sys.executable, "-m", "benchmarks.ssh.plain", str(content))
    sizes: dict[str, list[int]] = {name: [] for name in BOUNDS}
    with Terminal(command, environment={"XDG_CACHE_HOME": str(CACHE)}) as terminal:
        terminal.until("Library")
        terminal.settle(REST)
        sizes[START].append(terminal.bytes)
        sizes[START].append(_press(terminal, "\r"))
        for pane in "54326":
            sizes[TAB].append(_press(terminal, pane))
        _press(terminal, "5")
        sizes[DOWN] += [_press(terminal, KEYS["down"]) for _ in range(DOWNS)]
        _press(terminal, "/")
        sizes[LETTER] += [_press(terminal, letter) for letter in SEARCHED if letter != " "]
    return sizes


def newsboat(peer: Peer) -> Sizes:
    """Its list of feeds, its list of articles for a tab, and its search, which shows only what is typed."""
    sizes: dict[str, list[int]] = {}
    with Terminal(peer.command) as terminal:
        terminal.until(peer.ready)
        terminal.settle(REST)
        sizes[START] = [terminal.bytes]
        keys, opened = peer.opening[0]
        sizes[TAB] = [terminal.press(keys, opened)[1]]
        sizes[DOWN] = [_press(terminal, KEYS["down"]) for _ in range(DOWNS)]
        _press(terminal, "/")
        sizes[LETTER] = [_press(terminal, letter) for letter in SEARCHED[:8]]
    return sizes


def _press(terminal: Terminal, keys: str) -> int:
    before = terminal.bytes
    terminal.send(keys)
    terminal.settle(REST)
    return terminal.bytes - before


async def measure(options: argparse.Namespace) -> list[Figure]:
    content = library(options.records)
    records = edition(options.records)
    with tempfile.TemporaryDirectory() as folder:
        served = await ours(content, Path(folder))
    peers = [("the plain Textual driver", await asyncio.to_thread(plain, content))]
    if shutil.which("newsboat"):
        (peer,) = (peer for peer in prepare(records, DATA / "peers") if peer.name == "newsboat")
        peers.append((peer.name, await asyncio.to_thread(newsboat, peer)))
    figures = []
    for name, bound in BOUNDS.items():
        figures.append(Figure(f"{name}, the most", max(served[name]) / KB, "KB", bound=bound))
        figures += [
            Figure(f"{name}, median", median(served[name]) / KB, "KB", who, median(theirs[name]) / KB)
            for who, theirs in peers
        ]
    return figures
