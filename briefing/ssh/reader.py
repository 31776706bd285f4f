"""The reader, made to be one of many in a process, each read over a line of its own."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from briefing.edition.edition import Edition
from briefing.ssh.driver import Line, LineDriver
from briefing.ssh.styles import SharedStylesheet
from briefing.tui import app
from briefing.tui.settings import Multiplexer, Settings

# What was standard error when the process began. Textual redirects output for the whole process while an
# app runs, app upon app; pointing each redirection at the same real file makes them all the same.
_ERRORS = sys.stderr
NOTICE_SECONDS = 20.0


class RemoteReader(app.ReaderApp):
    """A reader that keeps nothing, opens nothing, starts nothing, and fails alone."""

    def __init__(self, edition: Edition, settings: Settings, line: Line) -> None:
        self.line = line
        self.error: Exception | None = None
        super().__init__(edition, settings, driver_class=LineDriver)
        self.stylesheet = SharedStylesheet(variables=self.get_css_variables())
        self._capture_stdout = self._capture_stderr = _ERRORS  # type: ignore[assignment]

    async def _process_messages(self, *args: Any, **options: Any) -> None:
        # Textual has just made every task of the loop begin before it is awaited (Python 3.12 and later).
        # AsyncSSH, on the same loop, is not written for that: after one reader nobody could log in.
        asyncio.get_running_loop().set_task_factory(None)
        await super()._process_messages(*args, **options)

    @property
    def line_driver(self) -> LineDriver | None:
        """What stands between this reader and its line; None before it runs."""
        return self._driver if isinstance(self._driver, LineDriver) else None

    def announce(self, words: str) -> None:
        """Show what the server has to say."""
        self.notify(words, title="Server", severity="warning", timeout=NOTICE_SECONDS, markup=False)

    def _send_frame(self) -> None:
        """When to send is the driver's to say, who knows the line."""
        if self.line_driver is not None:
            self.line_driver.paint_soon()

    def _handle_exception(self, error: Exception) -> None:
        """End this reader; the session logs the error, and nobody's terminal shows the program's insides."""
        self._return_code = 1
        if self.error is None:
            self.error = error
        self._close_messages_no_wait()


def reader_of(edition: Edition, line: Line) -> RemoteReader:
    """A reader of EDITION for whoever is at the end of LINE."""
    name = line.terminal.name
    multiplexer: Multiplexer = (
        "tmux" if name.startswith("tmux") else "screen" if name.startswith("screen") else ""
    )
    settings = Settings(
        theme="terminal",
        colours=line.terminal.colours,
        erases_in_colour=multiplexer != "screen",
        multiplexer=multiplexer,
        clipboard=name != "linux",
        low_bandwidth=True,
        may_suspend=False,
    )
    return RemoteReader(edition, settings, line)
