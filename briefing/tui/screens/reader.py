"""The reader: what can be done where one is reading, each command of `commands.py` by its action."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final, cast

from msgspec.structs import replace
from textual import on, work
from textual.binding import BindingType

from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.model.when import parse_date
from briefing.tui.commands import bindings
from briefing.tui.flow import START, Target
from briefing.tui.places import PANES, Place, pane_of
from briefing.tui.rows import HitRows, PaneRows
from briefing.tui.screens.searching import SearchingScreen
from briefing.tui.typing import UNDER_WAY
from briefing.tui.widgets.chrome import Tabs
from briefing.tui.widgets.document import DocumentView
from briefing.tui.widgets.records import ListView

# The panes whose lists are ordered by date.
_BY_DATE: Final = frozenset({Kind.INCIDENT, Kind.QUOTE})
_NONE_OPEN: Final = "No record is open here."


class ReaderScreen(SearchingScreen):
    """Carries out what the reader does, which comes up as actions and messages."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("reader")]

    @work(group=UNDER_WAY)
    async def action_facets(self) -> None:
        from briefing.tui.screens.facets import FacetsScreen

        hits = self.hits
        if hits is None or not hits.total:
            self.reader.tell("There is something to narrow once a search has hits: / begins one.")
            return
        facets = await asyncio.to_thread(hits.facets)
        value = await self.app.push_screen_wait(FacetsScreen(self.place.query, facets))
        if value is not None:
            self.search_for(hits.narrowed(value))

    def search_for(self, query: str) -> None:
        """Search for QUERY as if it had been typed and kept."""
        self.go(replace(self.place, query=query, ref=None, reading=False))

    @on(ListView.Opened)
    def _opened(self, message: ListView.Opened) -> None:
        self.go(replace(self.place, ref=cast("Ref", message.key), reading=True, scroll=START))

    @on(DocumentView.Followed)
    def _followed(self, message: DocumentView.Followed) -> None:
        self.follow(message.target)

    def follow(self, target: Target) -> None:
        """Go where a link leads; a search that does not find the record is left behind."""
        if isinstance(target, str):
            self.reader.copy(target, "the address")
            return
        if target.kind is Kind.BRIEFING:
            # The Brief is that of the briefing being read; where all are, each is shown by itself.
            own = self.edition.briefing
            ref = None if own is not None and own.id == target.briefing else target
            self.go(Place(Kind.BRIEFING, ref, reading=True))
            return
        found = self.hits is not None and self.hits.position(target) is not None
        self.go(Place(pane_of(target.kind), target, self.place.query if found else "", reading=True))

    @on(Tabs.Chosen)
    def _tab_chosen(self, message: Tabs.Chosen) -> None:
        self.action_pane(message.index)

    def action_pane(self, index: int) -> None:
        pane = PANES[index]
        if pane is not self.place.pane or self.place.reading:
            ref = None if pane is Kind.BRIEFING else self._chosen.get(pane)
            if ref is not None and self.hits is not None and self.hits.position(ref) is None:
                ref = None
            self.go(Place(pane, ref, self.place.query))

    def action_next(self) -> None:
        self._step(1)

    def action_previous(self) -> None:
        self._step(-1)

    @property
    def _reads(self) -> bool:
        """Whether keys are for the open record: a click goes into it too, and on the Brief a link chosen."""
        if self.has_class("-alone"):
            return self.place.reading or self.document.link is not None
        return self.place.reading or self.focused is self.document

    def _step(self, by: int) -> None:
        """To the next link of an open record, else to the next pane."""
        if not (self._reads and self.document.step_link(by)):
            self.action_pane((PANES.index(self.place.pane) + by) % len(PANES))

    def action_back(self) -> None:
        place = self.history.back(self.here())
        if place is None:
            self.reader.tell("This is where you began.")
        else:
            self.go(place, remember=False)

    def action_forward(self) -> None:
        place = self.history.forward(self.here())
        if place is None:
            self.reader.tell("There is nothing ahead.")
        else:
            self.go(place, remember=False)

    def action_leave(self) -> None:
        """From an open record to its list; from the list, out of the search."""
        if self._reads:
            self.document.choose_none()
            self._read_no_more()
            self._settle_focus()
        elif self.place.query:
            ref = None if self.place.pane is Kind.BRIEFING else self.place.ref
            self.go(replace(self.place, query="", ref=ref, scroll=START))

    def action_best(self) -> None:
        hits, pane = self.hits, self.place.pane
        if hits is None:
            self.reader.tell("There is a best hit only under a search.")
            return
        best = (0 if hits.total else None) if pane is Kind.BRIEFING else hits.best(pane)
        if best is None:
            self.reader.tell("Nothing was found in this pane.")
        else:
            self.list.move_to(best)

    def action_match(self, by: int) -> None:
        self.catch_up()
        number, count = self.document.step_match(by)
        if count:
            self.reader.tell(f"Match {number} of {count}.")
        else:
            self.reader.tell(
                "The search matches nothing here." if self.hits else "There is no search: / begins one."
            )

    @property
    def open_ref(self) -> Ref | None:
        """The ref of the open record; on the Brief, the briefing's."""
        briefing = self.edition.briefing
        own = Ref(briefing.id, Kind.BRIEFING, briefing.id) if briefing else None
        return self.place.ref or own

    def action_copy_citation(self) -> None:
        from briefing.document.citation import citation

        ref = self.open_ref
        if ref is None:
            self.reader.tell(_NONE_OPEN)
        elif cited := citation(self.edition, ref):
            self.reader.copy(cited, "the citation")
        else:
            self.reader.tell("There is no such record to cite.", "warning")

    def action_copy_ref(self) -> None:
        if self.open_ref is not None:
            self.reader.copy(str(self.open_ref), "the ref")
        else:
            self.reader.tell(_NONE_OPEN)

    def action_edit(self) -> None:
        from briefing.tui.editor import edit

        edit(self.reader, self.edition.place_of(self.open_ref) if self.open_ref is not None else None)

    @work(group=UNDER_WAY)
    async def action_date(self) -> None:
        from briefing.tui.dates import position_of
        from briefing.tui.screens.ask import AskScreen

        if self.place.pane not in _BY_DATE:
            self.reader.tell("Incidents and quotes are ordered by date; this list is not.")
            return
        answer = await self.app.push_screen_wait(AskScreen("Go to which day? 2025-06-14, 2025-06 or 2025"))
        if answer is None:
            return
        try:
            day = parse_date(answer).latest
        except ValueError as error:
            self.reader.tell(str(error), "warning")
            return
        # Not those of when it was asked: what was saved meanwhile is shown.
        rows = self.list.rows
        if isinstance(rows, PaneRows | HitRows) and rows.kind in _BY_DATE:
            self.list.move_to(position_of(day, rows.total, rows.record))

    @work(group=UNDER_WAY)
    async def action_problems(self) -> None:
        from briefing.tui.screens.problems import ProblemsScreen

        ref = await self.app.push_screen_wait(ProblemsScreen(self.edition))
        if ref is not None:
            self.follow(ref)

    @work(group=UNDER_WAY)
    async def action_library(self) -> None:
        from briefing.tui.screens.library import LibraryScreen

        library = LibraryScreen(self.reader.library, self.edition.only_briefing)
        choice = await self.app.push_screen_wait(library)
        await self.choose(None if choice is None else self.reader.library.only(choice.briefing))
        if choice is not None and choice.searching:
            await self.action_search()

    def action_help(self) -> None:
        from briefing.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.where))
