"""The query as it is typed: each letter shows what it finds, Enter keeps that and Esc undoes it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import on

from briefing.model.vocabulary import Kind
from briefing.tui.flow import START
from briefing.tui.places import Place
from briefing.tui.screens.reading import ReadingScreen
from briefing.tui.widgets.completions import Completions
from briefing.tui.widgets.search import QueryInput, QueryLine, SearchBar

if TYPE_CHECKING:
    from briefing.edition.edition import Edition

# A letter waits so long (seconds) for its hits, to be drawn together with them.
_TOGETHER = 0.02


class SearchingScreen(ReadingScreen):
    """Searches with each letter, and remembers where the reader was before the first."""

    def __init__(self, edition: Edition, queries: list[str], *, later: bool = False) -> None:
        """QUERIES are those of before; LATER as for any `ReadingScreen`."""
        super().__init__(edition, SearchBar(queries, self._edited), later=later)
        self._before: Place | None = None
        self._held: asyncio.TimerHandle | None = None

    async def action_search(self) -> None:
        if not self.search.typing:
            self._before = self.here()
            await self.search.start()

    @on(QueryLine.Clicked)
    async def _query_clicked(self) -> None:
        await self.action_search()

    def _hold(self) -> None:
        """Draw nothing until the hits of what was typed are there, or for no longer than is noticed."""
        if self._held is None:
            self.app._begin_batch()
            self._held = asyncio.get_running_loop().call_later(_TOGETHER, self._draw)

    def _draw(self) -> None:
        """Draw what was held back."""
        if self._held is not None:
            self._held.cancel()
            self._held = None
            self.app._end_batch()
            self.check_idle()

    def _searched(self, query: str) -> Place:
        """Where QUERY leads while it is typed.

        The record that was open before stays open if it is found, not what letters opened meanwhile:
        where a search leads may not hang on how quickly it is typed.
        """
        before = self._before
        ref = before.ref if before is not None and before.pane is self.place.pane else self.place.ref
        return replace(self.place, query=query, ref=ref, reading=False, scroll=START)

    def _edited(self) -> None:
        """Search for what the query has become."""
        self._hold()
        query = self.search.value
        place = self._searched(query)
        if not query and self._before is not None:
            place = replace(self._before, query="", reading=False)
        self._at_hand(place, lambda: self._found(place), typing=True)
        self.search.complete(self.edition)

    @on(QueryInput.Asked)
    @on(Completions.Clicked)
    async def _asked(self) -> None:
        if self.search.value:
            await self._catch_up_with(self.search.value)
        await self.search.take(self.edition, self.hits.nearest if self.hits else None)

    def _found(self, place: Place) -> None:
        """Show what a query found: the record that was open when it is among it, else the first."""
        if self.hits is not None and place.ref is not None:
            among = place.pane is not Kind.BRIEFING and self.hits.position(place.ref) is not None
            place = place if among else replace(place, ref=None)
        self.arrive(place, anew=True)
        self._draw()

    @on(QueryInput.Kept)
    async def _kept(self) -> None:
        query = self.search.value
        if not query:
            self._cleared()
            return
        problem = (await asyncio.to_thread(self.edition.search, query)).problem
        await self._catch_up_with(query)
        if problem:
            self.search.completions.object(problem)
            return
        self.reader.keep_query(query)
        self._stop_typing()

    async def _catch_up_with(self, query: str) -> None:
        """Show what QUERY finds, if its last letters are still searched for: the next key is about that."""
        if query != self.place.query:
            place = self._searched(query)
            await self._look_up(place)
            self._found(place)

    @on(QueryInput.Cleared)
    def _cleared(self) -> None:
        before = self._before or replace(self.place, query="")
        self._before = None
        self.search.stop()
        self.go(before, remember=False)

    @on(QueryInput.Abandoned)
    def _abandoned(self) -> None:
        if self.search.typing and self.app.app_focus and not self.has_class("-small"):
            self._stop_typing()

    def _stop_typing(self) -> None:
        if self._before is not None and self._before.query != self.place.query:
            self.history.leave(self._before)
        self._before = None
        self.search.stop()
        self._remember_choice()
        self._settle_focus()
