"""Takes from this process, for good, what reading does not need: starting programs, writing at large.

The kernel keeps to it where it can (Landlock, Linux 5.13 and later; of the network TCP alone, 6.7 and
later), Python everywhere: an audit hook refuses the calls themselves. Neither can be undone by the
process or anything it starts.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

# prctl(2) and landlock(7); the numbers are the same on every Linux architecture since 5.13.
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_ABI_VERSION: Final = 1
_PATH_BENEATH: Final = 1
# Rights by bit: execute 0, write file 1, read file 2, read folder 3, then removing and making 4 to 12,
# linking across folders 13 (second version), truncating 14 (third).
_EXECUTE: Final = 1 << 0
_WRITE: Final = (1 << 1) | sum(1 << bit for bit in range(4, 13))
_SINCE: Final = ((2, 1 << 13), (3, 1 << 14))
# Since the fourth version also binding and connecting by TCP.
_NETWORK_SINCE: Final = 4
_NETWORK: Final = (1 << 0) | (1 << 1)
_ON_FILES: Final = (1 << 1) | (1 << 14)

DEVICES: Final = ("/dev/null", "/dev/tty")
# Audit events (PEP 578) that start a program, reach the network or open a browser.
_STARTS: Final = frozenset(
    {
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
        "os.system",
        "os.startfile",
        "pty.spawn",
        "subprocess.Popen",
        "webbrowser.open",
        "socket.bind",
        "socket.connect",
        "socket.sendmsg",
        "socket.sendto",
    }
)
_CHANGES: Final = frozenset(
    {
        "os.chmod",
        "os.chown",
        "os.link",
        "os.mkdir",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.symlink",
        "os.truncate",
        "os.utime",
    }
)
# Of these the second path is changed too, or alone.
_TO: Final = frozenset({"os.link", "os.rename", "os.symlink"})
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def confine(writable: Sequence[Path]) -> None:
    """From here on start nothing, and write nothing but beneath WRITABLE and to the terminal."""
    allowed = [path.resolve() for path in writable if path.is_dir()]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _landlock(allowed)
    _audit([*map(str, allowed), *DEVICES])


def die_with_parent() -> None:
    """End at once when the process that holds the line (sshd) is gone."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _landlock(allowed: Sequence[Path]) -> bool:
    """Let the kernel refuse; False where it cannot."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ABI_VERSION)
    if version < 1:
        return False
    writes = _WRITE | sum(right for since, right in _SINCE if version >= since)
    handled = struct.pack("Q", writes | _EXECUTE)
    if version >= _NETWORK_SINCE:
        handled += struct.pack("Q", _NETWORK)
    attributes = ctypes.create_string_buffer(handled, len(handled))
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(handled)), 0)
    if ruleset < 0:
        return False
    try:
        for path in [*allowed, *map(Path, DEVICES)]:
            rights = writes if path.is_dir() else writes & _ON_FILES
            folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, folder))
                libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
            finally:
                os.close(folder)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _audit(allowed: Sequence[str]) -> None:
    beneath = tuple(f"{path}/" for path in allowed)

    def permitted(path: object) -> bool:
        if isinstance(path, int):
            return True  # a file that is open already
        real = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]
        return real in allowed or real.startswith(beneath)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in _STARTS:
            raise PermissionError(f"{event}: not in a restricted session")
        if event == "open":
            path, flags = arguments[0], arguments[2]
            if isinstance(flags, int) and flags & _WRITING and path is not None and not permitted(path):
                raise PermissionError(f"{path!r}: not written in a restricted session")
        elif event in _CHANGES and not all(map(permitted, arguments[: 2 if event in _TO else 1])):
            raise PermissionError(f"{event}: not in a restricted session")

    sys.addaudithook(hook)
