"""The three themes, and the styles in which the reader's own widgets draw.

Colours only support what words and signs say. `dark` and `light` bring their own background; `terminal`
uses nothing but the terminal's own sixteen colours and its background, which also costs fewest bytes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from msgspec import Struct
from rich.style import Style
from textual.theme import Theme


class Colours(Struct, frozen=True):
    """The colours of a theme by what they are for."""

    background: str
    foreground: str
    strong: str
    muted: str
    accent: str
    quote: str
    good: str
    warning: str
    bad: str
    rule: str
    row: str
    row_idle: str
    match: str
    match_background: str


# Every colour is one of the 256 that terminals without true colour have, so that both look the same.
DARK: Final = Colours(
    background="#1c1c1c",
    foreground="#d0d0d0",
    strong="#ffffff",
    muted="#a8a8a8",
    accent="#87afff",
    quote="#d7d7af",
    good="#87d787",
    warning="#d7af5f",
    bad="#ff8787",
    rule="#4e4e4e",
    row="#3a3a3a",
    row_idle="#262626",
    match="#000000",
    match_background="#d7af5f",
)
LIGHT: Final = Colours(
    background="#ffffff",
    foreground="#303030",
    strong="#000000",
    muted="#585858",
    accent="#005faf",
    quote="#5f5f00",
    good="#005f00",
    warning="#875f00",
    bad="#af0000",
    rule="#bcbcbc",
    row="#e4e4e4",
    row_idle="#eeeeee",
    match="#000000",
    match_background="#ffd75f",
)
COLOURS: Final = {"dark": DARK, "light": LIGHT}
NAMES: Final = ("dark", "light", "terminal")


def textual_theme(name: str) -> Theme:
    """The theme NAME for Textual's own widgets: the palette, the input, notices."""
    if name == "terminal":
        return Theme(
            name=name,
            ansi=True,
            primary="ansi_cyan",
            secondary="ansi_cyan",
            warning="ansi_yellow",
            error="ansi_red",
            success="ansi_green",
            accent="ansi_cyan",
            foreground="ansi_default",
            background="ansi_default",
            surface="ansi_default",
            panel="ansi_default",
            boost="ansi_default",
            variables={
                "rule": "ansi_default",
                # The ground of notices; black would hide the letters of a light terminal.
                "ansi-background": "ansi_default",
                "ansi-foreground": "ansi_default",
                "block-cursor-foreground": "ansi_black",
                "block-cursor-background": "ansi_cyan",
                "input-cursor-background": "ansi_white",
                "input-cursor-foreground": "ansi_black",
                "input-selection-background": "ansi_cyan",
                "input-selection-foreground": "ansi_black",
            },
        )
    colours = COLOURS[name]
    return Theme(
        name=name,
        dark=name == "dark",
        primary=colours.accent,
        secondary=colours.accent,
        warning=colours.warning,
        error=colours.bad,
        success=colours.good,
        accent=colours.accent,
        foreground=colours.foreground,
        background=colours.background,
        surface=colours.row_idle,
        panel=colours.row_idle,
        variables={
            "rule": colours.rule,
            "block-cursor-background": colours.row,
            "block-cursor-foreground": colours.strong,
            # The palette's list, and what it says beside a command.
            "block-cursor-blurred-background": colours.row,
            "block-cursor-blurred-foreground": colours.strong,
            "text-muted": colours.muted,
            "text-disabled": colours.muted,
            "input-cursor-background": colours.accent,
            "input-cursor-foreground": colours.background,
            "input-selection-background": colours.row,
        },
    )


class Paint:
    """The Rich style of every role in one theme; asked for each piece of text, so remembered."""

    def __init__(self, name: str) -> None:
        self._colours = COLOURS.get(name)
        self.style = lru_cache(maxsize=512)(self._style)
        self.plain = self.style("plain")

    def _style(
        self,
        role: str,
        *,
        row: str = "",
        match: bool = False,
        link: bool = False,
        chosen: bool = False,
        url: str = "",
    ) -> Style:
        """How text of ROLE looks.

        `row` is "cursor" or "idle" on the line of the list's cursor, with or without the focus; `match`
        marks what the search found; `link` what leads elsewhere and `chosen` the link that Enter follows.
        """
        build = self._terminal if self._colours is None else self._coloured
        style = build(role, row, match, link, chosen)
        return style + Style(link=url) if url else style

    def _coloured(self, role: str, row: str, match: bool, link: bool, chosen: bool) -> Style:
        colours = self._colours
        assert colours is not None
        ground = {"cursor": colours.row, "idle": colours.row_idle}.get(row, colours.background)
        if match:
            return Style(color=colours.match, bgcolor=colours.match_background, bold=True)
        if chosen:
            return Style(color=colours.background, bgcolor=colours.accent)
        colour = {
            "strong": colours.strong,
            "title": colours.strong,
            "name": colours.strong,
            "heading": colours.accent,
            "active": colours.accent,
            "muted": colours.muted,
            "label": colours.muted,
            "accent": colours.accent,
            "sign": colours.accent,
            "bar": colours.accent,
            "quote": colours.quote,
            "original": colours.quote,
            "good": colours.good,
            "warning": colours.warning,
            "bad": colours.bad,
            "rule": colours.rule,
        }.get(role, colours.foreground)
        if link and role in ("plain", "muted"):
            colour = colours.accent
        return Style(
            color=colour,
            bgcolor=ground,
            bold=role in _BOLD or None,
            underline=(link and role != "bar") or None,
        )

    def _terminal(self, role: str, row: str, match: bool, link: bool, chosen: bool) -> Style:
        if match:
            return Style(color="black", bgcolor="yellow")
        bold = role in _BOLD or None
        if chosen or row == "cursor":
            return Style(reverse=True, bold=bold)
        if row == "idle":
            bold = True
        colour = {
            "heading": "cyan",
            "active": "cyan",
            "accent": "cyan",
            "sign": "cyan",
            "bar": "cyan",
            "good": "green",
            "warning": "yellow",
            "bad": "red",
        }.get(role)
        if link and role in ("plain", "muted"):
            colour = "cyan"
        dim = (role in ("muted", "label", "rule") and not link) or None
        return Style(color=colour, bold=bold, dim=dim, underline=(link and role != "bar") or None)


_BOLD: Final = frozenset({"strong", "title", "heading", "active"})


@lru_cache(maxsize=len(NAMES))
def paint(name: str) -> Paint:
    """The styles of the theme NAME, shared by every session that uses it."""
    return Paint(name)
