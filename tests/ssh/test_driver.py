"""A line that takes nothing for a while: nothing is gathered, nothing is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from textual import events

from briefing.document.document import Paragraph, Run
from briefing.model.vocabulary import Kind
from briefing.ssh.driver import PAUSE, LineDriver
from briefing.ssh.reader import reader_of
from briefing.ssh.terminal import Size, Terminal, terminal_of
from briefing.tui.app import ReaderApp
from briefing.tui.clipboard import copy_sequence
from briefing.tui.screens.reader import ReaderScreen
from tests.ssh.serving import edition_of

HELD = 300


class Jammed:
    """A line that can be jammed; keeps what was written to it."""

    def __init__(self) -> None:
        self.terminal: Terminal = terminal_of("xterm")
        self.size = Size(80, 24)
        self.written: list[bytes] = []
        self.jammed = False
        self.news = asyncio.Event()

    def write(self, data: bytes) -> None:
        self.written.append(data)
        self.news.set()

    def busy(self) -> bool:
        return self.jammed

    def pressed(self) -> None: ...

    def shown(self) -> None: ...

    def painted(self, waited: float) -> None: ...

    async def until(self, text: str) -> None:
        async with asyncio.timeout(30):
            while text not in b"".join(self.written).decode():
                self.news.clear()
                await self.news.wait()


class Session(NamedTuple):
    """A reader whose first screen is on the line, and what writes it there."""

    app: ReaderApp
    driver: LineDriver

    @property
    def screen(self) -> ReaderScreen:
        screen = self.app.screen
        assert isinstance(screen, ReaderScreen)
        return screen

    async def at_rest(self) -> None:
        app, screen, driver = self.app, self.screen, self.driver
        while not app.at_rest or screen._repaint_required or driver._frame is not None:
            await asyncio.sleep(0.01)


@asynccontextmanager
async def reading(library: Path, line: Jammed) -> AsyncIterator[Session]:
    app = reader_of(edition_of(library), line)
    running = asyncio.create_task(app.run_async(size=line.size))
    await line.until("1 Brief")
    driver = app._driver
    assert isinstance(driver, LineDriver)
    yield Session(app, driver)
    app.exit()
    await running


async def test_a_held_key_on_a_jammed_line_leaves_one_frame(sample: Path) -> None:
    line = Jammed()
    async with reading(sample, line) as (app, driver):
        driver.feed(b"5")
        await line.until("Quote by")

        line.jammed = True
        line.written.clear()
        for _ in range(HELD):
            driver.feed(b"j")
            while app.keys_waiting:
                await asyncio.sleep(0)
        assert line.written == []

        line.jammed = False
        driver.line_is_free()
        edition = edition_of(sample)
        last = edition.page(Kind.QUOTE, edition.count(Kind.QUOTE) - 1, edition.count(Kind.QUOTE))[0]
        await line.until(edition.name(last.ref)[:12])
        assert sum(map(len, line.written)) < 2 * 4096


async def test_others_have_their_turn_between_the_clicks_of_one(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(sample, Jammed()) as session:
        app, driver = session.app, session.driver
        await session.at_rest()
        turns, dealt_with = 0, []
        on_event = app.on_event

        async def noted(event: events.Event) -> None:
            if isinstance(event, events.MouseDown):
                dealt_with.append(turns)
            await on_event(event)

        monkeypatch.setattr(app, "on_event", noted)
        driver.feed(b"\x1b[<0;12;2M\x1b[<0;12;2m\x1b[<0;22;2M\x1b[<0;22;2m" * 10)
        while len(dealt_with) < 20:
            await asyncio.sleep(0)
            turns += 1
        assert max(Counter(dealt_with).values()) <= 2


async def test_of_what_is_copied_on_a_jammed_line_the_newest_waits(sample: Path) -> None:
    line = Jammed()
    async with reading(sample, line) as (app, driver):
        line.jammed = True
        line.written.clear()
        for number in range(HELD):
            app.copy(f"number {number}", "a number")
        app.bell()
        assert line.written == []

        line.jammed = False
        driver.line_is_free()
        await line.until(copy_sequence(f"number {HELD - 1}"))
        assert b"".join(line.written).count(b"\x1b]52") == 1


async def test_no_part_of_a_paste_that_is_too_long_is_keys(sample: Path) -> None:
    line = Jammed()
    async with reading(sample, line) as (_, driver):
        for piece in ("\x1b[200~", *["q" * 10_000] * 5, "q\x1b[20", "1~5"):
            driver.feed(piece.encode())
            await asyncio.sleep(0.01)
        await line.until("Quote by")
        # An end that never comes is not waited for.
        for piece in ("\x1bP", *["q" * 10_000] * 3):
            driver.feed(piece.encode())
        driver._skipped_at -= PAUSE
        driver.feed(b"2")
        await line.until("leads the coalition again")


async def test_what_is_drawn_in_a_batch_is_sent_after_it(sample: Path) -> None:
    line = Jammed()
    async with reading(sample, line) as session:
        app, screen = session.app, session.screen
        await session.at_rest()
        line.written.clear()
        with app.batch_update():
            screen.document.show([Paragraph((Run("Drawn meanwhile"),))])
            while screen.document not in screen._dirty_widgets:
                await asyncio.sleep(0)
            # As when the screen comes to the front.
            screen._refresh_layout()
            while screen._dirty_widgets:
                await asyncio.sleep(0)
            assert line.written == []
        await line.until("Drawn meanwhile")


async def test_when_nothing_was_sent_the_next_frame_need_not_wait(sample: Path) -> None:
    line = Jammed()
    async with reading(sample, line) as session:
        driver, screen = session.driver, session.screen
        await session.at_rest()
        # A key that changed nothing that is drawn, long after the last frame.
        driver._last_frame = 0.0
        line.written.clear()
        driver.line_is_free()
        assert line.written == []
        screen.document.show([Paragraph((Run("Drawn at once"),))])
        while not line.written:
            assert driver._frame is None, "the frame waits for its turn"
            await asyncio.sleep(0)


async def test_tasks_of_others_on_the_loop_begin_as_they_did(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def eager(loop: asyncio.AbstractEventLoop, coro: Any, **options: Any) -> asyncio.Task[Any]:
        return asyncio.Task(coro, loop=loop, **options)

    monkeypatch.setattr(asyncio, "eager_task_factory", eager, raising=False)  # Python 3.11 has none
    async with reading(sample, Jammed()):
        assert asyncio.get_running_loop().get_task_factory() is None
