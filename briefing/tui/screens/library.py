"""The library: its briefings, to open one or all together."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from briefing.document.document import Block, Field, Heading, Paragraph, Run
from briefing.document.words import count, date_in_words
from briefing.model.vocabulary import Kind
from briefing.tui.rows import LibraryRows, Rows
from briefing.tui.screens.listing import Listing

if TYPE_CHECKING:
    from briefing.edition.edition import Edition
    from briefing.edition.entry import Card


class Choice(NamedTuple):
    """What was opened: a briefing's id, or None for all of them."""

    briefing: str | None


class LibraryScreen(Listing[Choice | None]):
    """Lists the briefings, the newest first, under the row for all together."""

    heading = "Library"

    def __init__(self, edition: Edition) -> None:
        super().__init__()
        self.edition = edition
        self.cards = {card.briefing.id: card for card in edition.briefings()}

    def rows(self) -> Rows:
        return LibraryRows(tuple(self.cards.values()))

    def empty(self) -> tuple[str, ...]:
        return ("There is no briefing here yet.", "briefing new DIR starts one.")

    def blocks(self, key: Hashable) -> Sequence[Block]:
        card = self.cards.get(str(key))
        if card is None:
            return (
                Heading("All briefings together", 1),
                Paragraph((Run("Lists and searches go through all briefings of the library."),)),
            )
        return _card_blocks(card)

    def opened(self, key: Hashable) -> None:
        self.dismiss(Choice(None if key is None else str(key)))


def _card_blocks(card: Card) -> Sequence[Block]:
    briefing = card.briefing
    counts = [count(number, kind) for kind, number in card.counts.items() if kind is not Kind.BRIEFING]
    blocks: list[Block] = [
        Heading(briefing.title, 1),
        Paragraph((Run(briefing.question, "strong"),)),
        Field("As of", (Run(date_in_words(briefing.as_of)),)),
        Field("Holds", (Run(", ".join(counts)),)),
    ]
    if card.problems:
        blocks.append(Field("Problems", (Run(f"! {card.problems:,}", "warning"),)))
    if briefing.summary:
        blocks.append(Paragraph((Run(briefing.summary),)))
    return blocks
