"""The search line: the query as it is typed, and how much it finds."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, split_graphemes
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import reactive, var
from textual.strip import Strip
from textual.widgets import Input
from textual.widgets.input import Selection

from briefing.edition.query.lexer import word_before
from briefing.tui.cells import fit
from briefing.tui.commands import bindings
from briefing.tui.widgets.completions import Completions
from briefing.tui.widgets.painted import Painted

if TYPE_CHECKING:
    from briefing.edition.edition import Edition

# By how many cells the place for what was found grows.
_STEP = 16


class QueryLine(Painted):
    """The query while it is not being typed; a click begins to type."""

    text = reactive("")

    class Clicked(Message):
        """The line was clicked."""

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        style = self.paint.style
        pieces = [(" / ", style("accent" if self.text else "muted"))]
        pieces.append((self.text, style("strong")) if self.text else ("search", style("muted")))
        return self.strip(pieces, self.size.width, style("plain"))

    def on_click(self) -> None:
        self.post_message(self.Clicked())


class Tally(Painted):
    """How many were found of how many, and how fast."""

    words = reactive("")
    # While a query is typed there is room for its first hits before they are known.
    expected = var(False)

    def get_content_width(self, container: object, viewport: object) -> int:  # noqa: ARG002
        # In steps, so that the line is not laid out again for each letter's number of hits.
        if not (self.words or self.expected):
            return 0
        return max(-(-(len(self.words) + 3) // _STEP), 2) * _STEP

    def watch_words(self) -> None:
        if self.get_content_width(None, None) != self.size.width:
            self.refresh(layout=True)

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        look = self.paint.style("muted")
        width = self.size.width
        return self.strip([(fit(self.words, width - 1, right=True), look)], width, self.paint.plain)


class QueryInput(Painted, Input, can_focus=True):
    """The query being typed. Nothing blinks."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("search")]

    class Kept(Message):
        """Enter: the hits stay."""

    class Asked(Message):
        """Tab: what may the word become?"""

    class Cleared(Message):
        """Esc: what was there comes back."""

    class Abandoned(Message):
        """The focus went elsewhere."""

    def __init__(self, queries: Sequence[str], completions: Completions, edited: Callable[[], None]) -> None:
        """EDITED is called when the query became another."""
        super().__init__(id="query-input", compact=True, select_on_focus=False)
        self._edited = edited
        self.completions = completions
        self.cursor_blink = False
        # Textual brings the cursor of a first value to its end, but not into view.
        self._initial_value = False
        self._queries = queries
        self._older = 0
        self._typed = ""

    def check_message_enabled(self, message: Message) -> bool:
        # Who is to hear of what is typed is told at once, not by a message after it.
        return not isinstance(message, Input.Changed) and super().check_message_enabled(message)

    def put(self, query: str, cursor: int) -> None:
        """Let QUERY be the query, with the cursor before its letter at CURSOR."""
        self.value, self.cursor_position = query, cursor
        self._edited()

    def replace(self, text: str, start: int, end: int) -> None:
        """Put TEXT in place of START to END, as all that is typed, pasted or deleted does."""
        super().replace(text, start, end)
        self._edited()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """No rule of style hangs on the focus, only the cursor does."""
        self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        text = f"{self.value} "  # the cursor stands behind the last letter too
        style = self.paint.style
        pieces = [(text, style("plain"))]
        if self.has_focus:
            first, last = sorted(self.selection)
            cursor = self.cursor_position

            def look(cell: tuple[int, int, int]) -> Style:
                start, stop, _ = cell
                selected = start < last and first < stop
                return style("plain", chosen=start <= cursor < stop, row="cursor" * selected)

            # By what stands in a cell: a mark has no place without its letter.
            pieces = [
                ("".join(text[start:stop] for start, stop, _ in cells), drawn)
                for drawn, cells in groupby(split_graphemes(text)[0], look)
            ]
        left, width = self.scroll_offset.x, self.size.width
        # Whole, since what is scrolled out of view is not cut off.
        whole = self.strip(pieces, max(cell_len(text), left + width), self.paint.plain)
        return whole.crop(left, left + width)

    def action_keep(self) -> None:
        self.post_message(self.Kept())

    def action_clear(self) -> None:
        self.post_message(self.Cleared())

    def action_complete(self) -> None:
        self.post_message(self.Asked())

    async def action_older(self, by: int) -> None:
        """Go through what is offered; else the queries of before: from the newest, back to what was typed."""
        await self.completions.known()
        if self.completions.choices:
            self.completions.step(-by)
            return
        place = min(max(self._older + by, 0), len(self._queries))
        if place == self._older:
            return
        if self._older == 0:
            self._typed = self.value
        self._older = place
        query = self._queries[-place] if place else self._typed
        self.put(query, len(query))
        # An arrow goes on to the query before that, not into what this one's last word may become.
        self.completions.close()

    def on_resize(self) -> None:
        self._watch_selection(self.selection)  # the cursor stays in view

    def on_blur(self, event: events.Blur) -> None:  # noqa: ARG002
        self._older = 0
        self.post_message(self.Abandoned())


