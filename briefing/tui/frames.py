"""Frames: what the terminal shows and what it should show, and the fewest bytes from one to the other.

Textual writes every line it was asked to repaint, whole, each piece with all its colours. On a slow
line that is what a reader waits for, so the frame here remembers the cells that were sent and writes
only those that differ. Frames that could not be sent are skipped, never gathered: the next one starts
from what the terminal really shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import cell_len, split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate

from briefing.tui.painting import Painting

# Writing this many unchanged cells is no dearer than moving the cursor over them.
_GAP: Final = 5
# Fewer lines are as soon written again.
_SCROLL_LEAST: Final = 3
# A step of a list may bring a heading with it; a wheel's step is three lines.
_SCROLLS: Final = (1, -1, 2, -2, 3, -3)
# How Rich numbers a style's attributes, with the SGR code that sets each and the one that ends it.
_ATTRIBUTES: Final = (
    ("bold", 1, 22),
    ("dim", 2, 22),
    ("italic", 3, 23),
    ("underline", 4, 24),
    ("blink", 5, 25),
    ("reverse", 7, 27),
    ("strike", 9, 29),
)
# These show on a blank too.
_VISIBLE_ON_BLANKS: Final = frozenset({4, 7, 9})
_OFF: Final = {on: off for _, on, off in _ATTRIBUTES}
# What every terminal draws in one cell: Latin, Greek, Cyrillic, punctuation, boxes.
_ALL_SURE: Final = re.compile("[\0-\u052f\u2010-\u2027\u2190-\u25ff]*").fullmatch


class Pen(NamedTuple):
    """How a cell is drawn, as the terminal is told it: SGR attributes and colour codes."""

    attributes: frozenset[int] = frozenset()
    colour: str = "39"
    background: str = "49"
    url: str = ""
    # For blanks, of which only the background is seen.
    blank: bool = False

    @property
    def shows_on_blanks(self) -> bool:
        return bool(self.attributes & _VISIBLE_ON_BLANKS or self.url)


class Cell(NamedTuple):
    """One cell: a character with what combines with it; empty where a wide one reaches over it."""

    text: str
    pen: Pen


PLAIN: Final = Pen(blank=True)
# Whatever may have come so far, no control character and no change of direction leaves this file.
_NEVER: Final[dict[int, str | None]] = dict.fromkeys(
    (
        *range(0x20),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),
        *range(0xD800, 0xE000),
    ),
    "\ufffd",
) | dict.fromkeys(range(0x2066, 0x206A))  # balanced in a text, and parted where its lines are broken
BLANK: Final = Cell(" ", PLAIN)
Row = list[Cell]
# Where the cursor stands, line and column, when nobody can say.
_UNKNOWN: Final = (-1, -1)


class Frame:
    """The cells of one terminal.

    `erases_in_colour` says that the terminal fills what it erases with the background colour in force,
    as all but GNU screen do.
    """

    def __init__(self, colours: ColorSystem | None, *, erases_in_colour: bool = True) -> None:
        self.colours = colours
        self.erases_in_colour = erases_in_colour
        self._wanted: list[Row] = []
        self._sent: list[Row | None] = []
        self._dirty: set[int] = set()
        self._width = 0

    def clear(self, width: int, height: int) -> None:
        """The terminal has been cleared, as at the start."""
        self.forget(width, height)
        self._sent = [[BLANK] * width for _ in range(height)]

    def forget(self, width: int, height: int) -> None:
        """What the terminal shows is not known, as after a resize: all is written again."""
        if (width, height) != (self._width, len(self._wanted)):
            self._wanted = [[BLANK] * width for _ in range(height)]
        self._width = width
        self._sent = [None] * height
        self._dirty = set(range(height))

    def shown(self) -> None:
        """The terminal shows what it should."""
        self._sent = [row.copy() for row in self._wanted]
        self._dirty.clear()

    def whole(self) -> str:
        """What would draw all of the frame on a terminal that has been cleared."""
        anew = Frame(self.colours, erases_in_colour=self.erases_in_colour)
        anew.clear(self._width, len(self._wanted))
        anew._wanted = self._wanted
        return anew.take()

    def apply(self, update: Painting | LayoutUpdate | ChopsUpdate) -> None:
        """Take over what our compositor drew, or Textual's."""
        if isinstance(update, Painting):
            for x, y, strip in update.lines:
                self._place(x, y, strip)
            return
        if isinstance(update, LayoutUpdate):
            for y, strips in enumerate(update.strips, update.region.y):
                self._place(update.region.x, y, (segment for strip in strips for segment in strip))
            return
        for y, start, stop in update.spans:
            for end, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if chop is None or x > stop or end <= start:
                    continue
                self._place(x, y, chop.crop(0, min(end, stop) - x))

    def _place(self, x: int, y: int, segments: Iterable[Segment]) -> None:
        if y >= len(self._wanted):
            return
        row = self._wanted[y]
        for text, style, control in segments:
            if control:
                continue
            # What was drawn for a wider terminal may begin behind the last column.
            cells = _cells(text, style, self.colours)[: max(self._width - x, 0)]
            row[x : x + len(cells)] = cells
            x += len(cells)
        self._dirty.add(y)

    def _scroll(self, writer: _Writer) -> None:
        """Let the terminal move lines that only stand further up or down, as in a list that scrolls."""
        # The last column holds scroll bars, which do not scroll.
        wanted = [row[:-1] for row in self._wanted]
        sent = [row and row[:-1] for row in self._sent]
        gain, start, stop, by = max((*_best_run(wanted, sent, by), by) for by in _SCROLLS)
        if gain < _SCROLL_LEAST:
            return
        top, bottom = (start, stop + by) if by > 0 else (start + by, stop)
        writer.scroll(top, bottom, by)
        moved = self._sent[top:bottom]
        # What comes in at the edge is blank, in a colour that terminals do not agree on.
        new: list[Row | None] = [None] * abs(by)
        self._sent[top:bottom] = [*moved[by:], *new] if by > 0 else [*new, *moved[:by]]
        self._dirty.update(range(top, bottom))

    def take(self) -> str:
        """What to write so that the terminal shows the frame; empty when it already does."""
        writer = _Writer(self.erases_in_colour)
        if len(self._dirty) >= _SCROLL_LEAST:
            self._scroll(writer)
        for y in sorted(self._dirty):
            wanted, sent = self._wanted[y], self._sent[y]
            if wanted == sent:
                continue
            hazardous = _hazardous(wanted)
            if sent is None or hazardous or _hazardous(sent):
                writer.write(y, 0, wanted, self._width, hazardous=hazardous)
            else:
                for start, stop in _changes(wanted, sent):
                    writer.write(y, start, wanted[start:stop], self._width, hazardous=False)
            self._sent[y] = wanted.copy()
        self._dirty.clear()
        return writer.finish()


