"""A confined process starts nothing and writes in one folder only, whether Python or C asks."""

from __future__ import annotations

import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import leave_out

# A socket's address in C (sockaddr_in): port 9 of loopback.
ADDRESS = struct.pack("=H", socket.AF_INET) + struct.pack("!H4s8x", 9, socket.inet_aton("127.0.0.1"))
BEFORE = """
import ctypes, os, pathlib, socket, subprocess, sys
from briefing.ssh.confine import confine
state, outside = map(pathlib.Path, sys.argv[1:3])
confine([state])
libc = ctypes.CDLL(None, use_errno=True)
"""


def confined(code: str, tmp_path: Path) -> str:
    """What CODE prints when it is run confined."""
    state, outside = tmp_path / "state", tmp_path / "outside"
    for folder in (state, outside):
        folder.mkdir(exist_ok=True)
    (outside / "file").write_text("as it was")
    result = subprocess.run(
        [sys.executable, "-c", BEFORE + code, str(state), str(outside)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (outside / "file").read_text() == "as it was"
    assert [path.name for path in outside.iterdir()] == ["file"]
    return result.stdout + result.stderr


@pytest.mark.parametrize(
    "code",
    [
        "(outside / 'new').write_text('x')",
        "open(outside / 'file', 'a')",
        "os.open(outside / 'file', os.O_RDWR)",
        "(outside / 'file').unlink()",
        "(outside / 'file').rename(state / 'file')",
        "(outside / 'folder').mkdir()",
        "os.symlink('/etc', outside / 'link')",
        "os.truncate(outside / 'file', 0)",
        "(state / 'kept').write_text('x'); (state / 'kept').rename(outside / 'file')",
        "(state / 'kept').write_text('x'); os.link(state / 'kept', outside / 'link')",
        "os.symlink(state, outside / 'link')",
        "subprocess.run(['/bin/true'])",
        "os.system('true')",
        "os.execv('/bin/true', ['true'])",
        "os.fork()",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "socket.socket(type=socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('127.0.0.1', 9))",
    ],
)
def test_python_is_refused(code: str, tmp_path: Path) -> None:
    said = confined(code, tmp_path)
    assert "PermissionError" in said
    assert "restricted session" in said


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's part is Linux'")
@pytest.mark.parametrize(
    ("since", "code"),
    [
        (1, "print(libc.open(bytes(outside / 'new'), os.O_WRONLY | os.O_CREAT, 0o600), ctypes.get_errno())"),
        (1, "print(libc.unlink(bytes(outside / 'file')), ctypes.get_errno())"),
        (1, "print(libc.mkdir(bytes(outside / 'folder'), 0o700), ctypes.get_errno())"),
        (1, "print(libc.execl(b'/bin/true', b'true', None), ctypes.get_errno())"),
        (4, f"print(libc.connect(socket.socket().detach(), {ADDRESS!r}, 16), ctypes.get_errno())"),
    ],
)
def test_c_is_refused_by_the_kernel(since: int, code: str, tmp_path: Path) -> None:
    supported = subprocess.run(
        [sys.executable, "-c", "import ctypes; print(ctypes.CDLL(None).syscall(444, None, 0, 1))"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    if int(supported.stdout) < since:
        leave_out("needs a kernel with Landlock (Linux 5.13 and later, with landlock among its lsm=)")
    assert confined(code, tmp_path).strip() == "-1 13"


def test_the_state_folder_and_reading_are_left(tmp_path: Path) -> None:
    code = (
        "(state / 'kept').write_text('x'); print((outside / 'file').read_text(), open('/dev/null', 'w').name)"
    )
    assert confined(code, tmp_path).strip() == "as it was /dev/null"
    assert (tmp_path / "state/kept").read_text() == "x"


def test_threads_still_work(tmp_path: Path) -> None:
    code = "import threading; t = threading.Thread(target=lambda: print('ran')); t.start(); t.join()"
    assert confined(code, tmp_path).strip() == "ran"


def test_the_documented_unit_lets_a_command_shut_itself_in() -> None:
    unit = Path(__file__).parents[2] / "docs/serving/briefing.service"
    settings = [line.partition("=")[::2] for line in unit.read_text().splitlines()]
    allowed = {name for key, names in settings if key == "SystemCallFilter" for name in names.split()}
    assert {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"} <= allowed
    assert ("SystemCallErrorNumber", "EPERM") in settings
