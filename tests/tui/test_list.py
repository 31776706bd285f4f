"""The list widget at a million rows: it asks for what it shows, whatever is done to it."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from briefing.document.rows import Cell, Column
from briefing.tui.rows import ListLine
from briefing.tui.themes import textual_theme
from briefing.tui.widgets.records import ListView

MILLION = 1_000_000
COLUMNS = (Column("name", 10, 40, weight=1),)


class Many:
    """A million rows in groups of five, made when they are asked for."""

    total = MILLION

    def __init__(self) -> None:
        self.asked = 0

    def page(self, start: int, stop: int) -> list[ListLine]:
        stop = min(stop, self.total)
        self.asked += stop - start
        return [ListLine(n, (Cell(f"row {n}"),), COLUMNS, f"group {n // 5}") for n in range(start, stop)]


class ListApp(App[None]):
    def __init__(self, rows: Many) -> None:
        super().__init__()
        self.register_theme(textual_theme("dark"))
        self.theme = "dark"
        self.rows = rows
        self.list = ListView()

    def compose(self) -> ComposeResult:
        yield self.list

    def on_mount(self) -> None:
        self.list.show(self.rows)
        self.list.focus()

    @property
    def lines(self) -> list[str]:
        return [strip.text.rstrip(" █") for strip in self.screen._compositor.render_strips()]


@pytest.mark.parametrize("key", ["j", "pagedown", "G", "k", "g", "pageup"])
async def test_a_key_asks_for_a_page_at_most(key: str) -> None:
    rows = Many()
    app = ListApp(rows)
    async with app.run_test(size=(40, 20)) as pilot:
        app.list.move_to(MILLION // 2)
        await pilot.pause()
        rows.asked = 0
        for _ in range(10):
            await pilot.press(key)
        assert rows.asked <= 10 * 80
        line = next(line for line in app.lines if line.startswith("▌"))
        assert line.split() == ["▌", "row", str(app.list.cursor)]


async def test_first_and_last_stand_at_the_edges() -> None:
    app = ListApp(Many())
    async with app.run_test(size=(40, 20)) as pilot:
        assert [line.strip("▌ ") for line in app.lines[:3]] == ["group 0", "row 0", "row 1"]
        await pilot.press("G")
        assert app.lines[-1].strip("▌ ") == "row 999999"
        assert app.lines[0].strip().startswith("group ")
        await pilot.press("g")
        assert app.lines[1].strip("▌ ") == "row 0"


async def test_the_scroll_bar_is_dragged_from_end_to_end() -> None:
    app = ListApp(Many())
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.mouse_down(app.list, offset=(39, 0))
        await pilot.hover(app.list, offset=(39, 19))
        await pilot.mouse_up(app.list, offset=(39, 19))
        assert app.list.cursor == MILLION - 1
        await pilot.mouse_down(app.list, offset=(39, 0))
        await pilot.mouse_up(app.list, offset=(39, 0))
        assert app.list.cursor == 0


async def test_the_wheel_moves_the_view_and_leaves_the_cursor() -> None:
    app = ListApp(Many())
    async with app.run_test(size=(40, 20)) as pilot:
        app.list._scroll(3)
        await pilot.pause()
        assert app.list.top == 3
        assert app.list.cursor == 0
        await pilot.press("j")
        assert app.list.cursor == 1
        assert app.list.top == 1
        app.list._scroll(-100)
        assert app.list.top == 0


async def test_a_list_that_became_shorter_keeps_its_cursor_inside() -> None:
    rows = Many()
    app = ListApp(rows)
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.press("G")
        few = Many()
        few.total = 3
        app.list.show(few, app.list.cursor)
        await pilot.pause()
        assert app.list.cursor == 2
        assert [line.strip("▌ ") for line in app.lines[:4]] == ["group 0", "row 0", "row 1", "row 2"]


async def test_an_empty_list_says_what_is_so() -> None:
    none = Many()
    none.total = 0
    app = ListApp(none)
    async with app.run_test(size=(40, 20)) as pilot:
        app.list.show(none, empty=("Nothing here.", "Do this."))
        await pilot.press("j", "G", "enter", "pagedown")
        text = "\n".join(app.lines)
        assert "Nothing here." in text
        assert "Do this." in text
        assert app.list.key is None


class Few(Many):
    """Rows of which two columns say little, as many as are asked for."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self.total = total

    def page(self, start: int, stop: int) -> list[ListLine]:
        cells = Cell("a text that has use for the room"), Cell(""), Cell("12 Jun")
        columns = Column("text", 5, 40, weight=1), Column("nothing", 4, 10, weight=1), Column("date", 12, 12)
        return [ListLine(n, cells, columns) for n in range(start, min(stop, self.total))]


async def test_columns_of_a_list_that_is_in_view_as_a_whole_take_no_more_than_they_need() -> None:
    app = ListApp(Few(20))
    async with app.run_test(size=(44, 20)) as pilot:
        assert app.lines[0] == "▌ a text that has use for the room  12 Jun"
        # Of a longer one the next rows may say more, and columns keep their places.
        app.list.show(Few(21))
        await pilot.pause()
        assert (
            app.lines[0] == app.lines[9].replace(" ", "▌", 1) != "▌ a text that has use for the room  12 Jun"
        )
        await pilot.resize_terminal(44, 21)
        await pilot.pause()
        assert app.lines[0] == "▌ a text that has use for the room  12 Jun"
