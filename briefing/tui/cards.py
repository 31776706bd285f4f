"""The briefings of a library, as rows and, one at a time, as blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from briefing.document.document import Block, Field, Heading, Paragraph, Run
from briefing.document.rows import Cell, Column
from briefing.document.words import count, date_in_words
from briefing.model.records import RECORDS
from briefing.model.vocabulary import Kind
from briefing.tui.rows import ListLine

if TYPE_CHECKING:
    from briefing.edition.edition import Edition
    from briefing.edition.entry import Card

ALL: Final = "All briefings together"
NOT_YET: Final = "not read yet"
# With less room, numbers stand without their words.
_ROOMY: Final = 84
_COLUMNS = (
    Column("title", 16, 400, weight=1),
    Column("as of", 11, 11),
    Column("records", 13, 17, full_at=_ROOMY, right=True),
    Column("problems", 7, 14, full_at=_ROOMY, right=True),
)


class CardRows(Struct, frozen=True):
    """The briefings, the newest first, after the row that opens all together."""

    edition: Edition
    briefings: int

    @property
    def total(self) -> int:
        return self.briefings + 1 if self.briefings else 0

    def page(self, start: int, stop: int) -> list[ListLine]:
        start, stop = max(start, 0), min(stop, self.total)
        lines = [self._all()] if start == 0 and stop > 0 else []
        partial = self.edition.partial
        return lines + [
            _line(card, partial=partial) for card in self.edition.cards(max(start - 1, 0), stop - 1)
        ]

    def _all(self) -> ListLine:
        records = sum(self.edition.count(kind) for kind in RECORDS)
        problems, partial = len(self.edition.problems), self.edition.partial
        return ListLine(None, _cells(ALL, "", records, problems, partial=partial), _COLUMNS)


def _line(card: Card, *, partial: bool) -> ListLine:
    briefing = card.briefing
    records = sum(card.counts.values())
    cells = _cells(briefing.title, date_in_words(briefing.as_of), records, card.problems, partial=partial)
    return ListLine(briefing.id, cells, _COLUMNS)


def _cells(title: str, date: str, records: int, problems: int, *, partial: bool = False) -> tuple[Cell, ...]:
    unread = NOT_YET if partial and not records else ""
    return (
        Cell(title, "strong"),
        Cell(date, "muted"),
        Cell(unread or count(records, "record"), "plain", unread or f"{records:,}"),
        Cell(f"! {count(problems, 'problem')}" if problems else "", "warning", f"! {problems:,}"),
    )


def blocks_of(card: Card, *, partial: bool) -> Sequence[Block]:
    """What CARD says of its briefing; PARTIAL when not all is read yet."""
    briefing = card.briefing
    return (
        Heading(briefing.title, 1),
        Paragraph((Run(briefing.question, "strong"),)),
        Field("As of", (Run(date_in_words(briefing.as_of)),)),
        *_counts(card.counts, card.problems, partial=partial),
        *((Paragraph((Run(briefing.summary),)),) if briefing.summary else ()),
    )


def blocks_of_all(edition: Edition) -> Sequence[Block]:
    """What there is to say of all briefings of EDITION together."""
    said = "Panes and searches go through all of them."
    return (
        Heading(ALL, 1),
        Paragraph((Run(said),)),
        *_counts(
            {kind: edition.count(kind) for kind in RECORDS}, len(edition.problems), partial=edition.partial
        ),
    )


def _counts(counts: Mapping[Kind, int], problems: int, *, partial: bool) -> Sequence[Block]:
    """How many records of each kind there are, and how many problems."""
    if partial and not any(counts.values()):
        return (Field("Holds", (Run(NOT_YET, "muted"),)),)
    held = ", ".join(count(counts.get(kind, 0), kind) for kind in RECORDS)
    so_far = " so far" if partial else ""
    return (
        Field(f"Holds{so_far}", (Run(held),)),
        Field(f"Problems{so_far}", (Run(f"! {problems:,}", "warning") if problems else Run("none"),)),
    )
