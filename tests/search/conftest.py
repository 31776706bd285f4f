"""Libraries to search: the sample, and the actors of names.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.edition.edition import Edition, open_edition
from tests.search.judged import name_library


@pytest.fixture(scope="session")
def edition(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The sample library, opened."""
    return open_edition(sample, cache=tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def names(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The actors of names.yaml, opened."""
    return name_library(tmp_path_factory.mktemp("names"))
