"""Documents as Markdown (CommonMark), with the data escaped so that it cannot make markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.document.document import Bar, Block, Document, Field, Heading, Item, Line, Paragraph, Quotation
from briefing.model.ref import Ref

# What means something anywhere in a line, and what means something at its start.
_INLINE = re.compile(r"([\\`*_\[\]<>|~#!])")
_START = re.compile(r"^(?:(\s*)(?=[-+=:])|(\s*\d+)(?=[.)](?:\s|$)))")
# Renderers make links of bare addresses; an entity in the middle keeps them text.
_BARE = re.compile(r"(https?|ftp|mailto|xmpp)(:)|(www)(\.)|(@)", re.IGNORECASE)
_ENTITIES = {":": "&#58;", ".": "&#46;", "@": "&#64;"}


def markdown(document: Document) -> str:
    """DOCUMENT as Markdown."""
    return "\n".join(_blocks(document.blocks)).strip("\n") + "\n"


def escape(text: str) -> str:
    """TEXT as one line of Markdown that renders as itself."""
    text = " ".join(text.split()).replace("&", "&amp;")
    text = _INLINE.sub(r"\\\1", text)
    text = _BARE.sub(_entity, text)
    # A list bullet, an underline or a list number that is none.
    return _START.sub(r"\1\2\\", text)


def _entity(match: re.Match[str]) -> str:
    text = match[0]
    return text[:-1] + _ENTITIES[text[-1]]


def _blocks(blocks: tuple[Block, ...]) -> Iterator[str]:
    last: Block | None = None
    for block in blocks:
        listed = isinstance(block, Field | Item | Bar)
        if last is not None and not (listed and isinstance(last, Field | Item | Bar)):
            yield ""
        yield _block(block)
        last = block


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {escape(block.text)}"
        case Paragraph():
            return _line(block.line)
        case Field():
            return f"- **{escape(block.label)}:** {_line(block.line)}"
        case Quotation():
            return f"> {_line(block.line)}"
        case Item():
            # A sign is said as code: `--` at the start of an item could be a rule or a list.
            sign = f"`{block.sign}` " if block.sign else ""
            return f"- {sign}{_line(block.line)}" + (f" ({escape(block.aside)})" if block.aside else "")
        case Bar():
            return f"- {escape(block.label)}: {block.amount:,}"


def _line(line: Line) -> str:
    return "".join(_run(run.text, run.style, run.target) for run in line if run.text)


def _run(text: str, style: str, target: Ref | str | None) -> str:
    inner = escape(text)
    # What surrounds a word in emphasis may not be space, so the space goes outside.
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and inner else ""
    if style == "strong" and inner:
        inner = f"**{inner}**"
    if isinstance(target, str) and target.startswith(("http://", "https://")):
        inner = f"[{inner}](<{_address(target)}>)"
    elif isinstance(target, Ref):
        inner = f"{inner} (`{target.short}`)"
    return before + inner + after


def _address(url: str) -> str:
    """URL as the destination of a link: nothing in it ends the angle brackets."""
    return "".join(f"%{ord(c):02X}" if c in "<>\\" or c.isspace() else c for c in url)
