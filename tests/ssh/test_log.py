"""The log is one line of JSON an event, whatever clients say."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.ssh.log import LONGEST, problem, say, start_log


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    start_log(tmp_path / "log")
    yield tmp_path / "log"
    root.handlers[:] = before
    logging.getLogger("asyncio").filters.clear()


def test_what_clients_say_cannot_draw_or_break_lines(log_file: Path) -> None:
    say("session started", user="x\x1b[2J\n{}\u202e\x9b", command="y" * 10_000, key="")
    (line,) = log_file.read_bytes().splitlines()
    assert line.isascii()
    assert not any(byte < 32 for byte in line)
    event = json.loads(line)
    assert event["user"].startswith("x\x1b[2J")
    assert len(event["command"]) == LONGEST
    assert "key" not in event


def test_a_failure_carries_its_traceback(log_file: Path) -> None:
    try:
        raise ValueError("deep down")
    except ValueError as error:
        problem("session failed", error, user="anna")
    event = json.loads(log_file.read_text())
    assert "deep down" in event["traceback"]
    assert event["level"] == "error"


def test_a_rotated_log_is_opened_anew(log_file: Path) -> None:
    say("one")
    log_file.rename(log_file.with_name("log.1"))
    say("two")
    assert _mode(log_file) == 0o640
    assert json.loads(log_file.read_text())["event"] == "two"


def test_a_log_that_cannot_be_opened_anew_harms_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    before = list(logging.getLogger().handlers)
    try:
        start_log(folder / "log")
        folder.rename(tmp_path / "elsewhere")
        say("one")
        folder.mkdir()
        say("two")
    finally:
        logging.getLogger().handlers[:] = before
    assert "No such file" in capsys.readouterr().err
    assert json.loads((folder / "log").read_text())["event"] == "two"


def test_a_file_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    there = tmp_path / "there"  # /dev/null, say
    there.touch()
    there.chmod(0o666)
    before = list(logging.getLogger().handlers)
    try:
        start_log(there)
    finally:
        logging.getLogger().handlers[:] = before
    assert _mode(there) == 0o666


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_not_ours_is_not_said_again_and_again(log_file: Path) -> None:
    for _ in range(300):
        logging.getLogger("asyncio").error("socket.accept() out of system resource")
    logging.getLogger("asyncio").error("something else")
    for _ in range(2):
        say("refused", why="busy")
    events = [json.loads(line)["event"] for line in log_file.read_text().splitlines()]
    assert events == ["socket.accept() out of system resource", "something else", "refused", "refused"]
