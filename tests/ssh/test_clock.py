"""A reader is told of either end in time, whichever was told of before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from briefing.ssh.clock import Clock
from briefing.ssh.settings import Limits


class Loop:
    """A loop whose time passes when the test says so; it keeps the one timer that a clock sets."""

    now = 0.0
    due = float("inf")
    call: Callable[[], None]

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, call: Callable[[], None]) -> None:
        self.due, self.call = self.now + delay, call

    def pass_until(self, end: float) -> None:
        while self.due <= end:
            self.now, self.due = self.due, float("inf")
            self.call()
        self.now = end


def test_a_key_pressed_after_one_notice_does_not_put_off_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = Loop()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    said: list[tuple[float, str]] = []

    def tell(words: str) -> None:
        said.append((loop.now, words.split(". ")[-1]))

    clock = Clock(Limits(idle=120.0, total=180.0, notice=60.0), tell, tell)
    loop.pass_until(72.0)
    clock.pressed()
    loop.pass_until(1000.0)
    assert said == [
        (60.0, "Press a key to stay."),
        (120.0, "Please connect again to read on."),
        (180.0, "Closed after 3 minutes altogether, which is the limit."),
    ]
