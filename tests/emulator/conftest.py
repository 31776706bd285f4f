"""Every reader here reads the sample, in surroundings that say nothing of the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _surroundings(
    _own_folders: None, shared_cache: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared_cache))
    monkeypatch.setenv("BRIEFING_CONTENT", str(sample))
    for name in ("COLORTERM", "COLORFGBG", "COLUMNS", "LINES", "STY", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
