"""Commands: everything a reader can do, each declared once.

Bindings, the command palette, the footer and the help are all drawn from this one list; the id of a
command is what the config file gives other keys to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from msgspec import Struct
from textual.binding import Binding

Where = Literal["reader", "list", "document", "search", "everywhere"]


class Command(Struct, frozen=True):
    """One thing to do: its keys (the first is shown), where they work, and what it is called.

    `footer` is its rank among the few that stand in the footer (0: not there); `palette` says whether
    the command palette offers it.
    """

    id: str
    keys: str
    action: str
    title: str
    help: str
    where: Where = "reader"
    footer: int = 0
    palette: bool = True


COMMANDS: Final = (
    Command("search", "slash", "search", "Search", "Search as you type, in all panes", footer=2),
    Command("help", "question_mark,f1", "help", "Help", "The keys of what has the focus", footer=1),
    Command(
        "palette", "ctrl+p", "app.command_palette", "Commands", "Every command and every actor", footer=6
    ),
    Command("pane.brief", "1", "pane(0)", "Brief", "Go to the Brief"),
    Command("pane.actors", "2", "pane(1)", "Actors", "Go to the actors"),
    Command("pane.positions", "3", "pane(2)", "Positions", "Go to the positions"),
    Command("pane.incidents", "4", "pane(3)", "Incidents", "Go to the incidents"),
    Command("pane.quotes", "5", "pane(4)", "Quotes", "Go to the quotes"),
    Command("pane.sources", "6", "pane(5)", "Sources", "Go to the sources"),
    Command("next", "tab", "next", "Next", "Next pane; in an open record, next link", palette=False),
    Command("previous", "shift+tab", "previous", "Previous", "Pane or link before this one", palette=False),
    Command("back", "backspace,alt+left", "back", "Back", "Back to where you were", footer=5),
    Command("forward", "alt+right", "forward", "Forward", "Forward again, after going back"),
    Command(
        "leave", "escape", "leave", "Leave", "Back to the list; from there, clear the search", palette=False
    ),
    Command("best", "b", "best", "Best hit", "Go to the best hit of this pane"),
    Command("match.next", "n", "match(1)", "Next match", "Next match in the open record"),
    Command("match.previous", "N", "match(-1)", "Previous match", "Previous match in the open record"),
    Command("date", "d", "date", "Go to date", "Go to a day in a list ordered by date"),
    Command("facets", "f", "facets", "Narrow", "Hits by actor, stance, status, place and day"),
    Command(
        "copy.citation", "y", "copy_citation", "Copy citation", "Copy quote, speaker, date, source and ref"
    ),
    Command("copy.ref", "Y", "copy_ref", "Copy ref", "Copy the record's ref"),
    Command("edit", "e", "edit", "Edit", "Open $EDITOR at the record's line"),
    Command("problems", "exclamation_mark", "problems", "Problems", "What is wrong in the files"),
    Command("library", "L", "library", "Library", "All briefings of this library"),
    Command("theme", "t", "app.next_theme", "Theme", "Next theme: dark, light, terminal"),
    Command("redraw", "ctrl+l", "app.redraw", "Redraw", "Draw the whole screen again"),
    Command("suspend", "ctrl+z", "app.suspend_reader", "Suspend", "Back to the shell; fg returns"),
    Command("quit", "q", "app.quit", "Quit", "Leave the reader", footer=7),
    Command("list.down", "j,down", "move(1)", "Down", "Next record", "list", palette=False),
    Command("list.up", "k,up", "move(-1)", "Up", "Previous record", "list", palette=False),
    Command(
        "list.page-down", "pagedown,ctrl+f,space", "page(1)", "Page down", "A page on", "list", palette=False
    ),
    Command("list.page-up", "pageup,ctrl+b", "page(-1)", "Page up", "A page back", "list", palette=False),
    Command("list.first", "g,home", "first", "First", "First record", "list", palette=False),
    Command("list.last", "G,end", "last", "Last", "Last record", "list", palette=False),
    Command("list.open", "enter,l,right", "open", "Open", "Open the record", "list", 3, palette=False),
    Command("document.down", "j,down", "scroll(1)", "Down", "A line on", "document", palette=False),
    Command("document.up", "k,up", "scroll(-1)", "Up", "A line back", "document", palette=False),
    Command(
        "document.page-down",
        "pagedown,ctrl+f,space",
        "page(1)",
        "Page down",
        "A page on",
        "document",
        palette=False,
    ),
    Command(
        "document.page-up", "pageup,ctrl+b", "page(-1)", "Page up", "A page back", "document", palette=False
    ),
    Command("document.first", "g,home", "first", "Start", "Start of the record", "document", palette=False),
    Command("document.last", "G,end", "last", "End", "End of the record", "document", palette=False),
    Command("document.follow", "enter", "follow", "Follow", "Follow the link", "document", 3, palette=False),
    Command(
        "search.keep", "enter", "keep", "Keep", "Keep the hits, go to the list", "search", 1, palette=False
    ),
    Command("search.clear", "escape", "clear", "Clear", "Back to what was there", "search", 2, palette=False),
    Command(
        "search.complete", "tab", "complete", "Complete", "Take the completion", "search", 3, palette=False
    ),
    Command("search.older", "up", "older(1)", "Older", "The query before", "search", palette=False),
    Command("search.newer", "down", "older(-1)", "Newer", "The query after", "search", palette=False),
)
BY_ID: Final = {command.id: command for command in COMMANDS}


def bindings(where: Where) -> list[Binding]:
    """The bindings of what works WHERE."""
    return [
        Binding(command.keys, command.action, command.title, show=False, id=command.id, tooltip=command.help)
        for command in COMMANDS
        if command.where == where
    ]


def borrowed(actions: Mapping[str, str]) -> list[Binding]:
    """The keys of commands, by id, bound to other ACTIONS on a screen where they mean something else."""
    return [
        Binding(BY_ID[name].keys, action, BY_ID[name].title, show=False, id=name)
        for name, action in actions.items()
    ]


def in_footer(where: Where) -> list[Command]:
    """The commands that the footer names while WHERE has the focus."""
    places = (where,) if where == "search" else (where, "reader")
    return sorted((c for c in COMMANDS if c.footer and c.where in places), key=lambda c: c.footer)


def in_palette() -> Iterator[Command]:
    """The commands that the palette offers."""
    return (command for command in COMMANDS if command.palette)


# How keys are written for people.
_KEY_NAMES: Final = {
    "slash": "/",
    "question_mark": "?",
    "exclamation_mark": "!",
    "backspace": "Backspace",
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "shift+tab": "Shift-Tab",
    "space": "Space",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
}


def key_name(key: str) -> str:
    """KEY as people write it: ``ctrl+p`` is ``Ctrl-P``."""
    if key in _KEY_NAMES:
        return _KEY_NAMES[key]
    *modifiers, last = key.split("+")
    last = _KEY_NAMES.get(last, last)
    if not modifiers:
        return last.upper() if len(last) > 1 else last
    return "-".join(
        [*(modifier.capitalize() for modifier in modifiers), last.upper() if len(last) == 1 else last]
    )
