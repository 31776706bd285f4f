"""The register of checks: each a small generator function, entered under the kinds or topic it is about.

A record check looks at one record alone, so it runs where the file is loaded, on any core. What must
be compared between records is first said as facts, small and sortable; a group check then sees the
facts of one topic that share a key. No check ever holds all records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from briefing.content.checks.lookup import Fact, Lookup
from briefing.content.finding import Finding
from briefing.model.records import AnyRecord, Briefing
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.model.when import Span, parse_date


class Setting(NamedTuple):
    """What a record check knows besides its record: which briefing it is in, and that one's dates."""

    briefing: str
    window: Span | None = None
    as_of: Span | None = None

    @classmethod
    def of(cls, name: str, briefing: Briefing | None) -> Setting:
        """The setting of the records of the briefing NAME."""
        if briefing is None:
            return cls(name)
        window = None if briefing.window is None else parse_date(briefing.window)
        return cls(name, window, parse_date(briefing.as_of))


RecordCheck = Callable[[Any, Setting], Iterator[Finding]]
FactsOf = Callable[[Any, Ref], Iterator[Fact]]
GroupCheck = Callable[[str, list[Fact], Lookup], Iterator[tuple[Ref, Finding]]]
LibraryCheck = Callable[[Lookup], Iterator[tuple[Ref, Finding]]]


class GroupEntry(NamedTuple):
    """A check of the groups of TOPIC; `in_briefing`: only facts that one briefing sees are compared."""

    topic: str
    check: GroupCheck
    in_briefing: bool


RECORD_CHECKS: dict[Kind, list[RecordCheck]] = {kind: [] for kind in Kind}
FACTS: dict[Kind, list[FactsOf]] = {kind: [] for kind in Kind}
GROUP_CHECKS: list[GroupEntry] = []
LIBRARY_CHECKS: list[LibraryCheck] = []


def record_check(*kinds: Kind) -> Callable[[RecordCheck], RecordCheck]:
    """Enter a check of single records of KINDS."""

    def enter(function: RecordCheck) -> RecordCheck:
        for kind in kinds:
            RECORD_CHECKS[kind].append(function)
        return function

    return enter


def says(*kinds: Kind) -> Callable[[FactsOf], FactsOf]:
    """Enter a function that says facts of records of KINDS."""

    def enter(function: FactsOf) -> FactsOf:
        for kind in kinds:
            FACTS[kind].append(function)
        return function

    return enter


def group_check(topic: str, *, in_briefing: bool = False) -> Callable[[GroupCheck], GroupCheck]:
    """Enter a check of the groups of TOPIC.

    One that compares, IN_BRIEFING, a briefing's own facts and the shared ones need not see other groups.
    """

    def enter(function: GroupCheck) -> GroupCheck:
        GROUP_CHECKS.append(GroupEntry(topic, function, in_briefing))
        return function

    return enter


def library_check(function: LibraryCheck) -> LibraryCheck:
    """Enter a check that asks the library itself, once."""
    LIBRARY_CHECKS.append(function)
    return function


def facts_of(record: AnyRecord | Briefing, briefing: str) -> Iterator[Fact]:
    """What the record of BRIEFING says that is to be compared with others."""
    ref = Ref(briefing, record.KIND, record.id)
    for function in FACTS[record.KIND]:
        yield from function(record, ref)


def check_record(record: AnyRecord | Briefing, setting: Setting) -> Iterator[Finding]:
    """What is wrong with one record in itself."""
    for function in RECORD_CHECKS[record.KIND]:
        yield from function(record, setting)
