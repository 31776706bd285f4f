"""How the watching process and its workers talk: a message a line of JSON over a pair of sockets."""

from __future__ import annotations

import asyncio
import socket

import msgspec


class Ask(msgspec.Struct, tag=True, frozen=True):
    """A worker asks for a place."""

    number: int
    address: str
    key: str


class Answer(msgspec.Struct, tag=True, frozen=True):
    """A place (a ticket), or in one sentence why there is none."""

    number: int
    place: int | str


class Leave(msgspec.Struct, tag=True, frozen=True):
    """A worker gives a place back."""

    ticket: int


class Ready(msgspec.Struct, tag=True, frozen=True):
    """A worker listens."""


class Count(msgspec.Struct, tag=True, frozen=True):
    """The watcher wants a worker's numbers."""

    number: int


class Counted(msgspec.Struct, tag=True, frozen=True):
    """A worker's numbers."""

    number: int
    sample: dict[str, float]


class Refresh(msgspec.Struct, tag=True, frozen=True):
    """There is a new edition."""


class Last(msgspec.Struct, tag=True, frozen=True):
    """The edition that a worker shows: what `standing_edition` finds it by."""

    root: bytes
    mark: str


class Grown(msgspec.Struct, tag=True, frozen=True):
    """A worker that is empty keeps too much memory: so many bytes more than it started with."""

    more: int


class Retire(msgspec.Struct, tag=True, frozen=True):
    """A fresh worker listens in this one's place: take nobody more, end when the last has left."""


class Drain(msgspec.Struct, tag=True, frozen=True):
    """Take nobody more; let those inside finish within so many seconds."""

    seconds: float


Message = Ask | Answer | Leave | Ready | Count | Counted | Refresh | Last | Grown | Retire | Drain
LONGEST = 1 << 20


class Wire:
    """One end of the pair."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._decode = msgspec.json.Decoder(Message).decode
        self._encode = msgspec.json.Encoder().encode

    @classmethod
    async def over(cls, end: socket.socket) -> Wire:
        return cls(*await asyncio.open_connection(sock=end, limit=LONGEST))

    def send(self, message: Message) -> None:
        if not self._writer.is_closing():
            self._writer.write(self._encode(message) + b"\n")

    async def receive(self) -> Message | None:
        """The next message; None when the other end is gone."""
        try:
            line = await self._reader.readline()
        except (ConnectionError, ValueError):
            return None
        # Whoever is killed may have half a message sent.
        return self._decode(line) if line.endswith(b"\n") else None

    def close(self) -> None:
        self._writer.close()
