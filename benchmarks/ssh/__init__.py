"""What a session over SSH costs: bytes, memory, time, and what many of them do to each other.

``python -m benchmarks ssh [PART ...]``; every part is bounded in count and time, and talks to loopback only.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.report import Figure

PARTS = {
    "size": "bytes of a start and of keys, beside the plain Textual driver and newsboat",
    "memory": "memory of each further session, in `serve` and under ForceCommand",
    "time": "first screens and keys with many sessions open; what an idle one costs",
    "abuse": "connects and disconnects, a full house, clients that never read",
    "soak": "random readers, every screen compared with a local session's",
}


def main(argv: Sequence[str]) -> None:
    from benchmarks.report import report

    parser = argparse.ArgumentParser(prog="python -m benchmarks ssh", epilog=str(PARTS))
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--soak", type=float, default=60.0, help="seconds of the soak")
    options = parser.parse_args(argv)
    for part in options.parts:
        module = importlib.import_module(f"benchmarks.ssh.{part}")
        figures: list[Figure] = asyncio.run(module.measure(options))
        report(f"ssh-{part}", f"Over SSH: {PARTS[part]}", figures)
