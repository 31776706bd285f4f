"""Asking for one line: a date to go to."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from briefing.tui.commands import borrowed
from briefing.tui.screens.steady import Steady
from briefing.tui.widgets.chrome import Words


class AskScreen(Steady[str | None], ModalScreen[str | None]):
    """Asks a question at the foot of the screen; gives the answer, or None when there is none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back", show=False),
        *borrowed({"redraw": "app.redraw"}),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    def compose(self) -> ComposeResult:
        with Vertical(id="ask"):
            yield Words(self.question)
            entry = Input(compact=True, select_on_focus=False)
            entry.cursor_blink = False
            yield entry

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        self.dismiss(message.value.strip() or None)
