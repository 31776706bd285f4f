"""Reading in a test: an app on a screen of a given size, keys pressed, conditions waited for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

from textual.pilot import Pilot

from briefing.edition.edition import Edition
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.tui.app import ReaderApp
from briefing.tui.screens.reader import ReaderScreen
from briefing.tui.settings import Settings

BRIEFING = "iraq-militias-2025-06"
_PATIENCE = 500


def ref(kind: Kind, name: str) -> Ref:
    """A record of the sample."""
    return Ref(BRIEFING, kind, name)


class Reading:
    """One reader under test."""

    def __init__(self, app: ReaderApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self.written: list[str] = []

    @property
    def screen(self) -> ReaderScreen:
        return cast(ReaderScreen, self.app.screen)

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, line by line, without scroll bars."""
        return [strip.text.rstrip(" █") for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    async def press(self, *keys: str) -> None:
        """Press KEYS and let the app come to rest."""
        for key in keys:
            await self.pilot.press(key)
            await self.rest()

    async def type(self, text: str) -> None:
        """Type TEXT into what has the focus."""
        await self.press(*("space" if letter == " " else letter for letter in text))

    async def rest(self) -> None:
        """Until nothing is under way: no message, no search, no record that waits to be shown."""
        await self.pilot.pause()
        await self.until(lambda: not self._under_way)
        await self.pilot.pause()

    @property
    def _under_way(self) -> bool:
        searching = any(worker.group in ("search", "best") for worker in self.app.workers)
        resting = getattr(self.app.screen, "_resting", None)
        return bool(self.app.keys_waiting) or searching or self.app._goes_on() or resting is not None

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until CONDITION holds."""
        for _ in range(_PATIENCE):
            if condition():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"it never came to that; the screen shows\n{self.text}")

    async def search(self, query: str) -> None:
        """Search for QUERY as one types it."""
        await self.press("slash")
        await self.type(query)


@asynccontextmanager
async def reading(
    edition: Edition, size: tuple[int, int] = (80, 24), settings: Settings | None = None
) -> AsyncIterator[Reading]:
    """A reader of EDITION that has shown its first screen."""
    app = ReaderApp(edition, settings or Settings())
    async with app.run_test(size=size, notifications=True) as pilot:
        session = Reading(app, pilot)
        await session.rest()
        yield session
