"""`briefing --restricted`: the reader, and read-only commands, for accounts that may do nothing else.

Made for OpenSSH's ForceCommand. What to show comes from the operator's command line alone; of the
client's environment only the terminal's name and language are looked at. The command a client gave
(SSH_ORIGINAL_COMMAND) is told apart without a shell.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import math
import os
import pwd
import re
import shutil
import signal
import sys
import syslog
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from briefing.ssh.statuses import FAILED, REFUSED
from briefing.ssh.words import Refused, asks_for_mosh, read_only

if TYPE_CHECKING:
    from briefing.edition.edition import Edition

# Of the client's environment, what says how to draw; its values are matched whole.
_KEPT = {
    "TERM": re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]{0,63}"),
    "LANG": re.compile(r"[A-Za-z0-9_.@-]{1,64}"),
    "LC_ALL": re.compile(r"[A-Za-z0-9_.@-]{1,64}"),
    "LC_CTYPE": re.compile(r"[A-Za-z0-9_.@-]{1,64}"),
    "NO_COLOR": re.compile(r".{1,16}"),
    # Set by sshd, not by the client: that there is a line, and which terminal is at its end.
    "SSH_CONNECTION": re.compile(r"[0-9A-Fa-f.:% ]{1,200}"),
    "SSH_TTY": re.compile(r"/dev/[a-z0-9/]{1,40}"),
}
PATH = "/usr/local/bin:/usr/bin:/bin"
NOWHERE = Path("/nonexistent")
IDLE, TOTAL, LONGEST = 30 * 60.0, 12 * 3600.0, 1e9
# A command that hangs is ended by the kernel's clock, not by its own.
GRACE = 30
# mallopt(3): how many heaps there may be. By itself every thread gets one, to be grown into.
_M_ARENA_MAX = -8


def main(argv: Sequence[str]) -> int:
    """Run with the operator's ARGV; the exit status."""
    _travel_light()
    args = _parser().parse_args(argv)
    command = os.environ.get("SSH_ORIGINAL_COMMAND", "")
    state: Path = args.state if args.state is not None else _home() / ".local/state/briefing"
    cache: Path = args.cache if args.cache is not None else state / "cache"
    _clean_environment(state, cache)
    try:
        if args.mosh and asks_for_mosh(command):
            _under_mosh(argv, args.idle)
        words = read_only(command)
    except Refused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return REFUSED
    syslog.openlog("briefing", syslog.LOG_PID | syslog.LOG_NDELAY, syslog.LOG_USER)
    from briefing.ssh.confine import die_with_parent

    die_with_parent()
    signal.alarm(int(args.total) + GRACE)
    content: Path | None = args.content
    if words or not _can_draw():
        return _command(words or ["--plain"], _opened(content, args.edition), [state, cache])
    return _reader(_opened(content), [state, cache], args.idle, args.total)


