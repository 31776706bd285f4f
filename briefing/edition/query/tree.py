"""The tree of a query. Nodes know where they stand in the text, which never makes two of them differ."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

_PLACES = ("start", "end")


class _Node(Struct, frozen=True, kw_only=True):
    """`start` and `end` are character positions in the query, from 0."""

    start: int = 0
    end: int = 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Node) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())

    def _said(self) -> tuple[object, ...]:
        """What it says, wherever it stands."""
        said = (getattr(self, name) for name in self.__struct_fields__ if name not in _PLACES)
        return type(self), *said


class Everything(_Node, frozen=True):
    """The empty query."""


class Word(_Node, frozen=True):
    """One word; as a `prefix` it stands for every word that begins so."""

    text: str
    prefix: bool = False


class Phrase(_Node, frozen=True):
    """Words in this order; the last may be a prefix."""

    text: str
    prefix: bool = False


class Field(_Node, frozen=True):
    """A value that one field must have; `more` is the plus of ``actor+:``."""

    name: str
    value: str
    quoted: bool = False
    prefix: bool = False
    more: bool = False


class Not(_Node, frozen=True):
    part: Node


class And(_Node, frozen=True):
    """All of two or more parts, none of them an And itself."""

    parts: tuple[Node, ...]


class Or(_Node, frozen=True):
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


def wanted(node: Node, *, negated: bool = False) -> Iterator[Word | Phrase | Field]:
    """The words, phrases and fields that a hit has, and not those it must not have; of a NEGATED node
    the other way about, for two minuses are none."""
    if isinstance(node, Not):
        yield from wanted(node.part, negated=not negated)
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from wanted(part, negated=negated)
    elif isinstance(node, Word | Phrase | Field) and not negated:
        yield node
