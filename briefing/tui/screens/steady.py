"""What every screen of ours has: its app, and calm when the terminal changes its size."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.message import Message
from textual.screen import Screen, ScreenResultType

from briefing.tui.widgets.painted import Scrolled

if TYPE_CHECKING:
    from briefing.tui.app import ReaderApp


class Steady(Screen[ScreenResultType]):
    """A screen that takes no notice of a size the terminal no longer has.

    Textual tells a screen its own size once more after it was laid out. Of two that wait, each would be told
    again after the other, for ever, and the reader would stand still, with all others of its process.
    """

    @property
    def reader(self) -> ReaderApp:
        """The app, with what it knows beyond Textual's."""
        return cast("ReaderApp", self.app)

    @on(Scrolled.InVain)
    def _in_vain(self, message: Scrolled.InVain) -> None:
        self.reader.tell(message.words)

    def check_message_enabled(self, message: Message) -> bool:
        past = isinstance(message, events.Resize) and message.size != self.app.size
        return not past and super().check_message_enabled(message)
