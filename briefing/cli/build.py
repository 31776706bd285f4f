"""``briefing build``: compile the content, so that the next reader opens it at once."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from briefing.cli.opening import content_path
from briefing.cli.output import counted
from briefing.cli.progress import ProgressLine
from briefing.cli.stop import Stop

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes only what every command takes."""


def run(args: argparse.Namespace) -> int:
    from briefing.edition.edition import LibraryError, open_edition
    from briefing.edition.panics import own_errors_only
    from briefing.model.records import RECORDS

    begun = time.monotonic()
    progress = ProgressLine()
    try:
        with own_errors_only():
            edition = open_edition(content_path(args.content), progress=progress)
    except LibraryError as error:
        raise Stop(str(error)) from error
    finally:
        progress.clear()
    for line in edition.notices:
        sys.stderr.write(f"briefing: {line}\n")
    records = sum(edition.count(kind) for kind in RECORDS)
    problems = len(edition.problems)
    sys.stdout.write(
        f"{counted(records, 'record')}, {counted(problems, 'problem')}"
        f"{' (see: briefing check)' if problems else ''}; ready after {time.monotonic() - begun:.1f} s\n"
    )
    return 0
