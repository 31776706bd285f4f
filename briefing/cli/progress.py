"""How far a build is: one line on a terminal's standard error, with rate and time left."""

from __future__ import annotations

import sys
import time

# A library of ordinary size is ready before anybody would read a line.
_SILENT_SECONDS = 0.5
_STEP_SECONDS = 0.1


class ProgressLine:
    """Called with what is being done, how much of it is done and how much there is; rewrites its line.

    It is shown on a terminal only, and only once the work has taken a moment; `clear` takes it away.
    """

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._begun = time.monotonic()
        self._written = 0.0
        self._stage, self._stage_begun = "", self._begun
        self._line = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._stage_begun = stage, now
        if not self._shown or now - self._begun < _SILENT_SECONDS or now - self._written < _STEP_SECONDS:
            return
        self._written = now
        self._write(progress_text(stage, done, total, now - self._stage_begun))

    def clear(self) -> None:
        """Leave the terminal as it was."""
        if self._line:
            self._write("")
            sys.stderr.write("\r")
            sys.stderr.flush()

    def _write(self, line: str) -> None:
        # Padded rather than erased: every terminal can do that.
        sys.stderr.write("\r" + line.ljust(len(self._line)))
        sys.stderr.flush()
        self._line = line


def progress_text(stage: str, done: int, total: int, seconds: float) -> str:
    """``reading 250,000 of 1,000,000 (25%), 12,500 a second, 1:00 left``."""
    if total <= 1 or done <= 0:
        return f"{stage} ..."
    said = f"{stage} {done:,} of {total:,} ({100 * done // total}%)"
    if seconds <= 0:
        return said
    rate = done / seconds
    minutes, left = divmod(round((total - done) / rate), 60)
    return f"{said}, {rate:,.0f} a second, {minutes}:{left:02} left"
