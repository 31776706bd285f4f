"""A Textual driver for one reader among many in a process: no signals, no threads, no terminal of its own.

It stands between an app and a `Line` (an SSH channel, or this process's terminal). What comes in is
parsed, checked and handed to the app, no more of it than the app keeps up with; what the app shows goes
out as changes of the screen, at most `FRAMES` times a second and only while the line takes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from textual import events
from textual.constants import ESCAPE_DELAY
from textual.driver import Driver
from textual.geometry import Size as TextualSize
from textual.message import Message

from briefing.ssh.input import InputParser
from briefing.ssh.terminal import Size, Terminal

if TYPE_CHECKING:
    from briefing.ssh.reader import RemoteReader

FRAMES = 30.0
# Alternate screen, cleared where there is none (GNU screen as it comes, consoles), cursor hidden, no line
# wrap, pasted text marked. The mouse reports clicks and the wheel only: every movement reported would be a
# stream of bytes up the line.
ENTER = "\x1b[?1049h\x1b[H\x1b[J\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[?1000h\x1b[?1006h"
# A tmux whose window grew meanwhile leaves some of what stands here on the screen before.
LEAVE = "\x1b[0m\x1b[H\x1b[J\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?7h\x1b[?1049l\x1b[?25h"
# What does not fit is dropped, as a terminal's own input queue drops it: a held key, or a flood, ends
# when the key is released.
WAITING_KEYS = 64
LONGEST_PASTE = 16_384
# Where the rest of one that was too long ends: here, or else after a pause (seconds).
_PASTE_END = "\x1b[201~"
PAUSE = 1.0
# Textual asks for another shape of the mouse pointer; terminals that do not know how show nothing better.
_POINTER = "\x1b]22;"
_BELL = "\a"
_INPUT = (events.Key, events.MouseEvent, events.Paste)


class Line(Protocol):
    """Where a reader's bytes go and how they fare; the driver is told when a busy line is free again."""

    terminal: Terminal
    size: Size

    def write(self, data: bytes) -> None: ...

    def busy(self) -> bool:
        """Whether bytes wait for the client, so that another frame would only queue up."""

    def pressed(self) -> None:
        """Somebody pressed a key: the reader is not idle."""

    def shown(self) -> None:
        """The first screen is on its way: from now on keys are welcome."""

    def painted(self, waited: float) -> None:
        """A key was answered on the screen after WAITED seconds."""