class SearchBar(Horizontal):
    """The search line; the input is made when it is first needed, since the first screen has none."""

    text = var("")

    def __init__(self, queries: list[str], edited: Callable[[], None]) -> None:
        """QUERIES are those of before; EDITED is called when the query becomes another."""
        super().__init__(id="search")
        self._edited = edited
        self.queries = queries
        self.line = QueryLine(id="query-line")
        self.tally = Tally(id="tally")
        self.completions = Completions()
        self._input: QueryInput | None = None
        # Whether the query is being typed.
        self.typing = False

    @property
    def value(self) -> str:
        """The query as it stands in the line."""
        return self._input.value.strip() if self._input is not None and self.typing else self.text

    def compose(self) -> ComposeResult:
        yield self.line
        yield self.tally

    def watch_text(self, text: str) -> None:
        # What cannot be seen while typing would be drawn with each letter.
        if not self.typing:
            self.line.text = text

    def say(self, words: str) -> None:
        """Show WORDS at the end of the line."""
        self.tally.words = words

    async def start(self) -> None:
        """Let the query be typed."""
        if not self.is_attached:
            return  # the line has dropped, and the reader with it
        if self._input is None:
            self._input = QueryInput(self.queries, self.completions, self._edited)
            # Both at once: the line may also drop while one is waited for.
            await gather(self.screen.mount(self.completions), self.mount(self._input, after=self.line))
        self._input.value = self.text
        # What is typed takes the place of the query in force; an arrow keeps it, to be typed on.
        self._input.selection = Selection(0, len(self.text))
        self.tally.expected = True
        self._lay_out(typing=True)
        self._input.focus()

    def go_on(self) -> None:
        """Let the query be typed on that was hidden meanwhile."""
        if self._input is not None:
            self._input.focus()

    def stop(self) -> None:
        """The query is typed no more."""
        self.tally.expected = False
        self._lay_out(typing=False)
        self.line.text = self.text
        self.completions.close()

    def _lay_out(self, *, typing: bool) -> None:
        """Show the input, with the line's sign before it, or the line alone.

        Not by a class, for which Textual would look for rules for all that stands here.
        """
        self.typing = typing
        self.line.styles.width = 3 if typing else "1fr"
        if self._input is not None:
            self._input.display = typing

    def complete(self, edition: Edition) -> None:
        """Offer values where a field is being given one."""
        if self._input is None:
            return
        query, cursor = self._input.value, self._input.cursor_position
        if ":" in word_before(query, cursor)[1]:
            self.completions.ask(edition, query, cursor)
        else:
            self.completions.close()

    async def take(self, edition: Edition, nearest: str | None) -> None:
        """Take what is offered, or the name that was meant; else offer what there is."""
        await self.completions.known()
        entry = self._input
        if entry is None:
            return
        if self.completions.choices:
            entry.put(*self.completions.take(entry.value))
        elif nearest:
            entry.put(nearest, len(nearest))
        else:
            self.completions.ask(edition, entry.value, entry.cursor_position)
