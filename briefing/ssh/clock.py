"""How long a reader may stay: an end after too long without a key, and one after too long altogether.

One timer a session, which sleeps until the next of the two ends could come: an idle session costs nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from briefing.ssh.settings import Limits


class Clock:
    """Tells a reader a minute before, and then ends the session."""

    def __init__(self, limits: Limits, tell: Callable[[str], None], end: Callable[[str], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._limits = limits
        self._tell, self._end = tell, end
        self._started = self._pressed = self._loop.time()
        self._told: set[float] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._wake()

    def pressed(self) -> None:
        """Somebody is there."""
        self._pressed = self._loop.time()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _wake(self) -> None:
        limits, now = self._limits, self._loop.time()
        idle, total = self._pressed + limits.idle, self._started + limits.total
        ends = min(idle, total)
        if now >= ends:
            spent = limits.idle if idle < total else limits.total
            why = "without a key pressed" if idle < total else "altogether, which is the limit"
            self._end(f"Closed after {_span(spent)} {why}.")
            return
        # Whoever presses a key when told of the one end may still be short of the other.
        for end, what in ((total, "Please connect again to read on."), (idle, "Press a key to stay.")):
            if end - limits.notice <= now and end <= total and end not in self._told:
                self._told.add(end)
                self._tell(f"This session closes in {_span(end - now)}. {what}")
        notices = (end - limits.notice for end in (idle, total))
        due = min(when for when in (*notices, ends) if when > now)
        self._timer = self._loop.call_later(max(0.01, due - now), self._wake)


def _span(seconds: float) -> str:
    for unit, size in (("hour", 3600.0), ("minute", 60.0)):
        if round(seconds) >= size:
            count = round(seconds / size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{max(1, round(seconds))} second{'' if round(seconds) == 1 else 's'}"
