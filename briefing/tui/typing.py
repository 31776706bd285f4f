"""Keys and pastes in their order: one is taken in hand only when all that the one before led to has happened.

Textual hands a key to what has the focus and takes the next at once. Keys that come in one bundle, as over
a slow line, would then reach what had the focus before: the first letters after `/` would be lost. Here a
marker follows each key through the same queues, and once more for the messages its command posted. A key
that only bindings are asked about goes through no queue, so the marker follows what its command posted.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

from briefing.tui.widgets.painted import Painted
from briefing.tui.widgets.search import QueryInput

# A marker that was dropped with a widget that went away must not hold up the keyboard (seconds). One whose
# widget is still there is only late, on a busy machine: what it waits for is waited for longer.
_LOST = 0.5
_LATE = 10
# The group of workers that carry out a key; the next key waits for those of the top screen, so often and so
# long (seconds). While such a worker asks something on a screen of its own, keys are for that one.
UNDER_WAY = "key"
_WAITS, _WAIT = 1000, 0.005
# More waits only when a flood is pasted as keys; a person's keys never gather.
_MOST_WAITING = 1000


class InOrder(App[None]):
    """An app that carries out each key before it takes the next."""

    class Marker(Message):
        """Follows a key; comes up to the app when the key has been dealt with."""

        def __init__(self, start: MessagePump, rounds: int) -> None:
            super().__init__()
            self.start = start
            self.rounds = rounds

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._keys: deque[events.Key | events.Paste] = deque()
        self._marker: InOrder.Marker | None = None
        self._lost: asyncio.TimerHandle | None = None
        self._late = self._waits = 0
        self._taking = False

    @property
    def keys_waiting(self) -> int:
        """How many keys have come and are not yet carried out."""
        return len(self._keys) + (self._taking or self._marker is not None)

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._marker is None:
            await self._take(event)
        elif len(self._keys) < _MOST_WAITING:
            self._keys.append(event)

    async def _take(self, key: events.Key | events.Paste) -> None:
        if not self.screen_stack:  # the app is ending
            self._keys.clear()
            return
        focused, top = self.focused, self.screen
        self._taking = True
        try:
            direct = isinstance(key, events.Key) and await self._carried_out(key, focused)
            if not direct:
                await super().on_event(key)
        finally:
            self._taking = False
        if not direct:
            self._follow(focused or top, 2)
        elif (start := focused if focused is self.focused else self._top) is not None:
            self._follow(start, 1)

    async def _carried_out(self, key: events.Key, focused: Widget | None) -> bool:
        """Do at once what KEY means, if that is told without asking what has the focus; whether it is.

        Textual sends a key there first, from where it comes up to the app, which looks for its binding.
        """
        taker: App[None] | QueryInput
        if isinstance(focused, QueryInput) and key.is_printable:
            taker = focused
        elif isinstance(focused, Painted) and not isinstance(focused, QueryInput):
            taker = self  # it uses keys only for what they are bound to
        else:
            return False
        self.app_focus = True
        if not await self._check_bindings(key.key, priority=True):
            await taker._on_key(key)
        return True

    def _follow(self, start: MessagePump, rounds: int) -> None:
        self._marker = self.Marker(start, rounds)
        self._late = 0
        if self._lost is not None:
            self._lost.cancel()
        self._lost = asyncio.get_running_loop().call_later(_LOST, self._overdue)
        if not start.post_message(self._marker):
            # Gone with its screen: what the key led to happens on the one below.
            top = self._top
            if top is None or top is start:
                self._release()
            else:
                self._follow(top, 2)

    async def on_in_order_marker(self, marker: InOrder.Marker) -> None:
        if marker is not self._marker:
            return
        if marker.rounds > 1:
            self._follow(marker.start, marker.rounds - 1)
        else:
            self._release()

    def _goes_on(self) -> bool:
        """Whether the top screen still carries out what a key began, be it what another screen was asked."""
        return any(worker.group == UNDER_WAY and worker.node is self._top for worker in self.workers)

    def _unlaid(self) -> bool:
        """Whether the top screen has still to be laid out: before that a page, say, has no length."""
        top = self._top
        return top is not None and (
            top._layout_required
            or top.message_queue_size > 0
            or any(widget._layout_required for widget in top.walk_children(Widget))
        )

    @property
    def at_rest(self) -> bool:
        """Whether the top screen is laid out and drawn, and nobody has anything left to do."""
        top = self._top
        return (
            top is not None
            and not self._unlaid()
            and not top._dirty_widgets
            and not any(node.message_queue_size for node in (self, *top.walk_children(Widget)))
        )

    @property
    def _top(self) -> Screen[Any] | None:
        return self.screen_stack[-1] if self.screen_stack else None

    def _overdue(self) -> None:
        self._late += 1
        if self._marker is not None and self._marker.start.is_running and self._late < _LATE:
            self._lost = asyncio.get_running_loop().call_later(_LOST, self._overdue)
        else:
            self._release()

    def _release(self) -> None:
        if self._lost is not None:
            self._lost.cancel()
        if (self._goes_on() or (self._keys and self._unlaid())) and self._waits < _WAITS:
            self._waits += 1
            self._lost = asyncio.get_running_loop().call_later(_WAIT, self._release)
            return
        waited, self._waits = self._waits, 0
        if waited and (top := self._top) is not None:
            self._follow(top, 2)  # for the messages that it posted
            return
        self._marker = self._lost = None
        if self._keys:
            # By way of the app's own queue, as it came.
            self.call_next(self._next)

    async def _next(self) -> None:
        if self._keys and self._marker is None:
            await self._take(self._keys.popleft())
