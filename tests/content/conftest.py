"""What the tests of history share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.content.repository import Library


@pytest.fixture
def own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git as it is, not as the tester has set it."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "desk")
