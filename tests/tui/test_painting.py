"""Painting from the front to the back: the same cells as Textual's own, no cell twice and none besides."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static

from briefing.edition.edition import Edition
from briefing.tui.painting import FrontToBack, Painting
from tests.tui.reading import reading

WIDTH, HEIGHT = 30, 12
Cells = dict[tuple[int, int], tuple[str, Style | None]]


class Heap(Screen[None]):
    """Widgets over and beside each other, some partly outside."""

    CSS = """
    Heap { layers: low middle high; }
    Static { position: absolute; }
    #back { layer: low; width: 30; height: 12; background: blue; }
    #beside { layer: middle; offset: 20 2; width: 15; height: 8; background: green; }
    #front { layer: high; offset: 5 3; width: 18; height: 4; background: red; border: solid white; }
    #edge { layer: high; offset: -3 9; width: 9; height: 6; background: yellow; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor = FrontToBack()

    def compose(self) -> ComposeResult:
        for name in ("back", "beside", "front", "edge"):
            yield Static(f"{name} " * 60, id=name)


def laid(lines: Iterable[tuple[int, int, Strip]]) -> Cells:
    """Each cell of LINES; none may come twice."""
    cells: Cells = {}
    for x, y, strip in lines:
        at = x
        for text, style, _ in strip:
            for letter in text:
                assert (at, y) not in cells
                cells[at, y] = (letter, style)
                at += 1
    return cells


def drawn(screen: Screen[Any]) -> Cells:
    """Each cell of the whole screen, as Textual draws it."""
    return laid((0, y, strip) for y, strip in enumerate(screen._compositor.render_strips()))


async def test_any_part_is_drawn_as_textual_draws_it() -> None:
    app: App[None] = App()
    seeded = random.Random(4)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        screen = Heap()
        await app.push_screen(screen)
        await pilot.pause()
        everything = drawn(screen)
        looks = {letter for letter, _ in everything.values()}
        assert looks >= set("backesidfrontg")  # each of the four can be seen
        for _ in range(200):
            x, y = seeded.randrange(-4, WIDTH), seeded.randrange(-4, HEIGHT)
            dirty = Region(x, y, seeded.randrange(1, WIDTH), seeded.randrange(1, HEIGHT))
            screen._compositor._dirty_regions = {dirty}
            update = screen._compositor.render_update()
            assert isinstance(update, Painting)
            expected = {place: cell for place, cell in everything.items() if dirty.contains(*place)}
            assert laid(update.lines) == expected


async def test_nothing_is_drawn_when_nothing_has_changed() -> None:
    app: App[None] = App()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        screen = Heap()
        await app.push_screen(screen)
        await pilot.pause()
        screen._compositor._dirty_regions = set()
        assert screen._compositor.render_update() is None
        whole = Region(0, 0, WIDTH, HEIGHT)
        screen._compositor._dirty_regions = {whole, Region(3, 3, 5, 5)}
        update = screen._compositor.render_update()
        assert isinstance(update, Painting)
        assert laid(update.lines) == drawn(screen)


async def test_what_was_drawn_adds_up_to_the_screen(edition: Edition) -> None:
    """After every key, what has been drawn piece by piece is what the whole screen looks like."""
    keys = (
        "2",
        "j",
        "j",
        "enter",
        "tab",
        "backspace",
        "slash",
        *"hamid",
        "down",
        "enter",
        "5",
        "n",
        "G",
        "1",
    )
    async with reading(edition, size=(120, 40)) as reader:
        shown: Cells = {}
        compositor = reader.screen._compositor
        draw = compositor.render_update

        def watched(*values: Any, **named: Any) -> Any:
            update = draw(*values, **named)
            if isinstance(update, Painting):
                for line in update.lines:
                    shown.update(laid([line]))
            return update

        compositor.render_update = watched  # type: ignore[method-assign]
        reader.screen.refresh()
        await reader.rest()
        for key in keys:
            await reader.press(key)
            assert shown == drawn(reader.screen), key


async def test_what_moved_is_drawn_and_told_although_something_unknown_was_asked_for() -> None:
    app: App[None] = App()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        screen = Heap()
        await app.push_screen(screen)
        await pilot.pause()
        compositor, front = screen._compositor, screen.query_one("#front")
        compositor._dirty_regions.clear()
        front.styles.width = 10
        screen._clear_arrangement_cache()
        compositor.update_widgets({Static("not laid out yet")})
        assert compositor.full_map[front].region.width == 18  # as it stands on the screen
        told = compositor.reflow(screen, screen.size)
        assert told.resized == {front}
        assert Region(5, 3, 18, 4) in compositor._dirty_regions
