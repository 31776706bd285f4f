"""The reader at 100 and at 1,000,000 records, and beside VisiData, lnav and newsboat at 100,000."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.libraries import CACHE, DATA, edition, library
from benchmarks.peers import Peer, prepare
from benchmarks.report import Figure, median, percentile, report
from benchmarks.start import HELLO
from benchmarks.terminal import KEYS, Terminal

SMALL, MIDDLE, LARGE = 100, 100_000, 1_000_000
PRESSES = 30


@dataclass
class Measured:
    """What one program did: milliseconds of each start and of each press of a key, and its memory."""

    start: list[float] = field(default_factory=list)
    keys: dict[str, list[float]] = field(default_factory=dict)
    memory_mb: float = 0


def _reader(records: int) -> Peer:
    command = (sys.executable, "-m", "briefing", str(library(records)))
    return Peer(f"briefing, {records:,} records", command, "Incidents", end="G", opening="4", opened="Jun")


@contextmanager
def _opened(program: Peer) -> Iterator[tuple[Terminal, float]]:
    """PROGRAM with its list of incidents open, and the milliseconds until it was."""
    with Terminal(program.command, environment={"XDG_CACHE_HOME": str(CACHE)}) as terminal:
        elapsed = terminal.until(program.ready)
        if program.opening:
            terminal.settle()
            elapsed += terminal.press(program.opening, program.opened)[0]
        yield terminal, elapsed


def _start(program: Peer) -> float:
    with _opened(program) as (_, elapsed):
        return elapsed


def _press(terminal: Terminal, keys: str) -> float:
    """Send KEYS; milliseconds until the last change that they made stood on the screen."""
    before = terminal.text
    return terminal.press(keys, lambda text: text != before)[0]


def _use(program: Peer, keys: dict[str, tuple[str, str]]) -> Measured:
    """Press each of KEYS (name: the key, and the key that undoes it) PRESSES times; memory at the end."""
    measured = Measured()
    with _opened(program) as (terminal, _):
        for name, (key, back) in keys.items():
            times = measured.keys.setdefault(name, [])
            for _ in range(PRESSES):
                times.append(_press(terminal, key))
                if back:
                    _press(terminal, back)
        measured.memory_mb = terminal.resident_kib() / 1024
    return measured


def _size(runs: int) -> list[Figure]:
    """The reader at SMALL and LARGE, in turn."""
    small, large = _reader(SMALL), _reader(LARGE)
    hello = Peer("hello-world Textual app", tuple(HELLO), "Hello, world", end="")
    starts: dict[str, list[float]] = {one.name: [] for one in (small, large, hello)}
    for _ in range(runs):
        for one in (small, large, hello):
            with Terminal(one.command, environment={"XDG_CACHE_HOME": str(CACHE)}) as terminal:
                starts[one.name].append(terminal.until(one.ready))
    keys = {
        "Down": (KEYS["down"], ""),
        "PgDn": (KEYS["pgdn"], ""),
        "End": ("G", "g"),
        "next tab": ("\t", "4"),
    }
    few, many = _use(small, {**keys, "PgDn": (KEYS["pgdn"], "g")}), _use(large, keys)
    ours = median(starts[large.name])
    return [
        Figure(f"start at {LARGE:,}", ours, "ms", f"at {SMALL}", median(starts[small.name]), bound=1.1),
        Figure(f"start at {LARGE:,}", ours, "ms", hello.name, median(starts[hello.name]), bound=1.3),
        *(
            Figure(
                f"{name} at {LARGE:,}, p95",
                percentile(many.keys[name], 0.95),
                "ms",
                f"at {SMALL}",
                percentile(few.keys[name], 0.95),
                bound=1.5,
            )
            for name in keys
        ),
        Figure(f"memory at {LARGE:,} over {SMALL}", many.memory_mb - few.memory_mb, "MB", bound=15),
        Figure(f"memory at {LARGE:,}", many.memory_mb, "MB", f"at {SMALL}", few.memory_mb),
    ]


def _beside(runs: int) -> list[Figure]:
    """The reader beside its peers on the same incidents."""
    ours = _reader(MIDDLE)
    peers = [peer for peer in prepare(edition(MIDDLE), DATA / "peers") if shutil.which(peer.command[0])]
    programs = [ours, *peers]
    starts: dict[str, list[float]] = {program.name: [] for program in programs}
    for _ in range(runs):
        for program in programs:
            starts[program.name].append(_start(program))
    used = {one.name: _use(one, {"PgDn": (KEYS["pgdn"], ""), "end": (one.end, "g")}) for one in programs}
    figures = []
    for peer in peers:
        mine, theirs = used[ours.name], used[peer.name]
        what = f"{MIDDLE:,}:"
        figures += [
            Figure(f"{what} start to open list", median(starts[ours.name]), "ms", peer.name,
                   median(starts[peer.name]), bound=1),
            Figure(f"{what} PgDn, p50", median(mine.keys["PgDn"]), "ms", peer.name,
                   median(theirs.keys["PgDn"]), bound=1),
            Figure(f"{what} memory", mine.memory_mb, "MB", peer.name, theirs.memory_mb, bound=1),
        ]  # fmt: skip
    return figures


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale")
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args(argv).runs
    for records in (SMALL, LARGE):
        edition(records)
    report("scale", f"The reader at any size, median of {runs} starts, {PRESSES} presses", _size(runs))
    report("peers", f"Beside other programs at {MIDDLE:,} records, median of {runs}", _beside(runs))
