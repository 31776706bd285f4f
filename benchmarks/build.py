"""Parsing and building beside yaml.load with libyaml's loader, and the memory of a whole build."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import yaml

from benchmarks.libraries import library
from benchmarks.report import Figure, median, report
from briefing.content.library import File, Library, find_library
from briefing.content.load import iter_file
from briefing.content.tree import read_items
from briefing.model.vocabulary import Kind

ROUNDS = 3
LOOK_EVERY = 0.25
# CSafeLoader takes minutes for all files: so many of them, drawn evenly, stand for all.
_DRAWN = 300


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks build")
    parser.add_argument("--records", type=int, default=1_000_000)
    records = parser.parse_args(argv).records
    folder = library(records)
    found = find_library(folder)
    figures = [*_parsing(found), *_building(folder, found, records)]
    report("build", f"Parsing and building {records:,} records", figures)


def _parsing(found: Library) -> Iterator[Figure]:
    """One core: text to trees with line marks, and all the way to checked records."""
    files = _drawn(found, 100)
    texts = [(file.path.read_text(), file.kind is not Kind.BRIEFING) for file in files]
    trees, records, floor = [], [], []
    for _ in range(ROUNDS):  # in turn, so that a drift of the machine's speed meets all
        floor.append(_time(lambda: [yaml.load(text, yaml.CSafeLoader) for text, _ in texts]))
        trees.append(_time(lambda: [_count(read_items(text, listed=listed)) for text, listed in texts]))
        records.append(_time(lambda: [_count(iter_file(file, display=file.path.name)) for file in files]))
    name = "yaml.load, CSafeLoader"
    yield Figure("YAML to trees with lines, one core", median(trees), "ms", name, median(floor), least=3)
    yield Figure("YAML to checked records, one core", median(records), "ms", name, median(floor))


def _building(folder: Path, found: Library, records: int) -> Iterator[Figure]:
    """`briefing build` as a process, from nothing."""
    files = _drawn(found, _DRAWN)
    share = _size(found.files) / _size(files)
    texts = [file.path.read_text() for file in files]
    before = _time(lambda: [yaml.load(text, yaml.CSafeLoader) for text in texts])
    taken, own, mapped = _build(folder)
    after = _time(lambda: [yaml.load(text, yaml.CSafeLoader) for text in texts])
    floor = share * (before + after) / 2
    what = f"whole build, {records:,} records, {os.cpu_count()} cores"
    yield Figure(what, taken / 1000, "s", "CSafeLoader alone, one core", floor / 1000, least=3)
    yield Figure("peak memory of all its processes", own, "MB", bound=600)
    yield Figure("with the pages of files that the kernel keeps for them", mapped, "MB")


def _build(folder: Path) -> tuple[float, float, float]:
    """Milliseconds of a build, and the most memory (MB): its own, and with the files that it has mapped."""
    with tempfile.TemporaryDirectory() as cache:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "briefing", "build", "--content", str(folder)],
            env={**os.environ, "XDG_CACHE_HOME": cache},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        looks: list[tuple[float, float]] = []
        done = threading.Event()

        def look() -> None:
            while not done.wait(LOOK_EVERY):
                each = [_memory(pid) for pid in _family(process.pid)]
                looks.append((sum(own for own, _ in each), sum(mapped for _, mapped in each)))

        watching = threading.Thread(target=look)
        watching.start()
        status = process.wait()
        taken = 1000 * (time.perf_counter() - started)
        done.set()
        watching.join()
        assert status == 0, "the build failed"
    return taken, max(own for own, _ in looks), max(mapped for _, mapped in looks)


def _family(pid: int) -> list[int]:
    """The process PID and all that it started."""
    family = [pid]
    for parent in family:
        try:
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        except OSError:  # it has ended
            continue
        family += map(int, children)
    return family


def _memory(pid: int) -> tuple[float, float]:
    """What a process holds of its own (MB), and its share of all that it has mapped."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:  # it has ended
        return 0, 0
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 / 1e6 for line in lines}
    return sizes["Anonymous"], sizes["Pss"]


def _drawn(found: Library, most: int) -> list[File]:
    """At most MOST files of FOUND, drawn evenly from the first to the last."""
    files = list(found.files)
    return [files[place * len(files) // most] for place in range(most)] if len(files) > most else files


def _size(files: Iterable[File]) -> int:
    return sum(file.path.stat().st_size for file in files)


def _count(items: Iterable[object]) -> int:
    return sum(1 for _ in items)


def _time(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)
