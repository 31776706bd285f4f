"""Problems: what `check` found in the files, each with its line, its reason and the way out."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from briefing.document.document import Block, Run
from briefing.model.ref import Ref
from briefing.tui.commands import borrowed
from briefing.tui.editor import edit
from briefing.tui.faults import blocks_of, rows_of
from briefing.tui.flow import Target
from briefing.tui.rows import Rows
from briefing.tui.screens.listing import Listing

if TYPE_CHECKING:
    from briefing.edition.edition import Edition


class ProblemsScreen(Listing[Ref | None]):
    """Gives the record to go to, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [*borrowed({"problems": "leave", "edit": "edit"})]
    heading = "Problems"
    named = (
        ("list.open", "Go to the record"),
        ("edit", "Edit the line"),
        ("next", "Details"),
        ("leave", "Back"),
    )

    def __init__(self, edition: Edition) -> None:
        super().__init__(edition)
        self.found = rows_of(edition.problems)

    def on_mount(self) -> None:
        # What was said when they were saved is gone, and the list is of what is shown.
        self.reader.tell_broken()

    def rows(self) -> Rows:
        self.found = rows_of(self.edition.problems)
        self.masthead.aside = self.found.summary
        return self.found

    def empty(self) -> tuple[str, ...]:
        if self.reader.broken:
            return (
                "No problems in what is shown.",
                "Files that were saved broken since are not shown:",
                *(problem.brief for problem in self.reader.broken),
            )
        if self.edition.partial:
            return "No problems so far.", "Not all is read yet."
        return "No problems.", "Every record could be read, and every rule holds."

    def blocks(self, key: Hashable) -> Sequence[Block]:
        assert isinstance(key, int)
        problem = self.found.problems[key]
        alike = self.found.tally.get((problem.file, problem.code), 1)
        record = None
        if problem.record:
            ref = self._record(key)
            record = Run(problem.record + ("" if ref else ", left out of the panes"), target=ref)
        return blocks_of(problem, alike, self.document.measure, record)

    def _record(self, key: int) -> Ref | None:
        """The record of a problem, when it is sound enough to be read."""
        ref = self.found.problems.ref(key)
        return ref if ref is not None and self.edition.get(ref) is not None else None

    def opened(self, key: Hashable) -> None:
        assert isinstance(key, int)
        ref = self._record(key)
        if ref is not None:
            self.dismiss(ref)
        elif self.found.problems[key].record:
            self.reader.tell("This record is left out of the panes until it is mended.")
        else:
            self.reader.tell("This is about the file, not about one record.")

    def followed(self, target: Target) -> None:
        if isinstance(target, Ref):
            self.dismiss(target)

    def action_edit(self) -> None:
        key = self.list.key
        problem = self.found.problems[key] if isinstance(key, int) else None
        edit(self.reader, (Path(problem.file), problem.line) if problem else None)
