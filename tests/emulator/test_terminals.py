"""On every sort of terminal: what is set is set back, colours are those it has, and it can be read."""

from __future__ import annotations

import os
import random
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.emulator.sequences import commands, looks, modes
from tests.emulator.terminal import PATIENCE, Terminal

FIRST = "Will Iraqi militias join"
# The state of a terminal that nobody has changed, for each mode that a reader changes.
USUAL = {
    "25": True,  # the cursor is shown
    "7": True,  # lines wrap
    "1049": False,  # the main screen
    "1000": False,  # no mouse
    "1002": False,
    "1003": False,
    "1006": False,
    "1015": False,
    "1004": False,  # no reports of the focus
    "2004": False,  # nor of pasting
    "2026": False,
    "2048": False,
    "kitty": False,
}
TERMS = ["xterm-256color", "xterm", "screen", "screen-256color", "tmux-256color", "linux", "vt100"]
CRASH = """
from briefing.tui.screens.reader import ReaderScreen

def fails(self, place):
    raise RuntimeError("a fault in the reader")

shown = ReaderScreen.arrive
ReaderScreen.arrive = lambda self, place: (fails if place.pane.value == "quote" else shown)(self, place)

from briefing.cli.main import run

raise SystemExit(run([]))
"""


def started(terminal: Terminal) -> str:
    """Wait for the first screen; what has been written until then."""
    terminal.until(FIRST)
    return terminal.written


def is_as_before(terminal: Terminal) -> None:
    """Whether the terminal was left as it was met."""
    left = modes(terminal.written)
    assert left, "nothing was set at all"
    assert left == {mode: USUAL[mode] for mode in left}
    assert terminal.settings == terminal.settings_before
    last = (looks(terminal.written) or [[0]])[-1]
    assert last in ([0], [39, 49]), "the look is left plain"


@pytest.mark.parametrize("term", TERMS)
def test_a_journey_on_any_terminal(term: str) -> None:
    with Terminal(TERM=term) as terminal:
        begun = len(started(terminal))
        terminal.press("5")
        terminal.until("We are closely monitoring")
        terminal.press("/hamidawi")
        terminal.until("Quotes 2")
        terminal.press("\r")
        terminal.until("Enter Open")
        terminal.press("\r")
        terminal.until("Speaker")
        assert commands(terminal.written[begun:]) == []
        terminal.press("q")
        assert terminal.end() == 0
        is_as_before(terminal)


@pytest.mark.parametrize(
    ("leave", "status"),
    [
        (lambda terminal: terminal.press("q"), 0),
        (lambda terminal: terminal.press("\x03"), 130),
        (lambda terminal: terminal.signal(signal.SIGTERM), 143),
        (lambda terminal: terminal.signal(signal.SIGHUP), 129),
        (lambda terminal: terminal.signal(signal.SIGINT), 130),
    ],
    ids=["q", "Ctrl-C", "SIGTERM", "SIGHUP", "SIGINT"],
)
def test_however_it_is_left_the_terminal_is_as_before(leave: Callable[[Terminal], None], status: int) -> None:
    with Terminal() as terminal:
        started(terminal)
        assert terminal.settings != terminal.settings_before
        leave(terminal)
        assert terminal.end() == status
        is_as_before(terminal)


def test_where_there_is_no_other_screen_nothing_of_before_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.emulator.terminal._CLEARED", "")
    full = f"yes '{'#' * 79}' | head -30; exec {sys.executable} -m briefing"
    for _ in ("at first", "from the first screen that was kept"):
        with Terminal(command=("sh", "-c", full), TERM="screen", XDG_CACHE_HOME=str(tmp_path)) as terminal:
            started(terminal)
            assert "#" not in terminal.text
            terminal.press("q")
            assert terminal.end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_before_the_first_screen_leaves_it_as_before(number: signal.Signals) -> None:
    with Terminal() as terminal:
        terminal.until(lambda _: "\x1b[?1049h" in terminal.written)
        terminal.signal(number)
        assert terminal.end() == 128 + number
        is_as_before(terminal)


@pytest.mark.parametrize("told", [True, False], ids=["told", "untold"])
def test_it_ends_when_its_terminal_is_gone(told: bool, tmp_path: Path) -> None:
    # In a session of its own no signal tells the reader.
    script = f"echo $$ > {tmp_path}/pid; exec {sys.executable} -m briefing"
    command = ("sh", "-c", script) if told else ("setsid", "--wait", "sh", "-c", script)
    with Terminal(command=command) as terminal:
        started(terminal)
        reader = os.pidfd_open(int((tmp_path / "pid").read_text()))
        terminal.press("5/")
        terminal.hang_up()
        assert select.select([reader], [], [], PATIENCE)[0], "it goes on without a terminal"
        os.close(reader)


def test_a_crash_leaves_the_terminal_as_before(tmp_path: Path) -> None:
    script = tmp_path / "crash.py"
    script.write_text(CRASH)
    with Terminal(command=(sys.executable, str(script))) as terminal:
        started(terminal)
        terminal.press("5")
        assert terminal.end() == 1
        said = terminal.written.rpartition("\x1b[?1049l")[2]
        assert "a fault in the reader" in said, "the fault is told on the screen that stays"
        is_as_before(terminal)


