"""The usual layout of a list of records, read line by line in a third of the time that libyaml takes.

Nearly every entry keeps to it: keys in one column, each value on the line of its key, brackets that close
on their line, lists of one line an item. Only what has one meaning there is taken; an entry with anything
else in it (a text of several lines, a comment behind a value, a tag) is libyaml's to read, and so is all
that is wrong. Texts are taken as they stand, so the file must be sane and without backslashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

Tree = str | None | list["Tree"] | dict[str, "Tree"]

MISSING = frozenset({"", "~", "null"})
COLUMN = 3  # of the first key of every entry
_OPENING = re.compile(r"(?:[ ]*(?:#.*)?\n)*(?=- )")
_NEXT = re.compile(r"^- ", re.MULTILINE)
_KEY = re.compile("  ([a-z_]{1,64})")
_ITEM = "    - "
# What begins something else than a text without quotes.
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@` ")
# Inside brackets: texts of which no character could end them.
_WORDS = r"\w(?:[^,?\[\]{}:#\n]|:(?=[\w/]))*(?<! )"
_TEXT = rf"""(?:"[^"]*"|'[^']*'|{_WORDS})"""
_PAIR = rf"([a-z_]{{1,64}}): ({_TEXT})"
_PAIRS = re.compile(_PAIR)
_MAPPING = re.compile(rf"\{{{_PAIR}(?:, {_PAIR})*\}}")
_TEXTS = re.compile(rf"({_TEXT})")
_LIST = re.compile(rf"\[{_TEXT}(?:, {_TEXT})*\]")


class Entry(NamedTuple):
    """One entry of a list: where it begins and ends, on which line (from 0), and its tree if it is usual."""

    start: int
    end: int
    line: int
    tree: Tree


def entries(text: str) -> Iterator[Entry]:
    """The entries of TEXT; none when it does not begin with a list at the left edge."""
    opening = _OPENING.match(text)
    if opening is None:
        return
    start = opening.end()
    line = text.count("\n", 0, start)
    while start < len(text):
        following = _NEXT.search(text, start + 1)
        end = len(text) if following is None else following.start()
        entry = text[start:end]
        yield Entry(start, end, line, _tree(entry))
        line += entry.count("\n")
        start = end


class _UnusualError(Exception):
    """Something that this reader does not take."""


def _tree(entry: str) -> Tree:
    """ENTRY, which begins with a hyphen, as a tree; None when it is not of the usual layout."""
    tree: dict[str, Tree] = {}
    # The key that has no value yet, and so may have a list below it.
    open_key = ""
    try:
        for line in f"  {entry[2:]}".split("\n"):
            head, colon, value = line.partition(": ")
            key = _key(head if colon else line.removesuffix(":"))
            value = value.strip(" ")
            if key and (colon or line.endswith(":")):
                if key in tree:
                    return None
                tree[key] = _value(value) if value else None
                open_key = "" if value else key
            elif open_key and line.startswith(_ITEM):
                items = tree[open_key]
                item = _value(line[len(_ITEM) :].strip(" "))
                if isinstance(items, list):
                    items.append(item)
                else:
                    tree[open_key] = [item]
            elif not tree or line.strip(" ")[:1] not in ("", "#"):
                return None
    except _UnusualError:
        return None
    return tree


@lru_cache(maxsize=512)
def _key(head: str) -> str:
    """The key that HEAD, what comes before a colon, is; empty when it is none."""
    match = _KEY.fullmatch(head)
    return "" if match is None else match[1]


def _value(text: str) -> Tree:
    """What TEXT, all that stands on a line behind its key or hyphen, means."""
    first = text[:1]
    if first not in _INDICATORS:
        if not first or ": " in text or " #" in text or text[-1] == ":":
            raise _UnusualError
        return None if text in MISSING else text
    if first in "'\"":
        if len(text) == 1 or text.find(first, 1) != len(text) - 1:
            raise _UnusualError
        return text[1:-1]
    if first == "{":
        return _mapping(text)
    if first == "[":
        if text[1:2] == "{" and text[-1] == "]":
            return [_mapping(text[1:-1])]
        if _LIST.fullmatch(text) is not None:
            return [_text(item) for item in _TEXTS.findall(text)]
    raise _UnusualError


def _mapping(text: str) -> Tree:
    if _MAPPING.fullmatch(text) is None:
        raise _UnusualError
    pairs = _PAIRS.findall(text)
    tree: dict[str, Tree] = {key: _text(value) for key, value in pairs}
    if len(tree) != len(pairs):
        raise _UnusualError
    return tree


def _text(written: str) -> Tree:
    """A text inside brackets."""
    if written[0] in "'\"":
        return written[1:-1]
    return None if written in MISSING else written
