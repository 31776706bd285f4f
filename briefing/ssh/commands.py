"""Runs one read-only command for a client, as a process of its own that ends with the client's line.

The process is `briefing --restricted`, just as OpenSSH would start it: one parser, one set of rules for
both ways of serving. A command that is slow or fails harms no reader.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import termios
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import IO, Any, NamedTuple, Protocol

from briefing.ssh.house import House
from briefing.ssh.statuses import INTERRUPTED, KILLED, TOO_LONG
from briefing.ssh.terminal import Size
from briefing.ssh.words import read_only

PIECE = 16 * 1024
START = (sys.executable, "-I", "-m", "briefing", "--restricted")


class Out(Protocol):
    """Writes to the client, and comes back when the client has room for more."""

    def __call__(self, data: bytes, error: bool = False) -> Awaitable[None]: ...


class Window(NamedTuple):
    """A client's terminal, as far as a command on it looks at it."""

    name: str
    size: Size


async def answer(
    house: House, command: str, out: Out, leaving: asyncio.Event, window: Window | None = None
) -> int:
    """Run COMMAND ("" for all of the briefing as plain text), on a terminal or not; its exit status.

    Raises Refused, and returns TOO_LONG, without a word to OUT: a client may never read it.
    """
    words = read_only(command)
    async with house.commands:
        if leaving.is_set():
            return INTERRUPTED
        return await _run(house, command if words else "--plain", out, leaving, window)


async def _run(house: House, command: str, out: Out, leaving: asyncio.Event, window: Window | None) -> int:
    async with contextlib.AsyncExitStack() as ending:
        if window is None:
            process = await _start(house, command, PIPE, PIPE)
            assert process.stdout is not None
            assert process.stderr is not None
            streams = [_pump(process.stdout, out), _pump(process.stderr, out, error=True)]
        else:
            screen, terminal = await ending.enter_async_context(_terminal(window.size))
            with terminal:
                process = await _start(house, command, terminal, terminal, TERM=window.name)
            streams = [_pump(screen, out)]
        return await _ended(process, streams, leaving, house.serve.limits.command)


async def _start(
    house: House, command: str, stdout: IO[bytes] | int, stderr: IO[bytes] | int, **environment: str
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *START,
        *house.library(),
        *("--state", str(house.serve.state / "commands"), "--cache", str(house.cache)),
        *("--total", str(house.serve.limits.command)),
        stdin=DEVNULL,
        stdout=stdout,
        stderr=stderr,
        env={**house.environment, **environment, "SSH_ORIGINAL_COMMAND": command},
        start_new_session=True,
        limit=PIECE,
    )


async def _ended(
    process: asyncio.subprocess.Process,
    streams: Sequence[Awaitable[None]],
    leaving: asyncio.Event,
    seconds: float,
) -> int:
    """The exit status of PROCESS once its STREAMS are done; it ends when its client or its time is up."""
    everything = asyncio.create_task(_all(*streams, process.wait()))
    end = asyncio.create_task(leaving.wait())
    try:
        both: set[asyncio.Task[Any]] = {everything, end}
        done, _ = await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if everything not in done:
            return INTERRUPTED if end in done else TOO_LONG
        status = process.returncode or 0
        return status if status >= 0 else KILLED - status
    finally:
        end.cancel()
        everything.cancel()
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await asyncio.wait([everything])
        # It counts as ended, and its pipes are closed, when what a client did not take has been read.
        await process.communicate()


async def _all(*parts: Awaitable[object]) -> None:
    await asyncio.gather(*parts)


async def _pump(stream: asyncio.StreamReader, out: Out, *, error: bool = False) -> None:
    while data := await stream.read(PIECE):
        await out(data, error)


class _Screen(asyncio.StreamReaderProtocol):
    """Reads what is written on a terminal; that everybody there has left it comes as an error."""

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        super().connection_lost(None)


@contextlib.asynccontextmanager
async def _terminal(size: Size) -> AsyncIterator[tuple[asyncio.StreamReader, IO[bytes]]]:
    """A terminal of SIZE: what comes onto its screen, and the file to write to."""
    ours, theirs = os.openpty()
    screen = asyncio.StreamReader(limit=PIECE)
    with os.fdopen(theirs, "wb", 0) as terminal:
        termios.tcsetwinsize(terminal, (size.height, size.width))
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: _Screen(screen), os.fdopen(ours, "rb", 0)
        )
        try:
            yield screen, terminal
        finally:
            transport.close()
