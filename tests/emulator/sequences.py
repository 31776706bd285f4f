"""The only sequences that a reader may send after its start, and what is left of a text without them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Moving the cursor, writing in a look, erasing to the end of a line, moving lines within margins, a
# frame's beginning and end, the cursor shown or hidden, the mouse pointer's shape, links to the web.
_OURS: Final = re.compile(
    r"\x1b\[(?:\d*(?:;\d+)?H|\d*C|K|[\d;]*m|(?:\d+;\d+)?r|\?2026[hl]|\?25[hl])"
    r"|\x1b[DM]"
    r"|\x1b\]22;[a-z-]+\a"
    r"|\x1b\]8;;(?:https?://[!-~]+)?\x1b\\"
)
_COPY: Final = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\a")
# What no terminal shows as a cell of its own: controls, changes of direction, tags, lone surrogates.
# Joiners and marks that some scripts need are the sanitiser's to judge.
_KEPT: Final = "\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2"
_MODE: Final = re.compile(r"\x1b\[\?([\d;]+)([hl])|\x1b\[([<>])(\d*)u")
_LOOK: Final = re.compile(r"\x1b\[([\d;]*)m")


def commands(written: str) -> list[str]:
    """What in WRITTEN a terminal would obey or not show, beyond what is the reader's to send."""
    rest = _OURS.sub("", written)
    return [
        rest[max(match - 20, 0) : match + 40]
        for match, character in enumerate(rest)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in _KEPT
    ]


def copied(written: str) -> list[str]:
    """What WRITTEN puts into the clipboard, still encoded."""
    return _COPY.findall(written)


def without_copies(written: str) -> str:
    return _COPY.sub("", written)


def modes(written: str) -> dict[str, bool]:
    """The private modes that WRITTEN sets or resets, as it leaves them; `kitty` for its keyboard's."""
    found: dict[str, bool] = {}
    for numbers, way, keyboard, _ in _MODE.findall(written):
        for number in numbers.split(";"):
            if number:
                found[number] = way == "h"
        if keyboard:
            found["kitty"] = keyboard == ">"
    return found


def looks(written: str) -> list[list[int]]:
    """The numbers of every change of look in WRITTEN."""
    return [[int(number or 0) for number in found.split(";")] for found in _LOOK.findall(written)]
