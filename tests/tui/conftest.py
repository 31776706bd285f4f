"""The sample edition, for all tests of the reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.edition.edition import Edition, open_edition


@pytest.fixture(scope="session")
def edition(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return open_edition(sample, cache=tmp_path_factory.mktemp("cache"))
