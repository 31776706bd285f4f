"""``briefing --plain``: everything as linear text that a screen reader follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from briefing.cli.opening import open_content
from briefing.cli.output import chunks, width, write_lines

if TYPE_CHECKING:
    import argparse

    from briefing.document.document import Line
    from briefing.edition.edition import Edition


def print_all(args: argparse.Namespace) -> int:
    """Print every briefing of the library, the newest first."""
    edition = open_content(args)
    for number, card in enumerate(edition.briefings()):
        if number:
            write_lines([(), ()])
        write_lines(_briefing(edition.only(card.briefing.id)))
    return 0


def _briefing(edition: Edition) -> Iterator[Line]:
    """The Brief, then the records in the order of the panes; what is said once is not repeated as a link."""
    from briefing.document.brief import brief
    from briefing.document.document import Run
    from briefing.document.layout import lay_out
    from briefing.document.plain import lines, wrap
    from briefing.document.rows import group_heading
    from briefing.model.records import RECORDS

    wide = width()
    yield from lines(brief(edition), width=wide)
    yield ()
    yield (Run("In what follows ~ before a date says that it is inferred.", "muted"),)
    for kind in RECORDS:
        total = edition.count(kind)
        yield ()
        yield ()
        yield (Run(f"{kind.plural.upper()}: {total:,}", "strong"),)
        group = ""
        for start, stop in chunks(total):
            for entry in edition.page(kind, start, stop):
                yield ()
                if entry.group != group:
                    group = entry.group
                    yield from wrap((Run(group_heading(entry), "strong"),), wide)
                    yield ()
                yield from lines(lay_out(edition, entry.ref, backlinks=False), width=wide)
