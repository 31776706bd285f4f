"""One session of one visitor: the reader on a terminal, or one read-only command."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any

import asyncssh

from briefing.ssh.clock import Clock
from briefing.ssh.house import House
from briefing.ssh.log import problem, say
from briefing.ssh.statuses import FAILED, NO_PLACE, REFUSED, TOO_LONG
from briefing.ssh.terminal import Size, Terminal, size_of, terminal_of
from briefing.ssh.words import Refused, read_only

if TYPE_CHECKING:
    from briefing.ssh.connection import Connection
    from briefing.ssh.driver import LineDriver
    from briefing.ssh.reader import RemoteReader

# Typed before the reader stands; a line or two at most.
TYPED_AHEAD = 256
# What a terminal makes an interrupt of; no command reads from its own.
CTRL_C = b"\x03"
# How long a reader gets to end by itself, and a client to read its last bytes.
LAST_SECONDS = 5.0


class Session(asyncssh.SSHServerSession[bytes]):
    """A channel's session; for its reader it is the line to the client."""

    def __init__(self, house: House, connection: Connection) -> None:
        self._house = house
        self._connection = connection
        self.terminal: Terminal = terminal_of("")
        self.size: Size = size_of(0, 0)
        self._pty = False
        self._command: str | None = None
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._reader: RemoteReader | None = None
        self._clock: Clock | None = None
        self._task: asyncio.Task[None] | None = None
        self._jammed = False
        self._room = asyncio.Event()
        self._gone = asyncio.Event()
        self._leaving = asyncio.Event()  # gone, or told to go
        self._ahead = b""
        self._farewell = ""
        self._begun = 0.0
        self._first_screen = 0.0
        self._sent = self._received = 0

    # -- what the client asks for

    def connection_made(self, chan: Any) -> None:
        self._channel = chan
        chan.set_write_buffer_limits(high=1, low=0)
        self._connection.sessions.add(self)
        self._connection.when_free.add(self._free)

    def pty_requested(self, term_type: str, term_size: tuple[int, int, int, int], term_modes: Any) -> bool:  # noqa: ARG002
        self._pty = True
        self.terminal = terminal_of(term_type)
        self.size = size_of(term_size[0], term_size[1])
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._command = command
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        self._house.turns_away(self._connection, "subsystem", "subsystem", subsystem=subsystem)
        return False

    def session_started(self) -> None:
        self._begun = time.monotonic()
        self._task = asyncio.get_running_loop().create_task(self._run())

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:  # noqa: ARG002
        size = size_of(width, height)
        if size != self.size:
            self.size = size
            if self._driver is not None:
                self._driver.resize()

    def data_received(self, data: bytes, datatype: Any) -> None:  # noqa: ARG002
        self._received += len(data)
        self._house.metrics.add("received_bytes_total", len(data))
        if self._driver is not None and self._first_screen:
            self._driver.feed(data)
        elif CTRL_C in data and self._pty and self._kind() != "reader":
            self.close("^C")
        elif len(self._ahead) < TYPED_AHEAD:
            self._ahead += data[:TYPED_AHEAD]

    def eof_received(self) -> bool:
        return True  # what is to be said may still be said

    def break_received(self, msec: int) -> bool:  # noqa: ARG002
        return True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._gone.set()
        self._room.set()
        self._connection.sessions.discard(self)
        self._connection.when_free.discard(self._free)
        self.close("")

    # -- the line

    def write(self, data: bytes) -> None:
        channel = self._channel
        if channel is None or self._gone.is_set() or channel.is_closing():
            return
        self._count(data)
        channel.write(data)

    def _count(self, data: bytes) -> None:
        """Count what is sent while it is: a session may last all day."""
        self._sent += len(data)
        self._house.metrics.add("sent_bytes_total", len(data))

    def shown(self) -> None:
        self._first_screen = time.monotonic() - self._begun
        self._house.metrics.observe("first_screen_seconds", self._first_screen)
        ahead, self._ahead = self._ahead, b""
        if ahead and self._driver is not None:
            asyncio.get_running_loop().call_soon(self._driver.feed, ahead)

    def busy(self) -> bool:
        busy = self._jammed or self._connection.full
        if busy:
            self._house.metrics.add("late_frames_total")
        return busy

    def pressed(self) -> None:
        if self._clock is not None:
            self._clock.pressed()

    def painted(self, waited: float) -> None:
        self._house.metrics.observe("key_to_paint_seconds", waited)

    def pause_writing(self) -> None:
        self._jammed = True

    def resume_writing(self) -> None:
        self._jammed = False
        self._free()

    def _free(self) -> None:
        if self._jammed or self._connection.full:
            return
        self._room.set()
        if self._driver is not None:
            self._driver.line_is_free()

    @property
    def _driver(self) -> LineDriver | None:
        return None if self._reader is None else self._reader.line_driver

    # -- from beginning to end

    async def _run(self) -> None:
        house, kind = self._house, self._kind()
        who = {**self._connection.who, "kind": kind, "terminal": self.terminal.name}
        if self._command is not None:
            who["command"] = self._command
        place = house.closing or await house.door.admit(
            self._connection.counted_as, self._connection.fingerprint
        )
        if house.closing and isinstance(place, int):
            house.door.leave(place)
            place = house.closing
        if isinstance(place, str):
            house.turns_away(self._connection, "closing" if house.closing else "full", place, **who)
            await self._finish(NO_PLACE, place)
            return
        house.sessions.add(self)
        self._connection.session_begins()
        house.metrics.add("sessions")
        house.metrics.add("started_total", kind=kind)
        say("session started", **who, size=f"{self.size.width}x{self.size.height}")
        status = FAILED
        try:
            status = await (self._read() if kind == "reader" else self._answer())
        except Exception as error:  # noqa: BLE001  # a session that fails ends alone
            self._failed(error)
        finally:
            house.sessions.discard(self)
            self._connection.session_ends()
            house.metrics.add("sessions", -1)
            house.door.leave(place)
            house.when_ended()
            say(
                "session ended",
                **who,
                status=status,
                seconds=round(time.monotonic() - self._begun, 3),
                first_screen=round(self._first_screen, 3),
                sent=self._sent,
                received=self._received,
            )
            await self._finish(status, self._farewell)

    def _kind(self) -> str:
        """What is asked for: `briefing` alone says no more than no command at all."""
        with contextlib.suppress(Refused):
            if not read_only(self._command or ""):
                return "reader" if self._pty and self.terminal.addressable else "plain"
        return "command"

    async def _read(self) -> int:
        reader = self._reader = self._house.reader(self)
        self._clock = Clock(self._house.serve.limits, self.tell, self.close)
        try:
            if self._gone.is_set():
                return 0
            await reader.run_async(size=self.size)
        finally:
            self._clock.stop()
            self._reader = None
        if reader.error is not None:
            self._failed(reader.error)
            return FAILED
        return reader.return_code or 0

    async def _answer(self) -> int:
        from briefing.ssh.commands import Window, answer

        window = Window(self.terminal.name, self.size) if self._pty else None
        try:
            status = await answer(self._house, self._command or "", self._say, self._leaving, window)
        except Refused as refusal:
            self._farewell = str(refusal)
            return REFUSED
        if status == TOO_LONG:
            self._farewell = f"Stopped after {self._house.serve.limits.command:g} seconds."
        elif self._channel is not None and not self._leaving.is_set():
            # What a pager, say, has not asked for yet waits at the client, and is lost with the connection.
            with contextlib.suppress(OSError):
                self._channel.exit(status)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), self._house.serve.limits.idle)
        return status

    def _failed(self, error: BaseException) -> None:
        self._house.metrics.add("failed_total")
        problem("session failed", error, **self._connection.who)
        self._farewell = "The reader failed; the error is in the server's log. Please connect again."

    async def _say(self, data: bytes, error: bool = False) -> None:
        """Write DATA as the client reads it."""
        channel = self._channel
        if channel is None or self._gone.is_set() or channel.is_closing():
            return
        self._count(data)
        if error:
            channel.write_stderr(data)
        else:
            channel.write(data)
        while self._jammed or self._connection.full:
            self._room.clear()
            await self._room.wait()
            if self._leaving.is_set():
                return

    async def _finish(self, status: int, farewell: str) -> None:
        """Say goodbye and close; a client that does not read its last bytes is cut off, in this session."""
        channel = self._channel
        if channel is None or self._gone.is_set():
            return
        with contextlib.suppress(OSError, asyncssh.Error):
            if farewell and self._pty:  # a terminal has one stream, in which nothing overtakes its restoring
                channel.write(f"{farewell}\r\n".encode())
            elif farewell:
                channel.write_stderr(f"{farewell}\n".encode())
            channel.exit(status)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._gone.wait(), LAST_SECONDS)
        if self._gone.is_set():
            return
        if self._connection.vacant:
            self._connection.abort()
        else:
            channel.abort()

    # -- what the house says

    def tell(self, text: str) -> None:
        """Show TEXT in the reader without taking the keys."""
        driver = self._driver
        if driver is not None:
            driver.in_app(lambda app: app.announce(text))

    def close(self, why: str) -> None:
        """End the reader, leaving the terminal as it was, and say WHY after it."""
        self._farewell = why
        asyncio.get_running_loop().call_later(LAST_SECONDS, self._cut)
        driver = self._driver
        if driver is not None:
            driver.in_app(lambda app: app.exit())
        elif self._reader is None:
            self._leaving.set()
            self._room.set()

    def _cut(self) -> None:
        if self._task is not None and self in self._house.sessions:
            self._task.cancel()
