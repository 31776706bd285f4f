"""The list of a pane: draws the rows in view and asks for no others, whatever the length."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from briefing.document.rows import GAP, widths
from briefing.tui.cells import fit, wrap
from briefing.tui.commands import bindings
from briefing.tui.flow import Highlight, no_highlight
from briefing.tui.rows import BEST, GONE, ListLine, NoRows, Rows
from briefing.tui.viewport import ViewLine, lines, thumb, top_showing
from briefing.tui.widgets.painted import Scrolled

_WHEEL = 3
# Before the words of an empty list, and after them.
_MARGIN = "  "


class ListView(Scrolled, can_focus=True):
    """A list of any length by position; posts where the cursor went and what was opened."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list")]

    class Row(Message):
        """Something was done with a row."""

        def __init__(self, position: int, key: Hashable) -> None:
            super().__init__()
            self.position = position
            self.key = key

    class Moved(Row):
        """The cursor stands on another row."""

    class Opened(Row):
        """A row was opened."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.rows: Rows = NoRows()
        self._highlight: Highlight = no_highlight
        self.cursor = 0
        self.top = 0
        self.empty: tuple[str, ...] = ()
        # The place of the best hit, once it is known.
        self.best: int | None = None
        self._known: dict[int, ListLine] = {}
        self._view: list[ViewLine] = []
        # The widths of the longest text of each column, once they were looked at.
        self._longest: tuple[int, ...] | None = None

    def show(
        self,
        rows: Rows,
        cursor: int = 0,
        highlight: Highlight = no_highlight,
        *,
        empty: tuple[str, ...] = (),
        top: int | None = None,
    ) -> None:
        """Show ROWS with the cursor on a position; HIGHLIGHT gives what the search found in a text.

        EMPTY says what is so when there are none. The first row in view is TOP, or the one that was, as
        far as the cursor is in view then.
        """
        self.rows = rows
        self._highlight = highlight
        self.empty = empty
        self._known.clear()
        self._longest = None
        self.best = None
        self.cursor = min(max(cursor, 0), max(rows.total - 1, 0))
        if top is not None:
            self.top = top
        self._look()
        self.refresh()

    @property
    def key(self) -> Hashable:
        """What the row under the cursor stands for; None in an empty list."""
        return self._line(self.cursor).key if self.rows.total else None

    @property
    def why(self) -> tuple[str, ...]:
        """Why the search found the row under the cursor."""
        return self._line(self.cursor).why() if self.rows.total else ()

    @property
    def page_size(self) -> int:
        """How many records a page key moves by."""
        return max(sum(not line.heading for line in self._view) - 1, 1)

    def move_to(self, position: int) -> None:
        """Put the cursor on the row at POSITION and say so."""
        if not self.rows.total:
            return
        position = min(max(position, 0), self.rows.total - 1)
        if position == self.cursor:
            # A wheel may have carried the cursor out of view.
            self._look()
            self.refresh()
            return
        before, top = self.cursor, self.top
        self.cursor = position
        self._look()
        if self.top != top:
            self.refresh()
        else:
            self._refresh_rows(before, position)
        self.post_message(self.Moved(position, self.key))

    def action_move(self, by: int) -> None:
        self.move_to(self.cursor + by)

    def action_page(self, by: int) -> None:
        self.move_to(self.cursor + by * self.page_size)

    def action_first(self) -> None:
        self.move_to(0)

    def action_last(self) -> None:
        self.move_to(self.rows.total - 1)

    def action_open(self) -> None:
        if self.rows.total:
            self.post_message(self.Opened(self.cursor, self.key))
        else:
            self.post_message(self.InVain("There is nothing to open here."))

    def on_resize(self) -> None:
        self._longest = None
        self._look()
        self.refresh()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        if event.x == self.size.width - 1 or not 0 <= event.y < len(self._view):
            return
        line = self._view[event.y]
        self.move_to(line.position)
        if event.chain > 1:
            self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll(_WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll(-_WHEEL)

    def _scroll(self, by: int) -> None:
        """Move the view and leave the cursor where it is."""
        self._view_from(max(self.top + by, 0))
        self.refresh()

    def _last_top(self) -> int:
        """The top at which the last row is just in view."""
        total = self.rows.total
        return top_showing(total - 1, 0, total, self.size.height, self._group)

    def drag(self, share: float) -> None:
        self.move_to(round(share * (self.rows.total - 1)))

    def _look(self) -> None:
        """Bring the cursor into view."""
        height = self.size.height
        self._view_from(top_showing(self.cursor, self.top, self.rows.total, height, self._group))

    def _view_from(self, top: int) -> None:
        height = self.size.height
        total = self.rows.total
        # A list that ends above the bottom of the view has room for more at its top.
        self.top = top if top + height <= total else min(top, self._last_top())
        self._view = list(lines(self.top, total, height, self._group))
        shown = sum(not line.heading for line in self._view)
        self._thumb = thumb(self.top, shown, total, height)

    def _group(self, position: int) -> str:
        return self._line(position).group

    def _line(self, position: int) -> ListLine:
        """The row at POSITION, fetched with those around it when it is not at hand."""
        line = self._known.get(position)
        if line is None:
            start, stop = self.around(position)
            self._known = dict(enumerate(self.rows.page(start, stop), start))
            # What took the place of a damaged edition may have fewer rows, and is shown in a moment.
            line = self._known.get(position, GONE)
        return line

    def around(self, position: int) -> tuple[int, int]:
        """What is fetched together with the row at POSITION."""
        return max(position - self._reach, 0), position + self._reach

    @property
    def _reach(self) -> int:
        return max(self.size.height, 10)

    @property
    def longest(self) -> tuple[int, ...]:
        """How wide the longest text of each column is, where every row is at hand wherever one looks."""
        if self._longest is None:
            total = self.rows.total
            rows = [self._line(position).cells for position in range(total if total <= self._reach else 0)]
            self._longest = tuple(
                max(cell_len(cell.text) for cell in column) for column in zip(*rows, strict=True)
            )
        return self._longest

    def mark_best(self, position: int) -> None:
        """Mark the best hit."""
        self.best = position
        self._refresh_rows(position)

    def _refresh_rows(self, *positions: int) -> None:
        for y, line in enumerate(self._view):
            if not line.heading and line.position in positions:
                self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        plain = self.paint.plain
        if not self.rows.total:
            return self._empty_line(y, width)
        if y >= len(self._view):
            return Strip.blank(width, plain)
        view = self._view[y]
        line = self._line(view.position)
        bar = self.scroll_bar(y)
        if view.heading:
            return self.strip([(" ", plain), (line.group, self.paint.style("heading"))], width, plain, bar)
        row = ""
        if view.position == self.cursor:
            row = "cursor" if self.has_focus else "idle"
        mark = line.mark or (BEST if view.position == self.best else "")
        return self._row(line, mark, row, bar)

    def _empty_line(self, y: int, width: int) -> Strip:
        plain, muted = self.paint.plain, self.paint.style("muted")
        room = width - 2 * len(_MARGIN)
        said = [
            (words[start:stop], muted if number else plain)
            for number, words in enumerate(self.empty)
            for start, stop in wrap(words, room)
        ]
        number = y - max(self.size.height // 3 - len(said) // 2, 0)
        if not 0 <= number < len(said):
            return Strip.blank(width, plain)
        return self.strip([(_MARGIN, plain), said[number]], width, plain)

    def _row(self, line: ListLine, mark: str, row: str, bar: tuple[str, Style]) -> Strip:
        width = self.size.width
        style = self.paint.style
        sign = {"cursor": "▌", "idle": "│"}.get(row, " ")
        pieces: list[tuple[str, Style]] = [(sign + fit(mark, 1), style("sign", row=row))]
        gap = ""
        sizes = widths(line.columns, width - 4, self.longest)
        for cell, column, size in zip(line.cells, line.columns, sizes, strict=True):
            if not size:
                continue
            text = fit(cell.within(size), size, right=column.right)
            # A whole column in bold would weigh on the eye: a name is only brighter, but for the cursor's.
            role = "name" if cell.style == "strong" and not row else cell.style
            look = style(role, row=row)
            at = 0
            for start, stop in self._highlight(text) if column.words else ():
                pieces.append((gap + text[at:start], look))
                pieces.append((text[start:stop], style(role, row=row, match=True)))
                gap, at = "", stop
            pieces.append((gap + text[at:], look))
            gap = " " * GAP
        return self.strip([piece for piece in pieces if piece[0]], width, style("plain", row=row), bar)
