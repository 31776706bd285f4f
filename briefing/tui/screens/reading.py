"""Six panes over one edition and a search over them all: where the reader is, and showing it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from msgspec.structs import replace
from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.message import Message
from textual.worker import Worker

from briefing.document.words import count, date_in_words
from briefing.model.records import RECORDS
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.tui.commands import Where, in_footer
from briefing.tui.flow import START, Highlight, no_highlight
from briefing.tui.painting import FrontToBack
from briefing.tui.panes import blocks_at, empty_words, rows_at
from briefing.tui.places import PANES, SHORT, TITLES, WIDE, History, Place
from briefing.tui.rows import HitRows, NoRows
from briefing.tui.screens.steady import Steady
from briefing.tui.typing import UNDER_WAY
from briefing.tui.widgets.chrome import Divider, Footer, Masthead, Tabs
from briefing.tui.widgets.document import DocumentView
from briefing.tui.widgets.records import ListView
from briefing.tui.widgets.search import SearchBar
from briefing.tui.widgets.small import LEAST, TooSmall

if TYPE_CHECKING:
    from briefing.edition.edition import Edition
    from briefing.edition.hits import Hits

# While keys come faster than this (seconds), the open record waits for the last of them.
_RESTING = 0.06
_RESTING_SLOW = 0.25
# Rows above the cursor in a list that is looked at anew.
_ABOVE = 3


class ReadingScreen(Steady[None]):
    """Owns where the reader is and what is searched, and hands it down to the widgets."""

    AUTO_FOCUS = None

    def __init__(self, edition: Edition, search: SearchBar, *, later: bool = False) -> None:
        """LATER: another screen stands before this one at first, and it is filled by `choose`."""
        super().__init__()
        self._compositor = FrontToBack()
        self._later = later
        self.edition = edition
        self.place = Place()
        self.hits: Hits | None = None
        self.history = History()
        self.masthead = Masthead()
        self.tabs = Tabs()
        self.search = search
        self.list = ListView(id="list")
        self.document = DocumentView(id="document")
        self.footer = Footer()
        self._total = 0
        self._chosen: dict[Kind, Ref] = {}
        self._wanted: Place | None = None
        # What is done once the hits that are being looked for are there, and whether a letter asked for them.
        self._then: tuple[Callable[[], None], bool] | None = None
        self._resting: asyncio.TimerHandle | None = None
        self._behind = False
        # What was said of which hits.
        self._noted: tuple[Hits, tuple[str, ...]] | None = None

    def compose(self) -> ComposeResult:
        # While there is nothing below that would have to be styled again.
        self._fit(self.app.size)
        self.add_class("-alone")
        if not self._later:
            yield from self._parts()

    def _parts(self) -> ComposeResult:
        yield self.masthead
        yield self.tabs
        yield self.search
        yield Divider(classes="rule")
        yield Container(self.list, Divider(id="middle"), self.document, id="body")
        yield self.footer

    def on_mount(self) -> None:
        if not self._later:
            self._begin()

    def _begin(self) -> None:
        self._describe()
        self.arrive(self.place)

    async def choose(self, edition: Edition | None) -> None:
        """Begin to read EDITION, or go on when it is None; makes what was left for later."""
        first, self._later = self._later, False
        if first:
            with self.app.batch_update():
                await self.mount_all(self._parts())
        if edition is not None:
            self.read(edition)
        elif first:
            self._begin()

    def check_message_enabled(self, message: Message) -> bool:
        # Nobody listens to how workers fare, which is three messages for each letter's search.
        return not isinstance(message, Worker.StateChanged) and super().check_message_enabled(message)

    def on_resize(self, event: events.Resize) -> None:
        was_small = self.has_class("-small")
        self._fit(event.size)
        if not self.has_class("-small"):
            if was_small:
                # What is hidden loses the focus, and what shows again has to be laid out first.
                self.call_after_refresh(self._focus_again)
        elif not self.query(TooSmall):
            self.mount(TooSmall(id="small"))

    def _fit(self, size: Size) -> None:
        """Lay the panes out for SIZE."""
        width, height = size
        self.set_class(width >= WIDE, "-wide")
        self.set_class(width < WIDE and height < SHORT, "-short")
        self.set_class(width < LEAST[0] or height < LEAST[1], "-small")

    def on_descendant_focus(self) -> None:
        if self.place.reading and self.focused is self.list:  # by a click
            self._read_no_more()
        self.footer.keys = tuple((self.reader.key_of(one), one.title) for one in in_footer(self.where))

    @property
    def where(self) -> Where:
        """What the keys are for."""
        if self.search.typing:
            return "search"
        return "document" if self.focused is self.document else "list"

    @property
    def _highlight(self) -> Highlight:
        """Gives what the search found in a text."""
        return self.hits.highlight if self.hits else no_highlight

    # Where the reader is

    def here(self) -> Place:
        """The place as it is left, with how far the record was read."""
        scroll = self.place.scroll if self._behind else self.document.scroll
        # Beside its list a record is read by a click into it too; below it, that gives it no more room.
        within = self.focused is self.document and not self.has_class("-alone")
        reading = self.place.reading or (within and self.has_class("-wide"))
        top, row = self.list.top, self.list.cursor
        return replace(self.place, reading=reading, within=within, scroll=scroll, top=top, row=row)

    def go(self, place: Place, *, remember: bool = True) -> None:
        """Go to PLACE, searching first when another search is in force there."""
        if remember:
            self.history.leave(self.here())
        self._at_hand(place, lambda: self.arrive(place))

    def arrive(self, place: Place, *, anew: bool = False) -> None:
        """Show PLACE; the hits of its query are at hand.

        Another list, or one that is looked at ANEW, is not scrolled as the one before was: what is in
        view must not hang on which letters of a query came too quickly for their hits to be shown.
        """
        if self._noted is not None and self._noted[0] is not self.hits:
            for note in self._noted[1]:
                self.reader.take_back(note)
            self._noted = None
        rows, cursor = rows_at(self.edition, self.hits, place)
        top = place.top
        if top is None and (anew or (place.pane, place.query) != (self.place.pane, self.place.query)):
            top = max(cursor - _ABOVE, 0)
        self.list.show(
            rows, cursor, self._highlight, empty=empty_words(self.edition, self.hits, place), top=top
        )
        within = place.within
        place = replace(place, within=False, top=None, row=0)
        if place.ref is None and rows.total:
            place = replace(place, ref=cast("Ref", self.list.key))
        self.place = place
        self._remember_choice()
        alone = isinstance(rows, NoRows)
        self.set_class(alone, "-alone")
        # What is so and what to do has the place of a record too; not in a search, where the panes would come
        # and go with the letters, and be styled anew each time.
        self.set_class(not alone and place.ref is None and self.hits is None, "-empty")
        self.set_class(place.reading, "-reading")
        self._show_tabs()
        if place.reading or self.has_class("-alone"):
            self._show_document()
            self._rest_anew()
        else:
            self._show_document_at_rest()
        self._settle_focus(within=within)

    def show_edition(self, edition: Edition) -> None:
        """Go on reading at the same place in a newer edition."""
        self.edition = edition
        if self._later:
            return
        self._describe()
        here = self.here()
        self.hits = None
        if self._wanted is not None and self._then is not None:
            # Where the reader is on the way to, once it is found in the newer edition. A place of its own,
            # by which the search of the older one is told to be overtaken.
            then, typing = self._then
            self._at_hand(replace(self._wanted), then, typing=typing)
        else:
            self._at_hand(here, lambda: self.arrive(here))

    def read(self, edition: Edition) -> None:
        """Begin to read another part of the library."""
        self.edition = edition
        self.hits = None
        self._wanted = self._then = None
        self.history = History()
        self._chosen.clear()
        self._describe()
        self.arrive(Place(), anew=True)

    def _remember_choice(self) -> None:
        # Not what the letters of a query open in passing, if they come slowly enough.
        if self.place.ref is not None and not self.search.typing:
            self._chosen[self.place.pane] = self.place.ref

    def _describe(self) -> None:
        """Say which briefing this is and what is wrong with it."""
        edition = self.edition
        briefing = edition.briefing
        self.masthead.heading = briefing.title if briefing else "All briefings"
        self.masthead.aside = f"as of {date_in_words(briefing.as_of)}" if briefing else ""
        problems = len(edition.problems)
        warning = f"! {count(problems, 'problem')}" if problems else ""
        self.masthead.warning = self.reader.warning or warning
        self.masthead.progress = self.reader.progress
        self._total = sum(edition.count(kind) for kind in (*RECORDS, Kind.BRIEFING))

    def _show_tabs(self) -> None:
        hits = self.hits
        # That there are none is not known before all is read.
        none = None if self.edition.partial else 0
        counts = {
            kind: (hits.counts.get(kind) if hits else self.edition.count(kind)) or none for kind in PANES[1:]
        }
        self.tabs.tabs = tuple((TITLES[kind], counts.get(kind)) for kind in PANES)
        self.tabs.active = PANES.index(self.place.pane)
        self.search.text = self.place.query
        self.search.say(f"{hits.total:,} of {self._total:,}  in {hits.seconds * 1000:.0f} ms" if hits else "")

    def _show_document(self) -> None:
        why = self.list.why if self.place.ref == self.list.key else ()
        blocks = blocks_at(self.edition, self.hits, self.place, why)
        self.document.show(blocks, self._highlight, scroll=self.place.scroll)
        self._behind = False

    def _read_no_more(self) -> None:
        """Keys are for the list again."""
        self.place = replace(self.place, reading=False)
        self.set_class(False, "-reading")

    def _settle_focus(self, *, within: bool = False) -> None:
        """Give the focus to the list or the open record, unless a query is being typed."""
        if not self.search.typing:
            reads = within or self.place.reading or self.has_class("-alone")
            self.set_focus(self.document if reads else self.list, scroll_visible=False)

    def _focus_again(self) -> None:
        """Give the focus back to what had it."""
        if self.search.typing:
            self.search.go_on()
        else:
            self._settle_focus()

    @on(ListView.Moved)
    def _moved(self, message: ListView.Moved) -> None:
        message.stop()
        self.place = replace(self.place, ref=cast("Ref", message.key), scroll=START)
        self._remember_choice()
        self._show_document_at_rest()

    def _show_document_at_rest(self) -> None:
        """Show the open record, of several quick keys at the first and the last; of letters at the last."""
        if self._resting is None and self.search.typing:
            # The hits first, and the record in the next frame; on a slow line when nothing more is typed.
            self._behind = True
            if not self.reader.settings.low_bandwidth:
                self.call_after_refresh(self.catch_up)
        elif self._resting is None:
            self._show_document()
        else:
            self._behind = True
        self._rest_anew()

    def _rest_anew(self) -> None:
        """Wait for the next quick key, and do what can wait when none comes."""
        if self._resting is not None:
            self._resting.cancel()
        rest = _RESTING_SLOW if self.reader.settings.low_bandwidth else _RESTING
        # A timer of Textual's is a task, too dear for every key.
        self._resting = asyncio.get_running_loop().call_later(rest, self.call_next, self._rested)

    def _rested(self) -> None:
        self._resting = None
        self.catch_up()
        if isinstance(self.list.rows, HitRows) and self.list.best is None:
            self._mark_best(self.list.rows)

    def catch_up(self) -> None:
        """Show the open record now: the next key is about it."""
        if self._behind:
            self._show_document()

    # Hits: a key never waits for a search, and a search that is overtaken is dropped

    def _at_hand(self, place: Place, then: Callable[[], None], *, typing: bool = False) -> None:
        """Call THEN once the hits that PLACE shows are at hand, now if they are.

        The next key waits for them, unless it is TYPING that asks: another letter asks for others.
        """
        self.workers.cancel_group(self, "search")
        self._wanted, self._then = place, None
        if place.query and (self.hits is None or place.query != self.place.query):
            self._then = then, typing
            # No coroutine yet: the next letter may come before the search begins.
            find: Any = partial(self._find, place, then)
            self.run_worker(find, group="search" if typing else UNDER_WAY)
        else:
            self.hits = self.hits if place.query else None
            then()

    async def _find(self, place: Place, then: Callable[[], None]) -> None:
        hits = await asyncio.to_thread(_search, self.edition, place, self.list.around)
        if self._wanted is not place:
            return
        self.hits, self._then = hits, None
        then()
        if hits.may_have_notes:
            self._tell_notes(hits)

    async def _look_up(self, place: Place) -> None:
        """Have the hits that PLACE shows at hand, in place of those that are being looked for."""
        self.workers.cancel_group(self, "search")
        self._then = None
        edition = None
        while edition is not self.edition:  # a file may be saved meanwhile
            edition = self.edition
            hits = await asyncio.to_thread(_search, edition, place, self.list.around)
        self._wanted, self.hits = place, hits

    @work(exclusive=True, group="notes")
    async def _tell_notes(self, hits: Hits) -> None:
        """Say what is to be said of HITS when it is known; nothing waits for that."""
        notes = await asyncio.to_thread(lambda: hits.notes)
        if self.hits is hits:
            self._noted = hits, notes
            for note in notes:
                self.reader.tell(note)

    @work(exclusive=True, group="best")
    async def _mark_best(self, rows: HitRows) -> None:
        """Mark the best hit when it is known; nothing waits for that."""
        best = await asyncio.to_thread(rows.hits.best, rows.kind)
        if best is not None and self.list.rows is rows:
            self.list.mark_best(best)


def _search(edition: Edition, place: Place, around: Callable[[int], tuple[int, int]]) -> Hits:
    """Search off the screen's own thread, with all that PLACE shows of the hits and that takes time."""
    hits = edition.search(place.query, typing=True)
    if place.pane is not Kind.BRIEFING:
        # Read while they are counted; mostly all that is shown, and it tells where the open record stands.
        hits.page(place.pane, *around(0))
    rows, cursor = rows_at(edition, hits, place)
    rows.page(*around(cursor))
    _ = hits.nearest
    return hits
