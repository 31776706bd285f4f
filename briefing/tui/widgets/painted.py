"""What the reader's own widgets share: drawing pieces of text in the theme's styles."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from briefing.tui.cells import fit
from briefing.tui.themes import Paint, paint
from briefing.tui.viewport import Thumb


class Painted(Widget):
    """A widget that draws its lines itself; nothing in it is ever parsed as markup."""

    ALLOW_SELECT = False

    @property
    def paint(self) -> Paint:
        """The styles of the theme in force."""
        return paint(self.app.theme)

    def strip(self, pieces: Iterable[tuple[str, Style]], width: int, ground: Style) -> Strip:
        """PIECES as a line of exactly WIDTH cells, the rest in GROUND."""
        segments = []
        room = width
        for text, style in pieces:
            if room <= 0:
                break
            size = cell_len(text)
            if size > room:
                text, size = fit(text, room), room
            segments.append(Segment(text, style))
            room -= size
        if room > 0:
            segments.append(Segment(" " * room, ground))
        return Strip(segments, width)

    def scroll_bar(self, thumb: Thumb | None, y: int) -> tuple[str, Style]:
        """The cell of a scroll bar on line Y; blank where everything is in view."""
        if thumb is None:
            return " ", self.paint.plain
        on = thumb.start <= y < thumb.start + thumb.size
        return ("█" if on else " ", self.paint.style("rule"))
