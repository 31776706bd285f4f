"""Help: the keys of what has the focus, then all others."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from briefing.document.document import Block, Field, Heading, Paragraph, Run
from briefing.tui.commands import COMMANDS, Command, Where, borrowed, key_name
from briefing.tui.screens.steady import Steady
from briefing.tui.widgets.chrome import Footer
from briefing.tui.widgets.document import DocumentView

_HEADINGS: dict[Where, str] = {
    "list": "In a list",
    "document": "In an open record",
    "reader": "Everywhere",
    "search": "While typing a search",
}


# So that all sections align.
_KEYS_WIDE = 18


class HelpScreen(Steady[None], ModalScreen[None]):
    """A page of keys; any of the keys that leave closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,backspace", "dismiss", "Close", show=False),
        *borrowed({"redraw": "app.redraw"}),
    ]

    def __init__(self, where: Where) -> None:
        super().__init__()
        self.where = where
        self.document = DocumentView()
        self.footer = Footer()

    def compose(self) -> ComposeResult:
        yield self.document
        yield self.footer

    def on_mount(self) -> None:
        keys = self.reader.settings.keys
        # Of what the screen below binds nothing else works there; the palette is the app's.
        works = {"palette", *(binding.id for _, binding in self.app.screen_stack[-2]._bindings)}
        order: list[Where] = [self.where, *(w for w in _HEADINGS if w != self.where)]
        if "search" not in works:
            order.remove("search")
        blocks: list[Block] = [Heading("Keys", 1)]
        for where in order:
            blocks.append(Heading(_HEADINGS[where]))
            blocks += [
                _field(command, keys.get(command.id, command.keys))
                for command in COMMANDS
                if command.where == where and (where != "reader" or command.id in works)
            ]
        blocks.append(Heading("Other keys"))
        blocks.append(
            Paragraph((Run("The config file gives a command other keys: under “keys”, by its id."),))
        )
        self.document.show(blocks)
        self.footer.keys = (("Esc", "Close"), ("j k", "Scroll"))


def _field(command: Command, keys: str) -> Field:
    names = " ".join(key_name(key) for key in keys.split(","))
    return Field(names.ljust(_KEYS_WIDE), (Run(command.help), Run(f"  {command.id}", "muted")))
