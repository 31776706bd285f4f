"""Keys typed ahead reach what they were meant for.

Textual hands each key to whatever has the focus when it comes. Of `/word`, typed fast or sent in one
piece by a slow line, the word would go to the list, so the next key waits until the one before is done
with.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode
    from textual.events import Event

# After this long (seconds) the next key comes even if the app is not done with the last.
SLOW_KEY = 0.25


class Keyboard:
    """Gives APP the keys one at a time by way of HAND_OVER."""

    def __init__(self, app: App[None], hand_over: Callable[[Event], Awaitable[None]]) -> None:
        self._app = app
        self._hand_over = hand_over
        self._waiting: deque[Event] = deque()
        self._in_hand: asyncio.TimerHandle | None = None

    async def type(self, key: Event) -> None:
        """Hand KEY over once those before it are done with."""
        self._waiting.append(key)
        await self._next()

    async def _next(self) -> None:
        if self._in_hand is None and self._waiting:
            self._in_hand = asyncio.get_running_loop().call_later(SLOW_KEY, self._done)
            await self._hand_over(self._waiting.popleft())
            self._app.call_later(self._follow)

    def _follow(self) -> None:
        """Behind the key, on its way: to what has the focus, and up from there to whoever handles it."""
        app = self._app
        self._step((app.focused or app.screen).ancestors_with_self if app.screen_stack else [])

    def _step(self, way: Sequence[DOMNode]) -> None:
        if not way or not way[0].call_later(self._step, way[1:]):
            self._done()

    def _done(self) -> None:
        if self._in_hand is not None:
            self._in_hand.cancel()
            self._in_hand = None
        self._app.call_later(self._next)
