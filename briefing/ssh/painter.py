"""Turns what stands on a reader's screen into the fewest bytes that change the client's terminal.

The painter remembers what the client sees and sends only the cells that differ. So a frame that was
never sent costs nothing: the next one is drawn against what the client has, not against what was missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

# A run is text in one look: the text, and its SGR parameters ("" is the terminal's own look).
Run = tuple[str, str]
Line = tuple[Run, ...]
Cell = Run

BLANK: Cell = (" ", "")
# A jump of the cursor costs about as much as repeating this many unchanged cells.
GAP = 6
# Blinking is left out: over a line it would go on for ever.
_ATTRIBUTES = (
    ("bold", "1"),
    ("dim", "2"),
    ("italic", "3"),
    ("underline", "4"),
    ("reverse", "7"),
    ("conceal", "8"),
    ("strike", "9"),
    ("underline2", "21"),
    ("overline", "53"),
)
_SEEN_ON_BLANK = frozenset({"4", "7", "9", "21", "53"})
# Characters that every terminal draws one cell wide, left to right, each for itself. A line with any
# other (Arabic, East Asian, combining marks) is repainted whole: terminals disagree where its cells are.
_PLAIN = re.compile(
    "[\x20-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u22ff\u2500-\u25ff]*"
)


@lru_cache(maxsize=4096)
def _look(style: Style, colours: ColorSystem | None, blank: bool) -> str:
    """The SGR parameters that draw STYLE; of a BLANK only what can be seen on one.

    Not `Style.render`, which remembers the first terminal's colours for all: styles are shared by readers.
    """
    attributes = [code for name, code in _ATTRIBUTES if getattr(style, name)]
    seen_on_blank = [code for code in attributes if code in _SEEN_ON_BLANK]
    codes = seen_on_blank if blank else attributes
    for colour, foreground in ((style.color, True), (style.bgcolor, False)):
        if colour is None or colour.is_default or colours is None:
            continue  # the terminal's own colour needs no word
        if not (blank and foreground and not seen_on_blank):
            codes = [*codes, *colour.downgrade(colours).get_ansi_codes(foreground)]
    return ";".join(codes)


def line_of(segments: Iterable[Segment], colours: ColorSystem | None) -> Line:
    """The runs of one screen line; neighbours of one look become one run."""
    runs: list[Run] = []
    for text, style, control in segments:
        if control or not text:
            continue
        look = "" if style is None else _look(style, colours, text.isspace())
        if runs and runs[-1][1] == look:
            runs[-1] = (runs[-1][0] + text, look)
        else:
            runs.append((text, look))
    return tuple(runs)


def _cells(line: Line, width: int) -> list[Cell]:
    cells = [(character, look) for text, look in line for character in text]
    return cells + [BLANK] * (width - len(cells))


def _plain(line: Line) -> bool:
    return all(text.isascii() or _PLAIN.fullmatch(text) for text, _ in line)


def _changes(old: Sequence[Cell], new: Sequence[Cell]) -> list[tuple[int, int]]:
    """The spans of columns in which NEW differs, those close together joined."""
    spans: list[tuple[int, int]] = []
    for column, (was, now) in enumerate(zip(old, new, strict=True)):
        if was != now:
            if spans and column - spans[-1][1] <= GAP:
                spans[-1] = (spans[-1][0], column + 1)
            else:
                spans.append((column, column + 1))
    return spans


class Painter:
    """What one client's terminal shows, and how to bring it to what it should show."""

    def __init__(self, colours: ColorSystem | None) -> None:
        self.colours = colours
        self._shown: list[Line] = []
        self._width = 0
        self._look = ""

    def forget(self) -> None:
        """Take nothing for granted: the next frame clears the terminal and draws all of it."""
        self._shown = []

    def paint(self, lines: Sequence[Iterable[Segment]], width: int) -> str:
        """The bytes that bring the terminal to LINES, "" where it shows them already."""
        frame = [line_of(line, self.colours) for line in lines]
        out: list[str] = []
        if len(frame) != len(self._shown) or width != self._width:
            out.append("\x1b[0m\x1b[2J")
            self._shown, self._width, self._look = [()] * len(frame), width, ""
        for row, (was, now) in enumerate(zip(self._shown, frame, strict=True)):
            if was != now:
                self._paint_line(row, was, now, out)
        if self._look:  # leave the terminal in its own look between frames
            out.append("\x1b[0m")
            self._look = ""
        self._shown = frame
        return "".join(out)

    def _paint_line(self, row: int, was: Line, now: Line, out: list[str]) -> None:
        if not (_plain(was) and _plain(now)):
            out.append(f"\x1b[{row + 1}H")
            self._wear("", out)
            out.append("\x1b[2K")
            for text, look in now:
                self._wear(look, out)
                out.append(text)
            return
        new = _cells(now, self._width)
        end = self._width
        while end and new[end - 1] == BLANK:
            end -= 1
        for start, stop in _changes(_cells(was, self._width), new):
            out.append(f"\x1b[{row + 1};{start + 1}H" if start else f"\x1b[{row + 1}H")
            self._draw(new[start : min(stop, end)], out)
            if stop > end:  # what is left of this span is blank, and so is the rest of the line
                self._wear("", out)
                out.append(" " * (stop - max(start, end)) if stop - max(start, end) < 3 else "\x1b[K")
                return

    def _draw(self, cells: Sequence[Cell], out: list[str]) -> None:
        for character, look in cells:
            self._wear(look, out)
            out.append(character)

    def _wear(self, look: str, out: list[str]) -> None:
        if look != self._look:
            out.append(f"\x1b[0;{look}m" if look and self._look else f"\x1b[{look or 0}m")
            self._look = look
