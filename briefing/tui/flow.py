"""Flow: blocks of a document broken into lines of a given width, before any colour.

A pure function, so that what stands where is tested as a value; the widget only paints its pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from msgspec import Struct
from rich.cells import cell_len

from briefing.document.document import Bar, Block, Field, Heading, Item, Line, Paragraph, Quotation, Run
from briefing.model.ref import Ref
from briefing.tui.cells import fit, wrap

Target = Ref | str
Highlight = Callable[[str], Sequence[tuple[int, int]]]
# Longer lines are hard to read, however wide the terminal.
MEASURE: Final = 84
LABEL_MOST: Final = 18
BAR_MOST: Final = 32
QUOTE_BAR: Final = "│ "


class Piece(NamedTuple):
    """Text of one look: its role, the number of its link, the number of its match."""

    text: str
    role: str = "plain"
    link: int | None = None
    match: int | None = None


FlowLine = tuple[Piece, ...]


class Flow(Struct):
    """Lines of a document; `links` and `matches` say on which line each first stands."""

    lines: list[FlowLine] = []
    links: list[tuple[Target, int]] = []
    matches: list[int] = []


class Scroll(NamedTuple):
    """How far a record was read: the first line in view, of lines of MEASURE cells."""

    line: int = 0
    measure: int = 0


START: Final = Scroll()


def no_highlight(_text: str) -> Sequence[tuple[int, int]]:
    """What no search finds."""
    return ()


def flow(blocks: Sequence[Block], width: int, highlight: Highlight = no_highlight) -> Flow:
    """Lay BLOCKS out in WIDTH cells, at most `MEASURE`; HIGHLIGHT gives the matches in a text."""
    return _Layout(min(width, MEASURE), highlight).lay(blocks)


class _Layout:
    """Builds one flow; holds what a run of like blocks shares."""

    def __init__(self, width: int, highlight: Highlight) -> None:
        self._width = max(width, 10)
        self._highlight = highlight
        self._flow = Flow()
        self._indent = 0

    def lay(self, blocks: Sequence[Block]) -> Flow:
        before: Block | None = None
        for run in _runs(blocks):
            # A field right after an item says more of that item, so it stands under its text.
            under_item = isinstance(before, Item) and isinstance(run[0], Field)
            self._indent = self._indent if under_item else 0
            if before is not None and not under_item and not _heads(before):
                self._flow.lines.append(())
            columns = _columns(run)
            for index, block in enumerate(run):
                if index and isinstance(block, Paragraph | Quotation):
                    self._flow.lines.append(())
                self._lay_block(block, columns)
            before = run[-1]
        return self._flow

    def _lay_block(self, block: Block, columns: tuple[int, int]) -> None:
        match block:
            case Heading(text, level):
                self._text((Run(text),), roles="title" if level == 1 else "heading")
            case Paragraph(line):
                self._text(line)
            case Quotation(line):
                bar = (Piece(QUOTE_BAR, "sign"),)
                self._text(line, first=bar, rest=bar)
            case Field(label, line):
                room = min(columns[0], LABEL_MOST)
                indent = " " * self._indent
                first = (Piece(indent), Piece(fit(label, room), "label"), Piece("  "))
                self._text(line, first=first, rest=(Piece(indent + " " * (room + 2)),))
            case Item():
                self._item(block, *columns)
            case Bar():
                self._bar(block, *columns)

    def _item(self, item: Item, signs: int, asides: int) -> None:
        first: list[Piece] = []
        if signs:
            first += [Piece(fit(item.sign, signs), "sign"), Piece(" ")]
        if asides:
            first += [Piece(fit(item.aside, asides), "muted"), Piece("  ")]
        self._indent = (signs + 1 if signs else 0) + (asides + 2 if asides else 0)
        self._text(item.line, first=tuple(first), rest=(Piece(" " * self._indent),))

    def _bar(self, bar: Bar, labels: int, numbers: int) -> None:
        room = max(min(self._width - labels - numbers - 4, BAR_MOST), 1)
        # Anything that is not nothing shows.
        size = max(round(room * bar.amount / bar.most), 1) if bar.amount and bar.most else 0
        link = self._link(bar.target, len(self._flow.lines))
        self._flow.lines.append(
            (
                Piece(fit(bar.label, labels), "plain", link),
                Piece("  "),
                Piece(fit(f"{bar.amount:,}", numbers, right=True), "muted"),
                Piece("  "),
                Piece("■" * size, "bar"),
            )
        )

    def _link(self, target: Target | None, line: int) -> int | None:
        if target is None:
            return None
        self._flow.links.append((target, line))
        return len(self._flow.links) - 1

    def _text(self, line: Line, *, first: FlowLine = (), rest: FlowLine = (), roles: str = "") -> None:
        """Break LINE into lines, the first led by FIRST and the others by REST."""
        text = "".join(run.text for run in line)
        room = self._width - sum(cell_len(piece.text) for piece in first)
        spans = wrap(text, room)
        top = len(self._flow.lines)
        marks = [(start, stop) for start, stop in self._highlight(text) if start < stop]
        first_match = len(self._flow.matches)
        for start, _ in marks:
            self._flow.matches.append(top + _line_of(spans, start))
        looks: list[tuple[int, int, str, int | None]] = []
        at = 0
        for run in line:
            stop = at + len(run.text)
            link = self._link(run.target, top + _line_of(spans, at)) if run.text else None
            looks.append((at, stop, roles or run.style, link))
            at = stop
        for number, (start, stop) in enumerate(spans):
            pieces = _cut(text, start, stop, looks, marks, first_match)
            self._flow.lines.append((*(rest if number else first), *pieces))


def _cut(
    text: str,
    start: int,
    stop: int,
    looks: Sequence[tuple[int, int, str, int | None]],
    marks: Sequence[tuple[int, int]],
    first_match: int,
) -> Iterator[Piece]:
    """The pieces of text[START:STOP]: cut wherever the look or a match changes."""
    for look_start, look_stop, role, link in looks:
        low, high = max(start, look_start), min(stop, look_stop)
        if low >= high:
            continue
        at = low
        for number, (mark_start, mark_stop) in enumerate(marks, first_match):
            mark_low, mark_high = max(at, mark_start), min(high, mark_stop)
            if mark_low >= mark_high:
                continue
            if at < mark_low:
                yield Piece(text[at:mark_low], role, link)
            yield Piece(text[mark_low:mark_high], role, link, number)
            at = mark_high
        if at < high:
            yield Piece(text[at:high], role, link)


def _line_of(spans: Sequence[tuple[int, int]], offset: int) -> int:
    """Which line the character at OFFSET stands on."""
    for number, (_, stop) in enumerate(spans):
        if offset < stop:
            return number
    return len(spans) - 1


def _runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Blocks of one sort that follow each other: they share columns."""
    run: list[Block] = []
    for block in blocks:
        if run and (type(block) is not type(run[-1]) or isinstance(block, Heading)):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _columns(run: Sequence[Block]) -> tuple[int, int]:
    """How wide the columns before the text have to be that the blocks of RUN share; 0 for none."""
    widths = [(0, 0)]
    for block in run:
        match block:
            case Field(label):
                widths.append((cell_len(label), 0))
            case Item():
                widths.append((cell_len(block.sign), cell_len(block.aside)))
            case Bar():
                widths.append((cell_len(block.label), len(f"{block.amount:,}")))
    first, second = zip(*widths, strict=True)
    return max(first), max(second)


def _heads(block: Block) -> bool:
    """Whether BLOCK is the heading of a section, which its section follows at once."""
    return isinstance(block, Heading) and block.level > 1
