"""Problems as text with carets, as data, as GitHub's annotations and as SARIF."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.cells import cell_len

from briefing.content.codes import CODES
from briefing.content.problem import Problem, Severity
from briefing.document.document import Line, Run, Style

# So many problems of one code in one file are shown; a mistake made in every record would bury the others.
_ALIKE_MAX = 50
_STYLES: Mapping[Severity, Style] = {
    Severity.ERROR: "bad",
    Severity.WARNING: "warning",
    Severity.ADVICE: "muted",
}
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}
# GitHub shows advice as a notice.
_ANNOTATIONS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}


def as_text(problem: Problem) -> Iterator[Line]:
    """The problem in a line, its line of the file with a caret, and the hint."""
    where, said = str(problem).split(f": {problem.severity} {problem.code}", 1)
    style = _STYLES[problem.severity]
    yield Run(f"{where}: ", "strong"), Run(f"{problem.severity} {problem.code}", style), Run(said)
    gutter = " " * len(str(problem.line))
    if problem.excerpt and problem.line:
        before, marked, _ = problem.excerpts
        caret = "^" * max(1, cell_len(marked))
        yield Run(f"{problem.line} | ", "muted"), Run(problem.excerpt)
        yield Run(f"{gutter} | ", "muted"), Run(" " * cell_len(before) + caret, style)
    if problem.hint:
        yield Run(f"{gutter} = ", "muted"), Run(problem.hint)


def as_texts(problems: Iterable[Problem]) -> Iterator[Line]:
    """PROBLEMS as text; of those alike in one file the first, and how many more there are."""
    for file, found in groupby(problems, key=attrgetter("file")):
        counts: Counter[str] = Counter()
        for problem in found:
            counts[problem.code] += 1
            if counts[problem.code] <= _ALIKE_MAX:
                yield from as_text(problem)
        for code, count in counts.items():
            if count > _ALIKE_MAX:
                more = f" and {count - _ALIKE_MAX:,} more in this file; --format json lists all"
                severity = CODES[code].severity
                yield Run(f"{file}: ", "strong"), Run(f"{severity} {code}", _STYLES[severity]), Run(more)


def as_data(problem: Problem) -> dict[str, Any]:
    """The problem with all its fields."""
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "title": CODES[problem.code].title,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "width": problem.width,
        "record": problem.record,
        "message": problem.message,
        "hint": problem.hint,
        "excerpt": problem.excerpt,
    }


def as_github(problem: Problem) -> str:
    """The problem as a workflow command, which GitHub shows at the line of a pull request."""
    properties = {"file": problem.file, "title": f"{problem.code} {CODES[problem.code].title}"}
    if problem.line:
        properties |= {
            "line": str(problem.line),
            "col": str(problem.column),
            "endColumn": str(problem.column + problem.width),
        }
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    subject = f"{problem.record}: " if problem.record else ""
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"::{_ANNOTATIONS[problem.severity]} {listed}::{_command(f'{subject}{problem.message}{hint}')}"


def _command(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _command(text).replace(":", "%3A").replace(",", "%2C")


def write_sarif(problems: Iterable[Problem]) -> None:
    """Print SARIF 2.1.0, a result a line, as the problems come."""
    from msgspec.json import encode

    from briefing import __version__

    driver = {
        "name": "briefing",
        "semanticVersion": __version__,
        "rules": [
            {
                "id": code.code,
                "shortDescription": {"text": code.title},
                "fullDescription": {"text": code.explanation},
                "defaultConfiguration": {"level": _LEVELS[code.severity]},
            }
            for _, code in sorted(CODES.items())
        ],
    }
    sys.stdout.write(
        '{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[{"tool":'
        f'{encode({"driver": driver}).decode()},"columnKind":"unicodeCodePoints","results":['
    )
    separator = "\n"
    for problem in problems:
        sys.stdout.write(separator + encode(_result(problem)).decode())
        separator = ",\n"
    sys.stdout.write("\n]}]}\n")


def _result(problem: Problem) -> dict[str, Any]:
    path = Path(problem.file)
    place: dict[str, Any] = {
        "artifactLocation": {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix())}
    }
    if problem.line:
        place["region"] = {
            "startLine": problem.line,
            "startColumn": problem.column,
            "endColumn": problem.column + problem.width,
        }
    location: dict[str, Any] = {"physicalLocation": place}
    if problem.record:
        location["logicalLocations"] = [{"fullyQualifiedName": problem.record, "kind": "object"}]
    hint = f" ({problem.hint})" if problem.hint else ""
    return {
        "ruleId": problem.code,
        "level": _LEVELS[problem.severity],
        "message": {"text": problem.message + hint},
        "locations": [location],
    }


def explanation(name: str) -> str:
    """What a code means, as text."""
    code = CODES[name]
    example = "".join(f"    {line}\n" for line in code.example.splitlines())
    shown = f"\nFor example:\n\n{example}" if example else ""
    return f"{code.code}: {code.title} ({code.severity})\n\n{_wrapped(code.explanation)}\n{shown}"


def _wrapped(text: str, width: int = 80) -> str:
    from textwrap import fill

    return fill(text, width, break_on_hyphens=False)


def manual() -> str:
    """The page of the manual that lists every code; `scripts/checks` writes it."""
    from briefing.content import checks  # noqa: F401  enters the codes of all checks

    parts = [_MANUAL]
    for letter, heading in _HEADINGS.items():
        parts.append(f"\n## {heading}\n")
        for name, code in sorted(CODES.items()):
            if name.startswith(letter):
                example = f"\n```yaml\n{code.example}\n```\n" if code.example else ""
                parts.append(f"\n### {name}: {code.title}\n\n{_wrapped(code.explanation, 110)}\n{example}")
    return "".join(parts)


_MANUAL = """\
# What `briefing check` reports

Written by `scripts/checks` from the codes themselves; `briefing check --explain E204` prints one of them.
Errors keep a record out of the reader, or break a reference of one that stays in; warnings and advice do
not. `--select` and `--ignore` take whole codes or their beginnings (`--ignore W3,A`).
"""
_HEADINGS = {
    "E1": "E1: files and YAML",
    "E2": "E2: the shape of records",
    "E3": "E3: references and ids",
    "E4": "E4: dates",
    "W1": "W1: files that are not read",
    "W2": "W2: within a record",
    "W3": "W3: between records",
    "W4": "W4: dates",
    "A3": "A3: advice",
}
