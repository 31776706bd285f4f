"""A problem laid out for a person: place, message, the line with its caret, hint and explanation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from briefing.content.codes import CODES
from briefing.content.problem import Problem, Severity
from briefing.document.document import Block, Field, Heading, Line, Paragraph, Run, Style
from briefing.tui.cells import ELLIPSIS

SIGNS: Final[dict[Severity, str]] = {Severity.ERROR: "x", Severity.WARNING: "!", Severity.ADVICE: "-"}
STYLES: Final[dict[Severity, Style]] = {
    Severity.ERROR: "bad",
    Severity.WARNING: "warning",
    Severity.ADVICE: "muted",
}
# Of a long line, this much of what stands before the caret.
_BEFORE: Final = 24


def blocks_of(problem: Problem, width: int) -> Sequence[Block]:
    """The blocks of PROBLEM, its excerpt cut to WIDTH cells around the caret."""
    style = STYLES[problem.severity]
    code = CODES.get(problem.code)
    said = f" {problem.code}: {code.title}" if code else f" {problem.code}"
    sign = f"{SIGNS[problem.severity]} {problem.severity}"
    blocks: list[Block] = [Paragraph((Run(sign, style), Run(said, "strong")))]
    blocks.append(Paragraph((Run(problem.message),)))
    blocks += [Paragraph(line) for line in excerpt(problem, width)]
    if problem.hint:
        blocks.append(Field("Hint", (Run(problem.hint),)))
    where = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    blocks.append(Field("File", (Run(where),)))
    if problem.record:
        blocks.append(Field("Record", (Run(problem.record),)))
    if code and code.explanation:
        blocks += [Heading("Why"), Paragraph((Run(code.explanation, "muted"),))]
    return blocks


def excerpt(problem: Problem, width: int) -> list[Line]:
    """The line of the file and, below it, the caret; both cut so that the caret is in view."""
    if not (problem.excerpt and problem.line):
        return []
    gutter = f"{problem.line} │ "
    room = max(width - len(gutter), 10)
    start = problem.column - 1
    before, rest = problem.excerpt[:start], problem.excerpt[start:]
    if cell_len(problem.excerpt) > room and cell_len(before) > _BEFORE:
        before = ELLIPSIS + before[-_BEFORE:]
    text = before + rest
    if cell_len(text) > room:
        text = _cut(text, room)
    indent = cell_len(before)
    caret = "^" * max(1, min(cell_len(rest[: problem.width]), room - indent))
    return [
        (Run(gutter, "muted"), Run(text)),
        (Run(" " * (len(gutter) - 2) + "│ ", "muted"), Run(" " * indent + caret, STYLES[problem.severity])),
    ]


def _cut(text: str, room: int) -> str:
    from rich.cells import set_cell_size

    return set_cell_size(text, room - 1) + ELLIPSIS
