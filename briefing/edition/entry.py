"""What the edition hands out: entries, links between them, and the cards of briefings."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from briefing.content.verdict import Verdict
from briefing.model.records import AnyRecord, Briefing
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind


class Entry(Struct, frozen=True):
    """One record with what the library knows about it.

    `group` is the heading under which it stands in its pane (issue question, day, actor kind);
    `tally` says how many records of each kind name it, if it is an actor, an issue or a source.
    """

    ref: Ref
    record: AnyRecord | Briefing
    group: str = ""
    tally: Mapping[Kind, int] = {}
    verification: Verdict | None = None


class Link(Struct, frozen=True):
    """A record that the entry names, and in which role (the path of the field)."""

    role: str
    ref: Ref


class LinkGroup(Struct, frozen=True):
    """The records of one kind that name the entry in one role; `refs` are the newest of them."""

    role: str
    kind: Kind
    total: int
    refs: tuple[Ref, ...]


class Links(Struct, frozen=True):
    """What an entry names, and what names it."""

    out: tuple[Link, ...]
    into: tuple[LinkGroup, ...]


class Card(Struct, frozen=True):
    """One briefing of the library, as the list of briefings shows it."""

    briefing: Briefing
    counts: Mapping[Kind, int]
    problems: int
