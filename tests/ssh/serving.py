"""A whole server inside a test: one process, one port, everything it would log at hand."""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncssh

from briefing.edition.edition import Edition, open_edition
from briefing.ssh.guests import Guests
from briefing.ssh.house import House
from briefing.ssh.keys import host_key
from briefing.ssh.listener import bind, listen
from briefing.ssh.reader import reader_of
from briefing.ssh.settings import Limits, Serve

_EDITIONS: dict[Path, Edition] = {}


class LocalDoor:
    """Gives out places in this process."""

    def __init__(self, limits: Limits) -> None:
        self.guests = Guests(limits)

    async def admit(self, address: str, key: str) -> int | str:
        return self.guests.admit(address, key)

    def leave(self, ticket: int) -> None:
        self.guests.leave(ticket)


class Log(logging.Handler):
    """What was logged, as (event, fields)."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, dict[str, object]]] = []
        self.errors: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.getMessage(), getattr(record, "fields", {})))
        if record.exc_info:
            self.errors.append(record)

    def events(self, name: str) -> list[dict[str, object]]:
        return [fields for event, fields in self.lines if event == name]


class Served:
    """A running server."""

    def __init__(self, house: House, port: int, log: Log) -> None:
        self.house, self.port, self.log = house, port, log

    @property
    def guests(self) -> Guests:
        door = self.house.door
        assert isinstance(door, LocalDoor)
        return door.guests


def edition_of(content: Path) -> Edition:
    """The edition of CONTENT, opened once for all tests of a process."""
    if content not in _EDITIONS:
        _EDITIONS[content] = open_edition(content)
    return _EDITIONS[content]


@contextmanager
def _logging() -> Iterator[Log]:
    log = Log()
    logger = logging.getLogger("briefing.serve")
    before = logger.level
    logger.addHandler(log)
    logger.setLevel(logging.INFO)
    try:
        yield log
    finally:
        logger.removeHandler(log)
        logger.setLevel(before)


@asynccontextmanager
async def serving(
    content: Path, state: Path, *, reader: Any = None, limits: Limits | None = None, **settings: Any
) -> AsyncIterator[Served]:
    """Serve CONTENT on a free port of loopback; anonymously unless keys are set."""
    who = {"authorized_keys", "user_ca", "anonymous"}
    if not who & settings.keys():
        settings["anonymous"] = True
    serve = Serve(content=content, state=state, limits=limits or Limits(), **settings)
    edition = edition_of(content)
    with _logging() as log:
        house = House(serve, LocalDoor(serve.limits), reader or (lambda line: reader_of(edition, line)))
        sock = bind("127.0.0.1", 0)
        server = await listen(house, sock, host_key(serve.host_key))
        try:
            yield Served(house, sock.getsockname()[1], log)
        finally:
            server.close()
            await house.drain(0)


def damage(folder: Path) -> None:
    """Write over the search indexes beneath FOLDER: in what it has opened already, the engine panics."""
    for file in folder.rglob("*.idx"):
        with file.open("r+b") as index:
            index.write(random.Random(1).randbytes(file.stat().st_size))


def new_key(kind: str = "ssh-ed25519") -> asyncssh.SSHKey:
    return asyncssh.generate_private_key(kind)


def public_line(key: asyncssh.SSHKey, options: str = "") -> str:
    line = key.export_public_key().decode()
    return f"{options} {line}" if options else line
