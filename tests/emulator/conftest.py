"""One cache for all readers of the test run, so that the sample is compiled once."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _surroundings(
    _own_folders: None, shared_cache: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared_cache))
    monkeypatch.setenv("BRIEFING_CONTENT", str(sample))
    for name in ("COLORTERM", "COLORFGBG", "COLUMNS", "LINES", "STY", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
