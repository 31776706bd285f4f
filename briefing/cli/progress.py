"""How far a build is: one line on a terminal's standard error, with a bar, the rate and the time left."""

from __future__ import annotations

import sys
import time

from briefing.edition.progress import Pace, Step

# A library of ordinary size is ready before anybody would read a line.
_SILENT_SECONDS = 0.5
_STEP_SECONDS = 0.1
_BAR = 10


class ProgressLine:
    """Called with what is being done, how much of it is done and how much there is; rewrites its line.

    It is shown on a terminal only, and only once the work has taken a moment; `clear` takes it away.
    """

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._begun = time.monotonic()
        self._pace = Pace(_STEP_SECONDS)
        self._line = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        step = self._pace.step(stage, done, total)
        if step is not None and self._shown and time.monotonic() - self._begun >= _SILENT_SECONDS:
            from shutil import get_terminal_size  # comes with much that no other command needs

            self._write(progress_line(step, get_terminal_size().columns))

    def clear(self) -> None:
        """Leave the terminal as it was."""
        if self._line:
            self._write("")
            sys.stderr.write("\r")
            sys.stderr.flush()

    def _write(self, line: str) -> None:
        # Padded rather than erased, and of no letters that need an encoding: every terminal can do that.
        sys.stderr.write("\r" + line.ljust(len(self._line)))
        sys.stderr.flush()
        self._line = line


def progress_line(step: Step, width: int) -> str:
    """STEP in less than WIDTH cells, as no longer line could be rewritten; with a bar where there is room."""
    said = str(step)
    full = step.bar(_BAR)
    whole = f"[{'#' * full}{'-' * (_BAR - full)}] {said}"
    return whole if step.counted and len(whole) < width else said[: max(width - 1, 0)]
