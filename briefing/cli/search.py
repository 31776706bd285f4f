"""``briefing search QUERY``: the records that match, the best first, and why each of them does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from briefing.cli.opening import add_briefing, open_content
from briefing.cli.output import add_format, chunks, say, styled, width, write_lines, write_rows
from briefing.cli.stop import Stop

if TYPE_CHECKING:
    import argparse
    import datetime as dt

    from briefing.document.document import Line
    from briefing.edition.edition import Edition
    from briefing.edition.hits import Hits
    from briefing.edition.search import Hit

LIMIT = 50
FIELDS = ("ref", "kind", "id", "briefing", "title", "date", "score", "matched", "snippet")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "query",
        metavar="QUERY",
        nargs="+",
        help="words and fields, such as: speaker:sudani date:2025-06 "
        "(a phrase: '\"true victory\"'; not this word: -drone)",
    )
    parser.add_argument("--sort", choices=("rank", "date"), default="rank", help="best or newest first")
    parser.add_argument(
        "--limit", type=int, metavar="N", default=LIMIT, help=f"at most N hits (default: {LIMIT}; 0: all)"
    )
    add_briefing(parser)
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    if args.limit < 0:
        raise Stop("--limit takes a number from 0 (all) up")
    from briefing.edition.panics import own_errors_only

    with own_errors_only():
        return _search(args)


def _search(args: argparse.Namespace) -> int:
    query = " ".join(args.query)
    edition = open_content(args)
    hits = edition.search(query)
    if hits.problem:
        raise Stop(hits.problem)
    _write(args.format, edition, hits, _sorted(hits, args.sort, args.limit))
    for note in hits.notes:
        say(note)
    if not hits.total:
        meant = f"; did you mean “{hits.nearest}”?" if hits.nearest else ""
        say(f"nothing matches{meant}")
        return 1
    if 0 < args.limit < hits.total:
        say(f"{args.limit:,} of {hits.total:,} hits; --limit 0 prints all")
    return 0


def _sorted(hits: Hits, sort: str, limit: int) -> Iterator[Hit]:
    """The first LIMIT hits, all of them for 0."""
    return islice(_best(hits, limit) if sort == "rank" else newest(hits), limit or None)


def _best(hits: Hits, limit: int) -> Iterator[Hit]:
    """The first LIMIT hits, the best first; how many there are is not waited for."""
    for start, stop in chunks(limit or hits.total):
        found = hits.ranked(start, stop)
        yield from found
        if len(found) < stop - start:
            return


def newest(hits: Hits) -> Iterator[Hit]:
    """All hits, the newest first; those of one date the best first, then by ref; those of none by ref."""
    from briefing.cli.written import date_of
    from briefing.edition.searched import span_of

    def day(hit: Hit) -> dt.date | None:
        span = span_of(hit.entry.record)
        return None if span is None else span.earliest

    found = (hit for start, stop in chunks(hits.total) for hit in hits.newest(start, stop))
    for dated, together in groupby(found, key=day):
        if dated is None:
            yield from together
        else:
            by_ref = sorted(together, key=lambda hit: str(hit.entry.ref))
            yield from sorted(by_ref, key=lambda hit: (date_of(hit.entry), hit.score), reverse=True)


def _write(form: str, edition: Edition, hits: Hits, found: Iterator[Hit]) -> None:
    if form == "text":
        write_lines(_text_lines(edition, hits, found))
    else:
        write_rows(form, (_data(edition, hits, hit) for hit in found), FIELDS)


def _data(edition: Edition, hits: Hits, hit: Hit) -> dict[str, Any]:
    from briefing.cli.written import head

    return {
        **head(edition, hit.entry),
        "score": round(hit.score, 3),
        "matched": list(hit.reasons),
        "snippet": hits.snippet(hit),
    }


def _text_lines(edition: Edition, hits: Hits, found: Iterator[Hit]) -> Iterator[Line]:
    """A line a hit for a pipe; on a terminal the fitted row, and below it the ref and the reasons."""
    from briefing.document.document import Run
    from briefing.document.rows import row, texts

    if not styled():
        for hit in found:
            cells = [cell for cell in texts(row(edition, hit.entry, alone=True)) if cell]
            because = [f"({'; '.join(hit.reasons)})"] if hit.reasons else []
            yield (Run("  ".join([str(hit.entry.ref), *cells, *because])),)
        return
    from briefing.cli.list import fitted

    for hit in found:
        yield fitted(edition, hit.entry, min(width(), 109), alone=True)
        snippet = hits.snippet(hit)
        if snippet:
            yield (Run("    "), *_marked(hits, snippet))
        why = f"  {'; '.join(hit.reasons)}" if hit.reasons else ""
        yield (Run(f"    {hit.entry.ref}{why}", "muted"),)


def _marked(hits: Hits, text: str) -> Line:
    """TEXT with what the query matches made strong."""
    from briefing.document.document import Run

    line, done = [], 0
    for start, end in hits.highlight(text):
        line += [Run(text[done:start]), Run(text[start:end], "strong")]
        done = end
    return (*line, Run(text[done:]))
