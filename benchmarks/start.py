"""Start to first screen beside a hello-world Textual app, and the bytes that each key writes.

The first screen is that of a start before, which was kept. So the time is told too until a key is answered
that is typed as soon as it stands.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.report import Figure, median, report
from benchmarks.terminal import KEYS, Terminal

SAMPLE = Path(__file__).parent.parent / "content" / "iraq-militias-2025-06"
READER = [sys.executable, "-m", "briefing", str(SAMPLE)]
HELLO = [sys.executable, "-m", "benchmarks.hello"]


# After its first screen a reader is silent for so long (seconds) while it loads.
LOADING = 1.5


def _whole(text: str) -> bool:
    """Whether the first screen stands from its first line to its last."""
    lines = text.split("\n")
    return "1 Brief" in text and all(line.strip() for line in (lines[0], lines[-6], lines[-1]))


def _start(command: Sequence[str], shown: str | Callable[[str], bool]) -> tuple[float, int]:
    with Terminal(command) as terminal:
        elapsed = terminal.until(shown)
        terminal.settle(LOADING)
        return elapsed, terminal.bytes


def _answered() -> float:
    """Milliseconds from the start until a key is answered that is typed when the first screen stands."""
    with Terminal(READER) as terminal:
        terminal.until(_whole)
        terminal.send("5")
        return terminal.until("Hamidawi")


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks start")
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args(argv).runs
    _start(READER, _whole)  # builds the edition, keeps the first screen, warms the disk cache
    # In turn, so that a drift of the machine's speed meets all.
    rounds = [(_start(READER, _whole), _answered(), _start(HELLO, "Hello, world")) for _ in range(runs)]
    ours, answered = median(ms for (ms, _), *_ in rounds), median(ms for _, ms, _ in rounds)
    floor = median(ms for *_, (ms, _) in rounds)
    hello = "hello-world Textual app"
    figures = [
        Figure("start to first screen", ours, "ms", hello, floor, bound=1.3),
        Figure("start until a key typed at once is answered", answered, "ms", f"{hello}, shown", floor),
        Figure("bytes at start, 80x24", median(size for (_, size), *_ in rounds) / 1000, "KB", bound=8),
    ]
    with Terminal(READER) as terminal:
        terminal.until("1 Brief")
        _, tab = terminal.press("5", "Hamidawi")
        _, down = terminal.press(KEYS["down"], lambda _: True)
        terminal.press("/", lambda _: True)
        _, letter = terminal.press("h", lambda text: "/ h" in text)
        figures += [
            Figure("bytes of a tab switch, 80x24", tab / 1000, "KB", bound=4),
            Figure("bytes of cursor down, 80x24", down / 1000, "KB", bound=0.5),
            Figure("bytes of a letter typed in search, 80x24", letter / 1000, "KB", bound=2),
        ]
    report("start", f"Start and bytes, sample briefing, median of {runs}", figures)
