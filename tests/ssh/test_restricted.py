"""`briefing --restricted` by itself, on a terminal of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from briefing.ssh import restricted
from briefing.ssh.driver import LEAVE
from briefing.ssh.statuses import INTERRUPTED, REFUSED
from tests.ssh.serving import damage

SAMPLE = Path(__file__).parents[2] / "content"
# The whole of it, with less patience for a client that does not read.
START = "import sys, briefing.ssh.restricted as r; r.GRACE = 1; sys.exit(r.main(sys.argv[1:]))"

# The whole of it, where programs are looked for in a folder of the test's.
START_AT = "import sys, briefing.ssh.restricted as r; r.PATH = sys.argv[1]; sys.exit(r.main(sys.argv[2:]))"


@pytest.mark.parametrize(("idle", "limit"), [("0.5", "1"), ("1.5", "2"), ("1800", "1800")])
def test_moshs_server_always_has_a_limit(tmp_path: Path, idle: str, limit: str) -> None:
    server = tmp_path / "mosh-server"
    server.write_text('#!/bin/sh\necho "$MOSH_SERVER_NETWORK_TMOUT"\n')
    server.chmod(0o755)
    result = subprocess.run(
        [sys.executable, "-c", START_AT, str(tmp_path), "--mosh", "--idle", idle],
        env={**os.environ, "SSH_ORIGINAL_COMMAND": "mosh-server new -s"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (result.returncode, result.stdout) == (0, f"{limit}\n")


def test_a_terminal_that_is_not_read_keeps_nobody_from_the_end(tmp_path: Path) -> None:
    arguments = ("--content", str(SAMPLE), "--state", str(tmp_path), "--idle", "2")
    pid, terminal = os.forkpty()
    if not pid:
        os.environ["TERM"] = "xterm-256color"
        os.execv(sys.executable, [sys.executable, "-c", START, *arguments])
    os.set_blocking(terminal, False)
    assert _shown(terminal)
    keys = time.monotonic() + 1
    while time.monotonic() < keys:  # more frames than a terminal holds
        for key in b"12345":
            os.write(terminal, bytes([key]))
            time.sleep(0.04)
    deadline = time.monotonic() + 30
    while not os.waitpid(pid, os.WNOHANG)[0]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.close(terminal)


def test_a_broken_index_does_not_write_across_the_screen(tmp_path: Path) -> None:
    arguments = ("--restricted", "--content", str(SAMPLE), "--state", str(tmp_path))
    pid, terminal = os.forkpty()
    if not pid:
        os.environ["TERM"] = "xterm-256color"
        os.execv(sys.executable, [sys.executable, "-m", "briefing", *arguments])
    os.set_blocking(terminal, False)
    written = _until(terminal, b"1 Brief")
    for query in (b"/hamidawi", b"\x15iran", b"\x15israel"):
        os.write(terminal, query)
        written += _until(terminal, b"ms")
        damage(tmp_path)
    os.write(terminal, b"\x03")
    written += _until(terminal, LEAVE.encode())
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == INTERRUPTED
    os.close(terminal)
    assert b"panicked" not in written


def test_what_stood_on_the_terminal_before_is_left_there(tmp_path: Path) -> None:
    arguments = ("--restricted", "--content", str(SAMPLE), "--state", str(tmp_path))
    pid, terminal = os.forkpty()
    if not pid:
        os.environ["TERM"] = "xterm-256color"
        os.execv(sys.executable, [sys.executable, "-m", "briefing", *arguments])
    os.set_blocking(terminal, False)
    _until(terminal, b"1 Brief")
    os.write(terminal, b"q")
    written = _until(terminal, LEAVE.encode())
    os.set_blocking(terminal, True)
    with suppress(OSError):  # nobody is at the other end any more
        while more := os.read(terminal, 65_536):
            written += more
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    os.close(terminal)
    assert written.count(b"\x1b[J") == 1  # on the reader's own screen


def _until(terminal: int, text: bytes) -> bytes:
    """What comes from TERMINAL until TEXT has come."""
    written, deadline = b"", time.monotonic() + 30
    while text not in written:
        assert time.monotonic() < deadline, written
        try:
            written += os.read(terminal, 65_536)
        except BlockingIOError:
            time.sleep(0.02)
    return written


def _shown(terminal: int) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            return bool(os.read(terminal, 1))
        except BlockingIOError:
            time.sleep(0.02)
    return False


@pytest.mark.parametrize("command", ["search", "list", "show"])
def test_help_from_afar_names_what_can_be_said_from_afar(command: str, tmp_path: Path) -> None:
    words = (sys.executable, "-m", "briefing", "--restricted", "--state", str(tmp_path))
    environment = {**os.environ, "SSH_ORIGINAL_COMMAND": f"{command} --help"}
    result = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    assert "--format" in result.stdout
    assert "--content" not in result.stdout


@pytest.mark.parametrize("text", ["", "id: x\n"])
def test_errors_from_afar_point_to_no_command_that_is_not_there(text: str, tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(SAMPLE, content)
    (path,) = content.glob("*/actors.yaml" if text else "*/briefing.yaml")
    path.write_text(text)
    words = (sys.executable, "-m", "briefing", "--restricted", "--state", str(tmp_path))
    environment = {**os.environ, "SSH_ORIGINAL_COMMAND": "list quote"}
    result = subprocess.run(
        [*words, "--content", str(content)], env=environment, capture_output=True, text=True, check=False
    )
    assert ("in the content" if text else "no briefing can be read") in result.stderr
    assert "briefing check" not in result.stderr


def test_an_account_without_a_name_has_a_home_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(number: int) -> None:
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    assert restricted._home() == restricted.NOWHERE


@pytest.mark.parametrize("value", ["inf", "nan", "0", "-1", "1e12", "soon"])
@pytest.mark.parametrize("option", ["--idle", "--total"])
def test_a_limit_that_cannot_be_kept_to_is_named(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        restricted._parser().parse_args([option, value])
    assert ended.value.code == REFUSED
    assert f"argument {option}: invalid seconds value: '{value}'" in capsys.readouterr().err
