"""Checks of what replaces what: positions that supersede others, and records that were retracted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from briefing.content.checks.lookup import Fact, Lookup
from briefing.content.checks.registry import group_check, says
from briefing.content.codes import declare
from briefing.content.finding import Finding
from briefing.model.records import AnyRecord, Briefing, Position
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

CIRCLE = declare(
    "E307",
    "positions supersede in a circle",
    "Followed from one to the next, `supersedes` comes back to where it began, so none is the latest.",
    "- {id: p-1, supersedes: p-2}\n- {id: p-2, supersedes: p-1}",
)
BACK_IN_TIME = declare(
    "W307",
    "supersedes what came later",
    "A position replaces an earlier one, and its date lies before the other's.",
    "- {id: p-1, when: {date: 2025-06-13}, supersedes: p-2}\n- {id: p-2, when: {date: 2025-06-15}}",
)
OTHER_ACTOR = declare(
    "W308",
    "supersedes a position of another",
    "A position replaces one of the same actor on the same issue.",
    "- {id: p-1, actor: iran, supersedes: p-2}\n- {id: p-2, actor: iraq}",
)
RESTS_ON_RETRACTED = declare(
    "W309",
    "rests on a retracted record",
    "The record was retracted, and others that still hold name it. Let them rest on something else, or "
    "retract them too.",
    "- {id: q-1, retracted: {date: 2025-06-18, why: misattributed}}\n- {id: p-1, quotes: q-1}",
)
_SHOWN = 3
_READ_MAX = 1000


@says(Kind.POSITION)
def superseded(position: Position, ref: Ref) -> Iterator[Fact]:
    if position.supersedes is not None:
        yield Fact("supersedes", ref.briefing, ref, position.supersedes)


@group_check("supersedes")
def succession(_: str, facts: list[Fact], lookup: Lookup) -> Iterator[tuple[Ref, Finding]]:
    """Positions replace earlier ones of the same actor on the same issue, and never one another."""
    earlier = {
        fact.ref: Ref.resolve(fact.value, briefing=fact.ref.briefing, kind=Kind.POSITION) for fact in facts
    }
    yield from _circles(earlier)
    for ref, target in earlier.items():
        new, old = lookup.get(ref), lookup.get(target)
        if not isinstance(new, Position) or not isinstance(old, Position) or ref == target:
            continue
        path = ("supersedes",)
        if (new.actor, new.issue) != (old.actor, old.issue):
            message = f"{target.id} is a position of another actor or on another issue"
            yield ref, Finding(OTHER_ACTOR, path, message)
        after, before = new.when.span, old.when.span
        if after is not None and before is not None and after.latest < before.earliest:
            message = f"is of {new.when.date}, before {target.id} ({old.when.date}), which it supersedes"
            yield ref, Finding(BACK_IN_TIME, path, message)


def _circles(earlier: dict[Ref, Ref]) -> Iterator[tuple[Ref, Finding]]:
    done: set[Ref] = set()
    for start in earlier:
        walked: dict[Ref, None] = {}
        ref: Ref | None = start
        while ref is not None and ref not in done and ref not in walked:
            walked[ref] = None
            ref = earlier.get(ref)
        if ref in walked:
            order = list(walked)
            circle = order[order.index(ref) :]
            names = " -> ".join(member.id for member in [*circle, circle[0]][: _SHOWN + 2])
            yield circle[0], Finding(CIRCLE, ("supersedes",), f"supersedes itself in a circle: {names}")
        done.update(walked)


@says(*(kind for kind in Kind if kind is not Kind.BRIEFING))
def retracted(record: AnyRecord, ref: Ref) -> Iterator[Fact]:
    if record.retracted is not None:
        yield Fact("retracted", str(ref), ref)


@group_check("retracted")
def nothing_rests_on_it(_: str, facts: list[Fact], lookup: Lookup) -> Iterator[tuple[Ref, Finding]]:
    """What was retracted carries nothing that still holds; what replaced it may name it."""
    ref = facts[0].ref
    resting: list[str] = []
    for mentioned in islice(lookup.referring(ref), _READ_MAX):
        record = lookup.get(mentioned.ref)
        still_holds = isinstance(record, Briefing) or (record is not None and record.retracted is None)
        if still_holds and mentioned.role not in ("supersedes", "related"):
            resting.append(mentioned.ref.short)
    names = list(dict.fromkeys(resting))
    if names:
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        message = f"is retracted, but {', '.join(names[:_SHOWN])}{more} still name it"
        yield ref, Finding(RESTS_ON_RETRACTED, ("retracted",), message, on_key=True)
