"""``briefing new DIR``: start a briefing in a folder, with comments that teach."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.cli.stop import Stop

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        metavar="DIR",
        type=Path,
        help="the new briefing's folder; its name becomes the id (with --content: a folder in that library)",
    )


def run(args: argparse.Namespace) -> int:
    import datetime as dt

    from briefing.cli.schema import write_schemas
    from briefing.content.jsonschema import FOLDER, modeline, with_modeline
    from briefing.content.library import BRIEFING_FILE, is_briefing_name
    from briefing.content.sanitise import sanitise_line
    from briefing.content.template import new_files
    from briefing.content.text import write_text
    from briefing.model.vocabulary import Kind

    folder: Path = args.folder
    if args.content is not None:
        if len(folder.parts) != 1:
            raise Stop(f"with --content, DIR is the name of a folder in it, not {sanitise_line(str(folder))}")
        folder = args.content / folder
    name = folder.name or folder.resolve().name
    if not is_briefing_name(name):
        raise Stop(
            f"“{sanitise_line(name)}” cannot name a briefing: use a-z and 0-9 in words joined by hyphens"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stop(f"{sanitise_line(str(folder))} is there already and is not empty")
    for above in folder.absolute().parents:
        if (above / BRIEFING_FILE).exists():
            where = sanitise_line(str(above))
            raise Stop(f"{where} is a briefing, and none is read inside of another; name a folder beside it")
    there = folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    schemas = folder.absolute().parent / FOLDER
    written: list[Path] = []
    try:
        for _ in write_schemas(schemas):
            pass
        for kind, text in new_files(name, dt.date.today()).items():
            path = folder / f"{'briefing' if kind is Kind.BRIEFING else kind.plural}.yaml"
            write_text(path, with_modeline(text, modeline(path.absolute(), schemas, kind)))
            written.append(path)
    except BaseException:
        # Half a briefing, as a full disk leaves it, would be in the way of the next try.
        with suppress(OSError):
            for path in written:
                path.unlink()
            if not there:
                folder.rmdir()
        raise
    sys.stdout.writelines(f"{sanitise_line(str(path))}\n" for path in written)
    return 0
