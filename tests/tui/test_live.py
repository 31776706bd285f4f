"""What is saved while somebody reads: shown where they are, whatever they are doing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from briefing.edition import opening
from briefing.edition.edition import Edition, open_edition
from briefing.edition.progress import Step
from briefing.edition.store import DamageError
from briefing.edition.view import View
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.tui.screens import reading as reading_screen
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


@pytest.mark.parametrize("query", ["", "said"])
async def test_the_list_stays_where_a_record_was_that_is_gone(
    root: Path, library: Edition, query: str
) -> None:
    async with reading(library) as session:
        await session.press("5")
        if query:
            await session.search(query)
            await session.press("enter")
        await session.press(*["j"] * 14)
        screen = session.screen
        gone, row, top = screen.place.ref, screen.list.cursor, screen.list.top
        assert gone is not None
        save(root, *(number for number in range(1, 25) if gone.id != f"q-{number}"))
        show(session)
        await session.rest()
        assert "There is no quote" in session.text
        await session.press("y")
        assert "There is no such record to cite" in session.lines[-1], "the clipboard keeps what it holds"
        assert (screen.list.cursor, screen.list.top) == (row, top)
        # It may have had an error that is mended now.
        save(root, *range(1, 25))
        show(session)
        await session.rest()
        assert (screen.place.ref, screen.list.cursor, screen.list.top) == (gone, row, top)


async def test_so_does_the_list_that_is_gone_back_to(root: Path, library: Edition) -> None:
    async with reading(library) as session:
        await session.press("5", "G", "k", "k", "enter")
        row = session.screen.list.cursor
        await session.press("1")
        save(root, *(number for number in range(1, 25) if number != 3))
        show(session)
        await session.press("backspace")
        assert "There is no quote “q-3”" in session.text
        await session.press("escape")
        assert session.screen.list.cursor == row


@pytest.mark.parametrize("key", ["5", ""])
async def test_a_brief_says_that_its_briefing_is_gone(root: Path, library: Edition, key: str) -> None:
    """Where all are read together; it ended the reader that went back to it."""
    west = "{schema: 1, id: west, title: West, question: Who?, as_of: 2025-06-01}"
    write_library(root, {"west/briefing.yaml": west})
    show_now = library.refresh().edition
    assert show_now is not None
    async with reading(show_now) as session:
        await session.press("enter")
        session.screen.follow(Ref("west", Kind.BRIEFING, "west"))
        await session.press(*key)
        rmtree(root / "west")
        show(session)
        await session.press(*["backspace"] * len(key))
        assert "There is no briefing “west” in this library." in session.text


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("query", ["", "said"])
async def test_a_record_that_a_click_went_into_keeps_the_keys(
    root: Path, library: Edition, query: str, size: tuple[int, int]
) -> None:
    async with reading(library, size) as session:
        await session.press("5")
        if query:
            await session.search(query)
            await session.press("enter")
        screen = session.screen
        await session.pilot.click(screen.document, offset=(2, screen.document.size.height - 1))
        save(root, *range(1, 24))
        show(session)
        await session.rest()
        assert screen.document.has_focus
        assert screen.list.size.height, "the list stays in view"
        await session.press("escape")
        assert screen.list.has_focus


@asynccontextmanager
async def searching(session: Reading, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Searches that begin in here take until it is left."""
    search, go_on = reading_screen._search, threading.Event()

    def slow(*asked: Any) -> Any:
        go_on.wait(60)
        return search(*asked)

    monkeypatch.setattr(reading_screen, "_search", slow)
    yield
    await asyncio.sleep(0.05)
    go_on.set()
    await session.rest()


async def test_a_save_while_letters_are_searched_for_keeps_the_query(
    root: Path, library: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(library) as session:
        await session.press("5")
        await session.search("number 2")
        async with searching(session, monkeypatch):
            await session.pilot.press("4")
            save(root, *range(1, 26))
            show(session)
        assert session.screen.search.value == session.screen.place.query == "number 24"
        assert session.screen.list.rows.total == 1
        async with searching(session, monkeypatch):
            await session.pilot.press("backspace", "5")
            session.app.simulate_key("enter")
            await asyncio.sleep(0.05)
            save(root, *range(1, 27))
            show(session)
        assert session.screen.search.text == session.screen.place.query == "number 25"
        assert not session.screen.search.typing


async def test_a_save_on_the_way_back_keeps_the_way(
    root: Path, library: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(library) as session:
        await session.press("5")
        await session.search("number")
        await session.press("enter", "j", "j", "1", "escape")
        async with searching(session, monkeypatch):
            await session.pilot.press("backspace")
            save(root, *range(1, 26))
            show(session)
        assert session.screen.place.query == "number"
        await session.press("backspace")
        assert session.screen.place.query == "number"
        assert session.screen.place.ref is not None
        assert session.screen.place.ref.id == "q-22"


# A library that is being read for the first time


async def test_what_is_not_read_yet_is_said_where_it_will_stand(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_PARSED_HERE", 500)
    first = open_edition(root, cache=tmp_path / "cache", wait=False)
    async with reading(first) as session:
        assert "reading ────────── ..." in session.lines[0]
        session.app.show_progress(Step("reading", 300, 1_000, 60.0))
        await session.rest()
        assert "reading ━━━─────── 30% 2:20 left" in session.lines[0]
        assert "In numbers so far" in session.text
        await session.press("5")
        assert "The quotes are not read yet." in session.text
        assert "3 Positions  4 Incidents  5 Quotes  6 Sources" in session.lines[1], "nobody knows of none yet"
        session.screen.follow(Ref("east", Kind.QUOTE, "q-24"))
        await session.rest()
        assert "There is no quote “q-24” in east so far." in session.text
        assert "removed" not in session.text
        await session.press("exclamation_mark")
        assert "No problems so far." in session.text
        await session.press("escape", "backspace")
        await session.search("said")
        assert "Not all is read yet" in session.text
        await session.type(" or iran")
        assert "No quotes found for “said or iran” so far. But there are" in session.text
        await session.press(*["backspace"] * 8)
        show(session)
        session.app.show_progress(None)
        await session.rest()
        assert "reading" not in session.lines[0]
        assert session.screen.place.query == "said"
        assert "Said as number 24" in session.text


async def test_a_briefing_that_is_not_read_yet_can_be_chosen(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    west = "{schema: 1, id: west, title: West, question: Who?, as_of: 2025-06-01}"
    write_library(root, {"west/briefing.yaml": west})
    monkeypatch.setattr(opening, "_PARSED_HERE", 500)
    first = open_edition(root, cache=tmp_path / "cache", wait=False)
    async with reading(first) as session:
        assert "not read yet" in session.text
        assert "Problems so far" in session.text
        await session.press("down", "enter", "5")
        assert "The quotes are not read yet." in session.text
        assert "reading ────────── ..." in session.lines[0]
        show(session)
        await session.rest()
        assert "Said as number 24" in session.text


async def test_rows_that_the_edition_in_place_of_a_damaged_one_does_not_have_are_empty(
    root: Path, library: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers, damaged = View.numbers, library.identity

    def find_damaged(view: View, kind: Kind, start: int, stop: int) -> Any:
        if view.core.identity == damaged:
            raise DamageError("a page")
        return numbers(view, kind, start, stop)

    async with reading(library) as session:
        await session.press("5")
        save(root, 1, 2)
        monkeypatch.setattr(View, "numbers", find_damaged)
        await session.press("G")
        assert "Said as number 1" not in session.text
        session.app.show_edition(session.app.library)
        await session.rest()
        assert "Said as number 1" in session.text
        assert "5 Quotes 2" in session.text
