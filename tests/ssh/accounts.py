"""A real sshd on loopback, logging in to an account without privileges, and programs run against it.

The account exists for these tests alone: in a mount namespace of their own (so root is needed) with a
passwd file of their own, where nothing of the machine changes.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PATH = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"
UID = 12345
# Host keys are whatever they are; nothing of the developer's own configuration or agent is used.
CLIENT = (
    *("-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"),
    *("-o", "LogLevel=ERROR", "-o", "IdentityAgent=none", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"),
)


NAME = "reader"
CHECKOUT = Path(__file__).parents[2]
DROP_IN = CHECKOUT / "docs/serving/briefing-sshd.conf"
# Lends the account, the folder that sshd wants, and a way to the interpreter and the checkout for those
# who may not look into root's home.
LEND = """
set -e
mount --make-rprivate /
mount --bind "$0/passwd" /etc/passwd
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/sshd
n=0
for folder in $LENT; do n=$((n + 1)); mkdir -p "$0/lent$n"; mount --bind "$folder" "$0/lent$n"; done
mount -t tmpfs -o mode=755 tmpfs /root
n=0
for folder in $LENT; do n=$((n + 1)); mkdir -p "$folder"; mount --bind "$0/lent$n" "$folder"; done
exec "$@"
"""


class Account:
    """An unprivileged account, with a folder for all that belongs to it."""

    name = NAME

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("home", "state"):
            (folder / name).mkdir()
            os.chown(folder / name, UID, UID)
        system = Path("/etc/passwd").read_text()
        (folder / "passwd").write_text(f"{system}{NAME}:x:{UID}:{UID}::{folder}/home:/bin/sh\n")

    def command(self, arguments: Sequence[str]) -> list[str]:
        """ARGUMENTS as they are run where this account exists."""
        hidden = [str(path) for path in (Path(sys.base_prefix), CHECKOUT) if path.is_relative_to("/root")]
        lent = f"LENT={' '.join(hidden)}"
        return ["unshare", "--mount", "env", lent, "sh", "-c", LEND, str(self.folder), *arguments]


@contextmanager
def account() -> Iterator[Account | None]:
    """An account, or None where this machine cannot lend one."""
    if os.geteuid() != 0:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="briefing-"))
    folder.chmod(0o755)
    try:
        lent = Account(folder)
        import_all = [sys.executable, "-I", "-c", "import briefing.cli.main, textual"]
        drop = ["setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups"]
        probe = subprocess.run(lent.command([*drop, *import_all]), capture_output=True, timeout=60)
        yield lent if probe.returncode == 0 else None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def until_it_listens(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None:
            raise AssertionError(f"ended with {process.returncode}")
        time.sleep(0.05)
    raise AssertionError("does not listen")


def make_key(folder: Path, name: str) -> Path:
    """A new key of its own kind each time: FOLDER may hold those of an earlier server."""
    path = folder / f"{name}-{len(list(folder.iterdir()))}"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return path


def restricted(lent: Account, content: Path, *options: str) -> str:
    """The reader in a process of its own, as the drop-in has it."""
    where = ("--content", str(content), "--state", f"{lent.folder}/state")
    return " ".join((sys.executable, "-I", "-m", "briefing", "--restricted", *where, *options))


def handed_on(lent: Account, key: Path, port: int, host_key: Path) -> str:
    """The drop-in's other way: on, with KEY, to a server at PORT that has HOST_KEY."""
    folder = lent.folder
    os.chown(key, UID, UID)
    made = subprocess.run(["ssh-keygen", "-y", "-f", str(host_key)], capture_output=True, check=True)
    (folder / "known_hosts").write_text(f"briefing {made.stdout.decode()}")
    config = (CHECKOUT / "docs/serving/ssh-to-serve.conf").read_text().replace("8022", str(port))
    config = config.replace("/etc/briefing/desk_key", str(key)).replace("/etc/briefing", str(folder))
    (folder / "ssh-to-serve.conf").write_text(config)
    (line,) = (line for line in DROP_IN.read_text().splitlines() if "#ForceCommand " in line)
    return line.partition("#ForceCommand ")[2].replace("/etc/briefing", str(folder))


@contextmanager
def sshd(lent: Account, force: str, more: str = "") -> Iterator[tuple[int, Path]]:
    """OpenSSH's server with the drop-in of the documentation, where every session runs FORCE.

    Gives its port and the client's key.
    """
    folder, port = lent.folder, free_port()
    client_key, host = make_key(folder, "client"), make_key(folder, "host")
    readers = folder / "readers"
    readers.write_text(client_key.with_suffix(".pub").read_text())
    lines = []
    for line in DROP_IN.read_text().splitlines():
        words = line.split()
        if words[:1] == ["ForceCommand"]:
            line = f"    ForceCommand {force}"
        elif words[:2] == ["Match", "User"]:
            line = f"Match User {lent.name}"
        elif words[:1] == ["AuthorizedKeysFile"]:
            line = f"    AuthorizedKeysFile {readers}"
        lines.append(line)
    config = folder / "sshd_config"
    start = f"ListenAddress 127.0.0.1:{port}\nHostKey {host}\nPidFile none\nStrictModes no\n"
    config.write_text(f"{start}{more}" + "\n".join(lines) + "\n")
    server = shutil.which("sshd", path=PATH)
    assert server is not None
    process = subprocess.Popen(
        lent.command([server, "-D", "-e", "-f", str(config)]),
        stdin=subprocess.DEVNULL,
        stderr=(folder / "sshd.log").open("wb"),
    )
    try:
        until_it_listens(port, process)
        yield port, client_key
    finally:
        process.terminate()
        process.wait(10)


def ssh_command(port: int, user: str, *arguments: str, key: Path | None = None) -> list[str]:
    who = ["-i", str(key)] if key is not None else []
    program = shutil.which("ssh", path=PATH)
    assert program is not None
    return [program, *CLIENT, "-p", str(port), *who, "-l", user, *arguments]


def run(command: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    """What comes of COMMAND, with nothing typed."""
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=90)


def answers_commands(ssh: Callable[..., list[str]]) -> None:
    """Check that what SSH leads to answers commands with their exit status and both streams."""
    found = run(ssh("127.0.0.1", "search", "hamidawi", "--format", "json"))
    assert (found.returncode, found.stderr) == (0, b"")
    assert b'"ref"' in found.stdout
    nothing = run(ssh("127.0.0.1", "search", "zzzzqqqq"))
    assert (nothing.returncode, nothing.stdout) == (1, b"")
    assert nothing.stderr
    plain = run(ssh("-T", "127.0.0.1"))
    assert plain.returncode == 0
    assert b"QUOTES" in plain.stdout
