"""What the commands that ask git have in common: opening the history, and writing changes in each format."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from briefing.cli.folders import open_library
from briefing.cli.output import say
from briefing.cli.stop import Stop

if TYPE_CHECKING:
    import argparse

    from briefing.content.history import History
    from briefing.document.document import Line

FORMATS = ("text", "json", "jsonl", "md")
Told = TypeVar("Told")


def add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to print it (default: text)")


@contextmanager
def open_history(args: argparse.Namespace) -> Iterator[History]:
    """The history of the content that ARGS name; Stop when git cannot tell it."""
    from briefing.content.git import GitError
    from briefing.content.history import History

    library = open_library(args)
    try:
        with History(library) as history:
            yield history
            sys.stdout.flush()
            for notice in history.notices:
                say(notice)
    except GitError as error:
        raise Stop(str(error)) from error


def write(
    form: str,
    items: Iterable[Told],
    *,
    data: Callable[[Told], dict[str, Any]],
    lines: Callable[[Told], Iterator[Line]],
    markdown: Callable[[Told], Iterator[str]],
) -> int:
    """Print ITEMS as they come in the format FORM; the exit code, by whether there were any."""
    from briefing.cli.output import write_json, write_json_lines, write_lines
    from briefing.content.isolates import closed

    count = 0

    def counted() -> Iterator[Told]:
        nonlocal count
        for count, item in enumerate(items, 1):  # noqa: B007  counts what was written
            yield item

    match form:
        case "json":
            write_json(map(data, counted()))
        case "jsonl":
            write_json_lines(map(data, counted()))
        case "md":
            for item in counted():
                sys.stdout.writelines(f"{closed(line)}\n" for line in markdown(item))
        case _:
            write_lines(line for item in counted() for line in lines(item))
    return 0 if count else 1
