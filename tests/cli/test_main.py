"""The command line itself: help, version, where options stand, mistakes, streams, signals."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

import briefing as package
from briefing.cli.main import COMMANDS, READER, Command, split
from tests.cli.process import COMMAND, PATIENCE, briefing


def test_version_is_the_packages() -> None:
    assert briefing("--version") == (0, f"briefing {package.__version__}\n", "")


def test_help_names_every_command() -> None:
    code, out, _ = briefing("--help")
    assert code == 0
    for command in COMMANDS:
        assert f"  {command.name} " in out and command.does in out


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_there_and_explains_itself(command: Command) -> None:
    from briefing.cli.parser import command_parser

    assert find_spec(command.module) is not None
    text = command_parser(command, command.load()).format_help()
    assert "--content DIR" in text and "Exit codes" in text


@pytest.mark.parametrize(
    ("line", "name", "rest"),
    [
        ("search x", "search", ["x"]),
        ("--content d search x", "search", ["--content", "d", "x"]),
        ("--content=d show x", "show", ["--content=d", "x"]),
        ("--content search", "", ["--content", "search"]),
        ("folder search", "", ["folder", "search"]),
        ("-- search", "", ["--", "search"]),
        ("--plain", "", ["--plain"]),
        ("", "", []),
    ],
)
def test_the_command_is_the_first_word_that_is_no_option(line: str, name: str, rest: list[str]) -> None:
    command, arguments = split(line.split())
    assert (command.name, arguments) == (name, rest)
    assert (command is READER) == (name == "")


def test_a_mistyped_command_says_which_may_be_meant() -> None:
    code, out, err = briefing("serach", "maliki")
    assert (code, out) == (2, "")
    assert "did you mean: briefing search" in err


@pytest.mark.parametrize(
    "line",
    [
        "search",
        "search --sort best x",
        "show",
        "list quotes --format xml",
        "list quotes --formt json",
        "list quotes extra",
        "search x --limit many",
        "nowhere",
        "--content",
    ],
)
def test_unusable_arguments_are_two_and_one_message(line: str) -> None:
    code, out, err = briefing(*line.split())
    assert (code, out) == (2, "")
    assert err.startswith("briefing: ") and len(err.splitlines()) == 1


def test_what_was_typed_is_never_obeyed_by_the_terminal() -> None:
    for arguments in (
        ("list", "\x1b[31m"),
        ("\x1b]0;x\x07",),
        ("show", "\x9b31m"),
        ("search", "x", "--\x1b[2J"),
    ):
        _, out, err = briefing(*arguments)
        assert not {"\x1b", "\x07", "\x9b"} & set(out + err)


@pytest.mark.parametrize("line", ["--plain", "list quotes --format json", "search iraq --limit 0", "--help"])
def test_a_closed_pipe_is_no_error(line: str) -> None:
    """As with `| head -1`: the reader leaves after the first bytes, or before any."""
    for first in (0, 20):
        reading, writing = os.pipe()
        process = subprocess.Popen(
            [*COMMAND, *line.split()], stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.PIPE
        )
        os.close(writing)
        if first:
            os.read(reading, first)
        os.close(reading)
        _, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, err) == (0, b"")


def test_an_interrupt_is_130_and_silent() -> None:
    """The pipe holds less than there is to write, so the signal comes in the middle of the work."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    process = subprocess.Popen(
        [*COMMAND, "--plain"], stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.PIPE
    )
    os.close(writing)
    os.read(reading, 1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE)
    os.close(reading)
    assert (process.returncode, err) == (130, b"")


def test_letters_that_a_terminal_cannot_say_are_no_error() -> None:
    code, out, err = briefing("show", "hamidawi", PYTHONIOENCODING="ascii")
    assert (code, err) == (0, "")
    assert "\\u0623" in out


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "md"])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_data_is_utf_8_in_every_locale(encoding: str, form: str) -> None:
    """A letter outside the first plane as `\\U0001f600` would be no JSON, and elsewhere another text."""
    as_ever = briefing("list", "quotes", "--format", form)
    assert briefing("list", "quotes", "--format", form, PYTHONIOENCODING=encoding) == as_ever
    assert not as_ever.out.isascii()


def test_a_full_disk_is_a_message() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "list", "quotes"], stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"briefing: ") and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("closed", "out"), [("<&-", "ref,"), ("2>&-", "ref,"), (">&-", ""), ("<&- >&- 2>&-", "")]
)
def test_a_stream_that_is_closed_is_nowhere(closed: str, out: str) -> None:
    done = briefing("list", "issues", "--format", "csv", before=("sh", "-c", f'exec "$@" {closed}', "sh"))
    assert (done.code, done.err) == (0, "")
    assert done.out[:4] == out
