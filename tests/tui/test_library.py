"""The library screen: its briefings, opened one by one or read all together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefing.edition.edition import Edition, open_edition
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.tui.screens.library import LibraryScreen
from briefing.tui.screens.listing import Listing
from briefing.tui.screens.reader import ReaderScreen
from tests.edition.libraries import write_library
from tests.tui.reading import Reading, reading

FILES = {
    "north/briefing.yaml": """
        schema: 1
        id: north
        title: "The [bold]northern[/] road"
        question: Who holds the pass?
        as_of: 2025-06-20
        summary: Two sides claim it.
        """,
    "north/actors.yaml": """
        - {id: ann, name: Ann, kind: person}
        - {id: bob, name: Bob, kind: person}
        """,
    "south/briefing.yaml": """
        schema: 1
        id: south
        title: The southern port
        question: Will it open?
        as_of: 2025-06-16
        """,
    "south/actors.yaml": """
        - {id: ann, name: Ann of the south, kind: person}
        - {id: eve, name: Eve, kind: nonesuch}
        """,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_library(tmp_path / "library", FILES)


@pytest.fixture
def library(root: Path, tmp_path: Path) -> Edition:
    return open_edition(root, cache=tmp_path / "cache")


def on_library(session: Reading) -> bool:
    return isinstance(session.app.screen, LibraryScreen)


async def test_a_library_is_listed_first(library: Edition) -> None:
    async with reading(library) as session:
        assert on_library(session)
        assert session.lines[0].split() == ["Library", "2", "briefings"]
        rows = [re.split(r"\s{2,}", line.strip(" ▌")) for line in session.lines[2:5]]
        assert rows == [
            ["All briefings together", "3 records", "! 1"],
            ["The [bold]northern[/] road", "20 Jun 2025", "2 records"],
            ["The southern port", "16 Jun 2025", "1 record", "! 1"],
        ]


async def test_what_a_briefing_holds_stands_below(library: Edition) -> None:
    async with reading(library, (120, 40)) as session:
        await session.press("down")
        assert "Who holds the pass?" in session.text
        assert "Two sides claim it." in session.text
        assert re.search(r"Holds +2 actors, 0 issues", session.text)
        await session.press("down")
        assert re.search(r"Problems +! 1", session.text)
        assert "! 1 problem\n" in session.text + "\n"


async def test_one_briefing_is_opened(library: Edition) -> None:
    async with reading(library) as session:
        await session.press("down", "down", "enter")
        assert isinstance(session.app.screen, ReaderScreen)
        assert session.lines[0].startswith(" The southern port")
        assert session.screen.edition.only_briefing == "south"
        assert session.screen.edition.count(Kind.ACTOR) == 1


async def test_all_are_read_together(library: Edition) -> None:
    async with reading(library) as session:
        await session.press("enter")
        assert session.screen.edition.only_briefing is None
        assert session.screen.edition.count(Kind.ACTOR) == 3
        assert session.lines[0].startswith(" All briefings")


async def test_where_all_are_read_a_link_to_a_briefing_leads_to_it(library: Edition) -> None:
    async with reading(library) as session:
        await session.press("enter", "enter", "enter")
        assert session.screen.place.ref == Ref("north", Kind.BRIEFING, "north")
        assert "Who holds the pass?" in session.text
        assert "The southern port" not in session.text
        await session.press("backspace")
        assert "The southern port" in session.text


async def test_it_comes_back_at_the_briefing_being_read(library: Edition) -> None:
    async with reading(library) as session:
        await session.press("down", "down", "enter", "2", "L")
        assert on_library(session)
        assert session.lines[4].startswith("▌ The southern port")
        await session.press("escape")
        assert session.screen.edition.only_briefing == "south"
        assert session.screen.place.pane is Kind.ACTOR, "whoever leaves it is where they came from"


async def test_a_search_from_here_spans_all(library: Edition) -> None:
    async with reading(library) as session:
        await session.press("down", "enter", "L", "slash")
        await session.type("ann")
        assert session.screen.edition.only_briefing is None
        assert session.screen.hits is not None
        assert session.screen.hits.counts[Kind.ACTOR] == 2


async def test_tab_goes_into_the_text_and_back(library: Edition) -> None:
    async with reading(library) as session:
        await session.press("tab")
        assert session.app.focused is session.app.screen.query_one("#document")
        await session.press("escape")
        assert on_library(session)
        assert session.app.focused is session.app.screen.query_one("#list")


async def test_q_quits_from_here(library: Edition) -> None:
    async with reading(library) as session:
        await session.press("q")
        await session.until(lambda: not session.app.is_running)


async def test_one_briefing_needs_no_list_but_has_one(edition: Edition) -> None:
    async with reading(edition) as session:
        assert not on_library(session)
        await session.press("L")
        assert session.lines[0].split() == ["Library", "1", "briefing"]


async def test_an_empty_library_says_so(tmp_path: Path) -> None:
    root = write_library(tmp_path / "library", {"broken/briefing.yaml": "schema: 1\n"})
    async with reading(open_edition(root, cache=tmp_path / "cache")) as session:
        await session.press("L")
        assert "No briefing here can be read." in session.text


async def test_a_newer_edition_keeps_the_row(library: Edition, root: Path) -> None:
    async with reading(library) as session:
        await session.press("down", "down")
        write_library(
            root,
            {"west/briefing.yaml": FILES["north/briefing.yaml"].replace("north", "west")},
        )
        found = library.refresh().edition
        assert found is not None
        session.app.show_edition(found)
        await session.rest()
        assert session.lines[0].split() == ["Library", "3", "briefings"]
        assert session.lines[5].startswith("▌ The southern port")


def test_a_listing_says_what_it_lists(library: Edition) -> None:
    with pytest.raises(TypeError, match="abstract"):
        Listing(library)  # type: ignore[abstract]
