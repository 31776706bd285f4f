"""What the word being typed may become: a field of the query language, or a value with its count.

What is wrong with a query that was to be kept stands in the same place, until it is edited.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events, work
from textual.message import Message
from textual.strip import Strip
from textual.worker import Worker, WorkerError

from briefing.tui.cells import fit, wrap
from briefing.tui.widgets.painted import Painted

if TYPE_CHECKING:
    from briefing.edition.completion import Completion
    from briefing.edition.edition import Edition

_SHOWN = 8
_COUNT = 8
# How wide the list is, by its style.
_WIDTH = 58


class Completions(Painted):
    """A short list over the pane; asked for by a colon or by Tab, taken by Tab or a click."""

    class Clicked(Message):
        """One was clicked, and is the chosen one."""

    def __init__(self) -> None:
        super().__init__(id="completions")
        self.choices: list[Completion] = []
        self.chosen = 0
        self._problem: list[str] = []
        self._asking: Worker[None] | None = None

    def ask(self, edition: Edition, query: str, cursor: int) -> None:
        """Offer what EDITION knows for the word of QUERY that ends at CURSOR, once it is known."""
        self._asking = self._ask(edition, query, cursor)

    @work(exclusive=True, group="complete")
    async def _ask(self, edition: Edition, query: str, cursor: int) -> None:
        self.offer(await asyncio.to_thread(edition.complete, query, cursor))

    async def known(self) -> None:
        """Wait until what is offered is about the query as it stands."""
        if self._asking is not None:
            with suppress(WorkerError):  # it was closed, or overtaken
                await self._asking.wait()

    def offer(self, choices: list[Completion]) -> None:
        """Show CHOICES, or nothing when there are none."""
        self._show(choices[:_SHOWN], [])

    def object(self, problem: str) -> None:
        """Show PROBLEM, what is wrong with the query."""
        self.close()
        self._show([], [problem[start:stop] for start, stop in wrap(problem, _WIDTH - 4)])

    def _show(self, choices: list[Completion], problem: list[str]) -> None:
        self.choices, self._problem = choices, problem
        self.chosen = 0
        lines = len(choices) + len(problem)
        self.styles.height = max(lines, 1)
        self.display = lines > 0
        self.refresh()

    def close(self) -> None:
        """Offer nothing more, also not what is still being looked for."""
        self.workers.cancel_node(self)
        if self.display:
            self.offer([])

    def step(self, by: int) -> None:
        """Choose the next, or the one before."""
        self.chosen = (self.chosen + by) % max(len(self.choices), 1)
        self.refresh()

    def take(self, query: str) -> tuple[str, int]:
        """QUERY with the chosen completion in it, and where the cursor then stands."""
        choice = self.choices[self.chosen]
        # A field goes on with its value, a value is done.
        text = choice.text if choice.text.endswith(":") else f"{choice.text} "
        return query[: choice.start] + text + query[choice.end :].lstrip(), choice.start + len(text)

    def on_click(self, event: events.Click) -> None:
        if event.y < len(self.choices):
            self.chosen = event.y
            self.post_message(self.Clicked())

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y < len(self._problem):
            look = self.paint.style("warning", row="idle")
            return self.strip([("│", look), (f" {self._problem[y]}", look)], width, look)
        if y >= len(self.choices):
            return Strip.blank(width, self.paint.plain)
        choice = self.choices[y]
        row = "cursor" if y == self.chosen else "idle"
        style = self.paint.style
        count = "" if choice.count is None else f"{choice.count:,}"
        pieces = [
            ("▌" if row == "cursor" else "│", style("accent", row=row)),
            (f" {fit(choice.label, width - _COUNT - 4)} ", style("plain", row=row)),
            (fit(count, _COUNT, right=True), style("muted", row=row)),
        ]
        return self.strip(pieces, width, style("plain", row=row))
