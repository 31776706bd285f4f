"""The first screen stands before Textual is there, and whatever comes in between leaves a sound terminal."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from briefing.tui.config import config_file
from briefing.tui.first import FOLDER, LEAVE, MOST, _files
from briefing.tui.kept import state_folder
from tests.emulator.terminal import Terminal
from tests.emulator.test_terminals import is_as_before

# The beginning, the middle and the end of the first screen of the sample.
PARTS = ("Will Iraqi militias join", "Judgements", "q Quit")
# Textual waits for a file, or is broken when that says so.
SLOW = """
import sys, time
from pathlib import Path

class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "textual.app":
            while not (go := Path(GO)).exists():
                time.sleep(0.01)
            if go.read_text():
                raise ImportError(go.read_text())

sys.meta_path.insert(0, Slow())
"""


class Start:
    """Starts the reader with one cache, and of Textual only when it is told."""

    def __init__(self, folder: Path) -> None:
        self.cache = folder / "cache"
        self.folder = folder
        self._go = folder / "go"
        (folder / "sitecustomize.py").write_text(SLOW.replace("GO", repr(str(self._go))))

    @contextmanager
    def again(self, *, columns: int = 80, **environment: Any) -> Iterator[Terminal]:
        """A start that waits for Textual."""
        self._go.unlink(missing_ok=True)
        folders: dict[str, Any] = {"XDG_CACHE_HOME": str(self.cache), "PYTHONPATH": str(self.folder)}
        with Terminal(columns=columns, **folders, **environment) as terminal:
            yield terminal

    def go(self, error: str = "") -> None:
        """Let Textual be imported, or fail with ERROR."""
        unfinished = self._go.with_suffix(".unfinished")
        unfinished.write_text(error)
        unfinished.replace(self._go)

    @property
    def frames(self) -> list[Path]:
        folder = self.cache / "briefing" / FOLDER
        return [path for path in folder.iterdir() if not path.suffix] if folder.exists() else []

    def keep(self, **options: Any) -> None:
        """Start once, so that the first screen is kept."""
        before = set(self.frames)
        with self.again(**options) as terminal:
            self.go()
            terminal.until(lambda _: not before.issuperset(self.frames))
            leave(terminal)


@pytest.fixture
def start(tmp_path: Path) -> Start:
    return Start(tmp_path)


def whole(text: str) -> bool:
    return all(part in text for part in PARTS)


def leave(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.end() == 0
    is_as_before(terminal)
    assert terminal.settings == terminal.settings_before


def test_it_stands_while_textual_is_on_its_way_and_what_is_typed_is_answered(start: Start) -> None:
    start.keep()
    with start.again() as terminal:
        terminal.until(whole)
        before = terminal.written
        terminal.press("5/hamidawi\r")
        start.go()
        terminal.until(lambda text: "/ hamidawi" in text and "Enter Open" in text)
        # It was not drawn twice: what followed are the changes that the keys made.
        masthead = "Iraqi militias and the Iran-Israel conflict"
        assert terminal.written.count(masthead) == before.count(masthead) == 1
        assert terminal.written.count("\x1b[?1049h") == 1
        leave(terminal)


def test_what_is_typed_before_the_reader_has_the_terminal_is_answered_too(start: Start) -> None:
    start.keep()
    with start.again() as terminal:
        # The terminal still edits lines, and makes a line feed of Enter.
        terminal.press("5/hamidawi\r")
        start.go()
        terminal.until(lambda text: "/ hamidawi" in text and "Enter Open" in text)
        leave(terminal)


def test_nothing_is_drawn_twice_when_nothing_is_typed(start: Start) -> None:
    start.keep()
    with start.again() as terminal:
        terminal.until(whole)
        start.go()
        terminal.until(lambda _: "\x1b[?1004h" in terminal.written)
        terminal.press("6")
        terminal.until("Source")
        assert terminal.written.count("Judgements") == 1
        leave(terminal)


@pytest.mark.parametrize(
    "changed",
    [{"columns": 100}, {"TERM": "xterm"}, {"NO_COLOR": "1"}, {"COLORFGBG": "0;15"}, {"SSH_CONNECTION": "x"}],
    ids=str,
)
def test_a_terminal_of_another_sort_gets_a_first_screen_of_its_own(
    start: Start, changed: dict[str, Any]
) -> None:
    start.keep()
    start.keep(**changed)
    assert len(start.frames) == 2


def test_another_theme_or_config_is_another_first_screen(start: Start, tmp_path: Path) -> None:
    state, config = tmp_path / "state", tmp_path / "config"
    folders = {"XDG_STATE_HOME": str(state), "XDG_CONFIG_HOME": str(config)}
    start.keep(**folders)
    (state / "briefing").mkdir(parents=True)
    (state / "briefing" / "theme").write_text("light\n")
    start.keep(**folders)
    (config / "briefing").mkdir(parents=True)
    (config / "briefing" / "config.yaml").write_text("theme: terminal\n")
    start.keep(**folders)
    assert len(start.frames) == 3


@pytest.mark.parametrize(
    "environ", [{}, {"HOME": "/h"}, {"HOME": "/h", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"}], ids=str
)
def test_it_looks_where_the_reader_looks(environ: dict[str, str]) -> None:
    """The reader's own functions come with Textual, so the first screen has the places once more."""
    assert _files(environ) == (config_file(environ), state_folder(environ) / "theme")


