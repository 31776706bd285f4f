"""Typing queries in a reader without a terminal, timed until the bytes that show their hits are written."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from textual import events
from textual.drivers.headless_driver import HeadlessDriver

from briefing.edition.edition import Edition
from briefing.tui.app import ReaderApp
from briefing.tui.run import SWITCH
from briefing.tui.screens.reader import ReaderScreen
from briefing.tui.settings import Settings

# A quick typist's pause between two letters (seconds).
PAUSE = 0.1
PATIENCE = 30.0


class Sink(HeadlessDriver):
    """Takes the bytes of each frame, as a terminal's driver would, and tells when they came."""

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.written = asyncio.Event()
        self.at = 0.0

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.at = time.perf_counter()
        self.written.set()


async def typed(edition: Edition, queries: Sequence[str]) -> list[float]:
    """Type each of QUERIES letter by letter; milliseconds from each key until its hits were written."""
    sys.setswitchinterval(SWITCH)
    app = ReaderApp(edition, Settings(), driver_class=Sink)
    running = asyncio.create_task(app.run_async(size=(120, 40)))
    times = []
    await _settled(app)
    if not isinstance(app.screen, ReaderScreen):
        await _pressed(app, "escape")  # the list of briefings: read all together
    for query in queries:
        await _pressed(app, "5", "/")
        for length in range(1, len(query) + 1):
            taken = await _answered(app, query[length - 1], query[:length].strip())
            times += [] if taken is None else [taken]
        await _pressed(app, "escape")
    app.exit()
    await running
    return times


async def _answered(app: ReaderApp, letter: str, wanted: str) -> float | None:
    """Press LETTER; milliseconds until a frame was written that shows the hits of WANTED.

    None when they look as what stood there before, so that nothing had to be written.
    """
    screen, sink = app.screen, app._driver
    assert isinstance(screen, ReaderScreen)
    assert isinstance(sink, Sink)
    pressed = time.perf_counter()
    _press(app, letter)
    while time.perf_counter() < pressed + PATIENCE:
        sink.written.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(sink.written.wait(), PAUSE)
        if screen.hits is not None and screen.hits.query == wanted == screen.place.query:
            taken = 1000 * (sink.at - pressed) if sink.written.is_set() else None
            await asyncio.sleep(PAUSE)
            return taken
    raise TimeoutError(f"no hits of {wanted!r}")


def _press(app: ReaderApp, key: str) -> None:
    names = {" ": "space", "/": "slash", '"': "quotation_mark", ":": "colon", "-": "minus"}
    letter = key if len(key) == 1 else None
    app.post_message(events.Key(names.get(key, key), letter))


async def _pressed(app: ReaderApp, *keys: str) -> None:
    for key in keys:
        _press(app, key)
        await _settled(app)


async def _settled(app: ReaderApp) -> None:
    """Until nothing has been written for a while."""
    while not isinstance(sink := app._driver, Sink) or not app.is_running:
        await asyncio.sleep(PAUSE)
    while True:
        sink.written.clear()
        try:
            await asyncio.wait_for(sink.written.wait(), 3 * PAUSE)
        except TimeoutError:
            return
