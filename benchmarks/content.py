"""Checking beside building the same records, and verifying quotes beside the least that it takes.

The floor of verifying is a program that parses the quotes with YAML's C loader, reads the texts and looks
for each quote with ``in``: it says neither where the words stand nor how they differ.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.generate import COMMON, Zipf
from benchmarks.libraries import DATA, library
from benchmarks.report import Figure, median, report

BRIEFING = [sys.executable, "-m", "briefing"]
FLOOR = """
import sys, yaml
from pathlib import Path
folder = Path(sys.argv[1])
quotes = yaml.load((folder / "quotes.yaml").read_bytes(), Loader=yaml.CSafeLoader)
texts = {path.stem: path.read_text() for path in (folder / "texts").iterdir()}
print(sum(quote["text"] in texts[quote["sources"][0]["source"]] for quote in quotes))
"""
PARAGRAPHS, WORDS, SPOKEN = 40, 60, 18
# Of a hundred quotes: changed by a word, and in no text at all. The others stand there.
CHANGED, ABSENT = 4, 1


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks content")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--quotes", type=int, default=10_000)
    parser.add_argument("--texts", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(argv)
    content = library(options.records)
    quoted = quotations(options.quotes, options.texts)
    told = quoted / "story"
    # What is compared runs in turn, so that a drift of the machine's speed meets both.
    pairs = [(_cold("check", content), _cold("build", content)) for _ in range(options.runs)]
    verified = [
        (
            _seconds([*BRIEFING, "verify", "--content", str(quoted), "--format", "jsonl"]),
            _seconds([sys.executable, "-c", FLOOR, str(told)]),
        )
        for _ in range(options.runs)
    ]
    report(
        "content",
        f"Checking and verifying, whole processes, median of {options.runs}",
        [
            Figure(
                f"check of {options.records:,} records, nothing built before",
                median(check for check, _ in pairs),
                "s",
                "briefing build",
                median(build for _, build in pairs),
                bound=1.3,
            ),
            Figure(
                f"verify of {options.quotes:,} quotes against {options.texts:,} texts",
                median(ours for ours, _ in verified),
                "s",
                bound=5,
            ),
            Figure(
                "the same",
                median(ours for ours, _ in verified),
                "s",
                "yaml.CSafeLoader and `in`",
                median(floor for _, floor in verified),
            ),
        ],
    )


def quotations(quotes: int, texts: int) -> Path:
    """The folder of a library of QUOTES from as many TEXTS, written at its first use."""
    folder = DATA / f"quotations-{quotes}-{texts}"
    if not folder.exists():
        unfinished = folder.with_name(f"{folder.name}.unfinished")
        _write_quotations(unfinished / "story", quotes, texts)
        unfinished.rename(folder)
    return folder


def _write_quotations(folder: Path, quotes: int, texts: int) -> None:
    chance = random.Random(1)
    words = Zipf(chance, COMMON)
    (folder / "texts").mkdir(parents=True, exist_ok=True)
    (folder / "briefing.yaml").write_text(
        "schema: 1\nid: story\ntitle: A story\nquestion: What was said?\nas_of: 2025-06-16\n"
    )
    (folder / "actors.yaml").write_text("- {id: speaker, name: A speaker, kind: person}\n")
    sources, entries = [], []
    for number in range(texts):
        sources.append(f"- {{id: text-{number}, kind: article, title: Text {number}}}\n")
        paragraphs = [words.some(WORDS) for _ in range(PARAGRAPHS)]
        spoken = []
        for quote in range(number, quotes, texts):
            # Each in a paragraph of its own while there are any.
            para = quote // texts % PARAGRAPHS
            start = chance.randrange(WORDS - SPOKEN)
            said = paragraphs[para][start : start + SPOKEN]
            spoken.append((para, start))
            kind = quote % 100
            if kind < CHANGED:
                said = [*said[:7], chance.choice(COMMON).upper(), *said[8:]]
            elif kind < CHANGED + ABSENT:
                said = words.some(SPOKEN)
            entries.append(
                f'- id: quote-{quote}\n  speaker: speaker\n  text: "{" ".join(said)}"\n  form: fragment\n'
                f"  when: {{undated: true}}\n  medium: statement\n"
                f"  sources: [{{source: text-{number}, para: {para + 1}}}]\n"
            )
        for para, start in spoken:
            line = paragraphs[para]
            line[start] = f"“{line[start]}"
            line[start + SPOKEN - 1] += "”"
        (folder / "texts" / f"text-{number}.txt").write_text(
            "".join(f"{' '.join(line)}\n" for line in paragraphs), encoding="utf-8"
        )
    (folder / "sources.yaml").write_text("".join(sources))
    (folder / "quotes.yaml").write_text("".join(entries), encoding="utf-8")


def _cold(command: str, content: Path) -> float:
    """How long COMMAND takes on CONTENT where nothing has been built."""
    with tempfile.TemporaryDirectory() as cache:
        return _seconds([*BRIEFING, command, "--content", str(content)], XDG_CACHE_HOME=cache)


def _seconds(command: Sequence[str], **environment: str) -> float:
    start = time.perf_counter()
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **environment}
    )
    elapsed = time.perf_counter() - start
    # 1 says that something is wrong with the content, as it may be.
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.decode()}")
    return elapsed
