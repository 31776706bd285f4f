"""How far a build is: how much is done, how fast, and how long the rest will take."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

# Called with what is being done, how much of it is done, and how much there is to do.
Progress = Callable[[str, int, int], None]


class Step(NamedTuple):
    """A build at one moment; `seconds` is how long this stage of it has taken so far."""

    stage: str
    done: int
    total: int
    seconds: float

    @property
    def counted(self) -> bool:
        """Whether it is known how much there is to do; a stage of one step says nothing."""
        return self.total > 1 and self.done > 0

    @property
    def share(self) -> str:
        return f"{100 * self.done // self.total}%" if self.counted else ""

    @property
    def rate(self) -> str:
        return f"{self.done / self.seconds:,.0f} a second" if self.counted and self.seconds > 0 else ""

    @property
    def left(self) -> str:
        if not self.counted or self.seconds <= 0:
            return ""
        minutes, seconds = divmod(round((self.total - self.done) * self.seconds / self.done), 60)
        return f"{minutes}:{seconds:02} left"

    def bar(self, width: int) -> int:
        """How many of the WIDTH cells of a bar are full."""
        return width * self.done // self.total if self.counted else 0

    def __str__(self) -> str:
        """``reading 250,000 of 1,000,000 (25%), 12,500 a second, 1:00 left``."""
        if not self.counted:
            return f"{self.stage} ..."
        said = f"{self.stage} {self.done:,} of {self.total:,} ({self.share})"
        return ", ".join(filter(None, (said, self.rate, self.left)))


BEGUN = Step("reading", 0, 0, 0)


class Pace:
    """Times the stages of a build; gives a step when EVERY so many seconds have passed since the last."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._given = 0.0
        self._stage, self._done, self._begun = "", 0, 0.0

    def step(self, stage: str, done: int, total: int) -> Step | None:
        """Where the build is; None when it is too early to say so again."""
        now = time.monotonic()
        # One whose process was killed begins anew.
        if stage != self._stage or done < self._done:
            self._stage, self._begun = stage, now
        self._done = done
        if now - self._given < self._every:
            return None
        self._given = now
        return Step(stage, done, total, now - self._begun)
