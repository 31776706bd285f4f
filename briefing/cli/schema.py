"""``briefing schema``: the JSON Schemas by which editors complete and explain the YAML."""

from __future__ import annotations

import sys
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

    if args.write:
        return _write(args)
    if args.kind is None:
        raise Stop("say which kind, or --write (see: briefing schema --help)")
    sys.stdout.write(schema_text(NAMES[args.kind]))
    return 0


def _write(args: argparse.Namespace) -> int:
    from briefing.content.jsonschema import file_name, modeline, schema_folder, schema_text, with_modeline
    from briefing.content.sanitise import sanitise_line
    from briefing.content.text import Unreadable, read_text
    from briefing.model.vocabulary import Kind

    library = open_library(args, writes=True)
    folder = schema_folder(library)
    folder.mkdir(exist_ok=True)
    for kind in Kind:
        path = folder / file_name(kind)
        if not path.resolve().is_relative_to(folder.parent.resolve()):
            raise Stop(
                f"{sanitise_line(str(path))}: the link leads out of the library; nothing is written there"
            )
        _update(path, schema_text(kind))
    failed = False
    for file in library.files:
        try:
            text = read_text(file.path)
        except Unreadable as error:
            say(f"{sanitise_line(str(file.path))}: {error}")
            failed = True
            continue
        _update(file.path, with_modeline(text, modeline(file.path, folder, file.kind)))
    return 1 if failed else 0


def _update(path: Path, text: str) -> None:
    """Write the file where it differs, and say so."""
    from briefing.content.sanitise import sanitise_line
    from briefing.content.text import write_text

    if path.exists() and path.read_bytes() == text.encode():
        return
    write_text(path, text)
    sys.stdout.write(f"{sanitise_line(str(path))}\n")
