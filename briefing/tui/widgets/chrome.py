"""The single lines around the panes: title, tabs, rule and footer."""

from __future__ import annotations

from typing import Literal

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from briefing.edition.progress import Step
from briefing.tui.cells import fit
from briefing.tui.widgets.painted import Painted

Pieces = list[tuple[str, Style]]
_BAR = 10


class Masthead(Painted):
    """The briefing's title, and on the right what is wrong with it and its date."""

    heading = reactive("")
    aside = reactive("")
    warning = reactive("")
    # How far the building of what comes next is.
    progress: reactive[Step | None] = reactive(None)

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        width = self.size.width
        style = self.paint.style
        right: Pieces = []
        if self.progress is not None:
            full = self.progress.bar(_BAR)
            said = " ".join(filter(None, (self.progress.share, self.progress.left))) or "..."
            right += [
                (f"{self.progress.stage} ", style("muted")),
                ("━" * full, style("strong")),
                ("─" * (_BAR - full), style("rule")),
                (f" {said}   ", style("muted")),
            ]
        elif self.warning:
            right += [(self.warning, style("warning")), ("   ", style("plain"))]
        right += [(self.aside, style("muted")), (" ", style("plain"))]
        room = max(width - sum(cell_len(text) for text, _ in right) - 2, 0)
        title = [(" ", style("plain")), (fit(self.heading, room), style("title")), (" ", style("plain"))]
        return self.strip([*title, *right], width, style("plain"))


class Tabs(Painted):
    """The panes with their counts, or their hits under a search."""

    tabs: reactive[tuple[tuple[str, int | None], ...]] = reactive(())
    active = reactive(0)

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def labels(self, width: int) -> list[str]:
        """The tabs' texts, as full as WIDTH allows."""
        for name, short, pad in (
            (str, False, 2),
            (str, True, 2),
            (str, True, 1),
            (_abbreviated, True, 1),
            (_first_letters, True, 0),
            (_initial, True, 0),
        ):
            labels = []
            for number, (title, count) in enumerate(self.tabs, 1):
                text = f"{number} {name(title)}"
                if count is not None:
                    text += f" {_short(count) if short else f'{count:,}'}"
                labels.append(f" {text}{' ' * (pad > 0)}")
            if sum(map(len, labels)) + (len(labels) - 1) * (pad > 1) <= width:
                break
        return labels

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        style = self.paint.style
        pieces: Pieces = []
        for index, label in enumerate(self.labels(self.size.width)):
            count = self.tabs[index][1]
            if index == self.active:
                look = style("active", row="cursor")
            else:
                look = style("muted" if count == 0 else "plain")
            pieces.append((label, look))
        return self.strip(pieces, self.size.width, style("plain"))

    def on_click(self, event: events.Click) -> None:
        at = 0
        for index, label in enumerate(self.labels(self.size.width)):
            at += len(label)
            if event.x < at:
                self.post_message(self.Chosen(index))
                return


def _abbreviated(title: str) -> str:
    """A long word as people shorten it."""
    return title if len(title) < 8 else f"{title[:3]}."


def _first_letters(title: str) -> str:
    return title[:3]


def _initial(title: str) -> str:
    return title[0]


def _short(count: int) -> str:
    """A count in at most four cells."""
    if count < 10_000:
        return str(count)
    return f"{count // 1000}k" if count < 1_000_000 else f"{count / 1_000_000:.1f}M"


class Divider(Painted):
    """A thin rule between two parts, across or down by its own shape."""

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        width = self.size.width
        return self.strip(
            [("│" if width == 1 else "─" * width, self.paint.style("rule"))], width, self.paint.plain
        )


class Words(Painted):
    """One line of words."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        style = self.paint.style
        return self.strip([(f" {self.words}", style("muted"))], self.size.width, style("plain"))


class Footer(Painted):
    """The keys that matter most where the focus is; for a while, a notice instead."""

    keys: reactive[tuple[tuple[str, str], ...]] = reactive(())
    notice: reactive[str] = reactive("")
    tone: reactive[Literal["plain", "good", "warning", "bad"]] = reactive("plain")

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        width = self.size.width
        style = self.paint.style
        if self.notice:
            return self.strip([(" ", style("plain")), (self.notice, style(self.tone))], width, style("plain"))
        pieces: Pieces = [(" ", style("plain"))]
        room = width - 1
        for key, title in self.keys:
            size = cell_len(key) + cell_len(title) + 4
            if size > room:
                continue
            pieces += [(key, style("strong")), (f" {title}   ", style("muted"))]
            room -= size
        return self.strip(pieces, width, style("plain"))
