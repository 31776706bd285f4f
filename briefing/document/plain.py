"""Documents as linear text: one thing after the other, as a pipe and a screen reader want it.

`lines` keeps the styles, so that a terminal can colour what `plain` prints without them.
"""

from __future__ import annotations

from collections.abc import Iterator

from briefing.document.document import (
    Bar,
    Block,
    Document,
    Field,
    Heading,
    Item,
    Line,
    Paragraph,
    Quotation,
    Run,
)
from briefing.model.ref import Ref

WIDTH = 80
_BLANK: Line = ()


def plain(document: Document, *, width: int | None = WIDTH, refs: bool = False) -> str:
    """DOCUMENT as text, wrapped at WIDTH (None: a paragraph a line); REFS names each link's record."""
    return "".join(
        "".join(run.text for run in line).rstrip() + "\n" for line in lines(document, width=width, refs=refs)
    )


def lines(document: Document, *, width: int | None = WIDTH, refs: bool = False) -> Iterator[Line]:
    """The lines of DOCUMENT, with an empty one before each heading but the first."""
    last: Block | None = None
    for block in document.blocks:
        if last is not None and _apart(last, block):
            yield _BLANK
        yield from _block(block, width, refs)
        last = block


def _apart(before: Block, block: Block) -> bool:
    """Whether an empty line stands between two blocks."""
    if isinstance(block, Heading):
        return True
    if isinstance(before, Heading):
        return before.level == 1
    return isinstance(block, Paragraph) or isinstance(before, Paragraph)


def _block(block: Block, width: int | None, refs: bool) -> Iterator[Line]:
    match block:
        case Heading():
            yield from wrap((Run(block.text, "strong"),), width)
        case Paragraph():
            yield from wrap(_named(block.line, refs), width)
        case Field():
            line = (Run(f"{block.label}: ", "muted"), *_named(block.line, refs))
            yield from wrap(line, width, rest="  ")
        case Quotation():
            yield from wrap(_named(block.line, refs), width, first="  ", rest="  ")
        case Item():
            sign = f"{block.sign} " if block.sign else ""
            aside = (Run(f" ({block.aside})", "muted"),) if block.aside else ()
            line = (Run(sign), *_named(block.line, False), *aside, *_refs(block.line, refs))
            yield from wrap(line, width, first="- " if not block.sign else "", rest="  ")
        case Bar():
            yield (Run(f"{block.label}: {block.amount:,}"),)


def _named(line: Line, refs: bool) -> Line:
    """LINE with the target of each link said after it, so that nothing rests on a click."""
    out: list[Run] = []
    for run in line:
        out.append(run)
        if isinstance(run.target, str) and run.target != run.text:
            out.append(Run(f" <{run.target}>", "muted"))
        elif refs and isinstance(run.target, Ref):
            out.append(Run(f" [{run.target.short}]", "muted"))
    return tuple(out)


def _refs(line: Line, refs: bool) -> Line:
    targets = [run.target for run in line if isinstance(run.target, Ref)] if refs else []
    return tuple(Run(f" [{target.short}]", "muted") for target in targets)


def wrap(line: Line, width: int | None, *, first: str = "", rest: str = "") -> Iterator[Line]:
    """LINE broken between words to WIDTH characters; a longer word stays whole, so refs can be copied.

    FIRST and REST indent the first and the other lines. Line breaks in the text count as spaces.
    """
    current: list[Run] = [Run(first)] if first else []
    used = indent = len(first)
    gap = False
    # The pieces of one word may bear several styles: they are kept together.
    for word, spaced in _words(line):
        size = sum(len(run.text) for run in word)
        gap = spaced and used > indent
        if width is not None and used > indent and used + gap + size > width:
            yield tuple(_joined(current))
            current, used, indent = ([Run(rest)] if rest else []), len(rest), len(rest)
            gap = False
        if gap:
            # A space inside a link or quote belongs to it, one between two styles to neither.
            same = current and current[-1].style == word[0].style and current[-1].target == word[0].target
            current.append(Run(" ", word[0].style, word[0].target) if same else Run(" "))
        current += word
        used += gap + size
    yield tuple(_joined(current))


def _words(line: Line) -> Iterator[tuple[list[Run], bool]]:
    """The words of LINE as runs, and whether a space goes before each."""
    word: list[Run] = []
    spaced = before = False
    for run in line:
        for piece in _split(run.text):
            if piece == " ":
                if word:
                    yield word, before
                    word = []
                spaced = True
            else:
                if not word:
                    before, spaced = spaced, False
                word.append(Run(piece, run.style, run.target))
    if word:
        yield word, before


def _split(text: str) -> Iterator[str]:
    """Words and single spaces in turn, as they stand in TEXT."""
    words = text.split()
    if not words:
        if text:
            yield " "
        return
    if text[0].isspace():
        yield " "
    for number, word in enumerate(words):
        if number:
            yield " "
        yield word
    if text[-1].isspace():
        yield " "


def _joined(runs: list[Run]) -> Iterator[Run]:
    """RUNS with neighbours of one style made one."""
    last: Run | None = None
    for run in runs:
        if last is not None and (last.style, last.target) == (run.style, run.target):
            last = Run(last.text + run.text, last.style, last.target)
        else:
            if last is not None:
                yield last
            last = run
    if last is not None:
        yield last
