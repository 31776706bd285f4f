"""Canonical form of content files: order of keys, quotes, blank lines; comments stay where they belong.

Lines are moved and quotes exchanged in the text itself, and the result must read as the same records, or
nothing is changed. A round-trip library was tried and put aside: it ties a comment to the line before it,
so that with the keys in another order a comment ends up above the wrong one, and it folds texts anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import yaml
from msgspec import inspect as types
from yaml import CBaseLoader, MappingNode, ScalarNode, SequenceNode

from briefing.content.layout import Tree
from briefing.content.schema import bare, type_of
from briefing.content.tree import LINE_BREAK, read_items
from briefing.model.records import TYPES
from briefing.model.vocabulary import Kind

# A YAML node; the stubs hide what kinds of nodes have.
Node = Any
_COMMENT = re.compile(r"\s*#")
_EMPTY = re.compile(r"\s*$")


class NotFormattedError(Exception):
    """The text cannot be put in canonical form; the message says why."""


class _Edit(NamedTuple):
    """Put TEXT in the place of the characters from START to END."""

    start: int
    end: int
    text: str


def format_text(text: str, kind: Kind) -> str:
    """TEXT, a file of records of KIND, in canonical form.

    Raises NotFormattedError for what is no sound YAML. Formatting twice changes nothing.
    """
    before = _trees(text, kind)
    if not all(isinstance(tree, dict) for tree in before):
        raise NotFormattedError("it has YAML errors or entries that are no records (see: briefing check)")
    if not text.strip():
        return text
    text = "\n".join(LINE_BREAK.split(text))
    try:
        text = _spaced(_ordered(_requoted(_with_hyphens(text, kind), kind), kind), kind)
        same = _canonical(_trees(text, kind)) == _canonical(before)
    except yaml.YAMLError:
        same = False
    if not same:
        raise NotFormattedError("its layout is one that cannot be rearranged safely")
    return text


def key_order(record: Any) -> tuple[str, ...]:
    """The keys of a record or part in canonical order: the id, its own fields, then what all records have."""
    info = type_of(record)
    assert isinstance(info, types.StructType)
    names = {field.name: field.encode_name for field in info.fields}
    own = [names[name] for name in record.__annotations__ if name in names]
    inherited = [name for name in names.values() if name not in own]
    first = [name for name in ("schema", "id") if name in names]
    return tuple(dict.fromkeys([*first, *own, *inherited]))


@cache
def _places(record: Any) -> dict[str, int]:
    return {key: place for place, key in enumerate(key_order(record))}


def _type(kind: Kind) -> types.Type:
    return type_of(TYPES[kind])


def _trees(text: str, kind: Kind) -> list[Tree]:
    """The entries of the file, None for each that has a fault."""
    items = read_items(text, listed=kind is not Kind.BRIEFING)
    return [None if item.faults else item.tree for item in items]


def _canonical(tree: Tree | list[Tree]) -> object:
    """TREE without the order of its keys."""
    if isinstance(tree, dict):
        return {key: _canonical(tree[key]) for key in sorted(tree)}
    return [_canonical(item) for item in tree] if isinstance(tree, list) else tree


def _records(text: str, kind: Kind) -> list[Node]:
    root = yaml.compose(text, Loader=CBaseLoader)
    if isinstance(root, SequenceNode):
        return list(root.value)
    return [root] if root is not None and kind is Kind.BRIEFING else []


_TYPE_FOR: dict[Any, Any] = {MappingNode: types.StructType, SequenceNode: types.VarTupleType}


def _parts(node: Node, info: types.Type) -> Iterator[tuple[Node, types.Type]]:
    """NODE and all that it holds, the innermost first, each with its type; what has none is passed over."""
    info = bare(info)
    if isinstance(info, types.UnionType):
        wanted = _TYPE_FOR.get(type(node))
        for member in info.types:
            inner = bare(member)
            fits = (
                isinstance(inner, wanted)
                if wanted
                else not isinstance(inner, types.StructType | types.VarTupleType)
            )
            if fits and not isinstance(inner, types.NoneType):
                yield from _parts(node, member)
                return
    elif isinstance(info, types.StructType) and isinstance(node, MappingNode):
        fields = {field.encode_name: field.type for field in info.fields}
        for key, value in node.value:
            if key.value in fields:
                yield from _parts(value, fields[key.value])
        yield node, info
    elif isinstance(info, types.VarTupleType) and isinstance(node, SequenceNode):
        for item in node.value:
            yield from _parts(item, info.item_type)
    elif isinstance(node, ScalarNode) and not isinstance(info, types.StructType | types.VarTupleType):
        yield node, info


def _with_hyphens(text: str, kind: Kind) -> str:
    """TEXT with each record's first key beside its hyphen, and the comments between them above."""
    lines = text.split("\n")
    for record in reversed(_records(text, kind)):
        first, column = record.start_mark.line, record.start_mark.column
        hyphen = first
        while hyphen > 0 and (_EMPTY.match(lines[hyphen - 1]) or _COMMENT.match(lines[hyphen - 1])):
            hyphen -= 1
        hyphen -= 1
        if hyphen >= 0 and lines[hyphen].strip() == "-" and not lines[first][:column].strip():
            indent = lines[hyphen][: _indent(lines[hyphen])]
            comments = [indent + line.strip() for line in lines[hyphen + 1 : first] if line.strip()]
            opened = f"{indent}-".ljust(column) + lines[first][column:]
            lines[hyphen : first + 1] = [*comments, opened]
    return "\n".join(lines)


