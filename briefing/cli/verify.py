"""``briefing verify``: whether the words of records stand in their sources' texts, to the character."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
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
    from briefing.content.verify import Renewal
    from briefing.document.document import Line, Style

FIELDS = ("ref", "verdict", "source", "para", "offset", "near", "message", "stale", "sha256", "file", "line")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--texts",
        metavar="DIR",
        type=Path,
        help="where the texts are: SOURCE-ID.txt or BRIEFING/SOURCE-ID.txt (default: the briefings' texts/)",
    )
    parser.add_argument("--write", action="store_true", help="record the verdicts in verified.yaml")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a source's text is not available")
    add_briefing(parser)
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from briefing.content.evidence import Evidence
    from briefing.content.sanitise import sanitise_line

    if args.texts is not None and not args.texts.is_dir():
        what = "a file, not a folder" if args.texts.exists() else "no such folder"
        raise Stop(f"{args.texts}: {what}")
    library = open_library(args, writes=args.write)
    folders = chosen(library, args.briefing)
    evidence = Evidence(library, args.texts)
    counts: Counter[str] = Counter()
    _write(args.format, _rows(evidence, folders, counts, write=args.write), counts, evidence)
    for reason in evidence.unreadable.values():
        say(sanitise_line(reason))
    if evidence.errors:
        say(
            f"{counted(evidence.errors, 'error')} in the content, what has them is not compared; "
            "briefing check lists them"
        )
    unread = counts["broken"] or evidence.errors or len(evidence.unreadable)
    failed = counts["differs"] or counts["stale"] or unread
    return 1 if failed or (args.strict and counts["source not available"]) else 0


def _rows(
    evidence: Evidence, folders: Iterable[Folder], counts: Counter[str], *, write: bool
) -> Iterator[dict[str, Any]]:
    """Every finding as data, counted on its way; with WRITE the marks of each briefing are saved after it.

    Marks that cannot be read would be lost by that, such as those of a merge that was not finished.
    """
    from briefing.content.library import VERIFIED_FILE
    from briefing.content.sanitise import sanitise_line
    from briefing.content.verify import Outcome, Renewal

    for folder in folders:
        path = folder.path / VERIFIED_FILE
        marks = evidence.marks(folder)
        renewal = Renewal(marks)
        saving = write and not marks.broken
        if marks.broken:
            counts["broken"] += marks.broken
            say(
                f"{sanitise_line(str(path))}: not all of it can be read, so it is left as it is; "
                "mend or remove it, then verify anew"
            )
        for finding, file, line in evidence.findings(folder, marks):
            renewal.add(finding)
            compared = finding.outcome is not Outcome.UNAVAILABLE
            if finding.claim.text is None and finding.outcome is not Outcome.DIFFERS:
                counts["paragraphs"] += compared
                continue
            stale = "" if saving and compared else finding.stale
            counts[finding.outcome] += 1
            counts["stale"] += bool(stale)
            yield {
                "ref": str(finding.claim.record),
                "verdict": finding.outcome.value,
                "source": str(finding.claim.source),
                "para": finding.para if compared else finding.claim.para,
                "offset": finding.offset,
                "near": list(finding.near),
                "message": finding.message,
                "stale": stale,
                "sha256": finding.sha256,
                "file": sanitise_line(str(file)),
                "line": line,
                "diff": [{"record": part.record, "source": part.source} for part in finding.diff],
            }
        if folder.id in evidence.incomplete:
            renewal.keep_left_over()
        if saving:
            _save(path, renewal)
        else:
            yield from _gone(path, folder, renewal, counts)
        yield from _other_texts(evidence, folder, counts)


def _gone(path: Path, folder: Folder, renewal: Renewal, counts: Counter[str]) -> Iterator[dict[str, Any]]:
    """What verified.yaml says of records that are no more."""
    for mark in renewal.left_over:
        counts["stale"] += 1
        yield _stale(f"{folder.id}/{mark.record}", mark.source, "the record is gone", mark.sha256, path)


def _other_texts(evidence: Evidence, folder: Folder, counts: Counter[str]) -> Iterator[dict[str, Any]]:
    """Sources whose text at hand is not the one that the library names by its checksum."""
    for ref, source in evidence.sources.items():
        if ref.briefing != folder.id or source.sha256 is None:
            continue
        text = evidence.text(ref)
        if text is not None and text.sha256 != source.sha256:
            counts["stale"] += 1
            why = f"the text is not the one that the source's sha256 names ({source.sha256[:12]}...)"
            yield _stale(str(ref), str(ref), why, text.sha256, folder.path)


def _stale(ref: str, source: str, why: str, sha256: str, file: Path) -> dict[str, Any]:
    from briefing.content.sanitise import sanitise_line

    row = dict.fromkeys(FIELDS) | {
        "ref": ref,
        "verdict": "stale",
        "source": source,
        "near": [],
        "message": "",
    }
    return row | {"stale": why, "sha256": sha256, "file": sanitise_line(str(file)), "diff": []}


def _save(path: Path, renewal: Renewal) -> None:
    from briefing.content.sanitise import sanitise_line
    from briefing.content.text import write_text
    from briefing.content.verified import format_marks

    if not renewal.marks and not path.exists():
        return
    write_text(path, format_marks(renewal.marks))
    say(f"{sanitise_line(str(path))}: {counted(len(renewal.marks), 'mark')} written")


def _write(form: str, rows: Iterator[dict[str, Any]], counts: Counter[str], evidence: Evidence) -> None:
    if form == "text":
        write_lines(_lines(rows, counts, evidence))
    else:
        write_rows(form, rows, FIELDS)


def _lines(rows: Iterable[dict[str, Any]], counts: Counter[str], evidence: Evidence) -> Iterator[Line]:
    """What is not verbatim or asks for a look, each with its place and difference; then how many of each."""
    from briefing.cli.difference import difference
    from briefing.document.document import Run

    missing: Counter[str] = Counter()
    for row in rows:
        verdict, stale, message = row["verdict"], row["stale"], row["message"]
        missing[row["source"]] += verdict == "source not available"
        if verdict in ("verbatim", "source not available") and not stale and not message:
            continue
        place = row["file"] if row["line"] is None else f"{row['file']}:{row['line']}"
        para = "" if row["para"] is None else f", par. {row['para']}"
        why = "; ".join(
            part for part in (message, stale and verdict != "stale" and f"stale: {stale}") if part
        )
        style: Style = "bad" if verdict == "differs" else "warning"
        ending = f": {why or stale}" if why or stale else ""
        yield (
            Run(f"{place}: "),
            Run(verdict, style),
            Run(f" {row['ref']} ({row['source'].rpartition('/')[2]}{para}){ending}"),
        )
        if row["diff"]:
            yield (Run("    "), *difference([(part["record"], part["source"]) for part in row["diff"]]))
    unreadable = set(map(str, evidence.unreadable))
    for source, passages in (+missing).items():
        place = f"{source.rpartition('/')[2]}.txt"
        why = "its text cannot be read" if source in unreadable else f"{place} is not at hand"
        yield (
            Run("source not available", "warning"),
            Run(f" {source}: {counted(passages, 'passage')} not compared ({why})"),
        )
    yield (
        Run(
            f"{counts['verbatim']:,} verbatim, {counts['differs']:,} differ, {counts['stale']:,} stale, "
            f"{counts['source not available']:,} without the source's text; "
            f"{counted(counts['paragraphs'], 'paragraph')} found",
            "strong",
        ),
    )