class LineDriver(Driver):
    """Input and output of one app over its line."""

    _app: RemoteReader

    def __init__(
        self,
        app: RemoteReader,
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.line: Line = app.line
        # Input and timers arrive outside the app's own tasks; Textual looks up the active app by context.
        self._context = contextvars.copy_context()
        self._parser = InputParser()
        self._decode = getincrementaldecoder("utf-8")("ignore").decode
        self._unanswered: float | None = None
        self._silent = 0
        self._skipped: str | None = None
        self._skipped_at = 0.0
        self._last_frame = 0.0
        self._copied = ""
        self._frame: asyncio.TimerHandle | None = None
        self._escape: asyncio.TimerHandle | None = None
        self._resized: asyncio.TimerHandle | None = None
        self._come: deque[Message] = deque()
        self._handing: asyncio.Handle | None = None
        self._open = self._shown = False

    # -- what goes out

    def write(self, data: str) -> None:
        """Send what an app sends besides frames: a text for the clipboard, a bell."""
        if not self._open or data.startswith(_POINTER):
            return
        if not self.line.busy():
            self._send(data)
        elif data != _BELL:
            # The newest alone waits for the line, since a clipboard holds one text.
            self._copied = data

    def _send(self, data: str) -> None:
        self.line.write(data.encode("utf-8", "replace"))

    def paint_soon(self) -> None:
        """Send what has changed on the screen, now or when the next frame is due."""
        if not self._open or self._frame is not None:
            return
        wait = self._last_frame + 1 / FRAMES - self._loop.time()
        if wait <= 0:
            self._paint()
        else:
            self._frame = self._loop.call_later(wait, self._paint, context=self._context)

    def line_is_free(self) -> None:
        """The client has read what waited for it: send what changed meanwhile."""
        self._context.run(self.paint_soon)

    def _paint(self) -> None:
        self._frame = None
        if not self._open or self.line.busy():
            return  # when the line is free again, it says so
        copied, self._copied = self._copied, ""
        data = copied + self._app.take_frame()
        if data:
            # Nothing to send is no frame: what comes next need not wait for its turn.
            self._last_frame = self._loop.time()
            self._send(data)
            if not self._shown:
                self._shown = True
                self.line.shown()
            if self._unanswered is not None:
                self.line.painted(self._last_frame - self._unanswered)
                self._unanswered = None

    # -- what comes in

    def feed(self, data: bytes) -> None:
        """Take bytes that the client typed, pasted or made up."""
        if not self._open:
            return
        text = self._decode(data)
        self._silent += len(text)
        if self._silent > LONGEST_PASTE:  # a paste without end, or an escape sequence without end
            self._parser, self._silent = InputParser(), 0
            self._skipped, self._skipped_at = "", self._loop.time()
        if self._skipped is not None:
            text = self._after_what_is_skipped(self._skipped, text)
            if not text:
                return
        self._parse(text)
        if self._escape is not None:
            self._escape.cancel()
            self._escape = None
        if self._parser.waiting:
            self._escape = self._loop.call_later(ESCAPE_DELAY + 0.01, self._escape_pressed)

    def _after_what_is_skipped(self, before: str, text: str) -> str:
        """What of TEXT is meant again: the rest of a paste is no keys."""
        now = self._loop.time()
        if now - self._skipped_at > PAUSE:
            self._skipped = None
            return text
        before, end, after = (before + text).partition(_PASTE_END)
        # The end may come in pieces.
        self._skipped, self._skipped_at = None if end else before[1 - len(_PASTE_END) :], now
        self._silent = 0
        return after

    def _escape_pressed(self) -> None:
        """After a pause, an escape character was the Escape key and not the start of a sequence."""
        self._escape = None
        self._take(self._parser.tick())

    def _parse(self, text: str) -> None:
        try:
            self._take(self._parser.feed(text))
        except Exception:  # noqa: BLE001  # made-up sequences can trip the parser, in any way
            self._parser = InputParser()

    def _take(self, messages: Any) -> None:
        for message in messages:
            self._silent = 0
            if isinstance(message, _INPUT) and self._sensible(message):
                if len(self._come) + self._app.keys_waiting + self._app.message_queue_size >= WAITING_KEYS:
                    break
                self.line.pressed()
                if self._unanswered is None:
                    self._unanswered = self._loop.time()
                self._come.append(message)
        if self._handing is None:
            self._hand_on()

    def _hand_on(self) -> None:
        """Give the app one event, and the next when the sessions of others have had their turn."""
        self._handing = None
        if self._come:
            self._context.run(self.process_message, self._come.popleft())
            self._handing = self._loop.call_soon(self._hand_on)

    def _sensible(self, message: Message) -> bool:
        """Whether an event can be meant: terminal replies are forged as easily as keys."""
        if isinstance(message, events.MouseEvent):
            return 0 <= message.x < self.line.size.width and 0 <= message.y < self.line.size.height
        return not isinstance(message, events.Paste) or len(message.text) <= LONGEST_PASTE

    def send_message(self, message: Message) -> None:
        """Post MESSAGE from within the app's own loop; Textual's goes by way of a thread's future."""
        self._app.post_message(message)

    def resize(self) -> None:
        """The line has another size; of many, each of which is much to lay out, the last is shown."""
        if self._open and self._resized is None:
            self._resized = self._loop.call_later(1 / FRAMES, self._context.run, self._tell_size)

    def _tell_size(self) -> None:
        self._resized = None
        size = TextualSize(*self.line.size)
        self._app.post_message(events.Resize(size, size))

    def in_app(self, call: Callable[[RemoteReader], object]) -> None:
        """Do something with the app from outside its own tasks."""
        self._context.run(call, self._app)

    # -- beginning and end

    def start_application_mode(self) -> None:
        self._open = True
        self._context = contextvars.copy_context()
        self.line.write(ENTER.encode())
        self._tell_size()

    def disable_input(self) -> None:
        for handle in (self._frame, self._escape, self._resized, self._handing):
            if handle is not None:
                handle.cancel()
        self._frame = self._escape = self._resized = self._handing = None
        self._come.clear()

    def stop_application_mode(self) -> None:
        if self._open:
            self._open = False
            self.disable_input()
            with contextlib.suppress(Exception):
                # At its end the parser lets go of its last event, which holds the app; Textual's cache of
                # key sequences goes on holding the parser.
                list(self._parser.feed(""))
            self.line.write(LEAVE.encode())

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Nothing is opened on the server for a reader elsewhere."""

    def deliver_binary(self, *_args: object, **_named: object) -> None:
        """Nothing is saved on the server for a reader elsewhere."""
