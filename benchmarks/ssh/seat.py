"""A reader's seat: an SSH client on loopback with an emulator (pyte) for its screen."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

import asyncssh
import pyte

PATIENCE = 60.0
# Private sequences that pyte would print as text.
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[A-Za-z]")
# What the reader asks for on its way in and gives back on its way out.
LEFT = b"\x1b[?1049l"


class NotShown(Exception):
    """A text did not come onto the screen in time; holds the screen."""


class Seat(asyncssh.SSHClientSession[bytes]):
    """One session of one client; `parse=False` counts bytes without an emulator."""

    def __init__(self, width: int = 80, height: int = 24, *, parse: bool = True) -> None:
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        self._parse = parse
        self._news = asyncio.Event()
        self.channel: asyncssh.SSHClientChannel[bytes] | None = None
        self.connection: asyncssh.SSHClientConnection | None = None
        self.bytes = 0
        self.raw = b""
        self.errors = b""
        self.last = 0.0
        self.first = 0.0
        self.handshake = 0.0
        self.ended = asyncio.Event()
        self.status: int | None = None

    # -- what asyncssh calls

    def connection_made(self, chan: Any) -> None:
        self.channel = chan

    def data_received(self, data: bytes, datatype: Any) -> None:
        self.last = time.perf_counter()
        self.first = self.first or self.last
        if datatype is not None:
            self.errors += data
        else:
            self.bytes += len(data)
            self.raw = (self.raw + data)[-4096:]
            if self._parse:
                self._stream.feed(_UNKNOWN.sub(b"", data))
        self._news.set()

    def exit_status_received(self, status: int) -> None:
        self.status = status

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set()
        self._news.set()

    # -- what a person does and sees

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def type(self, keys: str | bytes) -> None:
        assert self.channel is not None
        if not self.channel.is_closing():
            self.channel.write(keys.encode() if isinstance(keys, str) else keys)

    async def news(self, patience: float = PATIENCE) -> None:
        """Wait for bytes, or the end, that came since the last call; TimeoutError after PATIENCE seconds."""
        await asyncio.wait_for(self._news.wait(), patience)
        self._news.clear()

    async def until(self, condition: str | Callable[[str], bool], patience: float = PATIENCE) -> str:
        """Wait until a text, or whatever CONDITION tests, stands on the screen."""
        holds = (lambda text: condition in text) if isinstance(condition, str) else condition
        deadline = time.perf_counter() + patience
        while not holds(self.text):
            left = deadline - time.perf_counter()
            if self.ended.is_set() or left <= 0:
                raise NotShown(f"{condition!r} did not come:\n{self.text}\n{self.errors!r}")
            try:
                await self.news(left)
            except TimeoutError:
                continue
        return self.text

    async def quiet(self, seconds: float = 0.3) -> None:
        """Wait until nothing has come for SECONDS."""
        while not self.ended.is_set():
            try:
                await self.news(seconds)
            except TimeoutError:
                return

    async def press(self, keys: str, pause: float = 0.3) -> tuple[float, int]:
        """Type KEYS; milliseconds to the last byte that answered, and how many bytes came."""
        await self.quiet(pause)
        before, since = self.bytes, time.perf_counter()
        self.type(keys)
        await self.news()
        await self.quiet(pause)
        return (self.last - since) * 1000, self.bytes - before

    async def leave(self) -> None:
        if self.connection is not None:
            self.connection.close()
            await self.connection.wait_closed()


async def connect(
    port: int, *, user: str = "reader", keys: Sequence[Any] = (), **options: Any
) -> asyncssh.SSHClientConnection:
    """A connection to a server on loopback whose host key is whatever it is."""
    return await asyncssh.connect(
        "127.0.0.1",
        port,
        username=user,
        known_hosts=None,
        client_keys=list(keys) or None,
        agent_path=None,
        config=None,
        **options,
    )


async def sit_down(
    port: int,
    *,
    term: str | None = "xterm-256color",
    size: tuple[int, int] = (80, 24),
    command: str | None = None,
    parse: bool = True,
    seat: Seat | None = None,
    connection: asyncssh.SSHClientConnection | None = None,
    **options: Any,
) -> Seat:
    """Connect and open the reader (or run COMMAND); `first` and `handshake` time it."""
    seat = seat or Seat(*size, parse=parse)
    since = time.perf_counter()
    seat.connection = connection or await connect(port, **options)
    seat.handshake = time.perf_counter() - since
    await seat.connection.create_session(
        lambda: seat,
        command,
        term_type=term,
        term_size=size if term else (),
        encoding=None,
        request_pty=term is not None,
    )
    return seat
