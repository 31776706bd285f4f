"""Rows for the list widget: where they come from, a page at a time.

The list knows positions and cells only; each source here asks the edition for the records it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from msgspec import Struct

from briefing.document.rows import COLUMNS, NAME, Cell, Column, columns_in, date_cell, group_heading, row
from briefing.model.vocabulary import Kind

if TYPE_CHECKING:
    from briefing.edition.edition import Edition
    from briefing.edition.entry import Entry
    from briefing.edition.hits import Hits
    from briefing.edition.search import Hit

# Tells why a search found the record of a row.
Why = Callable[[], tuple[str, ...]]
# The mark of the best hit.
BEST: Final = "*"
# Quotes say their date in each row, so their days need no headings.
_GROUPED: Final = frozenset({Kind.ACTOR, Kind.POSITION, Kind.INCIDENT})


class ListLine(Struct, frozen=True):
    """One row: what it stands for, its cells with their columns, its heading and its mark."""

    key: Hashable
    cells: tuple[Cell, ...]
    columns: tuple[Column, ...]
    group: str = ""
    mark: str = ""
    why: Why = tuple


GONE: Final = ListLine(None, (), ())


class Rows(Protocol):
    """A list by position, however long."""

    @property
    def total(self) -> int: ...
    def page(self, start: int, stop: int) -> list[ListLine]: ...


class NoRows:
    """An empty list."""

    total = 0

    def page(self, _start: int, _stop: int) -> list[ListLine]:
        return []


def _line(edition: Edition, entry: Entry, mark: str = "", why: Why = tuple) -> ListLine:
    kind = entry.ref.kind
    group = group_heading(entry) if kind in _GROUPED else ""
    return ListLine(entry.ref, row(edition, entry), columns_in(edition, COLUMNS[kind]), group, mark, why)


class PaneRows(Struct, frozen=True):
    """All records of a kind."""

    edition: Edition
    kind: Kind
    total: int

    def page(self, start: int, stop: int) -> list[ListLine]:
        return [_line(self.edition, entry) for entry in self.edition.page(self.kind, start, stop)]

    def record(self, position: int) -> Any:
        """The record at POSITION."""
        return self.edition.page(self.kind, position, position + 1)[0].record


class HitRows(Struct, frozen=True):
    """The hits of a kind in the order of its pane; those by a typing error are marked."""

    edition: Edition
    hits: Hits
    kind: Kind

    @property
    def total(self) -> int:
        return self.hits.counts.get(self.kind, 0)

    def page(self, start: int, stop: int) -> list[ListLine]:
        found = self.hits.page(self.kind, start, stop)
        return [_line(self.edition, hit.entry, _mark(hit), partial(_why, hit)) for hit in found]

    def record(self, position: int) -> Any:
        """The record at POSITION."""
        return self.hits.page(self.kind, position, position + 1)[0].entry.record


# Of each kind, the columns that say most: what it is called, and more.
_TELLING: Final = {
    Kind.ACTOR: ("name", "role"),
    Kind.ISSUE: ("question", ""),
    Kind.POSITION: ("actor", "summary"),
    Kind.INCIDENT: ("title", "place"),
    Kind.QUOTE: ("speaker", "text"),
    Kind.SOURCE: ("title", "outlet"),
    Kind.BRIEFING: ("title", "question"),
}
# On 100 columns too a name is whole, and more is said than its beginning.
_RANKED: Final = (
    Column("kind", 3, 8, full_at=50),
    Column("date", 8, 8, drop=1),
    Column("name", 12, 40, weight=1, whole=NAME, words=True),
    Column("more", 14, 400, weight=3, words=True),
)


class RankedRows(Struct, frozen=True):
    """The hits of all kinds, the best first, in columns that suit them all."""

    edition: Edition
    hits: Hits

    @property
    def total(self) -> int:
        return self.hits.total

    def page(self, start: int, stop: int) -> list[ListLine]:
        found = enumerate(self.hits.ranked(start, stop), start)
        return [self._line(hit, best=position == 0) for position, hit in found]

    def _line(self, hit: Hit, *, best: bool) -> ListLine:
        kind = hit.entry.ref.kind
        names = (column.name for column in COLUMNS[kind])
        cells = dict(zip(names, row(self.edition, hit.entry), strict=True))
        name, more = _TELLING[kind]
        when = getattr(hit.entry.record, "when", None)
        said = (
            Cell(kind.value.capitalize(), "muted", kind.value[:3].capitalize()),
            date_cell(self.edition, when) if when else Cell(""),
            cells[name],
            cells.get(more, Cell("")),
        )
        return ListLine(
            hit.entry.ref,
            said,
            columns_in(self.edition, _RANKED),
            "",
            _mark(hit, best=best),
            partial(_why, hit),
        )


def _mark(hit: Hit, *, best: bool = False) -> str:
    return "~" if hit.typo else BEST if best else ""


def _why(hit: Hit) -> tuple[str, ...]:
    return hit.reasons
