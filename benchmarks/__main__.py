"""Run the measurements: ``python -m benchmarks [TOPIC ...]``; without a topic, every one.

Each topic is a module with ``main(argv) -> None`` that prints a table and keeps its figures as JSON
under ``benchmarks/results/``. Times are wall-clock on whatever machine this is: compare the ratios.
"""

from __future__ import annotations

import argparse
import importlib

TOPICS = {
    "start": "start to first screen, bytes of each key, beside a hello-world Textual app",
    "build": "parsing and building, beside yaml.load with the C loader",
    "content": "check beside the build of the same; verify of quotes beside looking for them",
    "scale": "the reader at 100 and 1,000,000 records, beside VisiData, lnav and newsboat",
    "search": "search at 1,000,000 records, beside ripgrep, fzf and SQLite FTS5; recall and NDCG",
    "ssh": "what a session over SSH costs, beside OpenSSH and newsboat",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:8} {what}" for name, what in TOPICS.items()),
    )
    parser.add_argument("topics", nargs="*", metavar="TOPIC")
    options, rest = parser.parse_known_args()
    unknown = set(options.topics) - set(TOPICS)
    if unknown:
        parser.error(f"no such topic: {', '.join(sorted(unknown))}")
    for topic in options.topics or TOPICS:
        importlib.import_module(f"benchmarks.{topic}").main(rest)


main()
