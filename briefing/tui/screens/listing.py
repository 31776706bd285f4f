"""A screen beside the reader: a list, with what its row says in full below it."""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.message_pump import _MessagePumpMeta

from briefing.document.document import Block
from briefing.tui.commands import BY_ID, borrowed
from briefing.tui.flow import Target
from briefing.tui.painting import FrontToBack
from briefing.tui.rows import Rows
from briefing.tui.screens.steady import Steady
from briefing.tui.widgets.chrome import Divider, Footer, Masthead
from briefing.tui.widgets.document import DocumentView
from briefing.tui.widgets.records import ListView
from briefing.tui.widgets.small import LEAST, TooSmall

if TYPE_CHECKING:
    from briefing.edition.edition import Edition

Result = TypeVar("Result")


class _Abstract(_MessagePumpMeta, ABCMeta):
    """Textual's screens, of which some cannot be made for want of a method."""


class Listing(Steady[Result], Generic[Result], metaclass=_Abstract):
    """Shows rows of an edition and the blocks of the one under the cursor.

    Tab goes through the links of these, or into them when there are none. Rows here are of many words,
    so that list and text stand one above the other on wide terminals too.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *borrowed(
            {
                "leave": "leave",
                "back": "leave",
                "quit": "app.quit",
                "next": "step(1)",
                "previous": "step(-1)",
                "help": "help",
                "theme": "app.next_theme",
                "redraw": "app.redraw",
                "suspend": "app.suspend_reader",
            }
        )
    ]
    AUTO_FOCUS = None
    heading: ClassVar[str] = ""
    # The commands that the footer names, the one that leaves last, and what they are called here.
    named: ClassVar[tuple[tuple[str, str], ...]] = ()

    def __init__(self, edition: Edition) -> None:
        super().__init__()
        self._compositor = FrontToBack()
        self.edition = edition
        self.masthead = Masthead()
        self.list = ListView(id="list")
        self.document = DocumentView(id="document")
        self.footer = Footer()

    def compose(self) -> ComposeResult:
        yield self.masthead
        yield Divider(classes="rule")
        yield Container(self.list, Divider(id="middle"), self.document, id="body")
        yield self.footer

    def on_mount(self) -> None:
        self.add_class("-listing")
        self.masthead.heading = self.heading
        self.masthead.progress = self.reader.progress
        self.show(self.first())
        self.set_focus(self.list)

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        small = width < LEAST[0] or height < LEAST[1]
        if small and not self.query(TooSmall):
            self.mount(TooSmall(id="small"))
        self.set_class(small, "-small")
        # What it says may depend on the width, which is known once all is laid out.
        self.call_after_refresh(self._describe)
        if not small:
            self.call_after_refresh(self._focus_again)

    def _focus_again(self) -> None:
        """Give the list the focus that all lost while they were hidden on too small a terminal."""
        if self.focused is None:
            self.set_focus(self.list)

    def show(self, cursor: int) -> None:
        """Show the rows with the cursor on one of them."""
        rows = self.rows()
        self.masthead.warning = self.reader.warning
        self.set_class(not rows.total, "-empty")
        self.list.show(rows, cursor, empty=self.empty())
        # Of an empty list there is nothing to do but to leave it.
        named = self.named if rows.total else self.named[-1:]
        self.footer.keys = tuple((self.reader.key_of(BY_ID[name]), title) for name, title in named)
        self._describe()

    def show_edition(self, edition: Edition) -> None:
        """Go on with a newer edition, as near to the same row as there is one."""
        self.edition = edition
        self.show(self.list.cursor)

    def _describe(self) -> None:
        self.document.show(self.blocks(self.list.key) if self.list.rows.total else ())

    @abstractmethod
    def rows(self) -> Rows:
        """All there is to show."""

    def first(self) -> int:
        """Where the cursor stands at first."""
        return 0

    @abstractmethod
    def blocks(self, key: Hashable) -> Sequence[Block]:
        """What the row of KEY says in full."""

    @abstractmethod
    def empty(self) -> tuple[str, ...]:
        """What is so when there are no rows, and what to do."""

    @abstractmethod
    def opened(self, key: Hashable) -> None:
        """A row was opened."""

    def followed(self, target: Target) -> None:
        """A link of what it says was followed."""

    @on(ListView.Moved)
    def _moved(self) -> None:
        self._describe()

    @on(ListView.Opened)
    def _opened(self, message: ListView.Opened) -> None:
        self.opened(message.key)

    @on(DocumentView.Followed)
    def _followed(self, message: DocumentView.Followed) -> None:
        self.followed(message.target)

    def action_step(self, by: int) -> None:
        """To the next link of what is said; where it has none, there and back."""
        if self.document.step_link(by) or self.focused is not self.document:
            self.set_focus(self.document, scroll_visible=False)
        else:
            self.set_focus(self.list, scroll_visible=False)

    def action_leave(self) -> None:
        if self.focused is self.document:
            self.set_focus(self.list, scroll_visible=False)
        else:
            self.dismiss(None)

    def action_help(self) -> None:
        from briefing.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen("document" if self.focused is self.document else "list"))