def report(error: BaseException) -> None:
    """Tell the operator's log, and nobody's terminal, what went wrong."""
    for line in traceback.format_exception(error):
        for part in line.splitlines():
            syslog.syslog(syslog.LOG_ERR, ascii(part)[1:-1][:900])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="briefing --restricted", allow_abbrev=False)
    parser.add_argument("--restricted", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--content", type=Path, metavar="DIR", help="the library to show")
    parser.add_argument("--state", type=Path, metavar="DIR", help="the folder that may be written")
    parser.add_argument(
        "--cache", type=Path, metavar="DIR", help="where editions are (default: in the former)"
    )
    # Which edition of the content a command reads; `briefing serve` says it.
    parser.add_argument("--edition", default="", help=argparse.SUPPRESS)
    parser.add_argument(
        "--mosh", action="store_true", help="let mosh's client start its server, for the reader"
    )
    parser.add_argument(
        "--idle", type=seconds, default=IDLE, metavar="SECONDS", help="end without a key for so long"
    )
    parser.add_argument("--total", type=seconds, default=TOTAL, metavar="SECONDS", help="end after so long")
    return parser


def seconds(text: str) -> float:
    """A limit of time that the kernel's clock can keep to."""
    value = float(text)
    if not 0 < value <= LONGEST:
        raise ValueError(text)
    return value


def _travel_light() -> None:
    """Do without what costs every session memory and none uses, before anything large is imported."""
    # asyncio imports TLS where there is some; a session connects to nothing.
    sys.modules["ssl"] = None  # type: ignore[assignment]
    with contextlib.suppress(OSError, AttributeError):  # not every C library has it
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def _home() -> Path:
    """The account's home by the system's word, not by the environment's."""
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:  # a number without a name, as containers give
        return NOWHERE


def _clean_environment(state: Path, cache: Path) -> None:
    """Leave of the environment what is harmless, and set what decides where files go."""
    kept = {
        name: value
        for name, pattern in _KEPT.items()
        if (value := os.environ.get(name)) is not None and pattern.fullmatch(value)
    }
    os.environ.clear()
    os.environ.update(kept)
    os.environ.setdefault("TERM", "dumb")
    os.environ |= {
        "HOME": str(_home()),
        "PATH": PATH,
        "XDG_CACHE_HOME": str(cache),
        "XDG_STATE_HOME": str(state),
        "XDG_CONFIG_HOME": str(NOWHERE),
        "XDG_DATA_HOME": str(NOWHERE),
        # Read by Textual when it is imported; in a session nothing may turn these on.
        "TEXTUAL_ANIMATIONS": "none",
    }


def _can_draw() -> bool:
    from briefing.ssh.terminal import terminal_of

    return sys.stdin.isatty() and sys.stdout.isatty() and terminal_of(os.environ["TERM"]).addressable


def _under_mosh(argv: Sequence[str], idle: float) -> NoReturn:
    """Become mosh's server, which starts the reader with the operator's ARGV once its client is there.

    Of what the client asked for nothing is taken over: it takes whatever port it is told.
    """
    # It speaks UTF-8 only. A client that is never heard of again leaves it, and the reader, for so long:
    # whole seconds, of which none would mean for ever.
    os.environ |= {"LC_ALL": "C.UTF-8", "MOSH_SERVER_NETWORK_TMOUT": str(math.ceil(idle))}
    server = shutil.which("mosh-server")
    if server is None:
        raise Refused("There is no mosh here; without it, ssh opens the reader.")
    reader = [sys.executable, "-I", "-m", "briefing", *(word for word in argv if word != "--mosh")]
    os.execv(server, [server, "new", "-s", "-c", "256", "--", *reader])  # noqa: S606 (no shell is wanted)


def _opened(content: Path | None, mark: str = "") -> Edition:
    """The edition of CONTENT that bears MARK, if there is such a one, else that of what is there now.

    Where none is fresh, that is built: building starts processes, which is not allowed later.
    """
    from briefing.cli.opening import content_path
    from briefing.edition.edition import LibraryError, open_edition, standing_edition

    path = content_path(content)
    try:
        return (standing_edition(path, mark) if mark else None) or open_edition(path)
    except LibraryError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(REFUSED) from error


def _command(words: list[str], edition: Edition, writable: Sequence[Path]) -> int:
    from briefing.cli.main import run
    from briefing.ssh.confine import confine

    confine(writable)
    return run(words, edition)


def _reader(edition: Edition, writable: Sequence[Path], idle: float, total: float) -> int:
    import asyncio

    from briefing.ssh.clock import Clock
    from briefing.ssh.confine import confine
    from briefing.ssh.reader import reader_of
    from briefing.ssh.settings import Limits
    from briefing.ssh.tty import TtyLine

    farewell, status = "", 0

    async def read() -> None:
        nonlocal farewell, status
        line = TtyLine(os.environ["TERM"])
        app = reader_of(edition, line)

        def close(why: str) -> None:
            nonlocal farewell
            farewell = why
            app.exit()

        clock = Clock(Limits(idle=idle, total=total), app.announce, close)
        line.pressed = clock.pressed
        line.leaving = lambda: signal.alarm(GRACE)
        try:
            await line.run(app)
        finally:
            clock.stop()
        status = app.return_code or 0
        if app.error is not None:
            report(app.error)
            farewell, status = "The reader failed; the error is in the system's log.", FAILED

    async def confined() -> None:
        asyncio.get_running_loop()  # has made the sockets it wakes itself with
        confine(writable)
        await read()

    asyncio.run(confined())
    if farewell:
        sys.stderr.write(f"{farewell}\n")
    return status
