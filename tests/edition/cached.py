"""A library of one quote and its place in a cache, for tests of what happens to the cache."""

from __future__ import annotations

from pathlib import Path

from briefing.edition.edition import Edition
from briefing.edition.shelf import Shelf
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

PATIENCE = 120
QUOTE = """
- {id: q-1, speaker: iran, text: First said, form: full, medium: speech,
   when: {date: 2025-06-14}, sources: [{source: paper, para: 1}]}
"""
LIBRARY = {
    "east/actors.yaml": "- {id: iran, name: Iran, kind: state}\n",
    "east/sources.yaml": "- {id: paper, kind: article, title: The Paper}\n",
    "east/quotes.yaml": QUOTE,
}


def said(edition: Edition) -> str:
    entry = edition.get(Ref("east", Kind.QUOTE, "q-1"))
    assert entry is not None
    return entry.record.text  # type: ignore[union-attr]


def shelf_of(library: Path, cache: Path) -> Path:
    return Shelf(cache, library.resolve()).folder


def editions(library: Path, cache: Path) -> set[str]:
    """What stands in the library's folder of the cache, its two plain files aside."""
    return {path.name for path in shelf_of(library, cache).iterdir()} - {"current", "building"}
