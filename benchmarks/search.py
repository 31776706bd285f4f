"""Search at a million records, beside ripgrep, fzf and SQLite FTS5; and how well it finds and ranks."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks import libraries
from benchmarks.report import Figure, median, percentile, report
from briefing.edition.edition import Edition, open_edition
from briefing.edition.searched import texts_of, titles_of
from briefing.model.records import RECORDS
from briefing.model.vocabulary import Kind
from tests.search.hostile import HOSTILE
from tests.search.judged import Verdict, is_right, judged_queries, name_library, name_pairs, ndcg

SAMPLE = Path(__file__).parent.parent / "content"
# Typed one letter at a time: 200 queries in all.
TYPED = (
    "government",  # common
    "hasan dawoud",  # a name, spelled another way
    "kataib ghazali",
    "المهندس",
    "the drone attack",  # very common words
    '"border talks"',  # a phrase
    "speaker:dawud",  # fields
    "kind:quote sanctions",
    "date:2024-06 missile",
    "stance:opposes energy",
    "karbala",
    "governmant",  # typing errors
    "husien bagdhadi",
    "zqxjkvw",  # nothing
    "embassy or oil",
    "oil",
)
WORDS = (
    "government",
    "drone",
    "embassy",
    "karbala",
    "tikriti",
    "sanctions",
    "hulsaude",
    "zqxjkvw",
    "ceasefire",
)
FUZZY_WORDS = ("embassy", "tikriti", "zqxjkvw")
PAGE = 30
BEST = 20
ROUNDS = 9
STEP = 5_000
_KINDS = (Kind.ACTOR, Kind.POSITION, Kind.INCIDENT, Kind.QUOTE, Kind.SOURCE)


def typed_queries() -> list[str]:
    """Every query on the way to those of TYPED."""
    return [query[:length] for query in TYPED for length in range(1, len(query) + 1)]


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks search")
    parser.add_argument("--records", type=int, default=1_000_000)
    records = parser.parse_args(argv).records
    edition = libraries.edition(records)
    figures = [
        *_engine(edition),
        *_hostile(edition),
        *_reader(edition),
        *_peers(edition, records),
        *_process(records),
        *_quality(),
    ]
    report("search", f"Search among {records:,} records", figures)


def _engine(edition: Edition) -> Iterator[Figure]:
    """Each query as it is typed: counted by kind, and the first page of a pane read."""
    queries = typed_queries()
    found, shown = [], []
    for number, query in enumerate(queries):
        kind = _KINDS[number % len(_KINDS)]
        started = time.perf_counter()
        hits = edition.search(query, typing=True)
        _ = hits.total
        found.append(time.perf_counter() - started)
        hits.page(kind, 0, PAGE)
        shown.append(time.perf_counter() - started)
    yield Figure(f"{len(queries)} typed queries, found and counted, p50", 1000 * median(found), "ms", bound=5)
    yield Figure("the same, p95", 1000 * percentile(found, 0.95), "ms", bound=25)
    yield Figure("with the first page read and explained, p50", 1000 * median(shown), "ms")
    yield Figure("the same, p95", 1000 * percentile(shown, 0.95), "ms")


def _hostile(edition: Edition) -> Iterator[Figure]:
    """Queries made to be slow, with what is shown of their hits: a pane's while typing, else the best."""
    typed: list[float] = []
    finished: list[float] = []
    for query in HOSTILE:
        for typing, times in ((True, typed), (False, finished)):
            started = time.perf_counter()
            hits = edition.search(query, typing=typing)
            if typing:
                hits.page(Kind.INCIDENT, 0, PAGE)
            else:
                hits.ranked(0, BEST)
            _ = hits.nearest
            times.append(1000 * (time.perf_counter() - started))
    number = len(HOSTILE)
    yield Figure(f"{number} hostile queries, typed, with a page, the slowest", max(typed), "ms", bound=100)
    yield Figure("the same, finished, with the best hits", max(finished), "ms", bound=100)


def _reader(edition: Edition) -> Iterator[Figure]:
    """From a key to the bytes that draw its hits, in a process of the reader."""
    os.environ.setdefault("TEXTUAL_FPS", "120")  # as `briefing` does in a terminal of its own
    from benchmarks.typist import typed

    times = asyncio.run(typed(edition, TYPED))
    yield Figure("key pressed to results on screen, p50", median(times), "ms", bound=16)
    yield Figure("the same, p95", percentile(times, 0.95), "ms", bound=50)


