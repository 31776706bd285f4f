"""Running the reader in this process's own terminal."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from pathlib import Path
from typing import Any

from textual import work

from briefing.edition.edition import Edition, open_edition
from briefing.tui.app import ReaderApp
from briefing.tui.driver import TerminalDriver
from briefing.tui.settings import Settings, from_environment

# As a shell says of a process that a signal ended.
_SIGNALLED = 128
_WATCH_AFTER = 0.5
# How long a search may keep the screen's thread waiting (seconds; Python's own is five times that).
SWITCH = 0.001
# A reader that has not ended in order by then (a terminal that takes nothing, say) is ended by the kernel.
_PATIENCE = 5


class LocalReader(ReaderApp):
    """The reader of this process, which ends in order on the signals that would leave a raw terminal."""

    def __init__(self, edition: Edition, settings: Settings, path: Path) -> None:
        super().__init__(edition, settings, driver_class=TerminalDriver)
        self._path = path

    def on_mount(self) -> None:
        self.call_after_refresh(_collect_from_now_on)
        # Watching costs an import, so it begins after the first screen.
        self.set_timer(_WATCH_AFTER, self._watch)

    async def run_async(self, **options: Any) -> None:
        # Before the terminal is touched, so that no signal finds it half changed.
        # Not by the loop, which would still hear of a Ctrl-C that was meant for the reader's editor.
        loop = asyncio.get_running_loop()

        def end(number: int, _frame: object) -> None:
            signal.alarm(_PATIENCE)
            loop.call_soon_threadsafe(self._ended_by, number)

        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, end)
        await super().run_async(**options)

    @work
    async def _watch(self) -> None:
        """Show what editors save, as soon as it is saved."""
        from watchfiles import awatch

        async for _ in awatch(self._path, step=20, debounce=200, recursive=True):
            found = await asyncio.to_thread(self.library.refresh)
            if found.edition is not None:
                self.show_edition(found.edition)
            if found.broken:
                self.tell(f"Saved broken, so the last sound content stays: {found.broken[0]}", "warning")

    def _ended_by(self, number: int) -> None:
        self.exit(return_code=_SIGNALLED + number)


def _collect_from_now_on() -> None:
    """Collect rubbish as Python does by itself, but do not look through what the start has made: it stays."""
    gc.freeze()
    gc.set_threshold(700, 10, 10)


def run_reader(
    path: Path, *, briefing: str | None = None, restricted: bool = False, low_bandwidth: bool = False
) -> int:
    """Read the library at PATH until the reader leaves; gives the exit status.

    Raises LibraryError when PATH holds nothing that can be read, before the terminal is touched.
    """
    sys.setswitchinterval(SWITCH)
    edition = open_edition(path).only(briefing)
    settings = from_environment(os.environ, restricted=restricted, low_bandwidth=low_bandwidth)
    app = LocalReader(edition, settings, path)
    app.run()
    return app.return_code or 0
