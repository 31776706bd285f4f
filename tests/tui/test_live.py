"""What is saved while somebody reads: shown where they are, whatever they are doing."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.edition.edition import Edition, open_edition
from tests.edition.libraries import write_library
from tests.tui.reading import Reading, reading

FILES = {
    "east/actors.yaml": "- {id: iran, name: Iran, kind: state}\n",
    "east/sources.yaml": "- {id: paper, kind: article, title: The Paper}\n",
}
QUOTE = (
    "- {{id: q-{0}, speaker: iran, text: Said as number {0}, form: full, medium: speech,"
    " when: {{date: 2025-06-{0:02}}}, sources: [{{source: paper, para: 1}}]}}\n"
)


def save(root: Path, *numbers: int) -> None:
    """Let the library have a quote of each of these days, and no others."""
    (root / "east/quotes.yaml").write_text("".join(map(QUOTE.format, numbers)))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_library(tmp_path / "library", FILES)
    save(root, *range(1, 25))
    return root


@pytest.fixture
def library(root: Path, tmp_path: Path) -> Edition:
    return open_edition(root, cache=tmp_path / "cache")


def show(session: Reading) -> None:
    """Show what was saved, as the watch over the files does."""
    newer = session.app.library.refresh().edition
    assert newer is not None
    session.app.show_edition(newer)


@pytest.mark.parametrize("query", ["", "said"])
async def test_a_day_asked_for_before_is_gone_to_in_what_was_saved_since(
    root: Path, library: Edition, query: str
) -> None:
    save(root, 1, 2, 3)
    few = library.refresh().edition
    assert few is not None
    async with reading(few) as session:
        await session.press("5")
        if query:
            await session.search(query)
            await session.press("enter")
        await session.press("d")
        save(root, *range(1, 25))
        show(session)
        await session.rest()
        await session.type("2025-06-02")
        await session.press("enter")
        assert session.screen.place.ref is not None
        assert session.screen.place.ref.id == "q-2"
