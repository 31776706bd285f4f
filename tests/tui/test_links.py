"""Links lead both ways, back and forward undo them, from the keyboard and the mouse."""

from __future__ import annotations

import pytest

from briefing.edition.edition import Edition
from briefing.model.records import RECORDS
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.tui.places import Place, pane_of
from tests.tui.reading import Reading, reading, ref

HAMIDAWI = ref(Kind.ACTOR, "hamidawi")
QUOTE = ref(Kind.QUOTE, "q-hamidawi-1")


async def open_record(session: Reading, target: Ref) -> None:
    session.screen.go(Place(pane_of(target.kind), target, reading=True))
    await session.rest()


async def test_a_quote_leads_to_its_speaker_and_back_again(edition: Edition) -> None:
    async with reading(edition) as session:
        await open_record(session, QUOTE)
        assert session.screen.document.links[0] == HAMIDAWI
        await session.press("tab")
        assert session.screen.document.link == 0
        await session.press("enter")
        assert session.screen.place.ref == HAMIDAWI
        assert session.screen.place.pane is Kind.ACTOR
        assert session.screen.list.key == HAMIDAWI
        assert "Abu Hussein al-Hamidawi" in session.text
        assert QUOTE in session.screen.document.links
        await session.press("backspace")
        assert session.screen.place.ref == QUOTE
        assert session.screen.place.reading
        await session.press("alt+right")
        assert session.screen.place.ref == HAMIDAWI
        await session.press("alt+left")
        assert session.screen.place.ref == QUOTE


@pytest.mark.parametrize("kind", RECORDS)
async def test_every_link_of_every_record_can_be_followed(edition: Edition, kind: Kind) -> None:
    async with reading(edition, (100, 30)) as session:
        for entry in edition.page(kind, 0, 3):
            await open_record(session, entry.ref)
            for number, target in enumerate(list(session.screen.document.links)[:8]):
                await open_record(session, entry.ref)
                session.screen.document.link = number
                await session.press("enter")
                if isinstance(target, Ref):
                    expected = None if target.kind is Kind.BRIEFING else target
                    assert session.screen.place.ref == expected
                    assert "There is no" not in session.screen.document.text


async def test_links_go_round_and_backwards(edition: Edition) -> None:
    async with reading(edition) as session:
        await open_record(session, QUOTE)
        count = len(session.screen.document.links)
        await session.press("shift+tab")
        last = session.screen.document.link
        assert last is not None
        await session.press(*["tab"] * (count - last))
        assert session.screen.document.link == 0


async def test_a_click_follows_a_link(edition: Edition) -> None:
    async with reading(edition, (120, 40)) as session:
        await open_record(session, QUOTE)
        y = next(y for y, line in enumerate(session.lines) if "Speaker" in line)
        x = session.lines[y].index("Abu", session.screen.document.region.x)
        await session.pilot.click(offset=(x + 2, y))
        await session.rest()
        assert session.screen.place.ref == HAMIDAWI


async def test_the_briefs_judgements_lead_to_what_they_rest_on(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("enter")
        target = session.screen.document.links[0]
        await session.press("enter")
        assert session.screen.place.ref == target
        await session.press("backspace")
        assert session.screen.place.pane is Kind.BRIEFING


async def test_all_links_of_the_brief_are_reached_by_keys(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("enter", "tab")
        target = session.screen.document.links[1]
        await session.press("enter")
        assert session.screen.place.ref == target
        await session.press("backspace", "enter", "escape", "tab")
        assert session.screen.place.pane is Kind.ACTOR, "no link is chosen any more"


async def test_what_a_click_goes_into_has_the_keys(edition: Edition) -> None:
    async with reading(edition, (120, 40)) as session:
        screen = session.screen
        await session.press("5")
        await session.pilot.click(screen.document, offset=(2, screen.document.size.height - 1))
        await session.press("tab", "enter")
        assert screen.place.ref == HAMIDAWI, "the first link of the first quote"
        await session.press("backspace", "enter")
        await session.pilot.click(screen.list, offset=(5, 2))
        await session.rest()
        assert not screen.place.reading
        await session.press("tab")
        assert screen.place.pane is Kind.SOURCE
        await session.pilot.click(screen.document, offset=(2, screen.document.size.height - 1))
        await session.press("escape")
        assert screen.list.has_focus


async def test_a_judgement_leads_to_the_brief_which_stands_alone(edition: Edition) -> None:
    async with reading(edition, (120, 40)) as session:
        await session.press("enter", "enter")
        briefing = next(
            link for link in session.screen.document.links if getattr(link, "kind", "") is Kind.BRIEFING
        )
        session.screen.follow(briefing)
        await session.rest()
        assert session.screen.place.pane is Kind.BRIEFING
        assert "Will Iraqi militias" in session.lines[4]
        assert session.screen.document.region.width == 120


async def test_an_issue_is_read_among_its_positions(edition: Edition) -> None:
    issue = edition.page(Kind.ISSUE, 0, 1)[0].ref
    async with reading(edition, (120, 40)) as session:
        session.screen.follow(issue)
        await session.rest()
        assert session.screen.place.pane is Kind.POSITION
        assert session.screen.document.text.startswith(edition.name(issue)[:30])
        entry = edition.get(session.screen.list.key)  # type: ignore[arg-type]
        assert entry is not None
        assert getattr(entry.record, "issue", "") == issue.id


async def test_back_keeps_how_far_the_record_was_read(edition: Edition) -> None:
    async with reading(edition) as session:
        await open_record(session, HAMIDAWI)
        await session.press("j", "j", "j")
        top = session.screen.document.top
        assert top > 0
        session.screen.follow(QUOTE)
        await session.rest()
        await session.press("backspace")
        assert session.screen.place.ref == HAMIDAWI
        assert session.screen.document.top == top


async def test_back_to_a_record_of_another_width_keeps_how_far_it_was_read(edition: Edition) -> None:
    """On a wide terminal the Brief has lines of its own length."""
    async with reading(edition, (120, 30)) as session:
        await session.press("G")
        brief = session.lines
        await session.press("6", "enter", "pagedown")
        source = session.lines
        await session.press("backspace", "backspace")
        assert session.lines == brief
        await session.press("alt+right", "alt+right")
        assert session.lines[:-1] == source[:-1]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_back_leads_into_a_record_that_a_click_went_into(
    edition: Edition, size: tuple[int, int]
) -> None:
    async with reading(edition, size) as session:
        await session.press("5")
        await session.pilot.click(
            session.screen.document, offset=(2, session.screen.document.size.height - 1)
        )
        await session.press("tab")
        lines = session.lines
        await session.press("enter", "backspace", "tab")
        assert session.lines == lines


async def test_a_window_that_changes_and_changes_back_shows_the_same_lines(edition: Edition) -> None:
    async with reading(edition, (80, 24)) as session:
        await session.press("pagedown", "j")
        lines = session.lines
        for size in ((61, 20), (97, 50), (120, 40), (80, 24)):
            await session.pilot.resize_terminal(*size)
            await session.rest()
        assert session.lines == lines


async def test_the_way_ends_with_a_word(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("backspace")
        assert "where you began" in session.lines[-1]
        await session.press("alt+right")
        assert "nothing ahead" in session.lines[-1]


async def test_a_record_that_is_gone_says_so(edition: Edition) -> None:
    async with reading(edition) as session:
        session.screen.follow(ref(Kind.QUOTE, "q-never-said"))
        await session.rest()
        assert "There is no quote “q-never-said”" in session.text
        await session.press("backspace")
        assert session.screen.place.pane is Kind.BRIEFING
