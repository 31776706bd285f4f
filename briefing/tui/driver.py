"""The driver of a reader in this process's own terminal: Textual's, with fewer bytes each way."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import IO, TYPE_CHECKING, Any, cast

from textual.drivers.linux_driver import LinuxDriver

from briefing.edition.panics import put_errors_back, set_errors_aside
from briefing.tui.first import CLEAR
from briefing.tui.letters import STAND_IN

if TYPE_CHECKING:
    from briefing.tui.run import LocalReader


_ALTERNATE_SCREEN = "\x1b[?1049h"


class TerminalDriver(LinuxDriver):
    """Draws on standard output, so that errors can be redirected; asks the mouse for no idle movements.

    When the terminal is gone, the reader ends, also where no signal says so.
    """

    _app: LocalReader

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        assert sys.__stdout__ is not None
        if isinstance(sys.__stdout__, TextIOWrapper):
            sys.__stdout__.reconfigure(errors=STAND_IN)
        self._file = cast("Any", Output(sys.__stdout__))
        self._hang_up: select.epoll | None = None
        self._errors: int | None = None

    def write(self, data: str) -> None:
        if data == _ALTERNATE_SCREEN:
            if self._entered:
                return  # some terminals would clear it
            data += CLEAR
        super().write(data)

    @property
    def _entered(self) -> bool:
        """Whether the alternate screen was entered before Textual was there."""
        return self._app.first.found is not None and not self._app.first.taken_over

    def start_application_mode(self) -> None:
        # What others say there would stand across the screen.
        if self._errors is None and os.isatty(2):
            self._errors = set_errors_aside()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._entered:
            self.attrs_before = self._app.first.found
            self._app.first.taken_over = True
        if not hasattr(select, "epoll"):  # elsewhere than on Linux a signal has to tell
            return
        self._hang_up = select.epoll()
        try:
            self._hang_up.register(self.fileno, 0)  # nothing but its end
        except PermissionError:  # a file, which never hangs up
            return
        asyncio.get_running_loop().add_reader(self._hang_up, self._terminal_gone)

    def stop_application_mode(self) -> None:
        # A tmux whose window grew meanwhile leaves some of what stands here on the screen before.
        self.write("\x1b[m\x1b[H\x1b[J")
        super().stop_application_mode()
        if self._errors is not None:
            put_errors_back(self._errors)
            self._errors = None

    def close(self) -> None:
        if self._hang_up is not None:
            asyncio.get_running_loop().remove_reader(self._hang_up)
            self._hang_up.close()
            self._hang_up = None
        super().close()

    def run_input_thread(self) -> None:
        # Nothing can be read of a terminal that is gone, which is heard of below.
        with suppress(OSError):
            super().run_input_thread()

    def _terminal_gone(self) -> None:
        assert self._hang_up is not None
        asyncio.get_running_loop().remove_reader(self._hang_up)
        self._app.exit(return_code=128 + signal.SIGHUP)

    def _enable_mouse_support(self) -> None:
        # Buttons and drags (1002), not every movement (1003): over a slow line each would be a message.
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1002h\x1b[?1006h")

    def _enable_mouse_pixels(self) -> None:
        """Cells are fine enough to click on."""

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1006l\x1b[?1002l\x1b[?1000l")


class Output:
    """FILE, with whatever is written after the terminal is gone thrown away.

    An error would end the thread that writes; then nobody empties its queue, and the reader, which
    waits for room in it, would never end.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def fileno(self) -> int:
        return self._file.fileno()

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()
