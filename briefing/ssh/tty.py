"""The line to a reader on this process's own terminal, as sparing as one over SSH.

Used where OpenSSH gives the terminal (`briefing --restricted`) and for `--low-bandwidth`: the same driver
as in `briefing serve`, on file descriptors instead of a channel.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import termios
import tty
from collections.abc import Callable

from briefing.edition.panics import put_errors_back, set_errors_aside
from briefing.ssh.driver import LineDriver
from briefing.ssh.reader import RemoteReader
from briefing.ssh.statuses import KILLED
from briefing.ssh.terminal import Size, Terminal, size_of, terminal_of

PIECE = 4096


class TtyLine:
    """Standard input and output as a line."""

    def __init__(self, name: str) -> None:
        self.terminal: Terminal = terminal_of(name)
        self.size: Size = _size()
        self.pressed: Callable[[], None] = lambda: None
        self.leaving: Callable[[], object] = lambda: None
        self._left = b""
        self._app: RemoteReader | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self, app: RemoteReader) -> None:
        """Run APP on the terminal and leave the terminal as it was, however the app ends."""
        self._app, self._loop = app, asyncio.get_running_loop()
        before = termios.tcgetattr(0)
        blocking = os.get_blocking(1)
        errors = set_errors_aside()  # what others say there would stand across the screen
        try:
            tty.setraw(0, termios.TCSANOW)  # no signal from any key: there is nothing to suspend to
            os.set_blocking(1, False)
            self._loop.add_reader(0, self._readable)
            self._loop.add_signal_handler(signal.SIGWINCH, self._resized)
            self._loop.add_signal_handler(signal.SIGTERM, self._in_app, lambda app: app.exit())
            await app.run_async(size=self.size)
        finally:
            self.leaving()  # from here on, a terminal that is not read holds up its process
            self._loop.remove_reader(0)
            os.set_blocking(1, blocking)
            put_errors_back(errors)
            if (driver := self._driver) is not None:
                # Once alone: said again, it would clear what stood on the terminal before the reader.
                driver.stop_application_mode()
            self._loop.remove_writer(1)
            with contextlib.suppress(OSError, termios.error):
                os.write(1, self._left)
                termios.tcsetattr(0, termios.TCSADRAIN, before)

    def write(self, data: bytes) -> None:
        self._left += data
        self._flush()

    def busy(self) -> bool:
        return bool(self._left)

    def shown(self) -> None:
        """Keys are read as soon as they come."""

    def painted(self, waited: float) -> None:
        """Nobody counts here."""

    def _flush(self) -> None:
        assert self._loop is not None
        try:
            self._left = self._left[os.write(1, self._left) :]
        except BlockingIOError:
            pass
        except OSError:
            self._hung_up()
        if self._left:
            self._loop.add_writer(1, self._writable)

    def _writable(self) -> None:
        assert self._loop is not None
        self._loop.remove_writer(1)
        self._flush()
        if not self._left and (driver := self._driver) is not None:
            driver.line_is_free()

    def _readable(self) -> None:
        try:
            data = os.read(0, PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._hung_up()
        elif (driver := self._driver) is not None:
            driver.feed(data)

    def _resized(self) -> None:
        size = _size()
        if size != self.size and (driver := self._driver) is not None:
            self.size = size
            driver.resize()

    def _in_app(self, call: Callable[[RemoteReader], object]) -> None:
        if (driver := self._driver) is not None:
            driver.in_app(call)

    def _hung_up(self) -> None:
        """The line is gone: there is nobody to say goodbye to, and nothing to save."""
        os._exit(KILLED + signal.SIGHUP)

    @property
    def _driver(self) -> LineDriver | None:
        return None if self._app is None else self._app.line_driver


def _size() -> Size:
    try:
        return size_of(*os.get_terminal_size(1))
    except OSError:
        return size_of(0, 0)
