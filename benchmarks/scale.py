"""The reader at 100 and at 1,000,000 records, and beside VisiData, lnav and newsboat at 100,000."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from benchmarks.libraries import CACHE, DATA, edition, library
from benchmarks.peers import Peer, prepare
from benchmarks.report import Figure, median, percentile, report
from benchmarks.start import HELLO, LOADING
from benchmarks.terminal import KEYS, Terminal
from briefing.model.records import Incident
from briefing.model.vocabulary import Kind

SMALL, MIDDLE, LARGE = 100, 100_000, 1_000_000
PRESSES = 30
FIRST_OPENINGS = 3
# Keys of the list of incidents: what is pressed, and what undoes it before it is pressed again.
PRESSED = {
    "Down": (KEYS["down"], KEYS["up"]),
    "PgDn": (KEYS["pgdn"], "g"),
    "End": ("G", "g"),
    "next tab": ("5", "4"),
}


@dataclass
class Measured:
    """What one program did: milliseconds of each press of a key, and its memory in MB."""

    keys: dict[str, list[float]] = field(default_factory=dict)
    memory: float = 0


def _reader(records: int) -> Peer:
    command = (sys.executable, "-m", "briefing", str(library(records)))
    opening = (("\r", "1 Brie"), ("4", "▌"))  # all briefings together; the incidents
    return Peer(f"briefing, {records:,} records", command, "All briefings together", opening)


def _terminal(program: Peer) -> Terminal:
    return Terminal(program.command, environment={"XDG_CACHE_HOME": str(CACHE)})


def _starts(programs: Sequence[Peer], runs: int) -> dict[str, list[float]]:
    """Milliseconds to the first screen of each, in turn, so that a drift of the machine meets all."""
    starts: dict[str, list[float]] = {program.name: [] for program in programs}
    for run in range(runs + 1):
        for program in programs:
            with _terminal(program) as terminal:
                elapsed = terminal.until(program.ready)
                if not run:  # the first warms the caches, and lets a reader keep its first screen
                    terminal.settle(LOADING)
            if run:
                starts[program.name].append(elapsed)
    return starts


@contextmanager
def _opened(program: Peer) -> Iterator[Terminal]:
    """PROGRAM with its list of incidents open."""
    with _terminal(program) as terminal:
        terminal.until(program.ready)
        for keys, text in program.opening:
            terminal.press(keys, text)
        yield terminal


def _press(terminal: Terminal, keys: str) -> float:
    """Send KEYS; milliseconds until the first change that they made stood on the screen."""
    terminal.settle()
    before = terminal.text
    return terminal.press(keys, lambda text: text != before)[0]


def _use(programs: Sequence[Peer], keys: dict[str, tuple[str, str]]) -> list[Measured]:
    """Press each of KEYS (name: the key, and the key that undoes it) PRESSES times; memory at the end.

    In all PROGRAMS, in turn, so that a drift of the machine meets all.
    """
    used = [Measured() for _ in programs]
    with ExitStack() as stack:
        terminals = [stack.enter_context(_opened(program)) for program in programs]
        for name, (key, back) in keys.items():
            for _ in range(PRESSES):
                for terminal, measured in zip(terminals, used, strict=True):
                    measured.keys.setdefault(name, []).append(_press(terminal, key))
                    if back:
                        _press(terminal, back)
        for terminal, measured in zip(terminals, used, strict=True):
            measured.memory = terminal.resident_kib() / 1024
    return used


def _size(runs: int) -> list[Figure]:
    """The reader at SMALL and LARGE, in turn."""
    small, large = _reader(SMALL), _reader(LARGE)
    hello = Peer("hello-world Textual app", tuple(HELLO), "Hello, world")
    starts = _starts((small, large, hello), runs)
    few, many = _use((small, large), PRESSED)
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
            for name in PRESSED
        ),
        Figure(f"memory at {LARGE:,} over {SMALL}", many.memory - few.memory, "MB", bound=15),
        Figure(f"memory at {LARGE:,}", many.memory, "MB", f"at {SMALL}", few.memory),
    ]


def _first() -> list[Figure]:
    """The first opening of all, when nothing is compiled: to a screen with what is ready."""
    times: dict[int, list[float]] = {SMALL: [], LARGE: []}
    for _ in range(FIRST_OPENINGS):
        for records, taken in times.items():
            program = _reader(records)
            with (
                tempfile.TemporaryDirectory() as cache,
                Terminal(program.command, environment={"XDG_CACHE_HOME": cache}) as terminal,
            ):
                taken.append(terminal.until(program.ready))
    few, many = median(times[SMALL]), median(times[LARGE])
    what = f"first opening at {LARGE:,}, to what is ready"
    return [Figure(what, many, "ms", f"at {SMALL}, all of it", few)]


def _saved(runs: int) -> list[Figure]:
    """From saving one file among all until the change of a record in view is on the screen."""
    large = edition(LARGE)
    (entry,) = large.page(Kind.INCIDENT, 0, 1)
    record, place = entry.record, large.place_of(entry.ref)
    assert isinstance(record, Incident)
    assert place is not None
    file, _ = place
    before = file.read_text()
    times = []
    with _opened(_reader(LARGE)) as terminal:
        for number in range(runs):
            title = f"Saved {number} {record.title}"
            terminal.settle()
            changed = before.replace(record.title, title, 1)
            file.write_text(changed)
            times.append(terminal.until(f"Saved {number} ", time.perf_counter()))
        file.write_text(before)
        terminal.until(lambda text: "Saved " not in text)
    return [Figure("one file of 1,000 records saved, to screen", median(times), "ms", bound=2000)]


def _beside(runs: int) -> list[Figure]:
    """The reader beside its peers on the same incidents."""
    ours = _reader(MIDDLE)
    peers = [peer for peer in prepare(edition(MIDDLE), DATA / "peers") if shutil.which(peer.command[0])]
    programs = [ours, *peers]
    starts = _starts(programs, runs)
    used = {
        one.name: _use((one,), {"PgDn": (KEYS["pgdn"], ""), "End": (one.end, one.first)})[0]
        for one in programs
    }
    mine = used[ours.name]
    what = f"{MIDDLE:,} records:"
    figures = []
    for peer in peers:
        theirs = used[peer.name]
        start, their_start = median(starts[ours.name]), median(starts[peer.name])
        figures.append(Figure(f"{what} start to first screen", start, "ms", peer.name, their_start, bound=1))
        for key, times in mine.keys.items():
            their_time = median(theirs.keys[key])
            figures.append(Figure(f"{what} {key}, p50", median(times), "ms", peer.name, their_time, bound=1))
        figures.append(Figure(f"{what} memory", mine.memory, "MB", peer.name, theirs.memory, bound=1))
    return figures


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale")
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args(argv).runs
    for records in (SMALL, LARGE):
        edition(records)
    figures = [*_size(runs), *_first(), *_saved(runs)]
    report("scale", f"The reader at any size, median of {runs} starts, {PRESSES} presses", figures)
    report("peers", f"Beside other programs at {MIDDLE:,} records, median of {runs}", _beside(runs))
