"""What an operator can set of `briefing serve`; plain values, so that they travel to worker processes."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct, msgpack


class Limits(Struct, frozen=True):
    """How much one server, one address and one key may have, and for how long (seconds)."""

    sessions: int = 500
    per_address: int = 100
    per_key: int = 20
    connecting: int = 64  # connections that have not said who they are, a worker
    attempts: int = 6  # keys tried on one connection
    failures: int = 30  # connections of one address in `forget` whose every key was refused; a worker
    forget: float = 60.0
    login: float = 30.0  # for saying who one is, and for a connection without a session
    idle: float = 30 * 60.0
    total: float = 12 * 3600.0
    notice: float = 60.0  # how long before the end the reader is told
    commands: int = 4  # commands running at once, a worker
    command: float = 30.0
    drain: float = 60.0  # what readers get to finish when the server stops
    keep_memory: float = 64.0  # MB that a worker may keep, beyond what it starts with, when nobody is in


class Serve(Struct, frozen=True):
    """One server: where it listens, what it shows, and to whom."""

    content: Path
    state: Path
    host: str = "127.0.0.1"
    port: int = 8022
    anonymous: bool = False
    authorized_keys: Path | None = None
    user_ca: Path | None = None
    revoked_keys: Path | None = None
    workers: int = 1
    metrics_port: int | None = None
    log: Path | None = None
    limits: Limits = Limits()

    @property
    def host_key(self) -> Path:
        return self.state / "host_key"


def packed(serve: Serve) -> bytes:
    """SERVE as bytes; a path need not be text."""
    return msgpack.encode(serve, enc_hook=os.fsencode)


def unpacked(data: bytes) -> Serve:
    return msgpack.decode(data, type=Serve, dec_hook=lambda kind, value: kind(os.fsdecode(value)))
