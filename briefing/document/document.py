"""Documents: a record laid out for a person, before anything draws it.

A document is a plain value. The terminal reader, plain text, Markdown (and later HTML) draw the
same blocks, so that what is said of a record is decided once.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from briefing.model.ref import Ref

# What a run of text is for; a renderer decides how that looks. Signs and words carry the
# meaning, style only supports it.
Style = Literal["plain", "strong", "muted", "quote", "original", "good", "warning", "bad"]


class Run(Struct, frozen=True):
    """Text in one style; `target` makes it a link to a record (Ref) or a web page (http or https)."""

    text: str
    style: Style = "plain"
    target: Ref | str | None = None


Line = tuple[Run, ...]


class Heading(Struct, frozen=True):
    """A title within the document; level 1 is the document's own."""

    text: str
    level: int = 2


class Paragraph(Struct, frozen=True):
    line: Line


class Field(Struct, frozen=True):
    """A label and its value: ``Speaker  Abu Hussein al-Hamidawi``. Labels of a run align."""

    label: str
    line: Line


class Quotation(Struct, frozen=True):
    """Words somebody said; `original` and others in their own script stand on lines of their own."""

    line: Line
    lang: str | None = None


class Item(Struct, frozen=True):
    """One entry of a list, for example a linked record; `sign` is its bullet, `aside` its date."""

    line: Line
    aside: str = ""
    sign: str = ""


class Bar(Struct, frozen=True):
    """A labelled amount of a whole, for the day strip and facets: drawn as a bar with its number."""

    label: str
    amount: int
    most: int
    target: Ref | str | None = None


Block = Heading | Paragraph | Field | Quotation | Item | Bar


class Document(Struct, frozen=True):
    """What the reader shows of one record: its ref and its blocks in reading order."""

    ref: Ref
    title: str
    blocks: tuple[Block, ...]
