"""The briefings that a command about the YAML itself works on; nothing is compiled for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.cli.opening import edited_path
from briefing.cli.stop import Stop

if TYPE_CHECKING:
    import argparse

    from briefing.content.library import Folder, Library


def open_library(args: argparse.Namespace, *, writes: bool = False) -> Library:
    """The library that ARGS name; Stop when there is none, or none to be written to."""
    from briefing.content.library import LibraryError, find_library

    try:
        return find_library(edited_path(args.content, writes=writes))
    except LibraryError as error:
        raise Stop(str(error)) from error


def chosen(library: Library, briefing: str | None) -> tuple[Folder, ...]:
    """The briefings of LIBRARY, or only the one named; Stop when there is no such."""
    if briefing is None:
        return library.briefings
    found = tuple(folder for folder in library.briefings if folder.id == briefing)
    if not found:
        ids = ", ".join(folder.id for folder in library.briefings[:10])
        raise Stop(f"there is no briefing “{briefing}” here; there are: {ids}")
    return found
