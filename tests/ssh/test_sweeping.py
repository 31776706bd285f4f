"""When a worker clears away what ended sessions leave."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from briefing.ssh import worker
from briefing.ssh.settings import Limits
from briefing.ssh.worker import SWEEP, SWEEP_FEW, Sweeper


@pytest.fixture
def collected() -> Iterator[None]:
    """Leaves Python's own collecting as it was."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


class Loop:
    """Notes what is to be called, and when."""

    def __init__(self) -> None:
        self.due: list[SimpleNamespace] = []

    def call_later(self, delay: float, call: Any) -> SimpleNamespace:
        handle = SimpleNamespace(delay=delay, call=call)
        handle.cancel = lambda: self.due.remove(handle)
        self.due.append(handle)
        return handle

    def run(self) -> None:
        self.due.pop().call()


@pytest.mark.usefixtures("collected")
@pytest.mark.parametrize("inside", [0, SWEEP_FEW, 100])
def test_a_while_after_one_has_ended_and_at_once_when_many_have(
    monkeypatch: pytest.MonkeyPatch, inside: int
) -> None:
    loop, told = Loop(), list[object]()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    monkeypatch.setattr(worker, "memory", lambda: (0, 0))
    house: Any = SimpleNamespace(sessions=set(range(inside)), serve=SimpleNamespace(limits=Limits()))
    wire: Any = SimpleNamespace(send=told.append)
    sweeper = Sweeper(house, wire)
    for _ in range(2):
        many = max(inside, SWEEP_FEW)
        for _ in range(many - 1):
            sweeper.ended()
        assert [handle.delay for handle in loop.due] == [SWEEP]
        sweeper.ended()
        assert [handle.delay for handle in loop.due] == [0]
        sweeper.ended()
        assert len(loop.due) == 1
        loop.run()
    assert told == []
