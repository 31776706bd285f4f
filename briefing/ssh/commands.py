"""Runs one read-only command for a client, as a process of its own that ends with the client's line.

The process is `briefing --restricted`, just as OpenSSH would start it: one parser, one set of rules for
both ways of serving. A command that is slow or fails harms no reader.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from briefing.ssh.house import House
from briefing.ssh.words import read_only

# Exit statuses as `timeout` and shells give them.
REFUSED, TOO_LONG, KILLED = 2, 124, 128
PIECE = 16 * 1024
START = (sys.executable, "-I", "-m", "briefing", "--restricted")


class Out(Protocol):
    """Writes to the client, and comes back when the client has room for more."""

    def __call__(self, data: bytes, error: bool = False) -> Awaitable[None]: ...


async def answer(house: House, command: str, out: Out, leaving: asyncio.Event) -> int:
    """Run COMMAND ("" for all of the briefing as plain text); its exit status.

    Raises Refused, and returns TOO_LONG, without a word to OUT: a client may never read it.
    """
    words = read_only(command)
    async with house.commands:
        if leaving.is_set():
            return KILLED
        return await _run(house, command if words else "--plain", out, leaving)


async def _run(house: House, command: str, out: Out, leaving: asyncio.Event) -> int:
    seconds = house.serve.limits.command
    process = await asyncio.create_subprocess_exec(
        *START,
        *("--content", str(house.serve.content), "--state", str(house.serve.state / "commands")),
        *("--cache", str(house.cache), "--total", str(seconds)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**house.environment, "SSH_ORIGINAL_COMMAND": command},
        start_new_session=True,
        limit=PIECE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    streams = _pump(process.stdout, out, error=False), _pump(process.stderr, out, error=True)
    everything = asyncio.create_task(_all(*streams, process.wait()))
    end = asyncio.create_task(leaving.wait())
    try:
        both: set[asyncio.Task[Any]] = {everything, end}
        done, _ = await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if everything not in done and end not in done:
            return TOO_LONG
        if everything not in done:
            return KILLED
        status = process.returncode or 0
        return status if status >= 0 else KILLED - status
    finally:
        end.cancel()
        everything.cancel()
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _all(*parts: Awaitable[object]) -> None:
    await asyncio.gather(*parts)


async def _pump(stream: asyncio.StreamReader, out: Callable[..., Awaitable[None]], *, error: bool) -> None:
    while data := await stream.read(PIECE):
        await out(data, error)