# All frames of a process draw the same characters, and much the same texts, in the same few styles.
_cell = lru_cache(maxsize=4096)(Cell)


@lru_cache(maxsize=1024)
def _cells(text: str, style: Style | None, colours: ColorSystem | None) -> tuple[Cell, ...]:
    """The cells of TEXT, which holds nothing but text from here on."""
    if not text.isprintable():
        text = text.translate(_NEVER)
    pen, blank_pen = _pens(style, colours)
    blank = _cell(" ", blank_pen)
    if text.isascii() or (cell_len(text) == len(text) and set(map(cell_len, text)) == {1}):
        return tuple([blank if char == " " else _cell(char, pen) for char in text])
    cells: Row = []
    for start, stop, width in split_graphemes(text)[0]:
        char = text[start:stop]
        if width:
            cells.append(blank if char == " " else _cell(char, pen))
            cells.extend([_cell("", pen)] * (width - 1))
        elif cells:
            cells[-1] = Cell(cells[-1].text + char, cells[-1].pen)
    return tuple(cells)


@lru_cache(maxsize=512)
def _pens(style: Style | None, colours: ColorSystem | None) -> tuple[Pen, Pen]:
    """The pens of STYLE for characters and for blanks, which have no colour but their ground's."""
    if style is None:
        return Pen(), PLAIN
    attributes = frozenset(on for name, on, _ in _ATTRIBUTES if getattr(style, name))
    colour, background = "39", "49"
    if colours is not None:
        if style.color is not None:
            colour = ";".join(style.color.downgrade(colours).get_ansi_codes())
        if style.bgcolor is not None:
            background = ";".join(style.bgcolor.downgrade(colours).get_ansi_codes(False))
    link = style.link or ""
    pen = Pen(attributes, colour, background, link if link.isascii() and link.isprintable() else "")
    if pen.shows_on_blanks:
        return pen, pen
    return pen, Pen(background=background, blank=True)


def _best_run(wanted: Sequence[Row], sent: Sequence[Row | None], by: int) -> tuple[int, int, int]:
    """The span of lines of WANTED that stand BY lines further down in SENT and saves most: gain, start, stop.

    The gain is the number of lines that need not be written.
    """
    best = (0, 0, 0)
    gain = start = 0
    for y in range(len(wanted)):
        if not 0 <= y + by < len(sent) or wanted[y] != sent[y + by]:
            gain, start = 0, y + 1
            continue
        gain += wanted[y] != sent[y]
        if gain > best[0]:
            best = (gain, start, y + 1)
    return best


def _hazardous(row: Row) -> bool:
    """Whether terminals may disagree about the widths in ROW, so that it is written whole."""
    text = "".join([cell[0] for cell in row])
    return len(text) != len(row) or _ALL_SURE(text) is None


