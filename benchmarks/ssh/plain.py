"""The same reader as Textual would draw it: its own driver, every line it was asked for written whole."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from rich.color import ColorSystem
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from briefing.edition.edition import open_edition
from briefing.tui import app
from briefing.tui.painting import Steady
from briefing.tui.screens import listing, reading
from briefing.tui.settings import Settings


class PlainReader(app.ReaderApp):
    """Frames are left to Textual, which draws nothing in a batch, and takes it for drawn."""

    def _display(self, screen: Any, renderable: Any) -> None:
        App._display(self, screen, renderable)

    def _end_batch(self) -> None:
        App._end_batch(self)
        if not self._batch_count:
            self.screen.refresh()


def draw_plainly() -> None:
    """Have Textual put the lines together too."""
    for screens in (reading, listing):
        vars(screens)["FrontToBack"] = Steady


if __name__ == "__main__":
    draw_plainly()
    settings = Settings(
        theme="terminal", colours=ColorSystem.EIGHT_BIT, low_bandwidth=True, may_suspend=False
    )
    asyncio.run(PlainReader(open_edition(Path(sys.argv[1])), settings, driver_class=LinuxDriver).run_async())
