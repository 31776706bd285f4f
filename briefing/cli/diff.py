"""``briefing diff REV1 REV2``: which records changed between two revisions, and how, from git."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from briefing.cli.opening import add_briefing
from briefing.cli.output import say
from briefing.cli.past import add_format, open_history, write

if TYPE_CHECKING:
    import argparse

    from briefing.content.history import RecordChange
    from briefing.document.document import Line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", metavar="REV1", nargs="?", default="HEAD", help="from here (default: HEAD)")
    parser.add_argument("second", metavar="REV2", nargs="?", help="to here (default: the files as they are)")
    add_briefing(parser)
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from briefing.cli.told import as_data

    with open_history(args) as history:
        changes = history.diff(args.first, args.second, args.briefing)
        code = write(args.format, changes, data=as_data, lines=_lines, markdown=_markdown)
    if code:
        say("no record changed")
    return code


def _lines(change: RecordChange) -> Iterator[Line]:
    from briefing.cli.told import lines, style, title
    from briefing.document.document import Run

    called = Run(f"  {title(change.newest)}", "strong")
    yield Run(change.what.value, style(change.what)), Run(f" {change.ref}"), called
    for line in lines(change):
        yield (Run("  "), *line)


def _markdown(change: RecordChange) -> Iterator[str]:
    from briefing.cli.told import lines, title
    from briefing.document.markdown import escape

    yield f"- **{change.what}** `{change.ref}` {escape(title(change.newest))}"
    yield from (f"  - {escape(''.join(run.text for run in line))}" for line in lines(change))
