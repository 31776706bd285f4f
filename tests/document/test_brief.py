"""The Brief: question, summary, judgements with links, numbers, and the strip of days."""

from __future__ import annotations

import datetime as dt

from briefing.document.brief import DAYS_SHOWN, brief
from briefing.document.document import Bar, Field, Heading, Item, Run
from briefing.document.plain import plain
from briefing.edition.edition import Edition
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from tests.document.conftest import Library


def test_the_sample_says_what_it_asks_and_answers(edition: Edition) -> None:
    document = brief(edition)
    text = plain(document, width=None)
    assert isinstance(document.blocks[0], Heading) and document.blocks[0].level == 1
    assert "Will Iraqi militias join the Iran-Israel conflict?" in text
    assert "[likely, 55 to 80 percent]" in text
    assert f"{edition.count(Kind.ACTOR)} actors" in text


def test_each_judgement_is_followed_by_links_to_its_basis(edition: Edition) -> None:
    briefing = edition.briefing
    assert briefing is not None
    blocks = brief(edition).blocks
    judged = [n for n, block in enumerate(blocks) if isinstance(block, Item)]
    assert len(judged) == len(briefing.judgements)
    for place, judgement in zip(judged, briefing.judgements, strict=True):
        basis = blocks[place + 1]
        assert isinstance(basis, Field)
        named = [run.target for run in basis.line if run.target is not None]
        assert named == [Ref.resolve(b, briefing=briefing.id, kind=None) for b in judgement.basis]


def incidents(*dates: str) -> str:
    return "".join(
        f"- {{id: i-{n}, title: Event {n}, type: meeting, status: reported, when: {{date: {date}}}, "
        "place: {name: Erbil}, sources: [{source: paper, para: 1}]}\n"
        for n, date in enumerate(dates)
    )


def bars(edition: Edition) -> list[tuple[str, int]]:
    return [(block.label, block.amount) for block in brief(edition).blocks if isinstance(block, Bar)]


def test_days_without_incidents_stand_between_those_with_some(library: Library) -> None:
    edition = library(incidents=incidents("2025-06-13", "2025-06-13", "2025-06-15"))
    assert bars(edition) == [("Fri 13 Jun", 2), ("Sat 14 Jun", 0), ("Sun 15 Jun", 1)]


def test_a_long_story_shows_its_last_days_and_says_so(library: Library) -> None:
    first = dt.date(2024, 12, 1)
    days = [(first + dt.timedelta(days=n)).isoformat() for n in range(0, 90, 3)]
    edition = library(incidents=incidents(*days))
    shown = bars(edition)
    assert len(shown) == DAYS_SHOWN
    assert shown[-1] == ("Wed 26 Feb", 1)
    headings = [block.text for block in brief(edition).blocks if isinstance(block, Heading)]
    assert headings[-1].endswith(f"the last {DAYS_SHOWN} days")


def test_a_story_without_dated_incidents_has_no_strip(library: Library) -> None:
    assert bars(library()) == []


def test_a_library_read_together_lists_its_briefings(library: Library) -> None:
    edition = library()
    other = BRIEFING_TWO
    root = edition.place_of(Ref("story", Kind.BRIEFING, "story"))
    assert root is not None
    folder = root[0].parent.parent / "other"
    folder.mkdir()
    (folder / "briefing.yaml").write_text(other, encoding="utf-8")
    both = library()
    items = [block for block in brief(both).blocks if isinstance(block, Item)]
    assert [block.line[0] for block in items] == [
        Run("Another", "strong", Ref("other", Kind.BRIEFING, "other")),
        Run("A story", "strong", Ref("story", Kind.BRIEFING, "story")),
    ]


BRIEFING_TWO = """
schema: 1
id: other
title: Another
question: And then?
as_of: 2025-07-01
"""
