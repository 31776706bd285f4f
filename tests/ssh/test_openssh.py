"""Reading under the real sshd with the documented drop-in, and attempts to do anything else there."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from tests.ssh.accounts import Account, answers_commands, restricted, run, ssh_command, sshd

pytestmark = [pytest.mark.needs("ssh", "sshd", "ssh-keygen"), pytest.mark.xdist_group("openssh")]
SAMPLE = Path(__file__).parents[2] / "content"
HOSTILE = " ".join(
    (
        "BRIEFING_CONTENT=/etc XDG_CONFIG_HOME=/tmp/evil XDG_CACHE_HOME=/tmp/evil XDG_STATE_HOME=/tmp/evil",
        "HOME=/tmp/evil EDITOR=/bin/sh VISUAL=/bin/sh SHELL=/bin/sh BROWSER=/bin/sh PAGER=/bin/sh",
        "PYTHONPATH=/tmp/evil PYTHONSTARTUP=/tmp/x TEXTUAL_DRIVER=evil:Driver TEXTUAL_LOG=/tmp/evil.log",
        "TEXTUAL_DEBUG=1 LC_ALL=../../evil LANG=%n%n SSH_ORIGINAL_COMMAND=sh",
    )
)


@pytest.fixture(scope="module")
def server(lent: Account) -> Iterator[Callable[..., list[str]]]:
    """Makes the `ssh` command line for given arguments; the server accepts more than it is told to."""
    with sshd(lent, restricted(lent, SAMPLE), more="AcceptEnv *\n") as (port, key):
        yield lambda *arguments: ssh_command(port, lent.name, *arguments, key=key)


def reading(server: Callable[..., list[str]], *arguments: str, term: str = "xterm-256color") -> Terminal:
    terminal = Terminal(server("-tt", *arguments, "127.0.0.1"), term=term)
    terminal.until("1 Brief")
    return terminal


def running(lent: Account) -> list[int]:
    """The restricted processes of this account, by their state folder on the command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"--restricted" in words and os.fsencode(lent.folder / "state") in words:
            found.append(int(path.parent.name))
    return found


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_reader_opens_and_ends_in_order(server: Callable[..., list[str]], lent: Account) -> None:
    with reading(server) as terminal:
        terminal.send("5")
        terminal.until("Quote by")
        terminal.send("q")
        wait_until(lambda: not terminal._read(0.05) and not running(lent))
    wait_until(lambda: not running(lent))


def test_commands_with_exit_status_and_both_streams(server: Callable[..., list[str]]) -> None:
    answers_commands(server)


@pytest.mark.parametrize(
    "command",
    [
        "sh",
        "/bin/sh -c id",
        "bash -i",
        "id; id",
        "search x --content /etc",
        "serve --anonymous --port 9999",
        "check --format json",
        "scp -f /etc/passwd",
        "search 'x",
        "search " + "x" * 100_000,
        "search \udc80\udcff\x1b[2J\x07",
        "\x7fELF\x02\x01",
    ],
)
@pytest.mark.parametrize("terminal", ["-T", "-tt"])
def test_other_commands_are_refused(server: Callable[..., list[str]], command: str, terminal: str) -> None:
    result = run(server(terminal, "127.0.0.1", os.fsdecode(os.fsencode(command))))
    assert b"uid=" not in result.stdout + result.stderr
    assert b"\x1b" not in result.stdout + result.stderr
    assert result.returncode == 2


def test_a_shell_s_syntax_is_words_of_a_query(server: Callable[..., list[str]], lent: Account) -> None:
    result = run(
        server("127.0.0.1", "search hamidawi $(touch pwned) `touch pwned`; touch pwned | id > pwned")
    )
    assert result.returncode in (0, 1)
    assert b"uid=" not in result.stdout + result.stderr
    assert not (lent.folder / "home/pwned").exists()


def test_the_client_s_environment_chooses_nothing(server: Callable[..., list[str]], lent: Account) -> None:
    result = run(server("-o", f"SetEnv={HOSTILE}", "127.0.0.1", "search hamidawi"))
    assert result.returncode == 0
    assert b"hamidawi" in result.stdout.lower()
    with reading(server, "-o", f"SetEnv={HOSTILE}") as terminal:
        for keys in ("e", "\x1a", "\x1c", "\x1d", "!", "e", "\x1b", "\x1b"):  # edit, suspend, quit, problems
            terminal.send(keys)
            terminal.settle()
        terminal.send("2")
        terminal.until("2 Actors")
    assert not Path("/tmp/evil").exists()
    assert not Path("/tmp/evil.log").exists()


def test_no_subsystem_and_no_forwarding(server: Callable[..., list[str]]) -> None:
    assert run(server("-s", "127.0.0.1", "sftp")).returncode != 0
    result = run(
        server("-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:22", "127.0.0.1", "search hamidawi")
    )
    assert result.returncode == 255
    result = run(server("-W", "127.0.0.1:22", "127.0.0.1"))
    assert result.returncode == 255
    assert b"prohibited" in result.stderr or b"refused" in result.stderr or b"failed" in result.stderr


def test_forged_replies_and_endless_input(server: Callable[..., list[str]]) -> None:
    with reading(server) as terminal:
        for forged in (
            "\x1b[48;99999;99999;9;9t",
            "\x1b[?2026;2$y",
            "\x1b[99999999999u",
            "\x1b[200~" + "A" * 40_000 + "\x1b[201~",
            "j" * 3000,
        ):
            terminal.send(forged)
            terminal.settle()
        terminal.send("2")
        terminal.until("2 Actors")


def test_a_dropped_line_ends_the_process_at_once(server: Callable[..., list[str]], lent: Account) -> None:
    with reading(server) as terminal:
        assert running(lent)
        os.kill(terminal.pid, signal.SIGKILL)
        wait_until(lambda: not running(lent))


def test_nothing_is_written_outside_the_state_folder(server: Callable[..., list[str]], lent: Account) -> None:
    with reading(server) as terminal:
        terminal.send("/hamidawi\r")
        terminal.settle()
        terminal.send("y")
        terminal.settle()
    run(server("127.0.0.1", "list actor"))
    assert list((lent.folder / "home").iterdir()) == []
    kept = [path for path in (lent.folder / "state").rglob("*") if path.is_file()]
    assert not [path for path in kept if path.name in ("queries", "theme")]


def test_idle_and_total_time_are_limited(lent: Account) -> None:
    with sshd(lent, restricted(lent, SAMPLE, "--idle", "2", "--total", "60")) as (port, key):
        terminal = Terminal(ssh_command(port, lent.name, "-tt", "127.0.0.1", key=key))
        with terminal:
            terminal.until("1 Brief")
            terminal.until(lambda text: "Closed after 2 seconds" in text.replace("\n", ""))
