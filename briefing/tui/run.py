"""Running the reader in this process's own terminal."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from briefing.edition.edition import Edition, open_edition
from briefing.tui.app import ReaderApp
from briefing.tui.settings import Settings, from_environment

# As a shell says of a process that a signal ended.
_SIGNALLED = 128


class LocalReader(ReaderApp):
    """The reader of this process, which ends in order on the signals that would leave a raw terminal."""

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._ended_by, number)

    def _ended_by(self, number: int) -> None:
        self.exit(return_code=_SIGNALLED + number)


def run_reader(
    path: Path, *, briefing: str | None = None, restricted: bool = False, low_bandwidth: bool = False
) -> int:
    """Read the library at PATH until the reader leaves; gives the exit status.

    Raises LibraryError when PATH holds nothing that can be read, before the terminal is touched.
    """
    edition = open_edition(path).only(briefing)
    settings = from_environment(os.environ, restricted=restricted, low_bandwidth=low_bandwidth)
    return read(edition, settings)


def read(edition: Edition, settings: Settings) -> int:
    """Read EDITION until the reader leaves; gives the exit status."""
    app = LocalReader(edition, settings)
    app.run()
    return app.return_code or 0
