"""A small library and an empty cache for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.edition.cached import LIBRARY
from tests.edition.libraries import write_library


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return write_library(tmp_path / "library", LIBRARY)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"
