"""``briefing list KIND``: the records of a kind, in the order of their pane."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from briefing.cli.names import NAMES
from briefing.cli.opening import add_briefing, open_content
from briefing.cli.output import (
    add_format,
    chunks,
    say,
    styled,
    width,
    write_csv,
    write_json,
    write_json_lines,
    write_lines,
    write_table,
)
from briefing.cli.stop import Stop

if TYPE_CHECKING:
    import argparse

    from briefing.document.document import Line
    from briefing.edition.edition import Edition
    from briefing.edition.entry import Entry
    from briefing.model.vocabulary import Kind


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", choices=list(NAMES), help="one of " + ", ".join(kinds()))
    parser.add_argument("--limit", type=int, metavar="N", default=0, help="at most N records (default: all)")
    add_briefing(parser)
    add_format(parser)


def kinds() -> list[str]:
    return [name for name, kind in NAMES.items() if name == kind.plural]


def run(args: argparse.Namespace) -> int:
    if args.limit < 0:
        raise Stop("--limit takes a number from 0 (all) up")
    kind = NAMES[args.kind]
    edition = open_content(args)
    total = edition.count(kind)
    shown = min(args.limit or total, total)
    if not total:
        say(f"there are no {kind.plural} here")
    entries = (entry for start, stop in chunks(shown) for entry in edition.page(kind, start, stop))
    _write(args.format, edition, kind, entries)
    if shown < total:
        say(f"{shown:,} of {total:,} {kind.plural}")
    return 0 if total else 1


def _write(form: str, edition: Edition, kind: Kind, entries: Iterator[Entry]) -> None:
    from briefing.cli.written import as_written, head, table_header, table_row

    def data() -> Iterator[dict[str, Any]]:
        for entry in entries:
            yield {**head(edition, entry), "record": as_written(entry)}

    match form:
        case "json":
            write_json(data())
        case "jsonl":
            write_json_lines(data())
        case "csv":
            write_csv(table_header(kind), (table_row(entry) for entry in entries))
        case "md":
            from briefing.document.rows import COLUMNS, row, texts

            header = ["ref", *(column.name for column in COLUMNS[kind])]
            write_table(
                header, ([str(entry.ref), *texts(row(edition, entry, alone=True))] for entry in entries)
            )
        case _:
            write_lines(text_lines(edition, entries))


def text_lines(edition: Edition, entries: Iterator[Entry]) -> Iterator[Line]:
    """A line a record: fitted to a terminal under its group's heading, or whole with its ref for a pipe."""
    from briefing.document.document import Run
    from briefing.document.rows import group_heading, row, texts

    if not styled():
        for entry in entries:
            cells = [cell for cell in texts(row(edition, entry, alone=True)) if cell]
            yield (Run("  ".join([str(entry.ref), *cells])),)
        return
    group = None
    for entry in entries:
        if entry.group and entry.group != group:
            if group is not None:
                yield ()
            yield (Run(group_heading(entry), "strong"),)
            group = entry.group
        yield fitted(edition, entry, width())


# The id goes beside the row where the terminal has room for both.
_ID_WIDTH, _ID_FROM = 28, 110


def fitted(edition: Edition, entry: Entry, room: int, *, alone: bool = False) -> Line:
    """The row of ENTRY cut to ROOM cells."""
    from rich.cells import set_cell_size

    from briefing.document.document import Run
    from briefing.document.rows import COLUMNS, GAP, columns_in, row, widths

    cells = row(edition, entry, alone=alone)
    with_id = room >= _ID_FROM
    if with_id:
        room -= _ID_WIDTH + GAP
    line: list[Run] = []
    columns = columns_in(edition, COLUMNS[entry.ref.kind])
    for cell, size in zip(cells, widths(columns, room), strict=True):
        if size:
            line += [Run(" " * GAP)] if line else []
            line.append(Run(set_cell_size(_cut(cell.within(size), size), size), cell.style))
    if with_id:
        line.append(Run(" " * GAP))
        line.append(Run(_cut(entry.ref.id, _ID_WIDTH), "muted"))
    return tuple(line)


def _cut(text: str, size: int) -> str:
    from rich.cells import cell_len, set_cell_size

    from briefing.content.isolates import closed

    return text if cell_len(text) <= size else closed(set_cell_size(text, size - 1)) + "…"
