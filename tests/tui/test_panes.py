"""The six panes: what stands in each, in which order, and how one goes between them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual import events
from textual.command import CommandPalette
from textual.geometry import Size

from briefing.edition.edition import Edition, open_edition
from briefing.model.vocabulary import Kind
from briefing.tui.flow import MEASURE
from briefing.tui.places import PANES, TITLES
from briefing.tui.screens.listing import Listing
from briefing.tui.screens.reading import ReadingScreen
from tests.edition.libraries import write_library
from tests.tui.reading import reading, ref

SIZES = [(80, 24), (120, 40), (60, 20)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_brief_opens_first(edition: Edition, size: tuple[int, int]) -> None:
    async with reading(edition, size) as session:
        assert "Iraqi militias and the Iran-Israel conf" in session.lines[0]
        assert session.lines[0].endswith("as of 16 Jun 2025")
        assert "Will Iraqi militias join the Iran-Israel conflict?" in session.text
        assert "Summary" in session.text
        await session.press("G")
        assert "Incidents by day" in session.screen.document.text
        assert "■" in session.text


async def test_no_rule_stands_between_an_empty_pane_and_a_record_that_there_is_not(tmp_path: Path) -> None:
    root = write_library(tmp_path / "library", {"east/actors.yaml": "- {id: a, name: Ann, kind: person}\n"})
    async with reading(open_edition(root, cache=tmp_path / "cache")) as session:
        await session.press("4")
        assert sum("───" in line for line in session.lines) == 1
        await session.press("2")
        assert sum("───" in line for line in session.lines) == 2


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("index", range(1, 6))
async def test_each_pane_lists_its_records_and_opens_the_first(
    edition: Edition, size: tuple[int, int], index: int
) -> None:
    kind = PANES[index]
    async with reading(edition, size) as session:
        await session.press(str(index + 1))
        screen = session.screen
        assert screen.place.pane is kind
        assert screen.list.rows.total == edition.count(kind)
        first = edition.page(kind, 0, 1)[0]
        assert screen.place.ref == first.ref
        assert screen.list.has_focus
        title = screen.document.text.splitlines()[0]
        assert title in session.text


async def test_tabs_say_how_many(edition: Edition) -> None:
    async with reading(edition) as session:
        for kind in PANES[1:]:
            assert f"{TITLES[kind]} {edition.count(kind)}" in session.lines[1]


async def test_on_the_narrowest_terminal_tabs_have_room_for_the_counts_of_a_million(edition: Edition) -> None:
    async with reading(edition, (60, 20)) as session:
        tabs = session.screen.tabs
        tabs.tabs = tuple((title, 9_999_999 if count else None) for title, count in tabs.tabs)
        await session.rest()
        assert session.lines[1].count("10.0M") == len(PANES) - 1
        tabs.tabs = tuple((title, 9_999 if count else None) for title, count in tabs.tabs)
        await session.rest()
        assert session.lines[1].count("9999") == len(PANES) - 1


async def test_tab_goes_round_the_panes(edition: Edition) -> None:
    async with reading(edition) as session:
        seen = []
        for _ in range(7):
            seen.append(session.screen.place.pane)
            await session.press("tab")
        assert seen == [*PANES, PANES[0]]
        await session.press("shift+tab")
        assert session.screen.place.pane is PANES[0]


async def test_a_click_on_a_tab_goes_there(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.pilot.click(session.screen.tabs, offset=(session.lines[1].index("Quotes"), 0))
        await session.rest()
        assert session.screen.place.pane is Kind.QUOTE


async def test_positions_stand_under_their_questions(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("3")
        first = edition.page(Kind.POSITION, 0, 1)[0]
        body = session.screen.list.region.y
        assert session.lines[body].startswith(f" {first.group[:40]}")


async def test_incidents_stand_under_their_days(edition: Edition) -> None:
    async with reading(edition, (80, 50)) as session:
        await session.press("4")
        days = [line for line in session.lines if line.strip().endswith("June 2025")]
        assert [day.split()[1] for day in days] == sorted((day.split()[1] for day in days), reverse=True)
        assert days


@pytest.mark.parametrize(("width", "list_", "measure"), [(120, 60, 55), (160, 80, 75), (220, 131, MEASURE)])
async def test_a_list_has_half_of_a_wide_terminal_and_what_the_record_has_no_use_for(
    edition: Edition, width: int, list_: int, measure: int
) -> None:
    async with reading(edition, (width, 40)) as session:
        await session.press("5")
        screen = session.screen
        assert abs(screen.list.size.width - list_) <= 1
        assert abs(screen.document.measure - measure) <= (measure < MEASURE)


async def test_actors_stand_under_headings_in_words(edition: Edition) -> None:
    async with reading(edition, (80, 50)) as session:
        await session.press("2")
        assert {"People", "States", "Government bodies"} <= {line.strip() for line in session.lines}


async def test_moving_opens_the_record_under_the_cursor(edition: Edition) -> None:
    async with reading(edition, (120, 40)) as session:
        await session.press("5")
        entries = edition.page(Kind.QUOTE, 0, edition.count(Kind.QUOTE))
        for keys, position in (
            (["j"], 1),
            (["down", "down"], 3),
            (["k"], 2),
            (["up"], 1),
            (["G"], len(entries) - 1),
            (["g"], 0),
            (["end"], len(entries) - 1),
            (["home"], 0),
        ):
            await session.press(*keys)
            assert session.screen.list.cursor == position
            assert session.screen.place.ref == entries[position].ref
            words = getattr(entries[position].record, "text", "")[:20]
            assert words in session.screen.document.text.replace("\n│ ", " ")


async def test_pages_turn(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("2", "pagedown")
        middle = session.screen.list.cursor
        assert middle > 5
        await session.press("pageup")
        assert session.screen.list.cursor == 0


async def test_narrow_enter_gives_the_record_the_pane_and_escape_gives_it_back(edition: Edition) -> None:
    async with reading(edition, (80, 24)) as session:
        await session.press("5", "j", "enter")
        assert session.screen.document.region.height == session.screen.query_one("#body").region.height
        assert session.screen.document.has_focus
        await session.press("escape")
        assert session.screen.list.has_focus
        assert session.screen.list.cursor == 1
        assert session.screen.list.region.height > session.screen.document.region.height > 0


async def test_wide_list_and_record_stand_side_by_side(edition: Edition) -> None:
    async with reading(edition, (120, 40)) as session:
        await session.press("5", "enter")
        assert session.screen.list.region.height == session.screen.document.region.height
        assert session.screen.list.region.right < session.screen.document.region.x
        assert session.screen.document.has_focus


async def test_a_resize_keeps_the_place(edition: Edition) -> None:
    async with reading(edition, (120, 40)) as session:
        await session.press("2", "G")
        place = session.screen.place
        for width, height in ((80, 24), (60, 20), (30, 10), (200, 60), (120, 40)):
            await session.pilot.resize_terminal(width, height)
            await session.rest()
            assert session.screen.place == place
            view = session.screen.list
            if width >= 60:
                assert view.cursor in [line.position for line in view._view]


async def test_sizes_that_come_while_the_reader_is_busy_are_not_told_for_ever(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit, fitted = ReadingScreen._fit, 0

    def counted(screen: ReadingScreen, size: Size) -> None:
        nonlocal fitted
        fitted += 1
        assert fitted < 50
        fit(screen, size)

    monkeypatch.setattr(ReadingScreen, "_fit", counted)
    async with reading(edition) as session:
        app, busy = session.app, asyncio.Event()
        app.screen.call_later(busy.wait)
        await asyncio.sleep(0.05)
        for size in (Size(100, 30), Size(90, 40)):
            app.post_message(events.Resize(size, size))
            await asyncio.sleep(0.05)
            app.screen.call_later(lambda: None)
        busy.set()
        await session.until(lambda: app.screen.size == Size(90, 40))
        await session.rest()


async def test_a_size_that_is_past_is_not_told_to_the_palette_again(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    resized, told = CommandPalette._screen_resized, list[Size]()

    def noted(screen: CommandPalette, size: Size) -> None:
        told.append(size)
        resized(screen, size)

    monkeypatch.setattr(CommandPalette, "_screen_resized", noted)
    async with reading(edition) as session:
        await session.press("ctrl+p")
        app, busy = session.app, asyncio.Event()
        assert isinstance(app.screen, CommandPalette)
        app.screen.call_later(busy.wait)
        await asyncio.sleep(0.05)
        for size in (Size(100, 30), Size(90, 40)):
            app.post_message(events.Resize(size, size))
            await asyncio.sleep(0.05)
            app.screen.call_later(asyncio.sleep, 0.05)
        busy.set()
        await session.until(lambda: app.screen.size == Size(90, 40))
        await session.rest()
    assert Size(100, 30) not in told[told.index(Size(90, 40)) :]


async def test_a_terminal_too_small_says_so(edition: Edition) -> None:
    async with reading(edition, (40, 12)) as session:
        assert "40x12 is too small." in session.text
        assert "60x20" in session.text
        assert "briefing --plain" in session.text
        await session.pilot.resize_terminal(60, 20)
        await session.rest()
        assert "too small" not in session.text
        assert "Will Iraqi militias" in session.text


@pytest.mark.parametrize(("keys", "moved"), [("5", "list"), ("5 enter", "document"), ("1", "document")])
async def test_after_a_terminal_was_too_small_the_keys_go_on(edition: Edition, keys: str, moved: str) -> None:
    async with reading(edition) as session:
        await session.press(*keys.split())
        for size in ((30, 10), (80, 24)):
            await session.pilot.resize_terminal(*size)
            await session.rest()
        await session.press("down")
        screen = session.screen
        assert (screen.list.cursor, screen.document.top) == ((1, 0) if moved == "list" else (0, 1))


async def test_a_query_is_typed_on_after_a_terminal_was_too_small(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.search("hami")
        for size in ((30, 10), (80, 24)):
            await session.pilot.resize_terminal(*size)
            await session.rest()
        await session.type("dawi")
        assert session.screen.search.typing
        assert session.screen.place.query == "hamidawi"


async def test_what_is_offered_does_not_stand_over_the_words_of_a_terminal_too_small(
    edition: Edition,
) -> None:
    async with reading(edition) as session:
        await session.search("stance:")
        await session.until(lambda: session.screen.search.completions.display)
        await session.pilot.resize_terminal(40, 12)
        await session.rest()
        assert "or quit with q and use" in session.text
        assert "supports" not in session.text
        await session.pilot.resize_terminal(80, 24)
        await session.rest()
        assert "supports" in session.text


@pytest.mark.parametrize("key", ["L", "exclamation_mark"])
async def test_so_they_do_beside_the_reader(edition: Edition, key: str) -> None:
    async with reading(edition) as session:
        await session.press(key)
        for size in ((30, 10), (80, 24)):
            await session.pilot.resize_terminal(*size)
            await session.rest()
        listing = session.app.screen
        assert isinstance(listing, Listing)
        assert listing.list.has_focus


async def test_the_scroll_bar_of_a_record_is_dragged(edition: Edition) -> None:
    async with reading(edition) as session:
        document = session.screen.document
        width, height = document.size
        await session.pilot.mouse_down(document, offset=(width - 1, 0))
        await session.pilot.hover(document, offset=(width - 1, height - 1))
        await session.rest()
        assert session.lines[-2].strip() == document.text.splitlines()[-1].strip()
        await session.pilot.hover(document, offset=(10, 0))
        await session.pilot.mouse_up(document, offset=(10, 0))
        await session.rest()
        assert document.top == 0


async def test_the_mouse_works(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("5")
        screen = session.screen
        await session.pilot.click(screen.list, offset=(20, 3))
        await session.rest()
        assert screen.list.cursor == 3
        await session.pilot.click(screen.list, offset=(20, 2), times=2)
        await session.rest()
        assert screen.place.reading
        assert screen.list.cursor == 2


async def test_going_to_a_date(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("4", "d")
        await session.type("2025-06-14")
        await session.press("enter")
        record = edition.get(session.screen.place.ref or ref(Kind.INCIDENT, "none"))
        assert record is not None
        assert record.group == "Saturday 14 June 2025"
        await session.press("d")
        await session.type("2025-02-30")
        await session.press("enter")
        assert "February 2025 has 28 days" in session.lines[-1]
        await session.press("2", "d")
        assert "ordered by date; this list is not" in session.lines[-1]
