"""What makes a Textual app one of many in a process."""

from __future__ import annotations

import sys
from typing import Any

from textual.app import App

from briefing.ssh.driver import Line, LineDriver
from briefing.ssh.styles import SharedStylesheet

# What was standard error when the process began. Textual redirects it for the whole process while an
# app runs, app upon app; pointing each redirection at the same real file makes them all the same.
_ERRORS = sys.stderr


class Remote(App[None]):
    """An app that is read over a line: mixed in before the app's own class."""

    def __init__(self, line: Line, *arguments: Any, **named: Any) -> None:
        self.line = line
        super().__init__(*arguments, **named)
        self.driver_class = LineDriver
        self.stylesheet = SharedStylesheet(variables=self.get_css_variables())
        self._capture_stdout = self._capture_stderr = _ERRORS  # type: ignore[assignment]
        self.animation_level = "none"

    def post_display_hook(self) -> None:
        if isinstance(self._driver, LineDriver):
            self._driver.paint_soon()
