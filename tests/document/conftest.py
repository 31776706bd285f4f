"""The sample edition, and small libraries made for one test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from briefing.edition.edition import Edition, open_edition
from briefing.model.ref import Ref

BRIEFING = """
schema: 1
id: story
title: A story
question: What next?
as_of: 2025-06-16
"""
SOURCE = "- {id: paper, kind: article, title: The paper}\n"

Library = Callable[..., Edition]


@pytest.fixture(scope="session")
def edition(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return open_edition(sample, cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Writes a briefing with a source `paper` and what the test gives; the edition of all written so far."""

    def make(*, briefing: str = BRIEFING, name: str = "story", **files: str) -> Edition:
        folder = tmp_path / "library" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "briefing.yaml").write_text(briefing, encoding="utf-8")
        for kind, text in {"sources": SOURCE, **files}.items():
            (folder / f"{kind}.yaml").write_text(text, encoding="utf-8")
        return open_edition(tmp_path / "library", cache=tmp_path / "cache")

    return make


def ref(short: str, briefing: str = "story") -> Ref:
    return Ref.parse(f"{briefing}/{short}")
