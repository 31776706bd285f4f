"""Every command here reads the sample, on a page of 80 columns."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _sample_and_cache(
    _own_folders: None, shared_cache: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared_cache))
    monkeypatch.setenv("BRIEFING_CONTENT", str(sample))
    monkeypatch.setenv("COLUMNS", "80")