def test_a_broken_edition_while_reading_is_built_again(
    shared_cache: Path, tmp_path: Path, sample: Path
) -> None:
    with Terminal(XDG_CACHE_HOME=str(tmp_path)) as terminal:
        started(terminal)
        for file in tmp_path.rglob("*"):
            if file.is_file() and file.stat().st_size > 10_000:
                file.write_bytes(b"\xff" * file.stat().st_size)
        terminal.press("4")
        terminal.until("Monday 16 June 2025")
        terminal.press("q")
        assert terminal.end() == 0
        is_as_before(terminal)


def test_nothing_is_seen_of_a_broken_index_but_one_line(tmp_path: Path) -> None:
    with Terminal(XDG_CACHE_HOME=str(tmp_path), RUST_BACKTRACE="1") as terminal:
        started(terminal)
        for file in [*tmp_path.rglob("*.idx"), *tmp_path.rglob("*.term")]:
            with file.open("r+b") as index:
                index.write(random.Random(1).randbytes(file.stat().st_size))
        terminal.press("/iraq")
        terminal.until("damaged")
        terminal.press("\r")
        terminal.until("q Quit")
        assert "panicked" not in terminal.written
        terminal.press("q")
        assert terminal.end() == 0
        is_as_before(terminal)


def test_a_dumb_terminal_gets_the_plain_text() -> None:
    with Terminal(TERM="dumb") as terminal:
        assert terminal.end() == 0
        assert "\x1b" not in terminal.written
        assert FIRST in terminal.written


COLOURED = {*range(30, 39), *range(40, 49), *range(90, 108)}


@pytest.mark.parametrize("term", ["xterm-256color", "linux"])
def test_no_color_means_none(term: str) -> None:
    with Terminal(TERM=term, NO_COLOR="1", COLORTERM="truecolor") as terminal:
        started(terminal)
        terminal.press("3")
        terminal.until("against")
        terminal.press("/iran")
        terminal.until("Enter Keep")
        terminal.press("\rq")
        terminal.end()
        used = {number for look in looks(terminal.written) for number in look}
        assert not used & COLOURED
        assert used & {1, 4, 7}, "what colour would have said is bold, underlined or reversed"


@pytest.mark.parametrize(
    ("term", "colorterm", "wanted", "never"),
    [
        ("xterm-256color", "", {5}, {2}),
        ("xterm-256color", "truecolor", {2}, set()),
        ("xterm", "", set(), {2, 5}),
        ("linux", "", set(), {2, 5}),
    ],
)
def test_colours_are_those_the_terminal_says_it_has(
    term: str, colorterm: str, wanted: set[int], never: set[int]
) -> None:
    with Terminal(TERM=term, COLORTERM=colorterm) as terminal:
        started(terminal)
        terminal.press("3")
        terminal.until("against")
        terminal.press("q")
        terminal.end()
        # The number after 38 or 48 says how a colour is given: 5 of a table, 2 by its parts.
        ways = {
            look[place + 1]
            for look in looks(terminal.written)
            for place, number in enumerate(look[:-1])
            if number in (38, 48) and (place == 0 or look[place - 1] not in (5, 2))
        }
        assert wanted <= ways
        assert not ways & never


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (100, 24), (200, 60)])
def test_it_can_be_read_at_any_size_from_60_by_20(size: tuple[int, int]) -> None:
    with Terminal(columns=size[0], lines=size[1]) as terminal:
        terminal.until("Will Iraqi militias join the Iran-Israel conflict?")
        assert "too small" not in terminal.text
        terminal.press("q")
        assert terminal.end() == 0


@pytest.mark.parametrize("size", [(59, 20), (60, 19), (59, 19), (10, 3)])
def test_less_is_said_to_be_too_small(size: tuple[int, int]) -> None:
    with Terminal(columns=size[0], lines=size[1]) as terminal:
        terminal.until(f"{size[0]}x{size[1]} is"[: size[0]])
        terminal.size(80, 24)
        terminal.until(FIRST)
        terminal.size(*size)
        terminal.until(lambda text: FIRST not in text and f"{size[0]}x{size[1]}" in text)
        terminal.press("q")
        assert terminal.end() == 0
        is_as_before(terminal)


def test_a_resize_keeps_the_place() -> None:
    with Terminal() as terminal:
        started(terminal)
        terminal.press("5jjj")
        chosen = _chosen(terminal.until(lambda text: bool(_chosen(text)) and "Quotes" in text))
        for columns, lines in ((120, 40), (60, 20), (100, 24), (80, 24)):
            terminal.size(columns, lines)
            terminal.until(lambda text: _chosen(text).split()[:3] == chosen.split()[:3])
        terminal.press("q")
        assert terminal.end() == 0


def _chosen(text: str) -> str:
    """The row of the list's cursor."""
    rows = [line for line in text.splitlines() if line.startswith("▌")]
    return rows[0] if len(rows) == 1 else ""
