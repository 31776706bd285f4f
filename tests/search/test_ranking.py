"""The order of hits does not hang on how much of it is asked for, though titles are looked at first."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.edition.edition import Edition, open_edition
from briefing.edition.hits import Hits
from tests.edition.libraries import write_library

LIBRARY = {
    "east/actors.yaml": "- {id: oil, name: Oil Company, kind: organisation}",
    "east/quotes.yaml": """
        - {id: far, speaker: oil, text: much oil, form: full, medium: speech,
           when: {date: 9999-12-31}, sources: [{source: report, para: 1}]}
    """,
    "east/sources.yaml": "- {id: report, kind: article, title: the price of oil, published: 2025-06-16}",
}
NEAR = {**LIBRARY, "east/quotes.yaml": LIBRARY["east/quotes.yaml"].replace("9999-12-31", "2025-06-16")}


def one_by_one(hits: Hits) -> list[tuple[str, float]]:
    parts = [hits.ranked(place, place + 1) for place in range(hits.total)]
    return [(str(hit.entry.ref), hit.score) for part in parts for hit in part]


def at_once(hits: Hits) -> list[tuple[str, float]]:
    return [(str(hit.entry.ref), hit.score) for hit in hits.ranked(0, hits.total)]


@pytest.mark.parametrize("typing", [True, False])
@pytest.mark.parametrize(
    "query",
    [
        "iraq",
        "iran",
        "militias",
        "drone",
        "attack",
        "hezbollah",
        "iraqi",
        "base",
        "us-led",
        "al",
        "in",
        "irann",
    ],
)
def test_hits_stand_where_they_do_among_all(edition: Edition, query: str, typing: bool) -> None:
    hits = edition.search(query, typing=typing)
    assert one_by_one(hits) == at_once(hits)


def test_so_do_those_of_one_briefing(edition: Edition) -> None:
    hits = edition.only(edition.briefings()[0].briefing.id).search("iran")
    assert hits.total > 1
    assert one_by_one(hits) == at_once(hits)


@pytest.mark.parametrize("phrase", ['"kataib hezbollah"', '"of the"', '"iraq"', '"al iraq"'])
def test_a_phrase_is_worth_the_same_alone_and_among_others(edition: Edition, phrase: str) -> None:
    hits = edition.search(phrase)
    assert hits.total
    assert one_by_one(hits) == at_once(hits) == at_once(edition.search(f"{phrase} or {phrase}"))


@pytest.mark.parametrize(
    ("files", "first"),
    [(NEAR, "east/actor/oil"), (LIBRARY, "east/quote/far")],
    ids=["as dated", "of a day to come"],
)
def test_a_title_comes_first_unless_something_is_worth_more(
    tmp_path: Path, files: dict[str, str], first: str
) -> None:
    library = open_edition(write_library(tmp_path / "library", files), cache=tmp_path / "cache")
    hits = library.search("oil")
    assert [str(hit.entry.ref) for hit in hits.ranked(0, 1)] == [first]
    assert one_by_one(hits) == at_once(hits)
