"""``briefing [DIR]``: the reader; where there is no terminal to read in, the same as linear text."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.cli.stop import Stop

if TYPE_CHECKING:
    import argparse

# At most so many frames a second.
_FRAMES = "120"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "directory", metavar="DIR", nargs="?", type=Path, help="a library, or the folder of one briefing"
    )
    add_options(parser)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--plain", action="store_true", help="print everything as linear text, for a pipe or a screen reader"
    )
    parser.add_argument(
        "--low-bandwidth", action="store_true", help="write as little as possible, as over a slow line"
    )
    parser.add_argument(
        "--restricted", action="store_true", help="read only, for accounts that may do no more"
    )
    parser.add_argument("--version", action="store_true", help="print the version")


def run(args: argparse.Namespace) -> int:
    if args.version:
        from briefing import __version__

        sys.stdout.write(f"briefing {__version__}\n")
        return 0
    if args.directory is not None:
        if args.content is not None and args.content != args.directory:
            raise Stop("give the content once, as DIR or as --content DIR")
        args.content = args.directory
    if args.plain or not _terminal():
        from briefing.cli.plain import print_all

        return print_all(args)
    if not args.low_bandwidth:
        # Textual reads it when it is imported: here a frame is cheap, and what a key does shows sooner.
        os.environ.setdefault("TEXTUAL_FPS", _FRAMES)
    from briefing.cli.opening import content_path, open_at
    from briefing.tui.first import first_screen

    path = content_path(args.content)
    # Of a large library that changed, the last edition is read until the reader has the newer one.
    edition = open_at(path, wait=False)
    with first_screen(edition, path, os.environ, low_bandwidth=args.low_bandwidth) as first:
        # Textual comes with it, which takes longer than all that was done so far.
        from briefing.tui.run import run_reader

        return run_reader(edition, path, first, low_bandwidth=args.low_bandwidth)


def _terminal() -> bool:
    """Whether there is a terminal that can move its cursor, to read keys from and draw on."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def refuse_mistyped(arguments: list[str], commands: list[str]) -> None:
    """A mistyped command looks like a folder that does not exist: say which command may be meant."""
    first = next((argument for argument in arguments if not argument.startswith("-")), None)
    if first is None or os.sep in first or Path(first).exists():
        return
    from difflib import get_close_matches

    near = get_close_matches(first, commands, n=1)
    if near:
        raise Stop(f"{first}: no such folder and no command; did you mean: briefing {near[0]}")
