"""``briefing scan TEXT``: what a source's text quotes, and which days it names, that no record covers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing.cli.folders import chosen, open_library
from briefing.cli.opening import add_briefing
from briefing.cli.output import add_format, counted, say, write_lines, write_rows
from briefing.cli.stop import Stop

if TYPE_CHECKING:
    import argparse

    from briefing.content.evidence import Evidence
    from briefing.content.library import Folder
    from briefing.content.sourcetext import SourceText
    from briefing.model.records import Source
    from briefing.model.ref import Ref

FIELDS = ("file", "line", "column", "what", "text")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "text", metavar="TEXT", type=Path, help="the file of the source's text (-: what is piped in)"
    )
    parser.add_argument("--source", metavar="ID", required=True, help="the source: ID or BRIEFING/source/ID")
    add_briefing(parser)
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from briefing.content.evidence import Evidence
    from briefing.content.sanitise import sanitise_line
    from briefing.content.scan import scan
    from briefing.content.text import Unreadable

    library = open_library(args)
    evidence = Evidence(library)
    ref, folder = _source(evidence, chosen(library, args.briefing), args.source)
    try:
        text = _read(args.text, evidence.sources[ref])
    except Unreadable as error:
        raise Stop(f"{args.text}: {error.message}") from error
    if not any(line.strip() for _, line in text.paragraphs):
        raise Stop(f"{args.text}: holds no text")
    if evidence.sources[ref].sha256 not in (None, text.sha256):
        say(f"{args.text}: not the text that the sha256 of {ref.short} names")
    gaps = scan(text, ref, evidence.records(folder))
    _write(args.format, [{"file": sanitise_line(str(args.text)), **gap._asdict()} for gap in gaps])
    if evidence.errors:
        say(
            f"{counted(evidence.errors, 'error')} in the content, what has them covers nothing; "
            "briefing check lists them"
        )
    many = f"{counted(len(gaps), 'passage')} that no record covers"
    say(many if gaps else "every quoted span and day has its record")
    return 1 if gaps else 0


def _read(path: Path, source: Source) -> SourceText:
    """The text of SOURCE in the file PATH, or from the pipe; Stop, or Unreadable, when it is none."""
    from briefing.content.library import FILE_BYTES_MAX
    from briefing.content.sourcetext import read_source, source_text

    if path != Path("-"):
        return read_source(path, source)
    data = sys.stdin.buffer.read(FILE_BYTES_MAX + 1)
    if len(data) > FILE_BYTES_MAX:
        raise Stop(f"-: over the limit of {FILE_BYTES_MAX // 2**20} MiB")
    return source_text(data, source)


def _source(evidence: Evidence, folders: tuple[Folder, ...], name: str) -> tuple[Ref, Folder]:
    """The one source that NAME means and its briefing; Stop when there is none or are several."""
    inside = {folder.id: folder for folder in folders}
    refs = [ref for ref in evidence.sources if ref.briefing in inside]
    found = [ref for ref in refs if name in (ref.id, ref.short, str(ref))]
    if len(found) != 1:
        listed = ", ".join(map(str, (found or refs)[:10])) or "none"
        what = f"“{name}” names {len(found)} sources" if found else f"there is no source “{name}”"
        raise Stop(f"{what}; there are: {listed}")
    return found[0], inside[found[0].briefing]


def _write(form: str, rows: list[dict[str, Any]]) -> None:
    from briefing.document.document import Run

    if form != "text":
        write_rows(form, rows, FIELDS)
        return
    write_lines(
        (
            Run(f"{row['file']}:{row['line']}:{row['column']}: "),
            Run(row["what"], "warning"),
            Run(f" {row['text']}"),
        )
        for row in rows
    )
