"""``briefing schema``: the JSON Schemas by which editors complete and explain the YAML."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.cli.folders import open_library
from briefing.cli.names import NAMES
from briefing.cli.output import say
from briefing.cli.stop import Stop

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "kind", metavar="KIND", nargs="?", choices=list(NAMES), help="print the schema of this kind"
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="write all schemas beside the briefings, and into each file the line by which editors find them",
    )


def run(args: argparse.Namespace) -> int:
    from briefing.content.jsonschema import schema_text

    if args.write and args.kind is not None:
        raise Stop(f"--write writes the schemas of all kinds: leave {args.kind} out")
    if args.write:
        return _write(args)
    if args.kind is None:
        raise Stop("say which kind, or --write (see: briefing schema --help)")
    sys.stdout.write(schema_text(NAMES[args.kind]))
    return 0


def _write(args: argparse.Namespace) -> int:
    from briefing.content.jsonschema import modeline, schema_folder, with_modeline
    from briefing.content.sanitise import sanitise_line
    from briefing.content.text import Unreadable, read_text

    library = open_library(args, writes=True)
    folder = schema_folder(library)
    for path in write_schemas(folder):
        sys.stdout.write(f"{sanitise_line(str(path))}\n")
    failed = False
    for file in library.files:
        try:
            text = read_text(file.path)
        except Unreadable as error:
            say(f"{sanitise_line(str(file.path))}: {error}")
            failed = True
            continue
        if _update(file.path, with_modeline(text, modeline(file.path, folder, file.kind))):
            sys.stdout.write(f"{sanitise_line(str(file.path))}\n")
    return 1 if failed else 0


def write_schemas(folder: Path) -> Iterator[Path]:
    """Write all schemas into FOLDER, and give those that were not there as they are."""
    from briefing.content.jsonschema import file_name, schema_text
    from briefing.content.sanitise import sanitise_line
    from briefing.model.vocabulary import Kind

    folder.mkdir(exist_ok=True)
    for kind in Kind:
        path = folder / file_name(kind)
        if not path.resolve().is_relative_to(folder.parent.resolve()):
            raise Stop(
                f"{sanitise_line(str(path))}: the link leads out of the library; nothing is written there"
            )
        if _update(path, schema_text(kind)):
            yield path


def _update(path: Path, text: str) -> bool:
    """Write the file where it differs; whether it did."""
    from briefing.content.text import write_text

    if path.exists() and path.read_bytes() == text.encode():
        return False
    write_text(path, text)
    return True
