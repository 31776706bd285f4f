"""The line that says how far a build is."""

from __future__ import annotations

import pytest

from briefing.cli.progress import ProgressLine, progress_line
from briefing.edition.progress import Pace, Step


@pytest.mark.parametrize(
    ("done", "total", "seconds", "said"),
    [
        (250_000, 1_000_000, 20.0, "reading 250,000 of 1,000,000 (25%), 12,500 a second, 1:00 left"),
        (10, 10, 2.0, "reading 10 of 10 (100%), 5 a second, 0:00 left"),
        (0, 10, 2.0, "reading ..."),
        (1, 1, 2.0, "reading ..."),
        (5, 10, 0.0, "reading 5 of 10 (50%)"),
    ],
)
def test_it_says_how_much_how_fast_and_how_long(done: int, total: int, seconds: float, said: str) -> None:
    assert str(Step("reading", done, total, seconds)) == said


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (80, "[##--------] reading 250,000 of 1,000,000 (25%), 12,500 a second, 1:00 left"),
        (76, "[##--------] reading 250,000 of 1,000,000 (25%), 12,500 a second, 1:00 left"),
        (75, "reading 250,000 of 1,000,000 (25%), 12,500 a second, 1:00 left"),
        (20, "reading 250,000 of "),
    ],
)
def test_a_bar_stands_where_there_is_room_and_no_line_is_as_wide_as_the_terminal(
    width: int, line: str
) -> None:
    assert progress_line(Step("reading", 250_000, 1_000_000, 20.0), width) == line


def test_a_build_that_begins_anew_is_timed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100.0, 160.0, 200.0, 210.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    pace = Pace(0.5)
    steps = [pace.step("reading", done, 1_000) for done in (0, 600, 0, 100)]
    assert [step and step.left for step in steps] == ["", "0:40 left", "", "1:30 left"]


def test_into_a_pipe_it_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    line = ProgressLine()
    line("reading", 1, 2)
    line.clear()
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_it_rewrites_its_line_and_takes_it_away(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    clock = iter(float(second) for second in range(10))
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    monkeypatch.setenv("COLUMNS", "100")
    line = ProgressLine()
    line("reading", 500, 1000)
    line("linking", 0, 1)
    line.clear()
    shown = capsys.readouterr().err.split("\r")
    assert shown[1] == "[#####-----] reading 500 of 1,000 (50%)"
    assert shown[2].rstrip() == "linking ..." and len(shown[2]) == len(shown[1])
    assert shown[3].strip() == "" and shown[4] == ""