def _peers(edition: Edition, records: int) -> Iterator[Figure]:
    """Whole words: all hits counted and the best of them ranked, beside what else finds words."""
    lines, database = _peer_data(edition, records)
    ranked = _times(WORDS, lambda word: _best_numbers(edition, word))
    told = _times(WORDS, lambda word: _best_told(edition, word))
    few = _times(FUZZY_WORDS, lambda word: _best_told(edition, word))
    ripgrep = _times(WORDS, lambda word: _run(["rg", "-i", "-c", word, str(lines)]))
    full_text = sqlite3.connect(database)

    def sqlite(columns: str) -> float:
        best = f"SELECT {columns} FROM record WHERE record MATCH ? ORDER BY rank LIMIT {BEST}"
        return _times(WORDS, lambda word: full_text.execute(best, (f'"{word}"',)).fetchall())

    numbers, texts = sqlite("rowid"), sqlite("rowid, words, snippet(record, 0, '[', ']', '…', 24)")
    yield Figure(
        f"a word counted by kind, best {BEST} numbers, p50", ranked, "ms", "FTS5, rowids", numbers, least=20
    )
    yield Figure(
        f"the {BEST} read, explained, snippets", told, "ms", "FTS5, texts, snippet()", texts, least=20
    )
    yield Figure("the same", told, "ms", "rg -i -c", ripgrep, least=5)
    if shutil.which("fzf"):
        fuzzy = _times(FUZZY_WORDS, lambda word: _filter(word, lines), rounds=1)
        yield Figure("the same, fewer words", few, "ms", "fzf --filter", fuzzy, least=100)


def _best_numbers(edition: Edition, word: str) -> list[int]:
    """The store's numbers of the best hits, which is what FTS5 tells of its own."""
    hits = edition.search(word)
    numbers = hits._look(
        lambda found: found._reading.numbers([address for _, address in found._by_rank([], BEST, 0)])
    )
    return numbers if hits.total else []


def _best_told(edition: Edition, word: str) -> list[tuple[str, tuple[str, ...]]]:
    """The best hits, each with why it is one and the piece of its text that shows it."""
    hits = edition.search(word)
    told = [(hits.snippet(hit), hit.reasons) for hit in hits.ranked(0, BEST)]
    return told if hits.total else []


def _times(words: Sequence[str], search: Callable[[str], object], rounds: int = ROUNDS) -> float:
    """The median over WORDS of the fastest of some rounds, in milliseconds."""
    taken: dict[str, float] = {}
    for _ in range(rounds):
        for word in words:
            started = time.perf_counter()
            search(word)
            taken[word] = min(taken.get(word, 1e9), 1000 * (time.perf_counter() - started))
    return statistics.median(taken.values())


def _peer_data(edition: Edition, records: int) -> tuple[Path, Path]:
    """The words of every record as a line of a file and as a row of a full-text table."""
    folder = libraries.DATA / f"search-{records}"
    lines, database = folder / "records.txt", folder / "records.db"
    if not folder.exists():
        unfinished = folder.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        full_text = sqlite3.connect(unfinished / database.name, isolation_level=None)
        full_text.execute("CREATE VIRTUAL TABLE record USING fts5(words)")
        full_text.execute("BEGIN")
        with (unfinished / lines.name).open("w") as file:
            for words in _all_words(edition):
                file.write(f"{words}\n")
                full_text.execute("INSERT INTO record VALUES (?)", (words,))
        full_text.execute("COMMIT")
        full_text.close()
        unfinished.rename(folder)
    return lines, database


def _all_words(edition: Edition) -> Iterator[str]:
    for kind in RECORDS:
        for start in range(0, edition.count(kind), STEP):
            for entry in edition.page(kind, start, start + STEP):
                yield " ".join([entry.ref.id, *titles_of(entry.record), *texts_of(entry.record)])


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)


def _filter(word: str, lines: Path) -> None:
    with lines.open() as file:
        subprocess.run(["fzf", "--filter", word], stdin=file, stdout=subprocess.DEVNULL, check=False)


def _process(records: int) -> Iterator[Figure]:
    """`briefing search` as a process, beside a Python that does nothing."""
    folder = str(libraries.library(records))
    briefing = str(Path(sys.executable).with_name("briefing"))
    search = [briefing, "search", "embassy", "--content", folder, "--limit", "20"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(libraries.CACHE)}
    ours: list[float] = []
    nothing: list[float] = []
    for _ in range(7):
        for command, times in ((search, ours), ([sys.executable, "-c", "pass"], nothing)):
            started = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=True)
            times.append(1000 * (time.perf_counter() - started))
    yield Figure("briefing search, a process", median(ours), "ms", "python -c pass", median(nothing), bound=6)


def _quality() -> Iterator[Figure]:
    """Names found and not found by the judged pairs, and the order of the judged queries."""
    with tempfile.TemporaryDirectory() as folder:
        names = name_library(Path(folder))
        right = {
            verdict: [is_right(names, pair) for pair in name_pairs() if pair.verdict is verdict]
            for verdict in Verdict
        }
        sample = open_edition(SAMPLE, cache=Path(folder) / "sample")
        gains = [ndcg(sample, judged) for judged in judged_queries()]
    found, kept_out = right[Verdict.FINDS], right[Verdict.MISSES] + right[Verdict.NEAR]
    # Of what the judged queries bring, what is right: a name wrongly found is a false positive.
    precision = sum(found) / (sum(found) + len(kept_out) - sum(kept_out))
    yield Figure(f"names: recall at 5, {len(found)} pairs", sum(found) / len(found), "", "to reach", 0.97)
    yield Figure(
        f"names: precision, {len(kept_out)} pairs that must not match", precision, "", "to reach", 1.0
    )
    yield Figure(f"order: NDCG@10, {len(gains)} judged queries", statistics.mean(gains), "", "to reach", 0.9)
