"""Settings: what a reader runs with, read once from outside; nothing deeper looks at the environment."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct
from rich.color import ColorSystem

from briefing.tui.themes import NAMES

Multiplexer = Literal["", "tmux", "screen"]


class Settings(Struct, frozen=True):
    """How one reader looks and what it may do.

    `editor` is empty where editing is switched off; `state` is None where nothing may be kept;
    `problems` are those of the config file, told once.
    """

    theme: str = "dark"
    colours: ColorSystem | None = ColorSystem.TRUECOLOR
    erases_in_colour: bool = True
    multiplexer: Multiplexer = ""
    clipboard: bool = True
    low_bandwidth: bool = False
    may_suspend: bool = True
    editor: tuple[str, ...] = ()
    state: Path | None = None
    keys: Mapping[str, str] = {}
    searches: Mapping[str, str] = {}
    problems: tuple[str, ...] = ()


def from_environment(environ: Mapping[str, str], *, low_bandwidth: bool = False) -> Settings:
    """The settings of a reader in this process's own terminal."""
    from briefing.tui.config import read_config
    from briefing.tui.kept import state_folder, theme_kept

    slow = low_bandwidth or "SSH_CONNECTION" in environ
    config = read_config(environ)
    state = state_folder(environ)
    return Settings(
        theme=config.theme or theme_kept(state) or default_theme(environ, low_bandwidth=slow),
        colours=colours_of(environ),
        erases_in_colour=not environ.get("TERM", "").startswith("screen") or "TMUX" in environ,
        multiplexer=multiplexer_of(environ),
        clipboard=environ.get("TERM") != "linux",
        low_bandwidth=slow,
        editor=editor_of(environ),
        state=state,
        keys=config.keys,
        searches=config.searches,
        problems=config.problems,
    )


def colours_of(environ: Mapping[str, str]) -> ColorSystem | None:
    """How many colours the terminal has, from what it says of itself; none under NO_COLOR."""
    if environ.get("NO_COLOR"):
        return None
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return ColorSystem.TRUECOLOR
    term = environ.get("TERM", "")
    if term.endswith("-direct") or term in ("xterm-kitty", "alacritty", "foot", "wezterm"):
        return ColorSystem.TRUECOLOR
    return ColorSystem.EIGHT_BIT if "256" in term else ColorSystem.STANDARD


def default_theme(environ: Mapping[str, str], *, low_bandwidth: bool = False) -> str:
    """The theme before anyone chose one: the terminal's own colours where these are few or bytes dear."""
    if low_bandwidth or colours_of(environ) in (None, ColorSystem.STANDARD):
        return NAMES[2]
    # Some terminals say their background as "foreground;background" of the sixteen colours.
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if background in ("7", "15") else "dark"


def multiplexer_of(environ: Mapping[str, str]) -> Multiplexer:
    """What stands between the reader and the terminal."""
    if "TMUX" in environ:
        return "tmux"
    return "screen" if "STY" in environ else ""


def editor_of(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The reader's editor as an argument list; vi where none is set, as POSIX has it."""
    command = environ.get("VISUAL") or environ.get("EDITOR") or "vi"
    try:
        return tuple(shlex.split(command))
    except ValueError:
        return (command,)