def _changes(wanted: Row, sent: Row) -> list[tuple[int, int]]:
    """The spans of cells that differ; near ones are joined."""
    spans: list[tuple[int, int]] = []
    start = stop = -_GAP
    for x in [x for x, (new, old) in enumerate(zip(wanted, sent, strict=True)) if new != old]:
        if x - stop >= _GAP:
            if stop > 0:
                spans.append((start, stop))
            start = x
        stop = x + 1
    if stop > 0:
        spans.append((start, stop))
    return spans


class _Writer:
    """Collects the bytes: moves the cursor, changes the pen by what differs, writes text."""

    def __init__(self, erases_in_colour: bool) -> None:
        self._out: list[str] = []
        self._pen = Pen()
        self._erases_in_colour = erases_in_colour
        self._at = _UNKNOWN

    def write(self, y: int, x: int, cells: Row, width: int, *, hazardous: bool) -> None:
        """Write CELLS at column X of line Y; some are HAZARDOUS, or none."""
        stop = len(cells)
        erase = stop
        if x + stop == width:
            while erase and cells[erase - 1] == cells[-1]:
                erase -= 1
            if not self._erasable(cells[-1], stop - erase):
                erase = stop
        self._move(y, x)
        x = self._draw(y, x, cells[:erase]) if hazardous else self._draw_sure(x, cells[:erase])
        if erase < stop:
            if self._at == _UNKNOWN:
                self._move(y, x)
            self._use(cells[-1].pen)
            self._out.append("\x1b[K")
        self._at = (y, x) if x < width else _UNKNOWN

    def _draw(self, y: int, x: int, cells: Row) -> int:
        """Draw CELLS one by one, saying anew where to go on; the column after them."""
        for cell, after in zip(cells, (*cells[1:], BLANK), strict=True):
            if cell.text:
                # Not before: a wide character is followed by a cell that is its own.
                if self._at == _UNKNOWN:
                    self._move(y, x)
                self._use(cell.pen)
                if len(cell.text) > 1 and not after.text:
                    # Where a terminal draws it in one cell, what stood in the other would stay.
                    self._out.append("  ")
                    self._at = _UNKNOWN
                    self._move(y, x)
                self._out.append(cell.text)
                if len(cell.text) > 1 or _ALL_SURE(cell.text) is None:
                    # Where this leaves the cursor, terminals differ.
                    self._at = _UNKNOWN
            x += 1
        return x

    def _draw_sure(self, x: int, cells: Row) -> int:
        """Draw CELLS, each of which leaves the cursor behind it."""
        out = self._out
        pen: Pen | None = None
        for text, wanted in cells:
            if wanted is not pen:
                pen = wanted
                self._use(pen)
            out.append(text)
        return x + len(cells)

    def scroll(self, top: int, bottom: int, by: int) -> None:
        """Move lines TOP to BOTTOM (exclusive) up by BY lines, or down when it is negative."""
        # Index and reverse index at the margins, which more terminals know than the scroll sequences.
        edge, step = (bottom, "\x1bD") if by > 0 else (top + 1, "\x1bM")
        self._out.append(f"\x1b[{top + 1};{bottom}r\x1b[{edge}H{step * abs(by)}\x1b[r")
        self._at = _UNKNOWN

    def _erasable(self, cell: Cell, count: int) -> bool:
        plain_ground = cell.pen.background == "49" or self._erases_in_colour
        return cell.text == " " and count > 3 and plain_ground and not cell.pen.shows_on_blanks

    def _move(self, y: int, x: int) -> None:
        at_y, at_x = self._at
        if (y, x) == (at_y, at_x):
            return
        if y == at_y and at_x >= 0 and x > at_x:
            self._out.append(f"\x1b[{x - at_x}C" if x - at_x > 1 else "\x1b[C")
        else:
            self._out.append(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")
        self._at = (y, x)

    def _use(self, pen: Pen) -> None:
        now = self._pen
        if pen == now:
            return
        if pen.blank and now.background == pen.background and not now.shows_on_blanks:
            # A blank looks the same in any colour: words of one look are not parted by their spaces.
            return
        codes: list[str] = []
        gone = now.attributes - pen.attributes
        if (pen.colour, pen.background) == ("39", "49") and (
            gone or (now.colour, now.background) != ("39", "49")
        ):
            # To begin anew is shorter than to end each thing.
            codes = ["", *map(str, sorted(pen.attributes))]
        else:
            ended = {_OFF[attribute] for attribute in gone}
            codes += map(str, sorted(ended))
            # Ending bold ends dim too: what shares an end code is set again.
            codes += [
                str(on) for on in sorted(pen.attributes) if on not in now.attributes or _OFF[on] in ended
            ]
            if pen.colour != now.colour:
                codes.append(pen.colour)
            if pen.background != now.background:
                codes.append(pen.background)
        if codes:
            self._out.append(f"\x1b[{';'.join(codes)}m")
        if pen.url != now.url:
            self._out.append(f"\x1b]8;;{pen.url}\x1b\\")
        self._pen = pen

    def finish(self) -> str:
        """All that was written; the pen is left plain."""
        if self._pen != PLAIN:
            self._use(Pen())
        return "".join(self._out)
