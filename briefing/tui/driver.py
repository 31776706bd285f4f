"""The driver of a reader in this process's own terminal: Textual's, with fewer bytes each way."""

from __future__ import annotations

import sys
from typing import Any

from textual.drivers.linux_driver import LinuxDriver


class TerminalDriver(LinuxDriver):
    """Draws on standard output, so that errors can be redirected; asks the mouse for no idle movements."""

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        assert sys.__stdout__ is not None
        self._file = sys.__stdout__

    def _enable_mouse_support(self) -> None:
        # Buttons and drags (1002), not every movement (1003): over a slow line each would be a message.
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1002h\x1b[?1006h")

    def _enable_mouse_pixels(self) -> None:
        """Cells are fine enough to click on."""

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1006l\x1b[?1002l\x1b[?1000l")
