"""Places: where a reader is, and the way back and forward between places."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.tui.flow import START, Scroll

# The panes in their order; `briefing` stands for the Brief.
PANES: Final = (Kind.BRIEFING, Kind.ACTOR, Kind.POSITION, Kind.INCIDENT, Kind.QUOTE, Kind.SOURCE)
TITLES: Final = {
    Kind.BRIEFING: "Brief",
    Kind.ACTOR: "Actors",
    Kind.POSITION: "Positions",
    Kind.INCIDENT: "Incidents",
    Kind.QUOTE: "Quotes",
    Kind.SOURCE: "Sources",
}
# From this many columns on, list and record stand side by side; below this many lines, the list has most.
WIDE, SHORT = 100, 30
# As many steps as anyone goes back.
REMEMBERED: Final = 200


def pane_of(kind: Kind) -> Kind:
    """The pane in which a record of KIND is read; an issue stands among its positions."""
    return Kind.POSITION if kind is Kind.ISSUE else kind


class Place(Struct, frozen=True):
    """A pane, the record open in it, the search in force, and whether the record has the focus.

    `ref` is None where nothing is chosen: the Brief, an empty list, a list not yet visited. Of a place
    that was left, `scroll` says how far the record was read, and `top` the first row of the list in view;
    where that is None, the list is looked at from a little above the record. `row` is where the record
    stood in the list, for when it does so no more; `within` whether a click went into it, which leaves the
    list above it in view.
    """

    pane: Kind = Kind.BRIEFING
    ref: Ref | None = None
    query: str = ""
    reading: bool = False
    within: bool = False
    scroll: Scroll = START
    top: int | None = None
    row: int = 0


class History(Struct):
    """The places before this one and, after going back, those ahead."""

    behind: list[Place] = []
    ahead: list[Place] = []

    def leave(self, place: Place) -> None:
        """PLACE was left for a new one: it can be gone back to, and nothing is ahead any more."""
        if not self.behind or self.behind[-1] != place:
            self.behind.append(place)
        del self.behind[:-REMEMBERED]
        self.ahead.clear()

    def back(self, here: Place) -> Place | None:
        """The place to go back to from HERE; None at the beginning."""
        return self._step(self.behind, self.ahead, here)

    def forward(self, here: Place) -> Place | None:
        """The place that was gone back from; None at the end."""
        return self._step(self.ahead, self.behind, here)

    def _step(self, source: list[Place], other: list[Place], here: Place) -> Place | None:
        if not source:
            return None
        other.append(here)
        return source.pop()
