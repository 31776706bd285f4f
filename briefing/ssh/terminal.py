"""What a client says of its terminal, checked: its name and size come from outside."""

from __future__ import annotations

import re
from typing import NamedTuple

from rich.color import ColorSystem

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]{0,63}")
# Terminals that cannot place a cursor, or not by the sequences of ANSI: they get the briefing as plain text.
_NO_CURSOR = frozenset({"", "dumb", "unknown", "network", "dialup", "su", "emacs"})
_NOT_ANSI = re.compile(
    r"(.*-)?vt5[02](?!\d)|vt61|[st][tw]52|adm(?!36)|h19(?!-a)|hp2|hp7|hpterm|hz|ibm3|kermit|minitel1b?$"
    r"|qvt10[12]|regent|tek40|tvi9([12]|50)|viewdata|wy(30|50|60|99gt|1[026]0|325|350)"
)
_NO_COLOURS = re.compile(r"vt\d|ansi-m|.*-m(ono)?$|wy|h19")
_MANY_COLOURS = re.compile(
    r".*(256color|direct)|xterm-(kitty|ghostty)|alacritty|foot|wezterm|contour|iterm|ms-term"
)
# A terminal larger than this is no terminal: it is somebody who wants the server to draw a lot.
LARGEST = (500, 200)
USUAL = (80, 24)


class Size(NamedTuple):
    """Columns and rows."""

    width: int
    height: int


class Terminal(NamedTuple):
    """A client's terminal: its name, and whether and how it can be drawn on."""

    name: str
    addressable: bool
    colours: ColorSystem | None


def terminal_of(name: str) -> Terminal:
    """What is known of the terminal called NAME; one with an impossible name counts as dumb."""
    if not _NAME.fullmatch(name) or name in _NO_CURSOR or _NOT_ANSI.match(name):
        return Terminal("dumb", addressable=False, colours=None)
    if _MANY_COLOURS.match(name):
        return Terminal(name, addressable=True, colours=ColorSystem.EIGHT_BIT)
    if _NO_COLOURS.match(name):
        return Terminal(name, addressable=True, colours=None)
    return Terminal(name, addressable=True, colours=ColorSystem.STANDARD)


def size_of(width: int, height: int) -> Size:
    """A size to draw for: what the client says within reason, 80x24 where it says nothing."""
    if width <= 0 or height <= 0:
        return Size(*USUAL)
    return Size(min(width, LARGEST[0]), min(height, LARGEST[1]))
