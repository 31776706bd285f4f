"""Start to first screen beside a hello-world Textual app, and the bytes that each key writes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import Figure, median, report
from benchmarks.terminal import KEYS, Terminal

SAMPLE = Path(__file__).parent.parent / "content" / "iraq-militias-2025-06"
READER = [sys.executable, "-m", "briefing", str(SAMPLE)]
HELLO = [sys.executable, "-m", "benchmarks.hello"]


def _start(command: Sequence[str], text: str) -> tuple[float, int]:
    with Terminal(command) as terminal:
        elapsed = terminal.until(text)
        terminal.settle()
        return elapsed, terminal.bytes


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks start")
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args(argv).runs
    _start(READER, "1 Brief")  # builds the edition and warms the disk cache
    # The two in turn, so that a drift of the machine's speed meets both.
    pairs = [(_start(READER, "1 Brief"), _start(HELLO, "Hello, world")) for _ in range(runs)]
    ours = median(ms for (ms, _), _ in pairs)
    floor = median(ms for _, (ms, _) in pairs)
    figures = [
        Figure("start to first screen", ours, "ms", "hello-world Textual app", floor, bound=1.3),
        Figure("bytes at start, 80x24", median(size for (_, size), _ in pairs) / 1000, "KB", bound=8),
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
