"""Problems as rows under their files and, one at a time, as blocks with the line and its caret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from rich.cells import cell_len, set_cell_size, split_text

import briefing.content.checks  # noqa: F401  enters the codes of all checks
from briefing.content.codes import CODES
from briefing.content.problem import Problem, Severity
from briefing.document.document import Block, Field, Heading, Line, Paragraph, Run, Style
from briefing.document.rows import GAP, Cell, Column
from briefing.document.words import count
from briefing.tui.cells import ELLIPSIS
from briefing.tui.rows import ListLine

if TYPE_CHECKING:
    from briefing.edition.problems import ProblemList

_SIGNS: Final = {Severity.ERROR: "x", Severity.WARNING: "!", Severity.ADVICE: "-"}
_STYLES: Final[dict[Severity, Style]] = {
    Severity.ERROR: "bad",
    Severity.WARNING: "warning",
    Severity.ADVICE: "muted",
}
_SEVERITIES: Final = {severity.value[0].upper(): severity for severity in Severity}
_COLUMNS = (
    Column("severity", 9, 9),
    Column("code", 4, 4),
    Column("place", 7, 7, right=True),
    Column("message", 20, 400, weight=1),
    # With less room, the record is named below only.
    Column("record", 0, 40, full_at=104),
)
# Of a long line, so many cells of what stands before the caret.
_BEFORE: Final = 24


def sign(severity: Severity) -> str:
    """SEVERITY as sign and word."""
    return f"{_SIGNS[severity]} {severity}"


class FaultRows(Struct, frozen=True):
    """Problems by file and code; `tally` says how many of each code each file has, `files` how many."""

    problems: ProblemList
    tally: Mapping[tuple[str, str], int]
    files: Mapping[str, int]

    @property
    def summary(self) -> str:
        """How many there are of each severity, in words."""
        numbers = dict.fromkeys(Severity, 0)
        for (_, code), number in self.tally.items():
            numbers[_SEVERITIES[code[0]]] += number
        return ", ".join(
            f"{n:,} {severity}" if severity is Severity.ADVICE else count(n, severity)
            for severity, n in numbers.items()
            if n
        )

    @property
    def total(self) -> int:
        return len(self.problems)

    def page(self, start: int, stop: int) -> list[ListLine]:
        start = max(start, 0)
        return [self._line(place, found) for place, found in enumerate(self.problems[start:stop], start)]

    def _line(self, position: int, problem: Problem) -> ListLine:
        cells = (
            Cell(sign(problem.severity), _STYLES[problem.severity]),
            Cell(problem.code, "muted"),
            Cell(f"{problem.line}:{problem.column}" if problem.line else "", "muted"),
            Cell(problem.message),
            Cell(problem.record, "muted"),
        )
        heading = f"{problem.file}  {count(self.files[problem.file], 'problem')}"
        return ListLine(position, cells, _COLUMNS, heading)


def rows_of(problems: ProblemList) -> FaultRows:
    """The rows of PROBLEMS, grouped."""
    tally = problems.tally()
    files: dict[str, int] = {}
    for (file, _), number in tally.items():
        files[file] = files.get(file, 0) + number
    return FaultRows(problems.grouped(), tally, files)


def blocks_of(problem: Problem, alike: int, width: int, record: Run | None) -> Sequence[Block]:
    """The blocks of PROBLEM, its excerpt cut to WIDTH cells; ALIKE are in its file with this code."""
    code = CODES.get(problem.code)
    title = f"{problem.code}: {code.title}" if code else problem.code
    where = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    label = f"Line {problem.line}"
    # Labels that stand together are as wide as the widest.
    room = width - max(len(label), len("Record")) - GAP
    blocks: list[Block] = [
        Paragraph((Run(sign(problem.severity), _STYLES[problem.severity]), Run("  "), Run(title, "strong"))),
        Paragraph((Run(problem.message),)),
        *(Field("" if number else label, line) for number, line in enumerate(excerpt(problem, room))),
    ]
    if problem.hint:
        blocks.append(Field("Hint", (Run(problem.hint),)))
    blocks.append(Field("File", (Run(where),)))
    if record is not None:
        blocks.append(Field("Record", (record,)))
    if alike > 1:
        blocks.append(Field("Alike", (Run(f"{alike:,} in this file"),)))
    if code and code.explanation:
        blocks += [Heading("The rule"), Paragraph((Run(code.explanation),))]
    return blocks


def excerpt(problem: Problem, room: int) -> list[Line]:
    """The line of the file and, below it, the caret; both cut to ROOM cells with the caret in view."""
    if not (problem.excerpt and problem.line):
        return []
    room = max(room, 10)
    before, marked, after = problem.excerpts
    if cell_len(problem.excerpt) > room and cell_len(before) > _BEFORE:
        before = ELLIPSIS + split_text(before, cell_len(before) - _BEFORE)[1]
    text = before + marked + after
    if cell_len(text) > room:
        text = set_cell_size(text, room - 1) + ELLIPSIS
    indent = min(cell_len(before), room - 1)
    caret = "^" * max(1, min(cell_len(marked), room - indent))
    return [(Run(text),), (Run(" " * indent + caret, _STYLES[problem.severity]),)]
