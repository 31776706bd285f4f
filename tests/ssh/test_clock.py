"""A reader is told of either end in time, whichever was told of before."""

from __future__ import annotations

import asyncio

from briefing.ssh.clock import Clock
from briefing.ssh.settings import Limits


async def test_a_key_pressed_after_one_notice_does_not_put_off_the_other() -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    said: list[tuple[float, str]] = []
    ended = asyncio.Event()

    def tell(words: str) -> None:
        said.append((loop.time() - began, words))

    def end(why: str) -> None:
        tell(why)
        ended.set()

    clock = Clock(Limits(idle=2.0, total=2.5, notice=1.0), tell, end)
    await asyncio.sleep(1.2)
    clock.pressed()
    await asyncio.wait_for(ended.wait(), 30)
    assert [words.split(". ")[-1] for _, words in said] == [
        "Press a key to stay.",
        "Please connect again to read on.",
        "Closed after 2 seconds altogether, which is the limit.",
    ]
    assert 1.5 <= said[1][0] < 1.9