# Quotes and flow mappings: edits inside a line


def _requoted(text: str, kind: Kind) -> str:
    """TEXT with canonical quotes, and the keys of mappings in one line in order."""
    for edits in (_quote_edits, _flow_edits):
        while True:
            found = [
                edit for record in _records(text, kind) for edit in edits(text, record, _type(kind)) if
                text[edit.start : edit.end] != edit.text
            ]  # fmt: skip
            if not found:
                break
            end = len(text)
            for edit in sorted(found, reverse=True):
                if edit.end <= end:  # a mapping inside another waits for the next round
                    text = text[: edit.start] + edit.text + text[edit.end :]
                    end = edit.start
    return text


def _quote_edits(text: str, record: Node, info: types.Type) -> Iterator[_Edit]:
    for node, kind in _parts(record, info):
        start, end = node.start_mark, node.end_mark
        if not isinstance(node, ScalarNode) or node.style not in ("'", '"') or start.line != end.line:
            continue
        yield _Edit(start.index, end.index, _quoted(node.value, kind, text[start.index : end.index]))


def _quoted(value: str, kind: types.Type, written: str) -> str:
    """VALUE as it is written: closed words and numbers bare, texts in double quotes where they have any."""
    is_text = isinstance(kind, types.StrType) and kind.pattern is None
    if not is_text and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9./+-]*", value) and value != "null":
        return value
    if written.startswith("'") and '"' not in value and "\\" not in value and value.isprintable():
        return f'"{value}"'
    return written


def _flow_edits(text: str, record: Node, info: types.Type) -> Iterator[_Edit]:
    for node, kind in _parts(record, info):
        if not isinstance(kind, types.StructType) or not node.flow_style:
            continue
        start, end = node.start_mark, node.end_mark
        if start.line != end.line:
            continue
        places = _places(kind.cls)
        pairs = sorted(node.value, key=lambda pair: places.get(pair[0].value, len(places)))
        inside = ", ".join(text[key.start_mark.index : value.end_mark.index] for key, value in pairs)
        yield _Edit(start.index, end.index, f"{{{inside}}}")


# Block mappings: moving lines


def _ordered(text: str, kind: Kind) -> str:
    """TEXT with the keys of block mappings in order."""
    lines = text.split("\n")
    for record in _records(text, kind):
        for node, info in _parts(record, _type(kind)):
            if isinstance(info, types.StructType) and isinstance(node, MappingNode) and not node.flow_style:
                _order_block(lines, node, _places(info.cls))
    return "\n".join(lines)


class _Chunk(NamedTuple):
    """The lines of one key: the comments right above it, and its own."""

    key: str
    comments: list[str]
    lines: list[str]


