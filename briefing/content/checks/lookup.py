"""What the checks see of a library: a small face, so that they run on lists and on an edition alike.

An edition answers it from its store, for a million records; MemoryLookup from records in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from briefing.content import codes
from briefing.content.library import File
from briefing.content.problem import Problem, Severity
from briefing.content.verdict import Standing
from briefing.content.verified import Marks
from briefing.model.links import links
from briefing.model.records import AnyRecord, Briefing, Source
from briefing.model.ref import SHARED, Ref, slug_of
from briefing.model.vocabulary import Kind


class Fact(NamedTuple):
    """What one record says that is to be compared with others: facts of one topic and key are a group."""

    topic: str
    key: str
    ref: Ref
    value: str = ""


class Mentioned(NamedTuple):
    """A reference of the record REF, as it is written, and the record that it means."""

    ref: Ref
    role: str
    reference: str
    target: Ref


class Place(NamedTuple):
    """Where a record's entry starts; problems show the file as `display`."""

    file: File
    display: str
    line: int
    column: int


class Lookup(Protocol):
    """A library's records by their refs. A ref of an actor that its briefing lacks means the shared one."""

    def get(self, ref: Ref) -> AnyRecord | Briefing | None:
        """The record, or None when there is none."""

    def place(self, ref: Ref) -> Place | None:
        """Where the record stands."""

    def referring(self, ref: Ref) -> Iterator[Mentioned]:
        """Every reference to the record, the ones that reach a shared actor through a briefing too."""

    def dangling(self) -> Iterator[Mentioned]:
        """Every reference to a record that is not there."""

    def unread(self, briefing: str, kind: Kind) -> bool:
        """Whether a file of records of KIND could not be read, so that nobody knows what is in it."""

    def left_out(self, ref: Ref) -> bool:
        """Whether a file has the record, or may have it, and it was left out for errors of its own, as far as
        is looked."""

    def incomplete(self, briefing: str, kind: Kind) -> bool:
        """Whether records of KIND may be there that could not be read or were left out."""

    def duplicates(self) -> Iterator[tuple[Ref, Place]]:
        """Every record whose ref an earlier one has already: the ref, and where the later one stands."""

    def facts(self, topic: str, *, in_briefing: bool = False) -> Iterator[Fact]:
        """The facts of a topic, sorted by their key.

        IN_BRIEFING, those of a key may be left out where no briefing, with the shared ones, sees two ids.
        """

    def doubtful(self) -> Iterator[tuple[Ref, Standing]]:
        """Every record whose words differ from its source or changed since they were verified."""

    def neighbours(self, ref: Ref) -> Iterable[str]:
        """Ids of the same kind that a misspelled REF may have meant; where they are many, some of them."""


def left_out_by(error: Problem, kind: Kind) -> str:
    """What ERROR keeps out of a file of KIND, as others name it; without its id where that is missing."""
    name = error.record.partition("/")[2]
    return f"{kind}/{slug_of(name) if name.isascii() else ''}"


class MemoryLookup:
    """A lookup over records that are all in memory: for tests and libraries of ordinary size."""

    def __init__(
        self, marks: Mapping[str, Marks] | None = None, unread: Iterable[tuple[str, Kind]] = ()
    ) -> None:
        self._marks = marks or {}
        self._unread = set(unread)
        self._left_out: set[tuple[str, str]] = set()
        self._records: dict[Ref, tuple[AnyRecord | Briefing, Place]] = {}
        self._duplicates: list[tuple[Ref, Place]] = []
        self._facts: dict[str, list[Fact]] = {}
        self._referring: dict[Ref, list[Mentioned]] | None = None

    def add(self, record: AnyRecord | Briefing, place: Place, facts: Iterable[Fact]) -> None:
        """Take in one record and what `facts_of` says of it; the first of its id is kept."""
        ref = Ref(place.file.briefing, record.KIND, record.id)
        if ref in self._records:
            self._duplicates.append((ref, place))
            return
        self._records[ref] = (record, place)
        for fact in facts:
            self._facts.setdefault(fact.topic, []).append(fact)

    def add_problems(self, file: File, problems: Iterable[Problem]) -> None:
        """Take in that a file has PROBLEMS, and so what is not known of it."""
        for problem in problems:
            if problem.code in codes.UNREAD:
                self._unread.add((file.briefing, file.kind))
            elif problem.severity is Severity.ERROR:
                self._left_out.add((file.briefing, left_out_by(problem, file.kind)))

    def unread(self, briefing: str, kind: Kind) -> bool:
        return (briefing, kind) in self._unread

    def left_out(self, ref: Ref) -> bool:
        named, nameless = (ref.briefing, ref.short), (ref.briefing, f"{ref.kind}/")
        return named in self._left_out or nameless in self._left_out

    def incomplete(self, briefing: str, kind: Kind) -> bool:
        of_kind = ((name, record) for name, record in self._left_out if record.startswith(f"{kind}/"))
        return self.unread(briefing, kind) or any(name == briefing for name, _ in of_kind)

    def _find(self, ref: Ref) -> Ref | None:
        if ref in self._records:
            return ref
        shared = Ref(SHARED, ref.kind, ref.id)
        return shared if ref.kind is Kind.ACTOR and shared in self._records else None

    def get(self, ref: Ref) -> AnyRecord | Briefing | None:
        found = self._find(ref)
        return None if found is None else self._records[found][0]

    def place(self, ref: Ref) -> Place | None:
        found = self._find(ref)
        return None if found is None else self._records[found][1]

    def referring(self, ref: Ref) -> Iterator[Mentioned]:
        if self._referring is None:
            self._referring = {}
            for mentioned in self._mentions():
                target = self._find(mentioned.target) or mentioned.target
                self._referring.setdefault(target, []).append(mentioned)
        return iter(self._referring.get(self._find(ref) or ref, ()))

    def dangling(self) -> Iterator[Mentioned]:
        return (mentioned for mentioned in self._mentions() if self._find(mentioned.target) is None)

    def _mentions(self) -> Iterator[Mentioned]:
        for ref, (record, _) in self._records.items():
            for mention in links(record):
                yield Mentioned(ref, mention.role, mention.reference, mention.target(ref.briefing))

    def duplicates(self) -> Iterator[tuple[Ref, Place]]:
        return iter(self._duplicates)

    def facts(self, topic: str, *, in_briefing: bool = False) -> Iterator[Fact]:  # noqa: ARG002
        return iter(sorted(self._facts.get(topic, ()), key=lambda fact: fact.key))

    def doubtful(self) -> Iterator[tuple[Ref, Standing]]:
        checksums = {
            ref: record.sha256 for ref, (record, _) in self._records.items() if isinstance(record, Source)
        }
        for ref, (record, _) in self._records.items():
            marks = self._marks.get(ref.briefing)
            verdict = marks.verdict(record, checksums.get) if marks is not None else None
            if verdict is not None and verdict.standing in (Standing.STALE, Standing.DIFFERS):
                yield ref, verdict.standing

    def neighbours(self, ref: Ref) -> Iterable[str]:
        return [
            other.id
            for other in self._records
            if other.kind is ref.kind and other.briefing in (ref.briefing, SHARED)
        ]
