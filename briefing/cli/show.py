"""``briefing show REF``: one record, whole, with what it names and what names it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from briefing.cli.names import only, parts
from briefing.cli.opening import add_briefing, open_content
from briefing.cli.output import (
    add_format,
    say,
    styled,
    width,
    write_csv,
    write_json_lines,
    write_lines,
    write_object,
)

if TYPE_CHECKING:
    import argparse

    from briefing.edition.edition import Edition
    from briefing.model.ref import Ref


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", metavar="REF", help="BRIEFING/KIND/ID, or KIND/ID or ID where it is enough")
    add_briefing(parser)
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    edition = open_content(args)
    ref = find(edition, args.ref)
    if ref is None:
        say(_nothing(edition, args.ref))
        return 1
    if args.format == "text":
        from briefing.document.layout import lay_out
        from briefing.document.plain import lines

        wide = min(width(), 100) if styled() else width()
        write_lines(lines(lay_out(edition, ref), width=wide, refs=True))
    elif args.format == "md":
        from briefing.document.layout import lay_out
        from briefing.document.markdown import markdown

        sys.stdout.write(markdown(lay_out(edition, ref)))
    else:
        _write_data(edition, ref, args.format)
    return 0


def _write_data(edition: Edition, ref: Ref, form: str) -> None:
    from briefing.cli.written import as_written, links_written, table_header, table_row

    entry = edition.get(ref)
    assert entry is not None
    if form == "csv":
        write_csv(table_header(ref.kind), [table_row(entry)])
        return
    value = {
        **as_written(entry),
        "links": links_written(edition.links(ref, limit=1000)),
        "verification": entry.verification._asdict() if entry.verification else None,
    }
    if form == "json":
        write_object(value)
    else:
        write_json_lines([value])


def find(edition: Edition, text: str) -> Ref | None:
    """The record that TEXT names; Stop when several bear the name."""
    from briefing.model.ref import Ref
    from briefing.model.vocabulary import Kind

    briefing, kind, name = parts(text)
    kinds = [kind] if kind else list(Kind)
    briefings = [briefing] if briefing is not None else [card.briefing.id for card in edition.briefings()]
    entries = edition.get_many(Ref(briefing, kind, name) for briefing in briefings for kind in kinds)
    # A shared actor is reached through each briefing and is still one.
    return only(text, list(dict.fromkeys(entry.ref for entry in entries)))


def _nothing(edition: Edition, text: str) -> str:
    """That there is no such record, and the one that may be meant."""
    from briefing.content.sanitise import sanitise_line
    from briefing.edition.panics import own_errors_only

    name = text.rpartition("/")[2]
    said = f"there is no record “{sanitise_line(text)}”"
    with own_errors_only():
        nearest = edition.search(name.replace("-", " "), typing=True).ranked(0, 3)
    if nearest:
        return f"{said}; near it: {', '.join(str(hit.entry.ref) for hit in nearest)}"
    return f"{said}; briefing search finds what there is"