def _order_block(lines: list[str], node: MappingNode, places: dict[str, int]) -> None:
    """Sort the chunks of NODE in LINES; their number of lines stays, so outer marks still hold."""
    column = node.start_mark.column
    first = node.start_mark.line
    prefix = lines[first][:column]
    if prefix.strip(" -"):  # something else stands on the line, such as a key of its own
        return
    if node.value[0][0].start_mark.line != first:  # its first key stands below a question mark
        return
    starts: list[int] = []
    for key, _ in node.value:
        start = key.start_mark.line
        if start != first:
            floor = starts[-1]
            while start - 1 > floor and _is_comment_at(lines[start - 1], column):
                start -= 1
        starts.append(start)
    if len(set(starts)) != len(starts):
        return
    stop = _end(lines, node, column)
    chunks: list[_Chunk] = []
    for (key, _), start, end in zip(node.value, starts, [*starts[1:], stop], strict=True):
        at = key.start_mark.line
        chunks.append(_Chunk(key.value, lines[start:at], [lines[at][column:], *lines[at + 1 : end]]))
    chunks.sort(key=lambda chunk: places.get(chunk.key, len(places)))
    head, *rest = chunks
    comments = [
        prefix.replace("-", " ")[: len(prefix) - len(prefix.lstrip(" "))] + c.strip() for c in head.comments
    ]
    ordered = [*comments, prefix + head.lines[0], *head.lines[1:]]
    for chunk in rest:
        ordered += [*chunk.comments, " " * column + chunk.lines[0], *chunk.lines[1:]]
    lines[first:stop] = ordered


def _is_comment_at(line: str, column: int) -> bool:
    return _COMMENT.match(line) is not None and len(line) - len(line.lstrip()) == column


def _end(lines: list[str], node: MappingNode, column: int) -> int:
    """The line after the last one of NODE; what follows it is its own only as a comment further in."""
    last = node.value[-1][1]
    end: int = last.end_mark.line + (1 if last.end_mark.column > 0 else 0)
    end = max(min(end, len(lines)), node.value[-1][0].start_mark.line + 1)
    while end < len(lines) and _COMMENT.match(lines[end]) and _indent(lines[end]) > column:
        end += 1
    literal = isinstance(last, ScalarNode) and last.style in ("|", ">")
    floor = node.value[-1][0].start_mark.line + 1
    while end > floor and (
        _EMPTY.match(lines[end - 1])
        or (not literal and _COMMENT.match(lines[end - 1]) and _indent(lines[end - 1]) <= column)
        or _indent(lines[end - 1]) < column
    ):
        end -= 1
    return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


# Blank lines


def _spaced(text: str, kind: Kind) -> str:
    """TEXT with a blank line between records of several lines, and no spaces at line ends."""
    kept = _block_lines(text, kind)
    lines = [line if number in kept else line.rstrip() for number, line in enumerate(text.split("\n"))]
    records = _records("\n".join(lines), kind)
    if kind is not Kind.BRIEFING:
        for record, following in reversed(list(pairwise(records))):
            if not record.flow_style and not following.flow_style:
                _one_blank_line(lines, record.start_mark.line, following.start_mark.line)
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(lines) + "\n"


def _one_blank_line(lines: list[str], before: int, start: int) -> None:
    """Part the record that starts at START, with its comments, from the one before by one blank line."""
    while (
        start - 1 > before
        and _COMMENT.match(lines[start - 1])
        and _indent(lines[start - 1]) <= _indent(lines[start])
    ):
        start -= 1
    blank = start
    while blank - 1 > before and not lines[blank - 1]:
        blank -= 1
    lines[blank:start] = [""]


def _block_lines(text: str, kind: Kind) -> set[int]:
    """The lines inside block scalars, where a space at the end is part of the text."""
    found: set[int] = set()
    for record in _records(text, kind):
        for node, _ in _parts(record, _type(kind)):
            if isinstance(node, ScalarNode) and node.style in ("|", ">"):
                found.update(range(node.start_mark.line + 1, node.end_mark.line))
    return found
