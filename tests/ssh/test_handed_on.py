"""The real sshd in front of `briefing serve`: OpenSSH says who reads, one server shows it to them all."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.ssh.server import Server, serve
from benchmarks.terminal import Terminal
from tests.ssh.accounts import Account, answers_commands, handed_on, make_key, run, ssh_command, sshd

pytestmark = [pytest.mark.needs("ssh", "sshd", "ssh-keygen"), pytest.mark.xdist_group("openssh")]
SAMPLE = Path(__file__).parents[2] / "content"


@pytest.fixture(scope="module")
def served(lent: Account, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """The server behind, and the one key that opens it."""
    key = make_key(lent.folder, "desk")
    folder = tmp_path_factory.mktemp("behind")
    readers = key.with_suffix(".pub")
    with serve(SAMPLE, folder, "--authorized-keys", str(readers), "--drain", "1", workers=1) as server:
        yield server, key


@pytest.fixture(scope="module")
def server(served: tuple[Server, Path]) -> Server:
    return served[0]


@pytest.fixture(scope="module")
def ssh(lent: Account, served: tuple[Server, Path]) -> Iterator[Callable[..., list[str]]]:
    """Makes the `ssh` command line for given arguments; the sshd accepts more than it is told to."""
    server, key = served
    force = handed_on(lent, key, server.port, server.state / "host_key")
    with sshd(lent, force, more="AcceptEnv LC_* SSH_* TERM EDITOR\n") as (port, own):
        yield lambda *arguments: ssh_command(port, lent.name, *arguments, key=own)


def reading(ssh: Callable[..., list[str]], *arguments: str) -> Terminal:
    terminal = Terminal(ssh("-tt", *arguments, "127.0.0.1"))
    terminal.until("1 Brief")
    return terminal


def test_who_reads_is_known_to_both(
    ssh: Callable[..., list[str]], served: tuple[Server, Path], lent: Account
) -> None:
    server, key = served
    before = len(server.events("session ended"))
    with reading(ssh) as terminal:
        terminal.send("5")
        terminal.until("Quote by")
        terminal.send("q")
        terminal.settle()
        server.wait_for("session ended", before + 1)
    ended = server.events("session ended")[before]
    made = subprocess.run(["ssh-keygen", "-lf", str(key)], capture_output=True, check=True).stdout.decode()
    assert (ended["user"], ended["kind"], ended["status"]) == (lent.name, "reader", 0)
    assert ended["key"] in made


def test_commands_with_exit_status_and_both_streams(ssh: Callable[..., list[str]]) -> None:
    answers_commands(ssh)


@pytest.mark.parametrize(
    "command",
    [
        "sh",
        "-oProxyCommand=touch pwned",
        "-o ProxyCommand=touch${IFS}pwned",
        "-F /dev/null",
        "-W 127.0.0.1:22",
        "-L 0:127.0.0.1:22",
        "--",
        "-",
        "$(touch pwned)",
        '"; touch pwned; "',
        "id; touch pwned\ntouch pwned",
        "search x --content /etc",
        "search \x1b[2J\x07 --format \x9b31m",
    ],
)
@pytest.mark.parametrize("terminal", ["-T", "-tt"])
def test_other_commands_are_refused(
    ssh: Callable[..., list[str]], lent: Account, command: str, terminal: str
) -> None:
    result = run(ssh(terminal, "127.0.0.1", "--", os.fsdecode(os.fsencode(command))))
    assert b"uid=" not in result.stdout + result.stderr
    assert b"\x1b" not in result.stdout + result.stderr
    assert result.returncode == 2
    assert list((lent.folder / "home").iterdir()) == []


def test_a_command_that_is_no_text_is_not_asked_for(ssh: Callable[..., list[str]]) -> None:
    result = run(ssh("127.0.0.1", os.fsdecode(b"search \x80\xff\x1b[2J")))
    assert result.returncode == 255
    assert b"\x1b" not in result.stdout + result.stderr


def test_no_key_reaches_the_client_between(ssh: Callable[..., list[str]], lent: Account) -> None:
    """Neither its command line (~C), nor suspending or leaving it (~^Z, ~&, ~.)."""
    with reading(ssh, "-e", "none") as terminal:
        for keys in ("\r~C", "!touch pwned\r", "\r~\x1a", "\r~&", "\r~.", "\r~#", "\x1b", "\x1b"):
            terminal.send(keys)
            terminal.settle()
        terminal.send("2")
        terminal.until("2 Actors")
    assert list((lent.folder / "home").iterdir()) == []


def test_nothing_is_forwarded(ssh: Callable[..., list[str]]) -> None:
    assert run(ssh("-s", "127.0.0.1", "sftp")).returncode != 0
    assert run(ssh("-W", "127.0.0.1:22", "127.0.0.1")).returncode == 255
    back = ("-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:22")
    assert run(ssh(*back, "127.0.0.1", "search hamidawi")).returncode == 255


def test_a_dropped_line_ends_the_session(ssh: Callable[..., list[str]], server: Server) -> None:
    before = len(server.events("session ended"))
    with reading(ssh) as terminal:
        os.kill(terminal.pid, signal.SIGKILL)
        server.wait_for("session ended", before + 1)
