"""A terminal of our own: runs a program on a pseudo-terminal with an emulator (pyte) behind it.

What counts is what a person's terminal sees: when a text stands on the screen, and how many bytes
it took.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

KEYS = {
    "down": "\x1b[B",
    "up": "\x1b[A",
    "pgdn": "\x1b[6~",
    "pgup": "\x1b[5~",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "enter": "\r",
}
PATIENCE = 60.0
# What has not come to rest by then (seconds) never does.
RESTLESS = 3.0
# What current terminals answer to the queries that programs send at their start.
ANSWERS = (
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
    (re.compile(rb"\x1b\[\?2048\$p"), b"\x1b[?2048;0$y"),
    (re.compile(rb"\x1b\[c"), b"\x1b[?62;22c"),
    (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"),
)
# Private sequences that pyte would print as text.
UNKNOWN = re.compile(r"\x1b\[[<>=][0-9;]*[A-Za-z]")


class NotShown(Exception):
    """A text did not come onto the screen in time; holds the screen."""


class Terminal:
    """One run of COMMAND on a terminal of WIDTH x HEIGHT; use as a context manager."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        width: int = 80,
        height: int = 24,
        term: str = "xterm-256color",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self.screen)
        # A read may end within a character.
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self.bytes = 0
        self.started = self.last_output = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            size = {"TERM": term, "COLUMNS": str(width), "LINES": str(height)}
            # A program is measured as it is installed, with its bytecode kept.
            kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
            os.execvpe(command[0], list(command), {**kept, **(environment or {}), **size})
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number in (signal.SIGHUP, signal.SIGKILL):
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                break
            deadline = time.monotonic() + 2
            while time.monotonic() < deadline:
                self._read(0.02)
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    os.close(self._fd)
                    return
        os.close(self._fd)

    def _read(self, patience: float) -> bool:
        if not select.select([self._fd], [], [], patience)[0]:
            return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:
            return False
        self.bytes += len(data)
        self.last_output = time.perf_counter()
        for query, answer in ANSWERS:
            for _ in query.findall(data):
                os.write(self._fd, answer)
        self._stream.feed(UNKNOWN.sub("", self._decode(data)))
        return True

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def until(self, condition: str | Callable[[str], bool], since: float | None = None) -> float:
        """Read until CONDITION (a text, or a test of the screen) holds; milliseconds since SINCE."""
        holds = (lambda text: condition in text) if isinstance(condition, str) else condition
        since = self.started if since is None else since
        while not holds(self.text):
            self._read(0.2)
            if time.perf_counter() - since > PATIENCE:
                raise NotShown(f"{condition!r} did not come:\n{self.text}")
        return (self.last_output - since) * 1000

    def settle(self, quiet: float = 0.25) -> None:
        """Read until nothing has come for QUIET seconds; not for ever, as some programs show a clock."""
        until = time.perf_counter() + RESTLESS
        while self._read(quiet) and time.perf_counter() < until:
            pass

    def press(self, keys: str, condition: str | Callable[[str], bool]) -> tuple[float, int]:
        """Send KEYS; milliseconds until CONDITION held, and the bytes written until all was quiet."""
        self.settle()
        before, since = self.bytes, time.perf_counter()
        os.write(self._fd, keys.encode())
        elapsed = self.until(condition, since)
        self.settle()
        return elapsed, self.bytes - before

    def send(self, keys: str) -> None:
        os.write(self._fd, keys.encode())

    def resident_kib(self) -> int:
        """Proportional memory of the process, its share of shared pages counted once (KiB)."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
