"""Problems: what `check` found in the files, each with its line and the way out."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from briefing.content.problem import Problem
from briefing.document.document import Block, Field, Heading, Paragraph, Run
from briefing.model.ref import Ref
from briefing.tui.flow import Target
from briefing.tui.rows import ProblemRows, Rows
from briefing.tui.screens.listing import Listing

if TYPE_CHECKING:
    from briefing.edition.edition import Edition

# How much of a long line is shown around the place.
_AROUND = 56


class ProblemsScreen(Listing[Ref | None]):
    """Lists problems under their files; a record's own document is one link away."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("e", "edit", "Edit", show=False, id="edit")]
    heading = "Problems"
    keys = (("e", "Edit the line"), ("Tab", "Record"), ("Esc", "Back"))

    def __init__(self, edition: Edition) -> None:
        super().__init__()
        self.edition = edition
        self.problems: Sequence[Problem] = edition.problems

    def rows(self) -> Rows:
        return ProblemRows(self.problems)

    def empty(self) -> tuple[str, ...]:
        return ("Nothing is wrong: briefing check is clean.",)

    def blocks(self, key: Hashable) -> Sequence[Block]:
        assert isinstance(key, int)
        problem = self.problems[key]
        return (*_said(problem), *_place(problem), *_record(self.edition, problem), *_explained(problem))

    def opened(self, key: Hashable) -> None:
        assert isinstance(key, int)
        ref = _ref(self.edition, self.problems[key])
        if ref is None:
            self.action_edit()
        else:
            self.dismiss(ref)

    def followed(self, target: Target) -> None:
        if isinstance(target, Ref):
            self.dismiss(target)

    def action_edit(self) -> None:
        key = self.list.key
        if isinstance(key, int):
            problem = self.problems[key]
            self.reader.edit(problem.file, max(problem.line, 1))


def _said(problem: Problem) -> Sequence[Block]:
    hint = (Paragraph((Run(problem.hint),)),) if problem.hint else ()
    heading = Heading(f"{problem.severity.capitalize()} {problem.code}", 1)
    return (heading, Paragraph((Run(problem.message),)), *hint)


def _place(problem: Problem) -> Sequence[Block]:
    where = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    blocks: list[Block] = [Field("Where", (Run(where),))]
    if problem.excerpt:
        start = max(problem.column - 1 - _AROUND // 2, 0)
        text = problem.excerpt[start : start + _AROUND]
        at = problem.column - 1 - start
        width = max(min(problem.width, len(text) - at), 1)
        # The caret stands under the place: a colour alone would not show it everywhere.
        blocks += [
            Field("Line", (Run(text),)),
            Field("", (Run("\u00a0" * at + "^" * width, "bad"),)),
        ]
    return blocks


def _record(edition: Edition, problem: Problem) -> Sequence[Block]:
    if not problem.record:
        return ()
    ref = _ref(edition, problem)
    return (Field("Record", (Run(problem.record, target=ref),)),)


def _ref(edition: Edition, problem: Problem) -> Ref | None:
    """The record a problem is of, when it is sound enough to be read."""
    parts = problem.file.split("/")
    for briefing in reversed(parts):
        try:
            ref = Ref.parse(f"{briefing}/{problem.record}")
        except ValueError:
            continue
        if edition.get(ref) is not None:
            return ref
    return None


def _explained(problem: Problem) -> Sequence[Block]:
    from briefing.content.codes import CODES

    code = CODES.get(problem.code)
    return () if code is None else (Heading(code.title), Paragraph((Run(code.explanation),)))
