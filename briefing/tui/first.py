"""The first screen before Textual is there.

Importing Textual is most of a start, and the first screen is mostly the one of the last start. So what draws
it is kept beside the editions, under a key of all that it hangs on, and the next start writes that at once.
What is typed meanwhile waits in the terminal. The reader draws nothing before its own first screen is
complete, and that only if it is another.
"""

from __future__ import annotations

import os
import signal
import sys
import termios
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, NoReturn

import briefing
from briefing.edition.edition import Edition
from briefing.edition.hashes import blake2b
from briefing.edition.home import own_folder
from briefing.edition.shelf import cache_folder
from briefing.tui.letters import STAND_IN

# Not every terminal has another screen, which would be empty: GNU screen, as it comes, has none.
CLEAR: Final = "\x1b[H\x1b[J"
ENTER: Final = f"\x1b[?1049h{CLEAR}\x1b[?25l"
LEAVE: Final = "\x1b[m\x1b[H\x1b[J\x1b[?25h\x1b[?1049l"
FOLDER: Final = "first"
# Sizes of windows, themes and libraries change now and then; of each combination there is one frame.
MOST: Final = 24
# What a frame hangs on in the environment, beside the files that these say where to find.
_VARIABLES: Final = (
    *("TERM", "COLORTERM", "COLORFGBG", "NO_COLOR", "COLUMNS", "LINES", "TEXTUAL_COLOR_SYSTEM"),
    *("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"),
)
_SAID: Final = ("TMUX", "STY", "SSH_CONNECTION")
# As Textual sets a terminal: keys come one by one, unchanged, without an echo and without signals.
_LOCAL: Final = termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG
_INPUT: Final = termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR

Size = tuple[int, int]


class FirstScreen:
    """The first screen of one start; a context in which the terminal is left as it was found.

    `found` is how the terminal was set when the screen was drawn; None as long as it was not.
    """

    def __init__(self, file: Path, size: Size) -> None:
        self._file = file
        self._size = size
        self._shown = ""
        self.found: list[int | list[bytes | int]] | None = None
        # The reader has taken the terminal over, and gives it back.
        self.taken_over = False

    def __enter__(self) -> FirstScreen:
        shown = _read(self._file)
        if shown and os.tcgetpgrp(0) == os.getpgrp():
            try:
                self._show(shown)
            except BaseException:  # a signal, say
                self.__exit__(None, None, None)
                raise
        return self

    def _show(self, shown: str) -> None:
        self.found = termios.tcgetattr(0)
        # No KeyboardInterrupt: one that passes through an `exec` makes Python end by the signal after all.
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, _end)
        changed = termios.tcgetattr(0)
        changed[0] &= ~_INPUT
        changed[3] &= ~_LOCAL
        termios.tcsetattr(0, termios.TCSANOW, changed)
        self._shown = shown
        _write(ENTER + shown)

    def stands(self, frame: str) -> bool:
        """Whether the terminal shows FRAME, what draws the reader's own first screen."""
        return self._shown == frame

    def keep(self, frame: str, size: Size) -> None:
        """Keep FRAME, the first screen of a terminal of SIZE, for the next start."""
        if size == self._size and frame != self._shown:
            _keep(self._file, frame)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.found is None:
            return
        with suppress(OSError, termios.error):
            if not self.taken_over:
                _write(LEAVE)
            termios.tcsetattr(0, termios.TCSADRAIN, self.found)


def first_screen(
    edition: Edition, path: Path, environ: Mapping[str, str], *, low_bandwidth: bool
) -> FirstScreen:
    """The first screen of a reader of EDITION, which was opened at PATH, on this process's terminal."""
    size = tuple(os.get_terminal_size(1))
    hangs_on = (
        _program(),
        edition.identity,
        edition.only_briefing,
        edition.notices,
        str(path.absolute()),
        size,
        low_bandwidth,
        [environ.get(name) for name in _VARIABLES],
        [name in environ for name in _SAID],
        *(_bytes(file) for file in _files(environ)),
    )
    key = blake2b(repr(hangs_on).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
    return FirstScreen(cache_folder() / FOLDER / key, (size[0], size[1]))


def _program() -> list[tuple[str, int, int]]:
    """Tells this program from another version of it."""
    folder = Path(briefing.__file__).parent
    return sorted(
        (entry.name, status.st_size, status.st_mtime_ns)
        for room in ("model", "edition", "document", "tui", "tui/screens", "tui/widgets")
        for entry in os.scandir(folder / room)
        if entry.name.endswith((".py", ".tcss")) and (status := entry.stat())
    )


def _files(environ: Mapping[str, str]) -> tuple[Path, Path]:
    """The config and the theme of last time, which say how a reader looks.

    `config` and `kept` know them too, but come with Textual; a test holds the two together.
    """
    return own_folder("CONFIG", environ) / "config.yaml", own_folder("STATE", environ) / "theme"


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _read(file: Path) -> str:
    """The frame in FILE; empty when there is none, or when it is not as it was written."""
    sealed = _bytes(file)
    frame = sealed[4:]
    if zlib.crc32(frame).to_bytes(4) != sealed[:4]:
        return ""
    return frame.decode("utf-8", "replace")


def _keep(file: Path, frame: str) -> None:
    """Keep FRAME in FILE, and of all frames the newest; that it cannot be kept is no error."""
    data = frame.encode("utf-8", "replace")
    unfinished = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as written:
            written.write(zlib.crc32(data).to_bytes(4) + data)
        unfinished.replace(file)
        newest_last = sorted(os.scandir(file.parent), key=lambda entry: entry.stat().st_mtime_ns)
        for entry in newest_last[:-MOST]:
            os.unlink(entry.path)  # noqa: PTH108


def _write(text: str) -> None:
    data = text.encode(getattr(sys.stdout, "encoding", None) or "utf-8", STAND_IN)
    while data:
        data = data[os.write(1, data) :]


def _end(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)
