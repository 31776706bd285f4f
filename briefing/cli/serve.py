"""``briefing serve``: many readers over SSH in few processes."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.cli.stop import Stop
from briefing.edition.home import own_folder

if TYPE_CHECKING:
    import argparse

    from briefing.ssh.settings import Limits


def add_arguments(parser: argparse.ArgumentParser) -> None:
    where = parser.add_argument_group("where")
    where.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    where.add_argument("--port", type=int, default=8022, help="port to listen on (default: %(default)s)")
    where.add_argument(
        "--state", type=Path, metavar="DIR", help="where the host key is kept (made at first start)"
    )
    where.add_argument("--workers", type=int, metavar="N", help="worker processes (default: one a core)")
    where.add_argument(
        "--metrics-port", type=int, metavar="PORT", help="Prometheus metrics, on loopback only"
    )
    where.add_argument("--log", type=Path, metavar="FILE", help="JSON log (default: standard error)")
    who = parser.add_argument_group("who may read (one of the first three is needed)")
    who.add_argument("--anonymous", action="store_true", help="anybody, without a key")
    who.add_argument(
        "--authorized-keys", type=Path, metavar="PATH", help="a file of keys, or a folder of such files"
    )
    who.add_argument("--user-ca", type=Path, metavar="FILE", help="keys that sign user certificates")
    who.add_argument("--revoked-keys", type=Path, metavar="FILE", help="keys that open nothing any more")
    limits = parser.add_argument_group("limits")
    for name, kind, text in _LIMITS:
        limits.add_argument(f"--{name.replace('_', '-')}", type=kind, metavar="N", help=text)


_LIMITS = (
    ("sessions", int, "sessions in all (default: 500)"),
    ("per_address", int, "sessions from one address (default: 100)"),
    ("per_key", int, "sessions with one key (default: 20)"),
    ("attempts", int, "keys tried on one connection (default: 6)"),
    ("idle", float, "seconds without a key until a session ends (default: 1800)"),
    ("total", float, "seconds until a session ends in any case (default: 43200)"),
    ("notice", float, "seconds before its end that a reader is told (default: 60)"),
    ("drain", float, "seconds that readers get when the server stops (default: 60)"),
    ("keep_memory", float, "MB that a worker may keep when its readers have left (default: 64)"),
)


def run(args: argparse.Namespace) -> int:
    import asyncio

    try:
        from briefing.ssh.keys import HostKeyError
        from briefing.ssh.log import start_log
        from briefing.ssh.settings import Serve
        from briefing.ssh.watcher import Watcher
    except ModuleNotFoundError as error:
        if error.name != "asyncssh":
            raise
        raise Stop("serving needs one more package: pip install asyncssh") from error
    from briefing.cli.opening import content_path
    from briefing.edition.edition import LibraryError, open_edition

    if args.anonymous == bool(args.authorized_keys or args.user_ca):
        raise Stop("say who may read: --authorized-keys PATH, --user-ca FILE, or --anonymous")
    for name, port in (("--port", args.port), ("--metrics-port", args.metrics_port or 0)):
        if port not in range(1 << 16):
            raise Stop(f"{name} must be between 0 and 65535")
    if args.workers is not None and args.workers < 1:
        raise Stop("--workers must be more than nothing")
    content = content_path(args.content).absolute()  # a link may lead elsewhere later
    try:
        open_edition(content)  # what is wrong with the content is said now, not by every worker
    except LibraryError as error:
        raise Stop(str(error)) from error
    serve = Serve(
        content=content,
        state=args.state or _state(),
        host=args.host,
        port=args.port,
        anonymous=args.anonymous,
        authorized_keys=args.authorized_keys,
        user_ca=args.user_ca,
        revoked_keys=args.revoked_keys,
        workers=args.workers or len(os.sched_getaffinity(0)),
        metrics_port=args.metrics_port,
        log=args.log,
        limits=_limits(args),
    )
    start_log(serve.log)

    async def watch() -> int:
        return await Watcher(serve).run()

    try:
        return asyncio.run(watch())
    except HostKeyError as error:
        raise Stop(str(error)) from error
    except OSError as error:
        raise Stop(error.strerror or str(error)) from error


def _limits(args: argparse.Namespace) -> Limits:
    from briefing.ssh.settings import Limits

    given = {name: getattr(args, name) for name, _, _ in _LIMITS if getattr(args, name) is not None}
    for name, value in given.items():
        if value <= 0 or not math.isfinite(value):
            raise Stop(f"--{name.replace('_', '-')} must be a number, and more than nothing")
    return Limits(**given)


def _state() -> Path:
    """``$STATE_DIRECTORY`` under systemd, else ``$XDG_STATE_HOME/briefing``."""
    if directory := os.environ.get("STATE_DIRECTORY"):
        return Path(directory.partition(":")[0])
    return own_folder("STATE")
