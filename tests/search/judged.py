"""Judged searches: names and the queries that must find them or not, and queries with their best records."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from briefing.edition.edition import Edition, open_edition

HERE = Path(__file__).parent
NAMES, RELEVANCE = HERE / "names.yaml", HERE / "relevance.yaml"
# How far down a name is looked for, and a ranking is judged.
NAMES_SHOWN, RANKS_JUDGED = 5, 10
BRIEFING = """\
schema: 1
id: names
title: Names
question: Who is found?
as_of: 2025-06-16
"""


class Verdict(Enum):
    """What a query must do with an actor."""

    FINDS = "finds"
    MISSES = "misses"
    NEAR = "near"


class NamePair(NamedTuple):
    query: str
    actor: str
    verdict: Verdict


class Judged(NamedTuple):
    """A query with the records that ought to come first: 3 is what was meant, 1 is of use."""

    query: str
    grades: dict[str, int]


def name_pairs() -> list[NamePair]:
    return [
        NamePair(query, f"actor-{number}", verdict)
        for number, entry in enumerate(_loaded(NAMES))
        for verdict in Verdict
        for query in entry.get(verdict.value, ())
    ]


def name_library(folder: Path) -> Edition:
    """The actors of names.yaml as a library, opened."""
    briefing = folder / "names"
    briefing.mkdir(parents=True)
    (briefing / "briefing.yaml").write_text(BRIEFING)
    actors = [
        {
            "id": f"actor-{number}",
            **{field: entry[field] for field in ("name", "kind", "aliases") if field in entry},
        }
        for number, entry in enumerate(_loaded(NAMES))
    ]
    (briefing / "actors.yaml").write_text(yaml.safe_dump(actors, allow_unicode=True))
    return open_edition(folder, cache=folder / "cache")


def is_right(edition: Edition, pair: NamePair) -> bool:
    """Whether a name is among the first hits, or among none, or is marked as a typing error."""
    hits = edition.search(pair.query)
    found = {hit.entry.ref.id: hit.typo for hit in hits.ranked(0, hits.total)}
    match pair.verdict:
        case Verdict.FINDS:
            return pair.actor in list(found)[:NAMES_SHOWN]
        case Verdict.MISSES:
            return pair.actor not in found
    return found.get(pair.actor, True)


def judged_queries() -> list[Judged]:
    return [
        Judged(
            entry["query"],
            {
                **dict.fromkeys(entry.get("useful", ()), 1),
                **dict.fromkeys(entry.get("good", ()), 2),
                **dict.fromkeys(entry["best"], 3),
            },
        )
        for entry in _loaded(RELEVANCE)
    ]


def ndcg(edition: Edition, judged: Judged) -> float:
    """Normalised discounted cumulative gain of the first ten hits; 1 is the best order there is.

    After Järvelin and Kekäläinen (2002), with the gain 2^grade - 1.
    """
    hits = edition.search(judged.query).ranked(0, RANKS_JUDGED)
    found = [judged.grades.get(hit.entry.ref.short, 0) for hit in hits]
    best = sorted(judged.grades.values(), reverse=True)[:RANKS_JUDGED]
    return _gain(found) / _gain(best)


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades))


def _loaded(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text())
    return entries
