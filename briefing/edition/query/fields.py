"""The fields that a query can ask for: what each means and which values it takes."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, StrEnum

from msgspec import Struct

from briefing.model.vocabulary import (
    Act,
    ActorKind,
    ByStatus,
    IncidentStatus,
    IncidentType,
    Kind,
    Medium,
    PositionStatus,
    SourceKind,
    Stance,
)


class Sort(Enum):
    """What a field's value is."""

    CHOICE = "a word of a fixed list"
    NAME = "a name or an id of a record"
    WORDS = "words"
    DATE = "a date"
    COUNT = "a number"


class Is(StrEnum):
    """What ``is:`` can ask."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    DIFFERS = "differs"
    STALE = "stale"
    RETRACTED = "retracted"
    UNDATED = "undated"
    INFERRED = "inferred"
    FRAGMENT = "fragment"
    ANONYMOUS = "anonymous"


class FieldSpec(Struct, frozen=True):
    """One field; `kind` is the kind of the record a NAME names, `more` whether ``+:`` is allowed."""

    name: str
    sort: Sort
    help: str
    example: str
    choices: tuple[str, ...] = ()
    kind: Kind | None = None
    more: bool = False


def _choices(*vocabularies: Iterable[StrEnum]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.value for vocabulary in vocabularies for word in vocabulary))


def _name(name: str, kind: Kind, what: str, example: str) -> FieldSpec:
    return FieldSpec(name, Sort.NAME, what, example, kind=kind, more=kind is Kind.ACTOR)


def _choice(name: str, what: str, example: str, *vocabularies: Iterable[StrEnum]) -> FieldSpec:
    return FieldSpec(name, Sort.CHOICE, what, example, choices=_choices(*vocabularies))


_SPECS = (
    _choice("kind", "the kind of record", "quote", Kind),
    _name("actor", Kind.ACTOR, "anything the actor says, does, holds or suffers", '"kataib hezbollah"'),
    _name("speaker", Kind.ACTOR, "who said a quote", "hamidawi"),
    _name("by", Kind.ACTOR, "who did it, or holds the position", "israel"),
    _name("target", Kind.ACTOR, "at whom or what it is directed", '"united states"'),
    _name("issue", Kind.ISSUE, "the issue of a position", "airspace"),
    _choice("stance", "the stance of a position", "opposes", Stance),
    _choice("act", "the act of a position", "threatens", Act),
    _choice("status", "how certain it is that it happened, or how it is known", "confirmed",
            IncidentStatus, PositionStatus, ByStatus),
    _choice("type", "the type of an incident, actor or source, or the medium of a quote", "drone",
            IncidentType, ActorKind, Medium, SourceKind),
    FieldSpec("place", Sort.WORDS, "where an incident was", "erbil"),
    FieldSpec("country", Sort.WORDS, "the country of a place or an actor", "IQ"),
    _name("source", Kind.SOURCE, "what the record rests on", "shafaq"),
    FieldSpec("tag", Sort.WORDS, "a tag of the editors", "airspace"),
    FieldSpec("briefing", Sort.WORDS, "the briefing the record is in", "iraq-militias-2025-06"),
    FieldSpec("text", Sort.WORDS, "the record's own words, not names of what it is linked to", "bases"),
    _choice("is", "a state of the record", "verified", Is),
    FieldSpec("date", Sort.DATE, "when it was", "2025-06-13..2025-06-15"),
    FieldSpec("before", Sort.DATE, "earlier than", "2025-06-15"),
    FieldSpec("after", Sort.DATE, "later than", "2025-06-13"),
    FieldSpec("deaths", Sort.COUNT, "people killed", ">0"),
    FieldSpec("injured", Sort.COUNT, "people injured", ">=10"),
)  # fmt: skip
FIELDS = {spec.name: spec for spec in _SPECS}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of KNOWN that WORD most likely means, or None when none is near."""
    from difflib import get_close_matches

    close = get_close_matches(word.casefold()[:64], list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def choices_for(spec: FieldSpec, value: str, *, unfinished: bool) -> tuple[str, ...]:
    """The words of a CHOICE field that VALUE stands for; while unfinished, all that begin so."""
    value = value.strip().casefold().replace(" ", "-").replace("_", "-")
    for word in (value, value.removesuffix("s")):
        if word in spec.choices:
            return (word,)
    if unfinished:
        return tuple(word for word in spec.choices if word.startswith(value))
    return ()
