"""``briefing fmt``: put the content's files in canonical form."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.cli.folders import open_library
from briefing.cli.output import say
from briefing.cli.stop import Stop

if TYPE_CHECKING:
    import argparse

    from briefing.content.library import File


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", metavar="FILE", type=Path, nargs="*", help="only these files (default: all of the content)"
    )
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit 1 when a file would be changed"
    )
    parser.add_argument("--diff", action="store_true", help="change nothing; show what would be changed")


def run(args: argparse.Namespace) -> int:
    from briefing.content.format import NotFormattedError, format_text
    from briefing.content.sanitise import sanitise_line
    from briefing.content.text import Unreadable, read_text, write_text

    changed = failed = 0
    for file in _files(args):
        name = sanitise_line(str(file.path))
        try:
            before = read_text(file.path)
            after = format_text(before, file.kind)
        except (Unreadable, NotFormattedError) as error:
            say(f"{name}: left as it is, {error}")
            failed += 1
            continue
        if after == before:
            continue
        changed += 1
        if args.diff:
            _show(before, after, name)
        elif args.check:
            sys.stdout.write(f"{name}\n")
        else:
            write_text(file.path, after)
            sys.stdout.write(f"{name}\n")
    return 1 if failed or (changed and (args.check or args.diff)) else 0


def _files(args: argparse.Namespace) -> list[File]:
    """The files to format; Stop for one that is no file of the content."""
    from briefing.content.sanitise import sanitise_line

    library = open_library(args, writes=not (args.check or args.diff))
    files = list(library.files)
    if not args.files:
        return files
    known = {file.path.resolve(): file for file in files}
    unknown = [path for path in args.files if path.resolve() not in known]
    if unknown:
        raise Stop(f"{sanitise_line(str(unknown[0]))} is no file of records in {library.root}")
    return [known[path.resolve()] for path in args.files]


def _show(before: str, after: str, name: str) -> None:
    from difflib import unified_diff

    from briefing.content.sanitise import sanitise_line

    # With the ends of the lines, as these may be all that is changed.
    for line in unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, name):
        ending = "" if line.endswith(("\n", "\r")) else "\n\\ No newline at end of file"
        sys.stdout.write(sanitise_line(line.removesuffix("\n")) + f"{ending}\n")
