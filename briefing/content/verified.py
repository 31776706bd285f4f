"""verified.yaml: what comparing records with their sources' texts found, and when that is stale.

With it a reader who has no source text still sees that a quote is verbatim, and against which text.
Each line holds the hash of the record's words and the checksum of the text, so that a change of either
is seen without comparing again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from pathlib import Path
from sys import intern
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from briefing.content import codes
from briefing.content.claims import Claim, claims
from briefing.content.library import VERIFIED_FILE, Folder
from briefing.content.marks import Lines
from briefing.content.problem import Problem
from briefing.content.text import Unreadable, read_text
from briefing.content.tree import Item, read_items
from briefing.content.verdict import Standing, Verdict
from briefing.model.learning import convert
from briefing.model.records import AnyRecord, Briefing
from briefing.model.ref import REFERENCE_PATTERN, Ref

HEADER = """\
# Written by `briefing verify --write`: which words were compared with which text, and what was found.
# A line goes stale when the words or the text change; change nothing here by hand.
"""


class Mark(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One comparison: words of a record (by their hash) with a text (by its checksum)."""

    record: Annotated[str, Meta(pattern=REFERENCE_PATTERN)]
    verdict: Standing
    hash: Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
    source: Annotated[str, Meta(pattern=REFERENCE_PATTERN)]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    para: Annotated[int, Meta(ge=1)] | None = None
    offset: Annotated[int, Meta(ge=0)] | None = None


def named(claim: Claim) -> tuple[str, str]:
    """The record and the source of CLAIM as verified.yaml names them: as short as the briefing allows."""
    record, source = claim.record, claim.source
    return record.short, source.id if source.briefing == record.briefing else str(source)


class Marks:
    """The marks of one briefing, found by claim."""

    def __init__(
        self, briefing: str, marks: Iterable[Mark] = (), *, broken: int = 0, problems: Iterable[Problem] = ()
    ) -> None:
        self.broken = broken
        self.problems = tuple(problems)
        self._briefing = briefing
        self._marks: dict[tuple[str, str], list[Mark]] = {}
        for mark in marks:
            self._marks.setdefault((mark.record, mark.source), []).append(mark)

    def __iter__(self) -> Iterator[Mark]:
        return (mark for marks in self._marks.values() for mark in marks)

    def of(self, claim: Claim) -> list[Mark]:
        """Every mark of the claim's record and source, stale ones too."""
        return self._marks.get(named(claim), [])

    def besides(self, claimed: Set[tuple[str, str]]) -> list[Mark]:
        """The marks of records and sources that are not among CLAIMED."""
        return [mark for key, marks in self._marks.items() if key not in claimed for mark in marks]

    def fitting(self, claim: Claim) -> Mark | None:
        """The mark of these very words at this paragraph."""
        digest = claim.hash
        for mark in self.of(claim):
            if mark.hash == digest and claim.para in (None, mark.para):
                return mark
        return None

    def verdict(self, record: AnyRecord | Briefing, declared: Callable[[Ref], str | None]) -> Verdict | None:
        """How far RECORD's words are known to stand in their sources; None when it gives no words.

        DECLARED gives the checksum that a source declares; a mark made against another text is stale.
        Of several passages the worst counts.
        """
        found: list[Verdict] = []
        for claim in claims(record, self._briefing):
            if claim.text is None:
                continue
            mark = self.fitting(claim)
            if mark is None:
                found.append(Verdict(Standing.STALE if self.of(claim) else Standing.UNVERIFIED))
            elif declared(claim.source) not in (None, mark.sha256):
                found.append(Verdict(Standing.STALE, mark.sha256))
            else:
                found.append(Verdict(mark.verdict, mark.sha256))
        return min(found, key=lambda verdict: list(Standing).index(verdict.standing), default=None)


def marks_in(folder: Folder) -> Marks:
    """The marks of a briefing; a file that may not be opened counts as one that is broken."""
    path = folder.path / VERIFIED_FILE
    if folder.verified is None:
        return Marks(folder.id, broken=int(path.exists() or path.is_symlink()))
    return read_marks(path, folder.id)


def read_marks(path: Path, briefing: str) -> Marks:
    """The marks in the file PATH of BRIEFING, and what is wrong with it; nothing where it is missing."""
    if not path.exists():
        return Marks(briefing)
    try:
        text = read_text(path)
    except Unreadable as error:
        column = 1 if error.line else 0
        problem = codes.problem(error.code, error.message, file=str(path), line=error.line, column=column)
        return Marks(briefing, broken=1, problems=(problem,))
    marks: list[Mark] = []
    broken: list[Item] = []
    for item in read_items(text):
        try:
            found = convert(item.tree, Mark)
        except msgspec.ValidationError:
            broken.append(item)
        else:
            # Thousands of marks share a source and its checksum: one text for all of them.
            marks.append(replace(found, source=intern(found.source), sha256=intern(found.sha256)))
    problems = _problems(broken, text, path) if broken else ()
    return Marks(briefing, marks, broken=len(broken), problems=problems)


def _problems(broken: Iterable[Item], text: str, path: Path) -> Iterator[Problem]:
    """What is wrong with BROKEN entries of TEXT."""
    lines = Lines(text)
    for item in broken:
        line, column, said = item.line, item.column, ""
        if item.faults:
            fault = item.faults[0]
            line, column, said = fault.line, fault.column, f": {fault.message}"
        yield codes.problem(
            codes.BROKEN_MARK,
            f"not a mark of verification, so it counts for nothing{said}",
            file=str(path),
            line=line,
            column=column,
            excerpt=lines.excerpt(line),
            hint="mend or remove it, then run briefing verify --write",
        )


def format_marks(marks: Iterable[Mark]) -> str:
    """The text of a verified.yaml: a line a mark, in the order of records, so that diffs are small."""
    lines = [_line(mark) for mark in sorted(marks, key=_order)]
    return HEADER + ("".join(lines) if lines else "[]\n")


def _order(mark: Mark) -> tuple[str, str, int, int]:
    return mark.record, mark.source, mark.para or 0, mark.offset or 0


def _line(mark: Mark) -> str:
    # Every value is a word, a ref, a number or hex digits: none needs quotes.
    values = ((name, getattr(mark, name)) for name in mark.__struct_fields__)
    return f"- {{{', '.join(f'{name}: {value}' for name, value in values if value is not None)}}}\n"
