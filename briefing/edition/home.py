"""Where a person's own files are kept (XDG base directory standard)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

_IN_HOME = {"CACHE": ".cache", "CONFIG": ".config", "STATE": ".local/state"}


def own_folder(what: Literal["CACHE", "CONFIG", "STATE"], environ: Mapping[str, str] = os.environ) -> Path:
    """The folder ``$XDG_WHAT_HOME/briefing``, or the one in the home directory that stands for it."""
    base = Path(environ.get(f"XDG_{what}_HOME", ""))
    if not base.is_absolute():  # which the standard has ignored
        try:
            home = Path(environ.get("HOME") or "~").expanduser()
        except RuntimeError:  # a user of whom the system knows nothing
            home = Path(os.devnull)  # below it no file can be: nothing is found, nothing kept
        base = home / _IN_HOME[what]
    return base / "briefing"
