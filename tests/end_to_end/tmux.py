"""A terminal to read in: tmux, with a shell in it that the reader is started from and comes back to."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

READER = f"{shlex.quote(sys.executable)} -m briefing"
PROMPT = "ready$ "
_PATIENCE_S = 30.0
# What a program may change of a terminal, as tmux knows it.
_MODES = (
    "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{mouse_sgr_flag} #{wrap_flag} #{keypad_flag}"
    " #{scroll_region_upper}-#{scroll_region_lower}"
)


class Tmux:
    """One pane of a tmux server of its own."""

    def __init__(self, folder: Path) -> None:
        self._socket = str(folder / "tmux")

    def run(self, *arguments: str) -> str:
        command = ["tmux", "-S", self._socket, *arguments]
        # As Python knows it: readline, which pytest imports, has set COLUMNS and LINES behind its back.
        environ = dict(os.environ)
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environ).stdout

    def start(self, size: tuple[int, int], environ: Mapping[str, str]) -> None:
        width, height = size
        settings = [f"{name}={value}" for name, value in environ.items()]
        shell = ["env", *settings, f"PS1={PROMPT}", "sh", "-i"]
        self.run(
            "-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", str(height), shlex.join(shell)
        )
        self.run("set-option", "-g", "set-clipboard", "on")
        self.wait("ready$")

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return self.run("capture-pane", "-p")

    @property
    def coloured(self) -> str:
        """The same with its escape sequences."""
        return self.run("capture-pane", "-p", "-e")

    @property
    def modes(self) -> str:
        """How the terminal is set: what a program must leave as it was."""
        return self.run("display-message", "-p", _MODES)

    @property
    def copied(self) -> str:
        """What was copied last; nothing at first, where tmux would call `show-buffer` an error."""
        return self.run("list-buffers", "-F", "#{buffer_sample}").partition("\n")[0]

    def type(self, *keys: str) -> None:
        """Press KEYS, in tmux's names."""
        self.run("send-keys", *keys)

    def write(self, text: str) -> None:
        """Type TEXT letter by letter."""
        self.run("send-keys", "-l", text)

    def command(self, text: str) -> None:
        """Give the shell a command."""
        self.write(text)
        self.type("Enter")

    def resize(self, width: int, height: int) -> None:
        self.run("resize-window", "-x", str(width), "-y", str(height))

    def wait(self, text: str) -> None:
        """Wait until TEXT stands on the screen."""
        self.until(lambda: text in self.text, f"{text!r} to stand on the screen")

    def gone(self, text: str) -> None:
        """Wait until TEXT stands there no more."""
        self.until(lambda: text not in self.text, f"{text!r} to be gone")

    def until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for {what}; the screen shows\n{self.text}")
            time.sleep(0.02)

    def close(self) -> None:
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], check=False, capture_output=True)


@contextmanager
def terminal(folder: Path, environ: Mapping[str, str], size: tuple[int, int] = (80, 24)) -> Iterator[Tmux]:
    """A shell in a terminal of SIZE with nothing of the tester's own settings."""
    tmux = Tmux(folder)
    try:
        tmux.start(size, environ)
        yield tmux
    finally:
        tmux.close()
