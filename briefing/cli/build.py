"""``briefing build``: compile the content, so that the next reader opens it at once."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from briefing.cli.opening import content_path, open_at
from briefing.cli.output import counted, say

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes only what every command takes."""


def run(args: argparse.Namespace) -> int:
    from briefing.model.records import RECORDS

    begun = time.monotonic()
    edition = open_at(content_path(args.content))
    for line in edition.notices:
        say(line)
    records = sum(edition.count(kind) for kind in RECORDS)
    problems = len(edition.problems)
    sys.stdout.write(
        f"{counted(records, 'record')}, {counted(problems, 'problem')}"
        f"{' (see: briefing check)' if problems else ''}; ready after {time.monotonic() - begun:.1f} s\n"
    )
    return 0
