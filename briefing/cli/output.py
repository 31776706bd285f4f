"""Writing what a command found: JSON, JSON lines, CSV, Markdown tables, and text for a terminal or a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

    from briefing.document.document import Line, Style

PAGE = 80
FORMATS = ("text", "json", "jsonl", "csv", "md")
# What a spreadsheet takes for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# The terminal's own colours, so that they suit any theme; every style has a word or sign beside it.
_RICH: dict[Style, str] = {
    "plain": "",
    "strong": "bold",
    "muted": "dim",
    "quote": "",
    "original": "",
    "good": "green",
    "warning": "yellow",
    "bad": "red",
}


def add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to print it (default: text)")


def styled() -> bool:
    """Whether text goes to a terminal that may be given colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """The width of the terminal or what $COLUMNS says, else of a page."""
    said = os.environ.get("COLUMNS", "")
    try:
        columns = int(said) if said.isdecimal() else os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return max(columns or PAGE, 20)


def counted(number: int, what: str) -> str:
    """``1 problem``, ``2 problems``."""
    # As `document.words.count`, whose import would slow the start of every command.
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def say(line: str) -> None:
    """Say on stderr what is not data."""
    sys.stderr.write(f"briefing: {line}\n")


def write_lines(lines: Iterable[Line]) -> None:
    """Print text, with colours on a terminal and plain everywhere else."""
    from briefing.content.isolates import balanced

    if not styled():
        for line in lines:
            sys.stdout.write("".join(balanced([run.text for run in line])).rstrip() + "\n")
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    for line in lines:
        text = Text(no_wrap=True, end="")
        for run, piece in zip(line, balanced([run.text for run in line]), strict=True):
            text.append(piece, style=_RICH[run.style])
        console.print(text, soft_wrap=True)


def write_json(values: Iterable[Mapping[str, Any]]) -> None:
    """Print a JSON array, an element a line, as the elements come."""
    from msgspec.json import encode

    first = True
    for value in values:
        sys.stdout.write(("[\n" if first else ",\n") + encode(value).decode())
        first = False
    sys.stdout.write("[]\n" if first else "\n]\n")


def write_json_lines(values: Iterable[Mapping[str, Any]]) -> None:
    from msgspec.json import encode

    for value in values:
        sys.stdout.write(encode(value).decode() + "\n")


def write_object(value: Mapping[str, Any]) -> None:
    """Print one JSON object, indented."""
    from msgspec import json

    sys.stdout.write(json.format(json.encode(value), indent=2).decode() + "\n")


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print CSV (RFC 4180) of which no cell is a formula to a spreadsheet."""
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\r\n" if os.name == "nt" else "\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])


def guarded(cell: Any) -> Any:
    """CELL with an apostrophe before what a spreadsheet would run; numbers are no formulas."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a Markdown table."""
    from briefing.content.isolates import closed
    from briefing.document.markdown import escape

    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(cells) + " |\n"

    sys.stdout.write(line(map(escape, header)) + line("---" for _ in header))
    for row in rows:
        sys.stdout.write(line(escape(closed(cell)) for cell in row))


def write_rows(form: str, rows: Iterable[Mapping[str, Any]], fields: Sequence[str]) -> None:
    """Print ROWS as data of FORM; where there is one cell a field, a list stands in it with semicolons."""
    cells = ([_cell(row[field]) for field in fields] for row in rows)
    match form:
        case "json":
            write_json(rows)
        case "jsonl":
            write_json_lines(rows)
        case "csv":
            write_csv(fields, cells)
        case _:
            write_table(fields, ([str(cell) for cell in row] for row in cells))


def _cell(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else "" if value is None else value


def chunks(total: int, size: int = 500) -> Iterator[tuple[int, int]]:
    """The starts and stops that read TOTAL rows in pages."""
    for start in range(0, total, size):
        yield start, min(start + size, total)
