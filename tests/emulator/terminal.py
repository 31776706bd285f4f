"""A pseudo-terminal with an emulator (pyte) behind it, which keeps every byte that it was sent."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import pyte

COMMAND = (sys.executable, "-m", "briefing")
# Long enough for the slowest machine; only what hangs meets it.
PATIENCE = 60.0
# What terminals answer to the questions that programs ask at their start.
_ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
    b"\x1b[c": b"\x1b[?62;22c",
}
# Sequences that pyte does not know and would show as text.
_UNKNOWN = re.compile(r"\x1b\[[<>=][0-9;]*[A-Za-z]|\x1b\[\?[0-9]+\$p|\x1b\].*?(?:\a|\x1b\\)")
# Nor does it know of a second screen: going to it, or coming back, shows a blank one here.
_SCREENS = re.compile(r"\x1b\[\?1049[hl]")
# A sequence of which only the beginning has been read.
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*|\][^\a\x1b]*)?$")
_CLEARED = "\x1b[2J\x1b[H"


class Terminal:
    """Runs COMMAND on a terminal of its own; use as a context manager."""

    def __init__(
        self,
        *arguments: str,
        command: Sequence[str] = COMMAND,
        columns: int = 80,
        lines: int = 24,
        **environment: str,
    ) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self.screen)
        self._decode = _decoder()
        self.written = ""
        self._cut_off = ""
        self._leader, self._follower = pty.openpty()
        self._ends = [self._leader, self._follower]
        self.size(columns, lines)
        self.settings_before = termios.tcgetattr(self._follower)
        self.process = subprocess.Popen(
            [*command, *arguments],
            stdin=self._follower,
            stdout=self._follower,
            stderr=self._follower,
            env={**os.environ, "TERM": "xterm-256color", **environment},
            start_new_session=True,
            preexec_fn=_take_terminal,
        )

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
        self.hang_up()

    def size(self, columns: int, lines: int) -> None:
        """Make the window another size, as a person dragging its corner does."""
        fcntl.ioctl(self._leader, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.screen.resize(lines, columns)

    @property
    def settings(self) -> list[Any]:
        """The line discipline as it is now."""
        return termios.tcgetattr(self._follower)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, keys: str) -> None:
        os.write(self._leader, keys.encode())

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Take the terminal away, as when its window is closed or its line drops."""
        while self._ends:
            os.close(self._ends.pop())

    def until(self, condition: str | Callable[[str], bool]) -> str:
        """Read until a text stands on the screen, or a condition of it holds; gives the screen."""
        holds = (lambda text: condition in text) if isinstance(condition, str) else condition
        deadline = time.monotonic() + PATIENCE
        while not holds(text := self.text):
            if time.monotonic() > deadline or (not self._read(0.1) and self.process.poll() is not None):
                raise AssertionError(f"{condition!r} never came; there stands\n{text}")
        return text

    def end(self) -> int:
        """Read until the program has ended; gives its status."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            self._read(0.05)
            assert time.monotonic() < deadline, f"it does not end; there stands\n{self.text}"
        while self._read(0):
            pass
        return self.process.returncode

    def _read(self, patience: float) -> bool:
        if not select.select([self._leader], [], [], patience)[0]:
            return False
        data = os.read(self._leader, 1 << 16)
        for question, answer in _ANSWERS.items():
            for _ in range(data.count(question)):
                os.write(self._leader, answer)
        text = self._decode(data)
        self.written += text
        text = self._cut_off + text
        cut = _UNFINISHED.search(text)
        self._cut_off = cut[0] if cut else ""
        text = text.removesuffix(self._cut_off)
        self._stream.feed(_SCREENS.sub(_CLEARED, _UNKNOWN.sub("", text)))
        return True


def _decoder() -> Callable[[bytes], str]:
    from codecs import getincrementaldecoder

    return getincrementaldecoder("utf-8")("strict").decode


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
