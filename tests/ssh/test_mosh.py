"""Reading through mosh, where the operator's line lets its client start a server."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from tests.ssh.accounts import Account, restricted, run, ssh_command, sshd

pytestmark = [
    pytest.mark.needs("ssh", "sshd", "ssh-keygen", "mosh", "mosh-server"),
    pytest.mark.xdist_group("openssh"),
]
SAMPLE = Path(__file__).parents[2] / "content"


def mosh(port: int, lent: Account, key: Path, *command: str) -> list[str]:
    ssh = shlex.join(ssh_command(port, lent.name, key=key))
    return ["mosh", f"--ssh={ssh}", "127.0.0.1", *command]


def test_the_reader_opens_through_mosh_and_ends_in_order(lent: Account) -> None:
    with (
        sshd(lent, restricted(lent, SAMPLE, "--mosh")) as (port, key),
        Terminal(mosh(port, lent, key), environment={"LC_ALL": "C.UTF-8"}) as terminal,
    ):
        terminal.until("1 Brief")
        terminal.send("/hamidawi")
        terminal.until("Quotes 2")
        terminal.send("\r")
        terminal.until("q Quit")
        terminal.send("q")
        terminal.until("[mosh is exiting.]")


def test_nothing_but_the_reader_is_started_through_mosh(lent: Account) -> None:
    with sshd(lent, restricted(lent, SAMPLE, "--mosh")) as (port, key):
        for command in ("mosh-server new -s -- sh", "mosh-server 'new' '--' 'search' 'x'"):
            refused = run(ssh_command(port, lent.name, "127.0.0.1", command, key=key))
            assert (refused.returncode, refused.stdout) == (2, b"")
            assert b"Through mosh one can read" in refused.stderr


def test_mosh_is_refused_where_the_operator_does_not_say_it(lent: Account) -> None:
    with sshd(lent, restricted(lent, SAMPLE)) as (port, key):
        refused = run(ssh_command(port, lent.name, "127.0.0.1", "mosh-server new -s", key=key))
        assert (refused.returncode, refused.stdout) == (2, b"")
        assert b"Here one can read" in refused.stderr
