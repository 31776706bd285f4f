"""What is drawn anew, cell by cell from the front to the back, so that nothing is drawn to be covered.

Textual draws every widget within the smallest rectangle around all that has changed, those behind others
too, and then cuts the lines up to see which piece is in front. Here a dirty rectangle is taken from the
widget in front, and what is left of it from those behind; mostly nothing is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from rich.console import RenderableType
from textual._compositor import Compositor, CompositorMap
from textual._context import visible_screen_stack
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip


class Painting(NamedTuple):
    """Lines to draw, each with the column and row of its first cell."""

    lines: list[tuple[int, int, Strip]]


class Steady(Compositor):
    """Knows where everything stands as it was laid out last.

    Textual lays all of it out anew when it is asked about something that it does not know yet. What has come
    to stand elsewhere is then no news when the screen is laid out in earnest: it is not drawn there, and not
    told of its size.
    """

    @property
    def full_map(self) -> CompositorMap:
        if self._visible_map is None:  # nothing was scrolled
            self._full_map_invalidated = False
        return super().full_map


class FrontToBack(Steady):
    """Draws of the widgets what can be seen of them."""

    def render_update(  # type: ignore[override]
        self, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
    ) -> RenderableType | Painting | None:
        """What has changed; all of the screen, when that is asked for, as Textual draws it."""
        if full:
            return super().render_update(full, screen_stack, simplify)
        visible_screen_stack.set(screen_stack or [])
        dirty = self._dirty_regions.copy()
        self._dirty_regions.clear()
        whole = self.size.region
        return Painting(list(self._seen([whole] if whole in dirty else dirty))) if dirty else None

    def _seen(self, dirty: Iterable[Region]) -> Iterator[tuple[int, int, Strip]]:
        left = [part for region in dirty if (part := region.intersection(self.size.region))]
        for widget, (region, clip) in self.visible_widgets.items():
            if not left:
                return
            shown = region.intersection(clip)
            behind: list[Region] = []
            for part in left:
                here = part.intersection(shown)
                if not here:
                    behind.append(part)
                    continue
                for y, strip in enumerate(widget.render_lines(here.translate(-region.offset)), here.y):
                    yield here.x, y, strip
                behind += _without(part, here)
            left = behind


def _without(part: Region, hole: Region) -> Iterator[Region]:
    """What is left of PART, up to four rectangles, when HOLE within it is taken out."""
    if hole == part:
        return
    above, below = hole.y - part.y, part.bottom - hole.bottom
    before, after = hole.x - part.x, part.right - hole.right
    if above:
        yield Region(part.x, part.y, part.width, above)
    if below:
        yield Region(part.x, hole.bottom, part.width, below)
    if before:
        yield Region(part.x, hole.y, before, hole.height)
    if after:
        yield Region(hole.right, hole.y, after, hole.height)
