"""Cases of content written as text, with what must be found marked where it must be found.

A case opens with ``## name``, a file of it with ``#> path`` (it replaces that of the base library).
``⟪E204⟫`` marks the line and column where that code is expected and is no part of the file;
``#! W101 path`` expects a problem of a whole file or folder. ``⟦1B⟧`` is the character of that code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from briefing.content.checks.run import check_library
from briefing.content.library import find_library
from briefing.content.problem import Problem

HERE = Path(__file__).parent
_MARK = re.compile("⟪([EWA][0-9]{3})⟫")
# Escapes for what a text file cannot show or an editor would change.
_ESCAPE = re.compile(r"⟦([0-9A-F]+)⟧")

BASE = {
    "x/briefing.yaml": """
schema: 1
id: x
title: A question
question: Will it happen?
as_of: 2025-06-17
window: 2025-06-13/2025-06-17
""",
    "x/actors.yaml": """
- {id: iran, name: Iran, kind: state, country: IR}
- {id: iraq, name: Iraq, kind: state, country: IQ}
- {id: spokesman, name: Sabah al-Numan, kind: person}
""",
    "x/issues.yaml": """
- {id: war, question: Should Iraq enter the war?}
""",
    "x/sources.yaml": """
- {id: article, kind: article, title: An article}
""",
    "x/quotes.yaml": """
- id: q-1
  speaker: spokesman
  text: We will not.
  form: full
  when: {date: 2025-06-14, date_basis: stated}
  medium: statement
  sources: [{source: article, para: 3}]
""",
    "x/positions.yaml": """
- id: p-1
  actor: iraq
  issue: war
  stance: opposes
  act: states
  summary: Iraq will not enter.
  when: {date: 2025-06-14, date_basis: stated}
  quotes: q-1
  sources: [{source: article, para: 3}]
""",
    "x/incidents.yaml": """
- id: i-1
  title: Drone over Erbil
  type: drone
  when: {date: 2025-06-15, date_basis: stated}
  place: {name: Erbil, precision: city, country: IQ}
  status: reported
  by_status: unknown
  sources: [{source: article, para: 7}]
""",
}


class Expected(NamedTuple):
    file: str
    line: int
    column: int
    code: str


class Case(NamedTuple):
    name: str
    files: dict[str, str]
    expected: list[Expected]

    def check(self, folder: Path) -> list[Problem]:
        """Write the case over the base library in FOLDER, and check it."""
        for name, text in {**BASE, **self.files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
        return check_library(find_library(folder))


def read_cases(folder: str) -> list[Case]:
    """All cases of a folder beside this file."""
    paths = sorted((HERE / folder).glob("*.txt"))
    return [case for path in paths for case in _parse(path.read_text(encoding="utf-8"))]


def _parse(text: str) -> Iterator[Case]:
    for part in re.split("^## ", text, flags=re.MULTILINE)[1:]:
        name, _, body = part.partition("\n")
        files: dict[str, str] = {}
        expected: list[Expected] = []
        for code, path in re.findall(r"^#! (\w+) (.+)$", body, flags=re.MULTILINE):
            expected.append(Expected(path, 0, 0, code))
        for section in re.split("^#> ", body, flags=re.MULTILINE)[1:]:
            path, _, marked = section.partition("\n")
            files[path.strip()] = _unmark(path.strip(), marked.rstrip("\n") + "\n", expected)
        yield Case(name.strip(), files, expected)


def _unmark(path: str, text: str, expected: list[Expected]) -> str:
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        while mark := _MARK.search(line):
            before = _ESCAPE.sub("x", line[: mark.start()])
            expected.append(Expected(path, number, len(before) + 1, mark[1]))
            line = line[: mark.start()] + line[mark.end() :]
        lines[number - 1] = line
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), "\n".join(lines))


def found(problems: list[Problem], folder: Path) -> list[Expected]:
    """Problems in the form of what was expected."""
    return sorted(Expected(str(Path(p.file).relative_to(folder)), p.line, p.column, p.code) for p in problems)
