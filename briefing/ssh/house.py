"""What all sessions of one process share: the content, the keys, the limits, the numbers, the door."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from asyncssh import DISC_SERVICE_NOT_AVAILABLE

from briefing.edition.home import own_folder
from briefing.ssh.guests import Failures
from briefing.ssh.keys import KeyRing
from briefing.ssh.log import say
from briefing.ssh.metrics import Metrics
from briefing.ssh.settings import Serve

if TYPE_CHECKING:
    from briefing.ssh.connection import Connection
    from briefing.ssh.driver import Line
    from briefing.ssh.reader import RemoteReader
    from briefing.ssh.session import Session

Reader = Callable[["Line"], "RemoteReader"]


class Door(Protocol):
    """Where places are given out: here, or by the process that watches over all workers."""

    def admit(self, address: str, key: str) -> Awaitable[int | str]: ...

    def leave(self, ticket: int) -> None: ...


class House:
    """One process of the server."""

    def __init__(self, serve: Serve, door: Door, reader: Reader) -> None:
        self.serve = serve
        self.door = door
        self.reader = reader
        self.keys = KeyRing(serve)
        self.metrics = Metrics()
        self.commands = asyncio.Semaphore(serve.limits.commands)
        self.sessions: set[Session] = set()
        self.closing = ""
        self.closes_at = 0.0
        # What commands read: options of `briefing --restricted`.
        self.library: Callable[[], Sequence[str]] = lambda: ("--content", str(serve.content))
        self.when_ended: Callable[[], None] = lambda: None
        self.cache = own_folder("CACHE").parent
        # What a command's process gets of the environment: the operator's, never a client's.
        self.environment = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
        self._connections: set[Connection] = set()
        self._strangers: set[Connection] = set()
        self._failures = Failures(serve.limits)

    # -- connections

    def arrives(self, connection: Connection) -> str:
        """Count a connection; in one sentence why it cannot stay, or nothing."""
        self.metrics.add("connections")
        self._connections.add(connection)
        self._strangers.add(connection)
        limits, counted = self.serve.limits, connection.counted_as
        why = refusal = ""
        if self.closing:
            why, refusal = "closing", self.closing
        elif len(self._strangers) > limits.connecting:
            why, refusal = "busy", "Too many connections are logging in; please try again in a moment"
        elif sum(other.counted_as == counted for other in self._strangers) > limits.connecting // 2 + 1:
            why, refusal = "busy", "Too many connections from your address are logging in"
        elif len(self._connections) > limits.sessions + limits.connecting:
            why, refusal = "busy", "Too many connections are open; please try again in a moment"
        elif (
            sum(other.counted_as == counted for other in self._connections)
            > limits.per_address + limits.connecting
        ):
            why, refusal = "busy", "Too many connections are open from your address"
        elif self._failures.too_many(counted, time.monotonic()):
            why, refusal = "failures", "Too many keys from your address were refused; please wait a minute"
        if refusal:
            self.turns_away(connection, why, why)
        return refusal

    def knows(self, connection: Connection) -> None:
        """The connection's visitor is no stranger any more."""
        self._strangers.discard(connection)

    def stranger_left(self, connection: Connection) -> None:
        """None of a visitor's keys was taken."""
        self.turns_away(connection, "key", "no key accepted")
        self._failures.add(connection.counted_as, time.monotonic())

    def turns_away(self, connection: Connection, why: str, words: str, **more: object) -> None:
        """A visitor does not get what was asked for; WHY is one of few, for counting."""
        self.metrics.add("refused_total", why=why)
        say("refused", **{**connection.who, **more}, why=words)

    def leaves(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.discard(connection)
            self._strangers.discard(connection)
            self.metrics.add("connections", -1)
            self.when_ended()

    # -- sessions

    def session(self, connection: Connection) -> Session:
        from briefing.ssh.session import Session

        return Session(self, connection)

    async def emptied(self) -> None:
        """Come back when the last connection is gone, those among them that are just being taken."""
        await asyncio.sleep(0.2)
        while self._connections:
            await asyncio.sleep(0.2)

    async def drain(self, seconds: float) -> None:
        """Let readers finish within SECONDS, telling them so, then close what is left."""
        self.closing = "The server is restarting; please try again in a moment"
        for connection in list(self._strangers):
            connection.disconnect(DISC_SERVICE_NOT_AVAILABLE, self.closing)
        for session in list(self.sessions):
            session.tell(f"The server is restarting: this session closes in {seconds:.0f} seconds.")
        self.closes_at = time.monotonic() + seconds
        while self.sessions and time.monotonic() < self.closes_at:
            await asyncio.sleep(0.05)
        for session in list(self.sessions):
            session.close("The server is restarting. Please connect again.")
        deadline = time.monotonic() + 3
        while self.sessions and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        for connection in list(self._connections):
            connection.disconnect(DISC_SERVICE_NOT_AVAILABLE, self.closing)
