"""Narrowing a search by its facets, and completing a query as it is typed."""

from __future__ import annotations

import pytest

from briefing.edition.edition import Edition
from briefing.tui.screens.facets import FacetsScreen
from tests.tui.reading import Reading, reading


async def facets(session: Reading) -> FacetsScreen:
    await session.press("f")
    await session.until(lambda: isinstance(session.app.screen, FacetsScreen))
    await session.rest()
    screen = session.app.screen
    assert isinstance(screen, FacetsScreen)
    return screen


async def test_choosing_a_value_narrows_the_search(edition: Edition) -> None:
    async with reading(edition, (100, 60)) as session:
        await session.search("iraq")
        await session.press("enter")
        total = edition.search("iraq", typing=True).total
        screen = await facets(session)
        for title in ("By actor", "By stance", "By status", "By place", "By day"):
            assert f" {title}" in session.lines
        assert "■" in session.text
        values = [value for _, value, _ in screen.rows.values]
        wanted = next(number for number, value in enumerate(values) if value.query == "stance:supports")
        screen.list.move_to(wanted)
        await session.press("enter")
        await session.until(lambda: "stance:supports" in session.screen.place.query)
        assert session.screen.hits is not None
        assert session.screen.hits.total == values[wanted].count < total
        await session.press("backspace")
        assert session.screen.place.query == "iraq"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 50)], ids=str)
async def test_bars_are_as_long_as_what_they_stand_for(edition: Edition, size: tuple[int, int]) -> None:
    async with reading(edition, size) as session:
        await session.search("iraq")
        await session.press("enter")
        await facets(session)
        start = session.lines.index(" By actor") + 1
        bars = [line.count("■") for line in session.lines[start : start + 12]]
        assert bars == sorted(bars, reverse=True)
        assert bars[0] > bars[-1] > 0


async def test_nothing_chosen_changes_nothing(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.search("iraq")
        await session.press("enter")
        place = session.screen.place
        await facets(session)
        await session.press("escape")
        assert session.screen.place == place


async def test_without_a_search_there_is_nothing_to_narrow(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("f")
        assert "once a search has hits" in session.lines[-1]


async def test_a_colon_offers_values_with_their_counts_and_tab_takes_one(edition: Edition) -> None:
    async with reading(edition, (60, 20)) as session:
        await session.search("stance:")
        offered = session.screen.search.completions
        await session.until(lambda: bool(offered.choices))
        best = offered.choices[0]
        assert any(best.label in line and str(best.count) in line for line in session.lines[3:12])
        await session.press("down")
        second = offered.choices[1].text
        await session.press("tab")
        await session.rest()
        assert session.screen.search.value == f"stance:{second}"
        await session.until(lambda: session.screen.place.query == f"stance:{second}")
        await session.until(lambda: not offered.display)


async def test_a_click_takes_a_completion(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.search("stance:")
        offered = session.screen.search.completions
        await session.until(lambda: bool(offered.choices))
        second = offered.choices[1].text
        await session.pilot.click(offered, offset=(5, 1))
        await session.until(lambda: session.screen.place.query == f"stance:{second}")
        assert session.screen.search.typing
        assert not offered.display


async def test_a_value_of_several_words_is_offered_to_its_end(edition: Edition) -> None:
    async with reading(edition, (100, 30)) as session:
        await session.search('speaker:"nouri al')
        offered = session.screen.search.completions
        await session.until(lambda: bool(offered.choices))
        assert offered.choices[0].text == '"Nouri al-Maliki"'
        await session.press("quotation_mark", "space")
        await session.until(lambda: not offered.display)


async def test_tab_offers_fields_and_completes_in_the_middle(edition: Edition) -> None:
    async with reading(edition, (100, 30)) as session:
        await session.search("hamidawi sta")
        offered = session.screen.search.completions
        assert not offered.display
        await session.press("tab")
        await session.until(lambda: bool(offered.choices))
        assert {choice.text for choice in offered.choices} == {"stance:", "status:"}
        await session.press("tab")
        await session.until(lambda: session.screen.search.value == "hamidawi stance:")


async def test_tab_takes_the_name_that_was_meant(edition: Edition) -> None:
    query = "kind:quote hamidawaway"
    nearest = edition.search(query, typing=True).nearest
    assert nearest
    async with reading(edition) as session:
        await session.search(query)
        assert f"Did you mean “{nearest}”?" in session.text
        await session.press("tab")
        await session.until(lambda: session.screen.place.query == nearest)
        assert session.screen.hits is not None
        assert session.screen.hits.total


async def test_escape_leaves_completions_and_search_at_once(edition: Edition) -> None:
    async with reading(edition, (100, 30)) as session:
        before = session.lines
        await session.search("stance:")
        await session.until(lambda: bool(session.screen.search.completions.choices))
        await session.press("escape")
        assert session.lines == before
