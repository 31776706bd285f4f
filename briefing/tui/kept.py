"""What is kept between sessions: the last theme and the queries, under ``$XDG_STATE_HOME/briefing``.

Keeping is a convenience: a folder that cannot be written is no error.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from briefing.edition.home import own_folder
from briefing.tui.themes import NAMES

QUERIES_KEPT: Final = 200


def state_folder(environ: Mapping[str, str]) -> Path:
    """``$XDG_STATE_HOME/briefing``."""
    return own_folder("STATE", environ)


def theme_kept(state: Path | None) -> str:
    """The theme of last time; empty when there was none."""
    theme = _read(state, "theme").strip()
    return theme if theme in NAMES else ""


def keep_theme(state: Path | None, theme: str) -> None:
    _write(state, "theme", f"{theme}\n")


def queries_kept(state: Path | None) -> list[str]:
    """The queries of earlier sessions, the newest last."""
    return _read(state, "queries").splitlines()


def keep_query(state: Path | None, query: str) -> None:
    """Add QUERY as the newest; a query stands once."""
    line = " ".join(query.split())
    queries = [known for known in queries_kept(state) if known != line]
    _write(state, "queries", "".join(f"{query}\n" for query in [*queries, line][-QUERIES_KEPT:]))


def _read(state: Path | None, name: str) -> str:
    if state is None:
        return ""
    try:
        return (state / name).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _write(state: Path | None, name: str, text: str) -> None:
    if state is None:
        return
    with contextlib.suppress(OSError, UnicodeEncodeError):
        # What somebody searches for is nobody else's to read.
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        (state / name).write_text(text, "utf-8")
