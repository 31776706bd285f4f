"""Links: which records a record names, and in which role, read from the types of its fields.

The plan of a type is worked out once, so that a million records cost attribute reads only.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from msgspec import Struct, inspect

from briefing.model.records import RECORDS, REFERS_TO, AnyRecord, Briefing
from briefing.model.vocabulary import Kind


class Mention(NamedTuple):
    """One reference as a record writes it; `role` is the path of its field, as ``sources.source``."""

    role: str
    reference: str
    kind: Kind | None


class _Step(NamedTuple):
    """One field that holds references, itself (`refers`) or inside its parts (`parts`)."""

    attribute: str
    path: str
    refers: bool
    kind: Kind | None
    parts: tuple[_Step, ...]


def links(record: AnyRecord | Briefing) -> Iterator[Mention]:
    """Every reference that RECORD makes, in the order of its fields; duplicates are kept."""
    return _walk(record, _plan(type(record)))


@cache
def roles() -> tuple[tuple[Kind, str], ...]:
    """Every role there is, with the kind of record that names in it; the order is stable."""
    found: list[tuple[Kind, str]] = []
    for kind, record in {Kind.BRIEFING: Briefing, **RECORDS}.items():
        found += ((kind, path) for path in _paths(_plan(record)))
    return tuple(found)


def _walk(value: Any, plan: tuple[_Step, ...]) -> Iterator[Mention]:
    for attribute, path, refers, kind, parts in plan:
        held = getattr(value, attribute)
        if not held:
            continue
        if refers:
            if isinstance(held, str):
                yield Mention(path, held, kind)
            else:
                for reference in held:
                    yield Mention(path, reference, kind)
        elif isinstance(held, tuple):
            for part in held:
                yield from _walk(part, parts)
        else:
            yield from _walk(held, parts)


@cache
def _plan(record: type[Struct], prefix: str = "") -> tuple[_Step, ...]:
    steps = []
    info = inspect.type_info(record)
    assert isinstance(info, inspect.StructType)
    for field in info.fields:
        path = prefix + field.encode_name
        leaves = list(_leaves(field.type))
        references = [leaf for leaf in leaves if isinstance(leaf, inspect.Metadata)]
        structs = [leaf.cls for leaf in leaves if isinstance(leaf, inspect.StructType)]
        if references:
            assert references[0].extra is not None
            steps.append(_Step(field.name, path, True, references[0].extra[REFERS_TO], ()))
        for struct in structs:
            parts = _plan(struct, path + ".")
            if parts:
                steps.append(_Step(field.name, path, False, None, parts))
    return tuple(steps)


def _leaves(kind: inspect.Type) -> Iterator[inspect.Type]:
    """The reference and struct types that a field's type is made of."""
    if isinstance(kind, inspect.Metadata):
        if kind.extra is not None and REFERS_TO in kind.extra:
            yield kind
        else:
            yield from _leaves(kind.type)
    elif isinstance(kind, inspect.UnionType):
        for member in kind.types:
            yield from _leaves(member)
    elif isinstance(kind, inspect.VarTupleType):
        yield from _leaves(kind.item_type)
    elif isinstance(kind, inspect.StructType):
        yield kind


def _paths(plan: tuple[_Step, ...]) -> Iterator[str]:
    for step in plan:
        if step.refers:
            yield step.path
        else:
            yield from _paths(step.parts)
