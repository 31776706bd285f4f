"""Which content a command reads, and opening it with one clear message when it cannot be."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing.cli.output import counted, say
from briefing.cli.progress import ProgressLine
from briefing.cli.stop import Stop

if TYPE_CHECKING:
    import argparse

    from briefing.edition.edition import Edition

# Problems that are looked through to say how many records are left out.
_LOOKED_AT = 1000


def content_path(given: Path | None) -> Path:
    """The library to read: GIVEN, else $BRIEFING_CONTENT, else ./content, else the bundled sample."""
    return _named(given) or sample()


def edited_path(given: Path | None, *, writes: bool = False) -> Path:
    """As `content_path`, for editors: that it is the sample is said, and nothing is written there."""
    path = _named(given)
    if path is not None:
        return path
    if writes:
        raise Stop("there is no folder “content” here; say which library: --content DIR")
    say("there is no folder “content” here, so this is about the sample")
    return sample()


def _named(given: Path | None) -> Path | None:
    if given is not None:
        return given
    if named := os.environ.get("BRIEFING_CONTENT"):
        return Path(named)
    here = Path("content")
    return here if here.is_dir() else None


def sample() -> Path:
    """The sample library: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).parent.parent
    bundled = package / "sample"
    return bundled if bundled.is_dir() else package.parent / "content"


def open_content(args: argparse.Namespace) -> Edition:
    """The edition of the content that ARGS name; Stop when there is nothing to read in it."""
    edition: Edition = args.edition or open_at(content_path(args.content), say=say)
    briefing = getattr(args, "briefing", None)
    if briefing is not None:
        try:
            edition = edition.only(briefing)
        except KeyError:
            raise Stop(f"there is no briefing “{briefing}” here; {_briefings(edition)}") from None
    # Whoever is given an edition reads from afar, and has no such command.
    _report(edition, "briefing check" if args.edition is None else "")
    return edition


def open_at(path: Path, **options: Any) -> Edition:
    """The edition of the library at PATH, by `open_edition` with OPTIONS; Stop when there is none."""
    from briefing.edition.edition import LibraryError, open_edition
    from briefing.edition.panics import own_errors_only

    progress = ProgressLine()
    try:
        with own_errors_only():
            return open_edition(path, progress=progress, **options)
    except LibraryError as error:
        raise Stop(str(error)) from error
    finally:
        progress.clear()


def _briefings(edition: Edition) -> str:
    ids = ", ".join(card.briefing.id for card in edition.briefings()[:10])
    return f"there are: {ids}" if ids else "there is none"


def _report(edition: Edition, more: str) -> None:
    """Say on stderr what was in the way and that broken records are left out; Stop when nothing is left.

    MORE is the command that tells more, if there is one.
    """
    from briefing.model.vocabulary import Kind

    for line in edition.notices:
        say(line)
    problems = edition.problems
    if not edition.count(Kind.BRIEFING):
        errors = (problem for problem in problems[:_LOOKED_AT] if problem.severity == "error")
        first = "".join(f"\n{problem}" for problem in islice(errors, 5))
        raise Stop(f"{edition.path}: no briefing can be read{more and f' ({more} tells more)'}{first}")
    if number := problems.errors(_LOOKED_AT):
        say(
            f"{counted(number, 'error')} in the content, what has them is left out"
            f"{more and f'; {more} lists them'}"
        )


def add_briefing(parser: argparse.ArgumentParser) -> None:
    """The option that restricts a command to one briefing of the library."""
    parser.add_argument("--briefing", metavar="ID", help="only this briefing of the library")
