"""The tree of a query. Nodes know where they stand in the text, which never makes two of them differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class _Node:
    """`start` and `end` are character positions in the query, from 0."""

    start: int = field(default=0, compare=False, kw_only=True)
    end: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Everything(_Node):
    """The empty query."""


@dataclass(frozen=True, slots=True)
class Word(_Node):
    """One word; as a `prefix` it stands for every word that begins so."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase(_Node):
    """Words in this order; the last may be a prefix."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Field(_Node):
    """A value that one field must have; `more` is the plus of ``actor+:``."""

    name: str
    value: str
    quoted: bool = False
    prefix: bool = False
    more: bool = False
    value_start: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not(_Node):
    part: Node


@dataclass(frozen=True, slots=True)
class And(_Node):
    """All of two or more parts, none of them an And itself."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(_Node):
    """Any of two or more parts, none of them an Or itself."""

    parts: tuple[Node, ...]


Node = Everything | Word | Phrase | Field | Not | And | Or


def walk(node: Node) -> Iterator[Node]:
    """NODE and all nodes below it."""
    yield node
    if isinstance(node, Not):
        yield from walk(node.part)
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from walk(part)


def wanted(node: Node) -> Iterator[Word | Phrase | Field]:
    """The words, phrases and fields that a hit has, and not those it must not have."""
    if isinstance(node, Word | Phrase | Field):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from wanted(part)
