"""One file to rows for the store and documents for the index; runs in the processes that parse."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from briefing.content.checks.registry import facts_of
from briefing.content.library import VERIFIED_FILE, File
from briefing.content.load import Marked, iter_file
from briefing.content.verdict import Standing, Verdict
from briefing.content.verified import Marks, read_marks
from briefing.edition.context import NAMED_KINDS, Context
from briefing.edition.indexed import Indexed, prepare
from briefing.edition.keys import dated_key, file_bits, name_key, position_key
from briefing.edition.store import pack_verdict, seal
from briefing.edition.survey import State, hashed
from briefing.model.links import links, roles
from briefing.model.records import AnyRecord, Briefing, Locator, Position, Quote
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

ROLE_NUMBERS = {role: number for number, role in enumerate(roles())}
_ROLES = {kind: {role: number for (of, role), number in ROLE_NUMBERS.items() if of is kind} for kind in Kind}
_BATCH = 250


# The shortest record that a file can hold ("- id: a"): so many numbers its size may need at most.
_SHORTEST = 8


def numbers_for(state: State) -> int:
    """How many numbers to keep for the records of a file."""
    return max(state.size, 0) // _SHORTEST + 1


class Job(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A file to parse: its records take the numbers from FIRST on."""

    state: State
    first: int


class Waiting(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Records that wait to be verified and described: number, file, and sort key of each."""

    records: list[tuple[int, State, int]]


class RowOut(NamedTuple):
    """A record for the store; `sort` is provisional where it depends on other records."""

    number: int
    name: int
    id: str
    line: int
    column: int
    position: int
    dated: int
    sort: int
    verdict: str | None
    body: bytes


# What a record names: the name's key, its briefing unless that is the record's own, the role, the
# record's date key and its number. A plain tuple: there are millions.
Mention = tuple[int, str, int, int, int]


class Batch(msgspec.Struct, array_like=True):
    """Some of what was parsed; `state`, with the hash of what was read, comes with the last of a file."""

    rows: list[RowOut] = []
    mentions: list[Mention] = []
    facts: list[tuple[str, str, int, str]] = []
    problems: list[tuple[int, int, str, bytes]] = []
    documents: list[str] = []
    verdicts: list[tuple[str, int]] = []
    state: State | None = None
    last: bool = False


def parse(root: Path, job: Job, context: Context, *, bare: bool = False) -> Iterator[Batch]:
    """The records of a file, some at a time.

    With what they say and their documents; BARE, or of the NAMED_KINDS, without what depends on others.
    """
    state = hashed(root, job.state, None)
    file = state.file(root)
    kind = file.kind
    tail = file_bits(state.path)
    indexed = kind not in NAMED_KINDS and not bare
    marks = marks_of(file, root) if indexed else None
    batch = Batch()
    position, room = 0, numbers_for(state)
    briefing = context.find(Ref(state.briefing, Kind.BRIEFING, state.briefing))
    assert briefing is None or isinstance(briefing, Briefing)
    for found in iter_file(file, display=state.path, shared=context.shared, briefing=briefing):
        if not isinstance(found, Marked):
            batch.problems.append((found.line, found.column, found.code, seal(found)))
            continue
        if position == room:
            break  # it grew since it was looked at, and will be looked at again
        record = found.record
        number = job.first + position
        dated = dated_key(record, position, tail)
        sort, verdict = dated, None
        if indexed:
            verdict = verdict_of(record, marks, context)
            if isinstance(record, Position):
                sort = sort_of(record, state.briefing, dated, context)
            ref = Ref(state.briefing, kind, record.id)
            batch.documents.append(prepare(Indexed(number, ref, sort, verdict, record), context.linked))
        row = RowOut(
            number, name_key(kind, record.id), record.id, found.line, found.column, position, dated, sort,
            pack_verdict(verdict), seal(record),
        )  # fmt: skip
        batch.rows.append(row)
        if not bare:
            batch.mentions.extend(mentions_of(record, state.briefing, dated, number))
            batch.facts.extend((f.topic, f.key, number, f.value) for f in facts_of(record, state.briefing))
        position += 1
        if len(batch.rows) == _BATCH:
            yield batch
            batch = Batch()
    batch.state, batch.last = state, True
    yield batch


def describe(root: Path, waiting: Waiting, context: Context) -> Batch:
    """The documents and verdicts of records that are in the CONTEXT."""
    batch = Batch(last=True)
    marks: Marks | None = None
    path = ""
    for number, state, sort in waiting.records:
        kind = Kind(state.kind)
        record = context.numbered(number, kind)
        if state.path != path:  # they come file by file
            path = state.path
            marks = marks_of(state.file(root), root)
        verdict = verdict_of(record, marks, context)
        if (packed := pack_verdict(verdict)) is not None:
            batch.verdicts.append((packed, number))
        ref = Ref(state.briefing, kind, record.id)
        batch.documents.append(prepare(Indexed(number, ref, sort, verdict, record), context.linked))
    return batch


def sort_of(position: Position, briefing: str, dated: int, context: Context) -> int:
    """What orders a position in its pane."""
    issue = Ref.resolve(position.issue, briefing=briefing, kind=Kind.ISSUE)
    return position_key(context.label(issue), dated)


def mentions_of(record: AnyRecord | Briefing, briefing: str, dated: int, number: int) -> list[Mention]:
    """What RECORD of BRIEFING names, each once in each role."""
    roles_here = _ROLES[record.KIND]
    found: dict[Mention, None] = {}
    for role, reference, kind in links(record):
        name, elsewhere = _target(reference, briefing, kind)
        found[name, elsewhere, roles_here[role], dated, number] = None
    return list(found)


@lru_cache(maxsize=16_384)
def _target(reference: str, briefing: str, kind: Kind | None) -> tuple[int, str]:
    """The key of what a record of BRIEFING means by REFERENCE, and its briefing if that is another."""
    ref = Ref.resolve(reference, briefing=briefing, kind=kind)
    return name_key(ref.kind, ref.id), "" if ref.briefing == briefing else ref.briefing


def marks_problems(root: Path, state: State) -> list[tuple[int, int, str, bytes]]:
    """What is wrong with the marks of verification in the file of STATE."""
    marks = _marks_at(root / state.path, state.briefing)
    found = () if marks is None else marks.problems
    return [(p.line, p.column, p.code, seal(msgspec.structs.replace(p, file=state.path))) for p in found]


def marks_of(file: File, root: Path) -> Marks | None:
    """The marks of verification of the briefing that FILE belongs to; None when it has none."""
    folder = file.path.parent
    path = (folder.parent if folder.name == file.kind.plural else folder) / VERIFIED_FILE
    if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
        return None  # reported, as any link out of the library
    return _marks_at(path, file.briefing)


def _marks_at(path: Path, briefing: str) -> Marks | None:
    try:
        written = path.stat().st_mtime_ns
    except OSError:
        return None
    return _marks(path, briefing, written)


@lru_cache(maxsize=2)
def _marks(path: Path, briefing: str, _written: int) -> Marks:
    return read_marks(path, briefing)


def verdict_of(record: AnyRecord | Briefing, marks: Marks | None, context: Context) -> Verdict | None:
    """How far the words of RECORD are known to stand in their sources; None when it gives no words."""
    if marks is not None:
        return marks.verdict(record, context.checksum)
    gives_words = isinstance(record, Quote) or any(locator.text for locator in _locators(record))
    return Verdict(Standing.UNVERIFIED) if gives_words else None


def _locators(record: AnyRecord | Briefing) -> tuple[Locator, ...]:
    return () if isinstance(record, Briefing) else record.sources
