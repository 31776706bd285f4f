"""``briefing check``: every problem of the content, in one run."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from briefing.cli.opening import edited_path, open_at
from briefing.cli.output import counted, say
from briefing.cli.stop import Stop

if TYPE_CHECKING:
    import argparse

    from briefing.content.problem import Problem

FORMATS = ("text", "json", "github", "sarif")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to print it (default: text)")
    parser.add_argument("--explain", metavar="CODE", help="say what a code means, with an example")
    for name, what in (("select", "report only"), ("ignore", "do not report")):
        parser.add_argument(
            f"--{name}",
            metavar="CODES",
            action="append",
            default=[],
            help=f"{what} these codes, separated by commas; E4 means all that begin so",
        )


def run(args: argparse.Namespace) -> int:
    if args.explain is not None:
        return _explain(args.explain)
    selected, ignored = _codes(args.select), _codes(args.ignore)
    counts: Counter[str] = Counter()
    problems = _counted(_wanted(_problems(args), selected, ignored), counts)
    match args.format:
        case "json":
            from briefing.cli.output import write_json
            from briefing.cli.report import as_data

            write_json(map(as_data, problems))
        case "github":
            from briefing.cli.report import as_github

            sys.stdout.writelines(as_github(problem) + "\n" for problem in problems)
        case "sarif":
            from briefing.cli.report import write_sarif

            write_sarif(problems)
        case _:
            from briefing.cli.output import write_lines
            from briefing.cli.report import as_texts

            write_lines(as_texts(problems))
    sys.stdout.flush()
    say(_summary(counts))
    return 1 if counts["error"] or counts["warning"] else 0


def _problems(args: argparse.Namespace) -> Iterable[Problem]:
    """What was found when the edition was built; only what changed since is looked at again."""
    edition = open_at(edited_path(args.content))
    for line in edition.notices:
        say(line)
    return edition.problems


def _codes(given: list[str]) -> tuple[str, ...]:
    """The beginnings of codes that an option lists; Stop for one that no code has."""
    from briefing.content.schema import did_you_mean, shown

    wanted = tuple(part.strip().upper() for option in given for part in option.split(",") if part.strip())
    known = _known()
    for code in wanted:
        if not any(name.startswith(code) for name in known):
            raise Stop(f"there is no code {shown(code)}{did_you_mean(code, known)} (see docs/checks.md)")
    return wanted


def _known() -> list[str]:
    import briefing.content.checks  # noqa: F401  enters the codes of all checks
    from briefing.content.codes import CODES

    return sorted(CODES)


def _wanted(
    problems: Iterable[Problem], selected: tuple[str, ...], ignored: tuple[str, ...]
) -> Iterator[Problem]:
    for problem in problems:
        if (not selected or problem.code.startswith(selected)) and not problem.code.startswith(ignored):
            yield problem


def _counted(problems: Iterable[Problem], counts: Counter[str]) -> Iterator[Problem]:
    for problem in problems:
        counts[problem.severity.value] += 1
        yield problem


def _summary(counts: Counter[str]) -> str:
    said = [counted(counts[name], name) for name in ("error", "warning") if counts[name]]
    if advice := counts["advice"]:
        said.append(f"{counted(advice, 'piece')} of advice")
    return ", ".join(said) or "no problems"


def _explain(code: str) -> int:
    from briefing.cli.report import explanation

    names = _codes([code]) or ("",)
    for name in names:
        if name not in _known():
            raise Stop(f"{name or 'an empty text'} is not a whole code, such as E204")
    sys.stdout.write("\n".join(map(explanation, names)))
    return 0
