"""The library: its briefings, to read one or all together."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import BindingType

from briefing.document.document import Block
from briefing.document.words import count
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.tui.cards import CardRows, blocks_of, blocks_of_all
from briefing.tui.commands import borrowed
from briefing.tui.rows import Rows
from briefing.tui.screens.listing import Listing

if TYPE_CHECKING:
    from briefing.edition.edition import Edition


class Choice(NamedTuple):
    """What to read: a briefing, or all (None); `searching` when a query is to be typed at once."""

    briefing: str | None
    searching: bool = False


class LibraryScreen(Listing[Choice | None]):
    """Gives what to read, or None to go on with what was read."""

    BINDINGS: ClassVar[list[BindingType]] = [*borrowed({"library": "leave", "search": "search"})]
    heading = "Library"
    named = (("list.open", "Read"), ("search", "Search all"), ("next", "Details"), ("leave", "Back"))

    def __init__(self, edition: Edition, reading: str | None = None) -> None:
        super().__init__(edition)
        self.reading = reading

    def rows(self) -> Rows:
        number = self.edition.count(Kind.BRIEFING)
        self.masthead.aside = count(number, Kind.BRIEFING)
        return CardRows(self.edition, number)

    def first(self) -> int:
        return 0 if self.reading is None else self._position(self.reading)

    def _position(self, briefing: str) -> int:
        """Where a briefing stands, under the row for all."""
        place = self.edition.position(Ref(briefing, Kind.BRIEFING, briefing))
        return 0 if place is None else place + 1

    def show_edition(self, edition: Edition) -> None:
        key = self.list.key
        self.edition = edition
        self.show(0 if key is None else self._position(str(key)))

    def empty(self) -> tuple[str, ...]:
        return "No briefing here can be read.", "The reader's Problems view says what is wrong."

    def blocks(self, key: Hashable) -> Sequence[Block]:
        if key is None:
            return blocks_of_all(self.edition)
        cards = self.edition.cards(self.list.cursor - 1, self.list.cursor)
        return blocks_of(cards[0], partial=self.edition.partial) if cards else ()

    def opened(self, key: Hashable) -> None:
        self.dismiss(Choice(None if key is None else str(key)))

    def action_search(self) -> None:
        self.dismiss(Choice(None, searching=True))
