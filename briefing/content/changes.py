"""What is different between two versions of a record, field by field; lists item by item.

Versions are compared as plain trees, so that a version which today's rules would refuse is told of as
well; what only spells a value in another way (`[a]` for `a`, `yes` for `true`, a default) is no change.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
from msgspec.json import encode

from briefing.content.format import key_order
from briefing.content.isolates import closed
from briefing.content.layout import Tree
from briefing.content.sanitise import sanitise_line
from briefing.content.schema import convert
from briefing.model.records import TYPES
from briefing.model.vocabulary import Kind

# A record as a tree of texts: its fields by name, as YAML names them.
Version = dict[str, Any]
# By which key an item of a list stays the same item while its other fields change: the first it has.
_IDENTITY = ("source", "actor", "title", "text")
_SHOWN_MAX = 40


class What(StrEnum):
    """What became of a record or of a field."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RETRACTED = "retracted"
    RESTORED = "restored"
    RENAMED = "renamed"
    REORDERED = "reordered"


class FieldChange(NamedTuple):
    """One difference: the field's path (`when.date`), and its value or item before and after."""

    field: str
    what: What
    before: Any = None
    after: Any = None


def version(tree: dict[str, Tree], kind: Kind) -> Version:
    """The record that TREE is, in the one spelling in which versions are compared."""
    record, _ = convert(tree, TYPES[kind])
    # Unsound by today's rules: compared as it is written.
    plain = _plain(tree if record is None else msgspec.to_builtins(record))
    return {key: plain[key] for key in (*key_order(TYPES[kind]), *plain) if key in plain}


def _plain(value: Any) -> Any:
    """VALUE in lists, mappings and texts, with what is empty left out and keys safe to show."""
    if isinstance(value, dict):
        plain = {sanitise_line(key): _plain(inner) for key, inner in value.items()}
        return {key: inner for key, inner in plain.items() if inner not in (None, [], {})}
    if isinstance(value, list | tuple):
        return [inner for inner in map(_plain, value) if inner is not None]
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def compare(before: Version, after: Version) -> tuple[FieldChange, ...]:
    """The differences between two versions of a record, in the order of the fields."""
    return tuple(_mappings("", before, after))


def became(before: Version | None, after: Version | None) -> What:
    """What happened to a record of which two versions differ."""
    if before is None:
        return What.ADDED
    if after is None:
        return What.REMOVED
    if ("retracted" in before) != ("retracted" in after):
        return What.RETRACTED if "retracted" in after else What.RESTORED
    return What.CHANGED if before.get("id") == after.get("id") else What.RENAMED


def _mappings(path: str, before: Version, after: Version) -> Iterator[FieldChange]:
    for key in {**after, **before}:
        yield from _values(f"{path}.{key}" if path else key, before.get(key), after.get(key))


def _values(path: str, before: Any, after: Any) -> Iterator[FieldChange]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _mappings(path, before, after)
    elif isinstance(before, list) or isinstance(after, list):
        # Where one or a list is allowed, one is a list of one.
        yield from _lists(path, _items(before), _items(after))
    elif before is None:
        yield FieldChange(path, What.ADDED, after=after)
    elif after is None:
        yield FieldChange(path, What.REMOVED, before=before)
    else:
        yield FieldChange(path, What.CHANGED, before, after)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _lists(path: str, before: list[Any], after: list[Any]) -> Iterator[FieldChange]:
    """Items that came and went; items that stayed and changed inside; or only another order."""
    gone, come = _without(before, after), _without(after, before)
    if not gone and not come:
        if before != after:
            yield FieldChange(path, What.REORDERED, before, after)
        return
    for place, item in _successors(gone, come):
        old, new = gone[place], come[item]
        gone[place] = come[item] = None
        yield from _mappings(f"{path}[{start(_identity(new), _SHOWN_MAX)}]", old, new)
    yield from (FieldChange(path, What.REMOVED, before=item) for item in gone if item is not None)
    yield from (FieldChange(path, What.ADDED, after=item) for item in come if item is not None)


def _without(items: list[Any], others: list[Any]) -> list[Any]:
    """ITEMS less OTHERS; what stands there more often than in OTHERS is left."""
    rest = Counter(map(encode, others))
    left = []
    for item in items:
        encoded = encode(item)
        if rest[encoded]:
            rest[encoded] -= 1
        else:
            left.append(item)
    return left


def _successors(gone: list[Any], come: list[Any]) -> Iterator[tuple[int, int]]:
    """Which item of GONE has become which of COME, by their places."""
    if len(gone) == len(come) == 1 and isinstance(gone[0], dict) and isinstance(come[0], dict):
        yield 0, 0
        return
    places: dict[str, deque[int]] = {}
    for place, item in enumerate(come):
        if isinstance(item, dict):
            places.setdefault(_identity(item), deque()).append(place)
    for place, item in enumerate(gone):
        if isinstance(item, dict) and (same := places.get(_identity(item))):
            yield place, same.popleft()


def _identity(item: Version) -> str:
    return next((str(item[key]) for key in _IDENTITY if key in item), "")


def start(text: str, most: int) -> str:
    """The first words of TEXT in one line, cut between words."""
    text = " ".join(text.split())
    return text if len(text) <= most else closed(text[:most].rsplit(" ", 1)[0]) + " …"
