"""Facets: what the hits are about, counted; choosing a value narrows the search to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen

from briefing.document.rows import Cell, Column
from briefing.document.words import words
from briefing.tui.commands import borrowed
from briefing.tui.rows import ListLine
from briefing.tui.screens.steady import Steady
from briefing.tui.widgets.chrome import Divider, Footer, Words
from briefing.tui.widgets.records import ListView

if TYPE_CHECKING:
    from briefing.edition.facets import Facet, FacetValue

# As long as the narrowest screen has room for: bars of one list have one scale.
_BAR = 20
_COLUMNS = (
    Column("value", 16, 44, weight=1),
    Column("count", 9, 9, right=True),
    Column("bar", _BAR, _BAR),
)
# Fields whose values are words of the format; those of others are names.
_VOCABULARIES = frozenset({"stance", "status", "type"})


class FacetRows(Struct, frozen=True):
    """The values of all facets, each under its field."""

    values: tuple[tuple[str, FacetValue, int], ...]

    @property
    def total(self) -> int:
        return len(self.values)

    def page(self, start: int, stop: int) -> list[ListLine]:
        return [
            ListLine(value, _cells(field, value, most), _COLUMNS, f"By {field}")
            for field, value, most in self.values[start:stop]
        ]


def _cells(field: str, value: FacetValue, most: int) -> tuple[Cell, ...]:
    size = max(round(_BAR * value.count / most), 1)
    label = Cell(words(value.label) if field in _VOCABULARIES else value.label)
    return label, Cell(f"{value.count:,}", "muted"), Cell("■" * size, "muted")


def rows_of(facets: Sequence[Facet]) -> FacetRows:
    """The rows of FACETS; the bars of one field share a scale."""
    values = []
    for facet in facets:
        most = max(value.count for value in facet.values)
        values += [(facet.field, value, most) for value in facet.values]
    return FacetRows(tuple(values))


class FacetsScreen(Steady["FacetValue | None"], ModalScreen["FacetValue | None"]):
    """Gives the value that was chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *borrowed({"leave": "dismiss", "back": "dismiss", "facets": "dismiss", "quit": "dismiss"}),
        *borrowed({"redraw": "app.redraw"}),
    ]

    def __init__(self, query: str, facets: Sequence[Facet]) -> None:
        super().__init__()
        self.words = Words(f"What “{query}” finds, counted. Enter narrows the search to a value.")
        self.rows = rows_of(facets)
        self.list = ListView()
        self.footer = Footer()

    def compose(self) -> ComposeResult:
        yield self.words
        yield Divider(classes="rule")
        yield self.list
        yield self.footer

    def on_mount(self) -> None:
        self.footer.keys = (("Enter", "Narrow"), ("Esc", "Back"))
        self.list.show(self.rows, empty=("Nothing to narrow by.",))
        self.set_focus(self.list)

    @on(ListView.Opened)
    def _opened(self, message: ListView.Opened) -> None:
        self.dismiss(self.rows.values[message.position][1])
