"""Links: which records a record names, and in which role, read from the types of its fields.

The plan of a type is worked out once, so that a million records cost attribute reads only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple, get_args

from msgspec import Meta, Struct, structs

from briefing.model.records import REFERS_TO, TYPES, AnyRecord, Briefing
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind


class Mention(NamedTuple):
    """One reference as a record writes it; `role` is the path of its field, as ``sources.source``."""

    role: str
    reference: str
    kind: Kind | None

    def target(self, briefing: str) -> Ref:
        """What a record of BRIEFING names by it, which is not always there."""
        return Ref.resolve(self.reference, briefing=briefing, kind=self.kind)


class _Step(NamedTuple):
    """One field that holds references, itself (`refers`) or inside its parts (`parts`)."""

    attribute: str
    path: str
    refers: bool
    kind: Kind | None
    parts: tuple[_Step, ...]


# The record asked about last: checking, storing and indexing one ask right after each other.
_last: tuple[object, list[Mention]] = None, []


def links(record: AnyRecord | Briefing) -> Sequence[Mention]:
    """Every reference that RECORD makes, in the order of its fields; duplicates are kept."""
    global _last
    known, found = _last
    if known is not record:
        found = []
        _gather(record, _plan(type(record)), found)
        _last = record, found
    return found


@cache
def roles() -> tuple[tuple[Kind, str], ...]:
    """Every role there is, with the kind of record that names in it; the order is stable."""
    found: list[tuple[Kind, str]] = []
    for kind, record in TYPES.items():
        found += ((kind, path) for path in _paths(_plan(record)))
    return tuple(found)


def _gather(value: Any, plan: tuple[_Step, ...], found: list[Mention]) -> None:
    for attribute, path, refers, kind, parts in plan:
        held = getattr(value, attribute)
        if not held:
            continue
        if refers:
            if isinstance(held, str):
                found.append(Mention(path, held, kind))
            else:
                found += [Mention(path, reference, kind) for reference in held]
        elif isinstance(held, tuple):
            for part in held:
                _gather(part, parts, found)
        else:
            _gather(held, parts, found)


@cache
def _plan(record: type[Struct], prefix: str = "") -> tuple[_Step, ...]:
    steps = []
    for field in structs.fields(record):
        path = prefix + field.encode_name
        inside = list(_inside(field.type))
        references = [
            part.extra[REFERS_TO]
            for part in inside
            if isinstance(part, Meta) and part.extra is not None and REFERS_TO in part.extra
        ]
        if references:
            steps.append(_Step(field.name, path, True, references[0], ()))
        for part in inside:
            if isinstance(part, type) and issubclass(part, Struct):
                parts = _plan(part, path + ".")
                if parts:
                    steps.append(_Step(field.name, path, False, None, parts))
    return tuple(steps)


def _inside(annotation: Any) -> Iterator[Any]:
    """A field's annotation and all that it is made of: types, and what Annotated says of them."""
    yield annotation
    for part in get_args(annotation):
        yield from _inside(part)


def _paths(plan: tuple[_Step, ...]) -> Iterator[str]:
    for step in plan:
        if step.refers:
            yield step.path
        else:
            yield from _paths(step.parts)


# Quotes that are parts of one utterance name it, not each other: the topic of what they say of it.
UTTERANCE = "utterance"


def utterance_key(briefing: str, name: str) -> str:
    """What tells the utterance NAME of BRIEFING from those of other briefings."""
    return f"{briefing}/{name}"
