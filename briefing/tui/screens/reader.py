"""The reader: six panes over one edition, a search over them all, and the ways between records."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast

from msgspec.structs import replace
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from briefing.document.words import date_in_words
from briefing.model.records import RECORDS
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.model.when import parse_date
from briefing.tui.commands import Where, bindings, in_footer
from briefing.tui.flow import Target, no_highlight
from briefing.tui.panes import blocks_at, empty_words, rows_at
from briefing.tui.places import PANES, SHORT, TITLES, WIDE, History, Place, pane_of
from briefing.tui.rows import NoRows
from briefing.tui.widgets.chrome import Divider, Footer, Masthead, Tabs
from briefing.tui.widgets.document import DocumentView
from briefing.tui.widgets.records import ListView
from briefing.tui.widgets.search import QueryInput, QueryLine, SearchBar
from briefing.tui.widgets.small import LEAST, TooSmall

if TYPE_CHECKING:
    from briefing.edition.edition import Edition
    from briefing.edition.search import Hits
    from briefing.tui.app import ReaderApp

# While keys come faster than this (seconds), the open record waits for the last of them.
_RESTING = 0.06
_RESTING_SLOW = 0.25


class ReaderScreen(Screen[None]):
    """Owns where the reader is and what is searched; what the reader does comes up as messages."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("reader")]
    AUTO_FOCUS = None

    def __init__(self, edition: Edition, queries: list[str]) -> None:
        super().__init__()
        self.edition = edition
        self.place = Place()
        self.hits: Hits | None = None
        self.history = History()
        self.masthead = Masthead()
        self.tabs = Tabs()
        self.search = SearchBar(queries)
        self.list = ListView(id="list")
        self.document = DocumentView(id="document")
        self.footer = Footer()
        self._total = 0
        self._chosen: dict[Kind, Ref] = {}
        self._before: Place | None = None
        self._drawn: Ref | None = None
        self._resting: Timer | None = None

    @property
    def reader(self) -> ReaderApp:
        """The app, with what it knows beyond Textual's."""
        return cast("ReaderApp", self.app)

    def compose(self) -> ComposeResult:
        yield self.masthead
        yield self.tabs
        yield self.search
        yield Divider(classes="rule")
        with Container(id="body"):
            yield self.list
            yield Divider(id="middle")
            yield self.document
        yield self.footer

    def on_mount(self) -> None:
        self._describe()
        self.arrive(self.place)

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        self.set_class(width >= WIDE, "-wide")
        self.set_class(width < WIDE and height < SHORT, "-short")
        small = width < LEAST[0] or height < LEAST[1]
        if small and not self.query(TooSmall):
            self.mount(TooSmall(id="small"))
        self.set_class(small, "-small")

    def on_descendant_focus(self) -> None:
        where: Where = "list"
        if self.search.typing:
            where = "search"
        elif self.focused is self.document:
            where = "document"
        self.footer.keys = tuple((self.reader.key_of(command), command.title) for command in in_footer(where))

    # Where the reader is

    def here(self) -> Place:
        """The place as it is left, with how far the record was read."""
        return replace(self.place, scroll=self.document.top)

    def go(self, place: Place, *, remember: bool = True) -> None:
        """Go to PLACE, searching first when another search is in force there."""
        if remember:
            self.history.leave(self.here())
        self._at_hand(place.query, lambda: self.arrive(place))

    def arrive(self, place: Place) -> None:
        """Show PLACE; the hits of its query are at hand."""
        rows, cursor = rows_at(self.edition, self.hits, place)
        self.list.show(rows, cursor, empty=empty_words(self.hits, place))
        if place.ref is None and rows.total:
            place = replace(place, ref=cast("Ref", self.list.key))
        self.place = place
        self._remember_choice()
        self.set_class(isinstance(rows, NoRows), "-alone")
        self.set_class(place.reading, "-reading")
        self._show_tabs()
        self._show_document(place.scroll)
        self._settle_focus()

    def show_edition(self, edition: Edition) -> None:
        """Go on reading at the same place in a newer edition."""
        self.edition = edition
        self._describe()
        here = self.here()
        self.hits = None
        self._at_hand(here.query, lambda: self.arrive(here))

    def read(self, edition: Edition) -> None:
        """Begin to read another part of the library."""
        self.edition = edition
        self.hits = None
        self.history = History()
        self._chosen.clear()
        self._describe()
        self.arrive(Place())

    def _remember_choice(self) -> None:
        if self.place.ref is not None:
            self._chosen[self.place.pane] = self.place.ref

    def _describe(self) -> None:
        """Say which briefing this is and what is wrong with it."""
        edition = self.edition
        briefing = edition.briefing
        self.masthead.heading = briefing.title if briefing else "All briefings"
        self.masthead.aside = f"as of {date_in_words(briefing.as_of)}" if briefing else ""
        problems = len(edition.problems)
        self.masthead.warning = f"! {problems:,} problem{'s' if problems > 1 else ''}" if problems else ""
        self._total = sum(edition.count(kind) for kind in RECORDS)

    def _show_tabs(self) -> None:
        hits = self.hits
        counts = {kind: hits.counts.get(kind, 0) if hits else self.edition.count(kind) for kind in PANES[1:]}
        self.tabs.tabs = tuple((TITLES[kind], counts.get(kind)) for kind in PANES)
        self.tabs.active = PANES.index(self.place.pane)
        self.search.text = self.place.query
        self.search.say(f"{hits.total:,} of {self._total:,}  in {hits.seconds * 1000:.0f} ms" if hits else "")

    def _show_document(self, top: int = 0) -> None:
        why = self.list.why if self.place.ref == self.list.key else ()
        blocks = blocks_at(self.edition, self.hits, self.place, why)
        self.document.show(blocks, self.hits.highlight if self.hits else no_highlight, top=top)
        self._drawn = self.place.ref

    def _settle_focus(self) -> None:
        """Give the focus to the list or the open record, unless a query is being typed."""
        if not self.search.typing:
            alone = self.has_class("-alone")
            self.set_focus(self.document if self.place.reading or alone else self.list, scroll_visible=False)

    # Searching: a key never waits for a search, and a search that is overtaken is dropped

    def _at_hand(self, query: str, then: Callable[[], None]) -> None:
        """Call THEN once the hits of QUERY are at hand, now if they are."""
        if query and self.hits is not None and query == self.place.query:
            then()
        elif query:
            self._find(query, then)
        else:
            self.workers.cancel_group(self, "search")
            self.hits = None
            then()

    @work(exclusive=True, group="search")
    async def _find(self, query: str, then: Callable[[], None]) -> None:
        self.hits = await asyncio.to_thread(self.edition.search, query, typing=True)
        then()

    async def action_search(self) -> None:
        if not self.search.typing:
            self._before = self.here()
            await self.search.start()

    @on(QueryLine.Clicked)
    async def _query_clicked(self) -> None:
        await self.action_search()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        query = message.value.strip()
        place = replace(self.place, query=query, reading=False, scroll=0)
        if not query and self._before is not None:
            place = replace(self._before, query="", reading=False)
        self._at_hand(query, lambda: self._found(place))

    def _found(self, place: Place) -> None:
        """Show what a query found: the record that was open when it is among it, else the first."""
        if self.hits is not None and place.ref is not None:
            among = place.pane is not Kind.BRIEFING and self.hits.position(place.ref) is not None
            place = place if among else replace(place, ref=None)
        self.arrive(place)

    @on(QueryInput.Kept)
    async def _kept(self) -> None:
        query = self.search.value
        if not query:
            self._cleared()
            return
        problem = (await asyncio.to_thread(self.edition.search, query)).problem
        if problem:
            self.search.say(problem, warning=True)
            return
        self.reader.keep_query(query)
        if query == self.place.query:
            self._stop_typing()
        else:
            # The last letters are still being searched for.
            place = replace(self.place, query=query, ref=None, reading=False)
            self._at_hand(query, lambda: self._keep(place))

    def _keep(self, place: Place) -> None:
        self._found(place)
        self._stop_typing()

    @on(QueryInput.Cleared)
    def _cleared(self) -> None:
        before = self._before or replace(self.place, query="")
        self._before = None
        self.search.stop()
        self.go(before, remember=False)

    @on(QueryInput.Abandoned)
    def _abandoned(self) -> None:
        if self.search.typing and self.app.app_focus:
            self._stop_typing()

    def _stop_typing(self) -> None:
        if self._before is not None and self._before.query != self.place.query:
            self.history.leave(self._before)
        self._before = None
        self.search.stop()
        self._settle_focus()

    def search_for(self, query: str) -> None:
        """Search for QUERY as if it had been typed and kept."""
        self.go(replace(self.place, query=query, ref=None, reading=False))

    # What else the reader does

    @on(ListView.Moved)
    def _moved(self, message: ListView.Moved) -> None:
        self.place = replace(self.place, ref=cast("Ref", message.key), scroll=0)
        self._remember_choice()
        # The first of several quick keys shows its record at once, the others wait for the last.
        if self._resting is None:
            self._show_document()
        else:
            self._resting.stop()
        slow = self.reader.settings.low_bandwidth
        self._resting = self.set_timer(_RESTING_SLOW if slow else _RESTING, self._rested)

    def _rested(self) -> None:
        self._resting = None
        if self._drawn != self.place.ref:
            self._show_document()

    @on(ListView.Opened)
    def _opened(self, message: ListView.Opened) -> None:
        self.go(replace(self.place, ref=cast("Ref", message.key), reading=True, scroll=0))

    @on(DocumentView.Followed)
    def _followed(self, message: DocumentView.Followed) -> None:
        self.follow(message.target)

    def follow(self, target: Target) -> None:
        """Go where a link leads; a search that does not find the record is left behind."""
        if isinstance(target, str):
            self.reader.copy(target, "the address")
            return
        ref = None if target.kind is Kind.BRIEFING else target
        found = self.hits is not None and ref is not None and self.hits.position(ref) is not None
        self.go(Place(pane_of(target.kind), ref, self.place.query if found else "", reading=True))

    @on(Tabs.Chosen)
    def _tab_chosen(self, message: Tabs.Chosen) -> None:
        self.action_pane(message.index)

    def action_pane(self, index: int) -> None:
        pane = PANES[index]
        if pane is not self.place.pane or self.place.reading:
            ref = None if pane is Kind.BRIEFING else self._chosen.get(pane)
            self.go(Place(pane, ref, self.place.query))

    def action_next(self) -> None:
        self._step(1)

    def action_previous(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        """To the next link of an open record, else to the next pane."""
        if not (self.place.reading and self.document.step_link(by)):
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
        if self.place.reading:
            self.place = replace(self.place, reading=False)
            self.set_class(False, "-reading")
            self._settle_focus()
        elif self.place.query:
            ref = None if self.place.pane is Kind.BRIEFING else self.place.ref
            self.go(replace(self.place, query="", ref=ref, scroll=0))

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

        if self.open_ref is not None:
            self.reader.copy(citation(self.edition, self.open_ref), "the citation")

    def action_copy_ref(self) -> None:
        if self.open_ref is not None:
            self.reader.copy(str(self.open_ref), "the ref")

    def action_edit(self) -> None:
        from briefing.tui.editor import edit

        edit(self.reader, self.edition.place_of(self.open_ref) if self.open_ref is not None else None)

    @work
    async def action_date(self) -> None:
        from briefing.tui.dates import position_of
        from briefing.tui.screens.ask import AskScreen

        pane, hits, edition = self.place.pane, self.hits, self.edition
        if pane not in (Kind.INCIDENT, Kind.QUOTE):
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

        def record_at(position: int) -> Any:
            if hits is not None:
                return hits.page(pane, position, position + 1)[0].entry.record
            return edition.page(pane, position, position + 1)[0].record

        self.list.move_to(position_of(day, self.list.rows.total, record_at))

    @work
    async def action_problems(self) -> None:
        from briefing.tui.screens.problems import ProblemsScreen

        ref = await self.app.push_screen_wait(ProblemsScreen(self.edition))
        if ref is not None:
            self.follow(ref)

    @work
    async def action_library(self) -> None:
        from briefing.tui.screens.library import LibraryScreen

        library = LibraryScreen(self.reader.library, self.edition.only_briefing)
        choice = await self.app.push_screen_wait(library)
        if choice is not None:
            self.read(self.reader.library.only(choice.briefing))
            if choice.searching:
                await self.action_search()

    def action_help(self) -> None:
        from briefing.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen("document" if self.focused is self.document else "list"))