def test_changed_content_is_never_shown_as_it_was(start: Start, tmp_path: Path, sample: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(sample, content)
    start.keep(BRIEFING_CONTENT=str(content))
    (file,) = content.glob("*/briefing.yaml")
    file.write_text(file.read_text().replace("Will Iraqi militias join", "Shall Iraqi militias join", 1))
    with start.again(BRIEFING_CONTENT=str(content)) as terminal:
        start.go()
        terminal.until("Shall Iraqi militias join")
        assert PARTS[0] not in terminal.written
        leave(terminal)


@pytest.mark.parametrize("damage", [b"", b"\0\0\0\0", b"\x1b[2Jnot as it was written"])
def test_what_is_kept_and_damaged_is_not_shown(start: Start, damage: bytes) -> None:
    start.keep()
    (frame,) = start.frames
    sound = frame.read_bytes()
    frame.write_bytes(damage)
    with start.again() as terminal:
        start.go()
        terminal.until(whole)
        assert b"\x1b[2Jnot" not in terminal.written.encode()
        leave(terminal)
    assert frame.read_bytes() == sound


def test_a_window_that_changed_meanwhile_is_drawn_anew(start: Start) -> None:
    start.keep()
    with start.again() as terminal:
        terminal.until(whole)
        terminal.size(120, 40)
        start.go()
        terminal.until(lambda text: "q Quit" in text.split("\n")[39])
        leave(terminal)
    assert len(start.frames) == 1


def test_when_textual_cannot_be_imported_the_terminal_is_as_before(start: Start) -> None:
    start.keep()
    with start.again() as terminal:
        terminal.until(whole)
        start.go("there is no Textual here")
        assert terminal.end() == 1
        assert "there is no Textual here" in terminal.written.partition(LEAVE)[2]
        is_as_before(terminal)
        assert terminal.settings == terminal.settings_before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_before_textual_is_there_leaves_the_terminal_as_before(
    start: Start, number: signal.Signals
) -> None:
    start.keep()
    with start.again() as terminal:
        terminal.until(whole)
        terminal.signal(number)
        assert terminal.end() == 128 + number
        is_as_before(terminal)
        assert terminal.settings == terminal.settings_before


def test_ctrl_c_before_textual_is_there_waits_for_it_and_ends_the_reader(start: Start) -> None:
    start.keep()
    with start.again() as terminal:
        terminal.until(whole)
        terminal.press("\x03")
        start.go()
        assert terminal.end() == 130
        is_as_before(terminal)
        assert terminal.settings == terminal.settings_before


def test_only_so_many_are_kept_and_nobody_else_may_read_them(start: Start) -> None:
    start.keep()
    (frame,) = start.frames
    for number in range(MOST + 5):
        other = frame.with_name(f"{number:032x}")
        other.write_bytes(b"")
        os.utime(other, (number, number))
    start.keep(columns=100)
    assert len(start.frames) == MOST
    assert frame in start.frames
    assert frame.stat().st_mode & 0o077 == 0
    assert frame.parent.stat().st_mode & 0o077 == 0


def test_where_nothing_can_be_kept_the_reader_starts_all_the_same(start: Start) -> None:
    start.cache.mkdir()
    (start.cache / "briefing").mkdir()
    (start.cache / "briefing" / FOLDER).write_text("not a folder")
    with start.again() as terminal:
        start.go()
        terminal.until(whole)
        leave(terminal)
