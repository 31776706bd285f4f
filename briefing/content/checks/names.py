"""Checks of names: that a reader who types one finds one actor.

Names are compared folded, as search compares them; this finds look-alikes and never merges anybody.
"""

from __future__ import annotations

from collections.abc import Iterator

from briefing.content.checks.lookup import Fact, Lookup
from briefing.content.checks.registry import group_check, says
from briefing.content.codes import declare
from briefing.content.finding import Finding
from briefing.model.names import fold_name
from briefing.model.records import Actor, alias_texts
from briefing.model.ref import SHARED, Ref
from briefing.model.vocabulary import Kind

SAME_NAME = declare(
    "W303",
    "two actors of the same name",
    "The names of two actors are spellings of the same name. Are they one and the same? If not, a role or a "
    "fuller name tells a reader which is which.",
    "- {id: sudani, name: Mohammed al-Sudani}\n- {id: al-sudani, name: Muhammad Al Sudani}",
)
SHARED_ALIAS = declare(
    "W304",
    "alias that two actors share",
    "A search for this alias finds two actors. Keep it with the one that is meant by it.",
    "- {id: kh, aliases: [the group]}\n- {id: hamas, aliases: [the group]}",
)


@says(Kind.ACTOR)
def names(actor: Actor, ref: Ref) -> Iterator[Fact]:
    for value, text in (("name", actor.name), *(("alias", alias) for alias in alias_texts(actor.aliases))):
        key = fold_name(text)
        if key:
            yield Fact("name", key, ref, value)


@group_check("name", in_briefing=True)
def one_name_one_actor(_: str, facts: list[Fact], lookup: Lookup) -> Iterator[tuple[Ref, Finding]]:
    """Actors of one briefing, the shared ones included, do not share a name."""
    groups: dict[str, dict[str, Fact]] = {}
    for fact in facts:
        group = groups.setdefault(fact.ref.briefing, {})
        if fact.ref.id not in group or fact.value == "name":
            group[fact.ref.id] = fact
    shared = groups.get(SHARED, {})
    for briefing, own in groups.items():
        others = [] if briefing == SHARED else [fact for id_, fact in shared.items() if id_ not in own]
        if len(others) + len(own) < 2:
            continue
        first, *rest = sorted([*others, *own.values()], key=lambda fact: _standing(fact, lookup))
        for other in rest:
            if other.ref.briefing == briefing:  # a pair of shared actors is reported once, there
                yield from _same(first, other, lookup)


def _standing(fact: Fact, lookup: Lookup) -> tuple[bool, str, int]:
    """Where an actor stands: the shared ones first, so that of two the later one is reported."""
    place = lookup.place(fact.ref)
    own = fact.ref.briefing != SHARED
    return (own, place.display, place.line) if place is not None else (own, "", 0)


def _same(first: Fact, other: Fact, lookup: Lookup) -> Iterator[tuple[Ref, Finding]]:
    if other.value == "name" and first.value == "alias" and first.ref.briefing == other.ref.briefing:
        first, other = other, first  # the alias is what can be changed
    actor = lookup.get(other.ref)
    if not isinstance(actor, Actor):
        return
    if other.value == "name":
        message = f'is named "{actor.name}", a spelling of the same name as {first.ref.short}'
        yield other.ref, Finding(SAME_NAME, ("name",), message)
        return
    texts = alias_texts(actor.aliases)
    position = next(n for n, text in enumerate(texts) if fold_name(text) == other.key)
    message = f'"{texts[position]}" is also a name of {first.ref.short}'
    yield other.ref, Finding(SHARED_ALIAS, ("aliases", position), message)
