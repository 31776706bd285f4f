"""What the reader's own widgets share: drawing pieces of text in the theme's styles."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Self

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widget import Widget

from briefing.tui.cells import fit
from briefing.tui.themes import Paint, paint
from briefing.tui.viewport import Thumb


class Painted(Widget):
    """A widget that draws its lines itself; nothing in it is ever parsed as markup."""

    ALLOW_SELECT = False
    # What is drawn within never moves anything else; Textual would lay the screen out once more.
    virtual_size = Reactive(Size(0, 0))
    # The styles of the theme that was in force when lines were last drawn.
    paint: Paint

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of CROP, drawn where they have changed.

        Textual's own looks on every line for borders, padding, tints and opacity, none of which are here,
        and has it filtered for colours that the terminal lacks, which a frame sees to; it is most of what
        a key costs.
        """
        self.paint = paint(self.app.theme)
        cache, width = self._styles_cache, self.size.width
        if cache._width != width:
            cache.clear()
            cache._width = width
        lines, dirty = cache._cache, cache._dirty_lines
        for y in crop.line_range:
            if y in dirty or y not in lines:
                lines[y] = self.render_line(y)
        dirty.difference_update(crop.line_range)
        if crop.column_span == (0, width):
            return [lines[y] for y in crop.line_range]
        return [lines[y].crop(*crop.column_span) for y in crop.line_range]

    @property
    def size(self) -> Size:
        """The size of the widget, which has no border and no padding.

        Textual asks where it stands, which may lay the screen out anew behind the back of what draws it.
        """
        return self._size

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Draw the widget anew, or REGIONS of it.

        The screen is told at once: Textual has one message go to the widget and another from there. That
        something is to be laid out is told at once too, so that it comes before what is only drawn.
        """
        if layout or recompose or not repaint or not self._is_mounted or not self.is_attached:
            super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
            self._check_refresh()
            return self
        self._set_dirty(*regions)
        if self.display:
            screen = self.screen
            screen._dirty_widgets.add(self)
            screen.check_idle()
        return self

    def watch_has_focus(self, _has_focus: bool) -> None:
        """No rule of style hangs on the focus: what does is drawn by the widget itself."""

    def strip(
        self,
        pieces: Iterable[tuple[str, Style]],
        width: int,
        ground: Style,
        edge: tuple[str, Style] | None = None,
    ) -> Strip:
        """PIECES as a line of exactly WIDTH cells, the rest in GROUND; the last cell is EDGE, if given."""
        segments = []
        room = width - (edge is not None)
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
        if edge is not None and width:
            segments.append(Segment(*edge))
        return Strip(segments, width)


class Scrolled(Painted):
    """A widget whose last column is a scroll bar while not all is in view."""

    class InVain(Message):
        """A key had nothing to work on; WORDS say so."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._thumb: Thumb | None = None
        self._dragging = False

    def scroll_bar(self, y: int) -> tuple[str, Style]:
        """The cell of the scroll bar on line Y; blank where everything is in view."""
        if self._thumb is None:
            return " ", self.paint.plain
        on = self._thumb.start <= y < self._thumb.start + self._thumb.size
        return ("█" if on else " ", self.paint.style("rule"))

    @abstractmethod
    def drag(self, share: float) -> None:
        """The scroll bar was dragged to SHARE of its height: 0 is its top, 1 its bottom."""

    def _drag(self, y: int) -> None:
        height = max(self.size.height - 1, 1)
        self.drag(min(max(y, 0), height) / height)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.x == self.size.width - 1 and self._thumb is not None:
            self._dragging = True
            self.capture_mouse()
            self._drag(event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragging:
            self._drag(event.y)

    def on_mouse_up(self) -> None:
        if self._dragging:
            self._dragging = False
            self.release_mouse()
