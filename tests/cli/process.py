"""Running the command line as a real process, into pipes or on a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

COMMAND = (sys.executable, "-m", "briefing")
# Long enough for the slowest machine; only a process that hangs meets it.
PATIENCE = 60


class Result(NamedTuple):
    code: int
    out: str
    err: str


def briefing(
    *arguments: str,
    cwd: Path | None = None,
    before: Sequence[str] = (),
    stdin: str | bytes = "",
    **environment: str,
) -> Result:
    """Run `briefing ARGUMENTS` with pipes, as a script would; BEFORE starts it (`setpriv` and the like)."""
    done = subprocess.run(
        [*before, *COMMAND, *arguments],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, **environment},
        timeout=PATIENCE,
        check=False,
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def on_terminal(*arguments: str, columns: int = 80, **environment: str) -> tuple[int, str]:
    """Run `briefing ARGUMENTS` on a pseudo-terminal; its exit code and all that it wrote."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm-256color", **environment},
        start_new_session=True,
    )
    os.close(follower)
    written = b""
    try:
        while True:
            if not select.select([leader], [], [], PATIENCE)[0]:
                raise TimeoutError(f"nothing written after {written!r}")
            try:
                piece = os.read(leader, 65536)
            except OSError:  # Linux says so when the other side is closed
                break
            if not piece:
                break
            written += piece
    finally:
        os.close(leader)
        if process.poll() is None and sys.exc_info()[0] is not None:
            process.kill()
    return process.wait(PATIENCE), written.decode().replace("\r\n", "\n")
