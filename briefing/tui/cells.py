"""Text in cells: fitting it to a width and breaking it into lines.

Widths are those of the terminal (wide and combining characters), never of Python's `len`. Text is
broken, never reordered: terminals disagree about right-to-left scripts.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rich.cells import cell_len, set_cell_size, split_graphemes

ELLIPSIS: Final = "…"
_LINES = re.compile("^.*", re.MULTILINE)
_WORDS = re.compile(r"(\S+)\s*|\s+")
# Two of these letters are one flag.
_FLAG = "[\U0001f1e6-\U0001f1ff]"
_HALF_A_FLAG = re.compile(f"(?<!{_FLAG})(?:{_FLAG}{_FLAG})*{_FLAG}$")


@lru_cache(maxsize=2048)  # the rows of a list are drawn again and again
def fit(text: str, width: int, *, right: bool = False) -> str:
    """TEXT in exactly WIDTH cells of one line: cut with an ellipsis or padded."""
    text = text.replace("\n", " ")
    length = cell_len(text)
    if length > width:
        # Rich looks at all of a text, of which a narrow column shows the very beginning.
        begin = text[: 2 * width]
        enough = begin if cell_len(begin) > width else text
        cut = set_cell_size(enough, width - 1)
        if not cut.isascii() and _HALF_A_FLAG.search(cut):
            cut = f"{cut[:-1]} "
        return cut + ELLIPSIS if width > 0 else ""
    pad = " " * (width - length)
    return pad + text if right else text + pad


def wrap(text: str, width: int) -> list[tuple[int, int]]:
    """The lines of TEXT at WIDTH cells, as spans of it; spaces at a break belong to no line.

    Lines that TEXT has are kept apart. A word wider than the line is broken after a slash or hyphen, else
    between characters. There is always at least one line.
    """
    width = max(width, 1)
    if "\n" in text:
        return [
            (line.start() + first, line.start() + last)
            for line in _LINES.finditer(text.rstrip("\n"))
            for first, last in wrap(line[0], width)
        ]
    if len(text) <= 2 * width and cell_len(text) <= width:
        return [(0, len(text.rstrip()) or len(text))]
    lines: list[tuple[int, int]] = []
    start = end = room = 0
    for word in _WORDS.finditer(text):
        first, last = word.span()
        # Its letters, or the spaces that a text begins with.
        stripped = word.end(1) if word[1] else last
        size = cell_len(text[first:stripped])
        if end > start and room + size > width:
            lines.append((start, end))
            start, room = first, 0
        if size > width:
            for stop in _breaks(text, first, stripped, width):
                lines.append((start, stop))
                start = stop
            room = cell_len(text[start:last])
        else:
            room += size if last == stripped else cell_len(word[0])
        end = stripped
    lines.append((start, max(end, start)))
    return lines


def _breaks(text: str, start: int, stop: int, width: int) -> list[int]:
    """Where to break text[START:STOP], wider than WIDTH, so that each part fits."""
    breaks: list[int] = []
    room = 0
    for first, _, size in split_graphemes(text[start:stop])[0]:
        while room and room + size > width:
            last, at = breaks[-1] if breaks else start, start + first
            whole = at - bool(_HALF_A_FLAG.search(text, last, at))
            breaks.append(_joint(text, last, whole if whole > last else at))
            room = cell_len(text[breaks[-1] : at])
        room += size
    return breaks


def _joint(text: str, start: int, stop: int) -> int:
    """Where text[START:STOP] is best cut, at STOP where nothing is better: an address or a ref has parts."""
    return next((at for joint in "/-" if (at := text.rfind(joint, start, stop) + 1) > start), stop)
