"""The open record: its lines, its links and the matches of the search in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from briefing.document.document import Block
from briefing.tui.commands import bindings
from briefing.tui.flow import MEASURE, START, Flow, FlowLine, Highlight, Scroll, Target, flow, no_highlight
from briefing.tui.viewport import thumb
from briefing.tui.widgets.painted import Scrolled

_MARGIN = 2
_WHEEL = 3


class DocumentView(Scrolled, can_focus=True):
    """Draws blocks; posts the link that was followed."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("document")]

    class Followed(Message):
        """A link was chosen: a record or a web address."""

        def __init__(self, target: Target) -> None:
            super().__init__()
            self.target = target

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.top = 0
        self.link: int | None = None
        self.match: int | None = None
        self._blocks: Sequence[Block] = ()
        self._highlight: Highlight = no_highlight
        self._flow = Flow()
        # Of the width that it was last read in; `top` is of the width that it has now.
        self.scroll = START

    def show(
        self, blocks: Sequence[Block], highlight: Highlight = no_highlight, *, scroll: Scroll = START
    ) -> None:
        """Show BLOCKS from where they were read; HIGHLIGHT gives what the search found in a text."""
        self._blocks = blocks
        self._highlight = highlight
        self.link = self.match = None
        self.scroll = scroll
        self._lay()

    @property
    def links(self) -> list[Target]:
        """What the links lead to, in reading order."""
        return [target for target, _ in self._flow.links]

    @property
    def text(self) -> str:
        """All lines as plain text."""
        return "\n".join("".join(piece.text for piece in line) for line in self._flow.lines)

    @property
    def measure(self) -> int:
        """How many cells a line of text has."""
        return max(min(self.size.width - _MARGIN - 2, MEASURE), 0)

    def _lay(self) -> None:
        width = self.measure
        self._flow = flow(self._blocks, width, self._highlight) if width > 0 else Flow()
        top, measure = self.scroll
        if top and 0 < width != measure:
            # The line read last stays in view, near enough, whatever the width makes of it.
            before = len(flow(self._blocks, measure).lines)
            top = round(top * len(self._flow.lines) / max(before, 1))
        self._view_from(top)

    def scroll_line(self, top: int) -> None:
        """Put line TOP at the top, as far as there are lines to fill the view."""
        self._view_from(top)
        self.scroll = Scroll(self.top, self.measure)

    def _view_from(self, top: int) -> None:
        height = self.size.height
        total = len(self._flow.lines)
        self.top = min(max(top, 0), max(total - height, 0))
        self._thumb = thumb(self.top, height, total, height)
        self.refresh()

    def step_link(self, by: int) -> bool:
        """Choose the next link, or the one before; from none, the first in view. False without links."""
        count = len(self._flow.links)
        if not count:
            return False
        if self.link is None:
            self.link = self._first_link(forward=by > 0)
        else:
            self.link = (self.link + by) % count
        self._bring(self._flow.links[self.link][1])
        return True

    def choose_none(self) -> None:
        """Choose no link any more."""
        self.link = None
        self.refresh()

    def _first_link(self, *, forward: bool) -> int:
        seen = [
            number
            for number, (_, line) in enumerate(self._flow.links)
            if self.top <= line < self.top + self.size.height
        ]
        if not seen:
            return 0 if forward else len(self._flow.links) - 1
        return seen[0] if forward else seen[-1]

    def step_match(self, by: int) -> tuple[int, int]:
        """Go to the next match, or the one before; gives its number from 1 and how many there are."""
        count = len(self._flow.matches)
        if not count:
            return 0, 0
        self.match = (0 if by > 0 else count - 1) if self.match is None else (self.match + by) % count
        self._bring(self._flow.matches[self.match])
        return self.match + 1, count

    def _bring(self, line: int) -> None:
        """Bring LINE into view, a little away from the edge."""
        height = self.size.height
        if not self.top <= line < self.top + height:
            self.scroll_line(line - height // 3)
        else:
            self.refresh()

    def action_scroll(self, by: int) -> None:
        self.scroll_line(self.top + by)

    def action_page(self, by: int) -> None:
        self.scroll_line(self.top + by * max(self.size.height - 2, 1))

    def action_first(self) -> None:
        self.scroll_line(0)

    def action_last(self) -> None:
        self.scroll_line(len(self._flow.lines))

    def action_follow(self) -> None:
        if self.link is not None:
            self.post_message(self.Followed(self._flow.links[self.link][0]))
        elif not self.step_link(1):
            self.post_message(self.InVain("There is no link to follow here."))

    def on_resize(self) -> None:
        self._lay()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.choose_none()

    def drag(self, share: float) -> None:
        self.scroll_line(round(share * (len(self._flow.lines) - self.size.height)))

    def on_click(self, event: events.Click) -> None:
        number = self._link_at(event.x, event.y)
        if number is not None:
            event.stop()
            self.post_message(self.Followed(self._flow.links[number][0]))

    def _link_at(self, x: int, y: int) -> int | None:
        number = self.top + y
        if not 0 <= number < len(self._flow.lines):
            return None
        at = _MARGIN
        for piece in self._flow.lines[number]:
            stop = at + cell_len(piece.text)
            if at <= x < stop:
                return piece.link
            at = stop
        return None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_line(self.top + _WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_line(self.top - _WHEEL)

    def render_line(self, y: int) -> Strip:
        plain = self.paint.plain
        number = self.top + y
        line = self._flow.lines[number] if number < len(self._flow.lines) else ()
        pieces = [(" " * _MARGIN, plain), *self._pieces(line)]
        return self.strip(pieces, self.size.width, plain, self.scroll_bar(y))

    def _pieces(self, line: FlowLine) -> list[tuple[str, Style]]:
        style = self.paint.style
        pieces = []
        for piece in line:
            target = None if piece.link is None else self._flow.links[piece.link][0]
            chosen = (piece.link is not None and piece.link == self.link) or (
                piece.match is not None and piece.match == self.match
            )
            look = style(
                piece.role,
                match=piece.match is not None and not chosen,
                link=target is not None,
                chosen=chosen,
                url=target if isinstance(target, str) else "",
            )
            pieces.append((piece.text, look))
        return pieces
