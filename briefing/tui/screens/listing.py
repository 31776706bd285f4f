"""A screen that is a list with what its row says in full below or beside it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen

from briefing.document.document import Block
from briefing.tui.flow import Target
from briefing.tui.places import SHORT, WIDE
from briefing.tui.rows import Rows
from briefing.tui.widgets.chrome import Divider, Footer, Masthead
from briefing.tui.widgets.document import DocumentView
from briefing.tui.widgets.records import ListView

if TYPE_CHECKING:
    from briefing.tui.app import ReaderApp

Result = TypeVar("Result")


class Listing(Screen[Result], Generic[Result]):
    """Shows rows and the blocks of the one under the cursor; Tab goes through the links of these."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q", "leave", "Back", show=False),
        Binding("tab", "link(1)", "Next link", show=False),
        Binding("shift+tab", "link(-1)", "Previous link", show=False),
    ]
    AUTO_FOCUS = None
    heading: ClassVar[str] = ""
    keys: ClassVar[tuple[tuple[str, str], ...]] = (("Enter", "Open"), ("Esc", "Back"))

    def __init__(self) -> None:
        super().__init__()
        self.masthead = Masthead()
        self.list = ListView(id="list")
        self.document = DocumentView(id="document")
        self.footer = Footer()

    @property
    def reader(self) -> ReaderApp:
        """The app, with what it knows beyond Textual's."""
        return cast("ReaderApp", self.app)

    def compose(self) -> ComposeResult:
        yield self.masthead
        yield Divider(classes="rule")
        with Container(id="body"):
            yield self.list
            yield Divider(id="middle")
            yield self.document
        yield self.footer

    def on_mount(self) -> None:
        self.masthead.heading = self.heading
        self.footer.keys = self.keys
        self.show(0)
        self.set_focus(self.list)

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        self.set_class(width >= WIDE, "-wide")
        self.set_class(width < WIDE and height < SHORT, "-short")

    def show(self, cursor: int) -> None:
        """Show the rows with the cursor on one of them."""
        self.list.show(self.rows(), cursor, empty=self.empty())
        self.document.show(self.blocks(self.list.key) if self.list.rows.total else ())

    def rows(self) -> Rows:
        raise NotImplementedError

    def blocks(self, key: Hashable) -> Sequence[Block]:
        """What the row of KEY says in full."""
        raise NotImplementedError

    def empty(self) -> tuple[str, ...]:
        """What is so when there are no rows, and what to do."""
        return ()

    def opened(self, key: Hashable) -> None:
        """A row was opened."""

    def followed(self, target: Target) -> None:
        """A link of what it says was followed."""

    @on(ListView.Moved)
    def _moved(self, message: ListView.Moved) -> None:
        self.document.show(self.blocks(message.key))

    @on(ListView.Opened)
    def _opened(self, message: ListView.Opened) -> None:
        self.opened(message.key)

    @on(DocumentView.Followed)
    def _followed(self, message: DocumentView.Followed) -> None:
        self.followed(message.target)

    def action_link(self, by: int) -> None:
        if self.document.step_link(by):
            self.set_focus(self.document, scroll_visible=False)

    def action_leave(self) -> None:
        if self.focused is self.document:
            self.set_focus(self.list, scroll_visible=False)
        else:
            self.dismiss()
