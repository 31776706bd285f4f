"""Everything else a reader can do: copy, help, the palette, themes, keys of one's own, quitting."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import pytest

from briefing.document.citation import citation
from briefing.edition.edition import Edition, open_edition
from briefing.model.vocabulary import Kind
from briefing.tui.commands import COMMANDS
from briefing.tui.places import Place
from briefing.tui.screens.help import HelpScreen
from briefing.tui.settings import Settings
from briefing.tui.themes import NAMES
from tests.edition.libraries import write_library
from tests.tui.reading import Reading, reading, ref

QUOTE = ref(Kind.QUOTE, "q-hamidawi-2")


def copies(session: Reading, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is copied from now on."""
    copied: list[str] = []

    def write(data: str) -> None:
        if data.startswith("\x1b]52;c;"):
            copied.append(b64decode(data.removeprefix("\x1b]52;c;").removesuffix("\a")).decode())

    assert session.app._driver is not None
    monkeypatch.setattr(session.app._driver, "write", write)
    return copied


async def test_citation_and_ref_are_copied_and_said(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(edition, (120, 40)) as session:
        copied = copies(session, monkeypatch)
        session.screen.go(Place(Kind.QUOTE, QUOTE))
        await session.rest()
        await session.press("y")
        assert copied == [citation(edition, QUOTE)]
        assert "If America intervenes in the war" in copied[0]
        assert "Abu Hussein al-Hamidawi" in copied[0]
        assert str(QUOTE) in copied[0]
        assert session.lines[-1].startswith(" Copied the citation: “If America")
        await session.press("Y")
        assert copied[1] == str(QUOTE)
        assert str(QUOTE) in session.lines[-1]


async def test_on_the_brief_the_briefing_is_copied(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    async with reading(edition) as session:
        copied = copies(session, monkeypatch)
        await session.press("Y")
        assert copied == ["iraq-militias-2025-06/briefing/iraq-militias-2025-06"]


async def test_where_there_is_no_clipboard_the_text_is_shown(edition: Edition) -> None:
    async with reading(edition, settings=Settings(clipboard=False)) as session:
        await session.press("5", "Y")
        assert session.lines[-1].startswith(" This terminal has no clipboard. iraq-militias-2025-06/quote/")


async def test_help_begins_with_what_has_the_focus(edition: Edition) -> None:
    async with reading(edition, (80, 24)) as session:
        await session.press("5", "question_mark")
        assert isinstance(session.app.screen, HelpScreen)
        assert session.lines[2].strip() == "In a list"
        await session.press("escape", "enter", "question_mark")
        assert session.lines[2].strip() == "In an open record"
        text = session.app.screen.document.text
        assert all(command.id in text for command in COMMANDS)
        await session.press("q")
        assert not isinstance(session.app.screen, HelpScreen)
        await session.press("slash", "f1")
        assert session.lines[2].strip() == "While typing a search"
        await session.press("escape")
        assert session.screen.search.typing


@pytest.mark.parametrize(
    ("key", "works", "does_not"),
    [
        ("exclamation_mark", {"edit", "palette"}, {"search", "date"}),
        ("L", {"search"}, {"edit", "pane.brief"}),
    ],
)
async def test_help_names_what_works_on_the_screen(
    edition: Edition, key: str, works: set[str], does_not: set[str]
) -> None:
    async with reading(edition) as session:
        await session.press(key, "question_mark")
        help_screen = session.app.screen
        assert isinstance(help_screen, HelpScreen)
        names = {line.split()[-1] for line in help_screen.document.text.splitlines() if line.split()}
        assert works | {"theme", "quit", "list.open", "document.follow"} <= names
        assert not does_not & names


async def test_the_palette_offers_commands_and_actors(edition: Edition) -> None:
    async with reading(edition, (100, 30)) as session:
        await session.press("ctrl+p")
        await session.until(lambda: "Search as you type" in session.text)
        await session.type("pezeshkian")
        await session.until(lambda: "Masoud Pezeshkian" in session.text)
        await session.press("enter")
        await session.until(lambda: session.app.screen is session.app.screen_stack[0])
        await session.rest()
        assert session.screen.place.ref == ref(Kind.ACTOR, "pezeshkian")


async def test_a_command_of_the_palette_is_carried_out(edition: Edition) -> None:
    async with reading(edition, (100, 30)) as session:
        await session.press("ctrl+p")
        await session.type("Incidents")
        await session.until(lambda: "Go to the incidents" in session.text)
        await session.press("enter")
        await session.until(lambda: session.app.screen is session.app.screen_stack[0])
        await session.rest()
        assert session.screen.place.pane is Kind.INCIDENT


@pytest.mark.parametrize(
    ("key", "works", "does_not"),
    [
        ("exclamation_mark", {"Edit", "Theme", "Help", "Back", "Quit"}, {"Actors", "Narrow", "Best hit"}),
        ("L", {"Search", "Theme", "Help", "Back", "Quit"}, {"Actors", "Edit", "Library", "Best hit"}),
    ],
)
async def test_the_palette_offers_what_works_on_the_screen(
    edition: Edition, key: str, works: set[str], does_not: set[str]
) -> None:
    async with reading(edition, (100, 40)) as session:
        await session.press(key)
        screen = session.app.screen
        await session.press("ctrl+p")
        await session.until(lambda: "Leave the reader" in session.text)
        titles = {line.strip() for line in session.lines}
        assert works <= titles
        assert not does_not & titles
        await session.type("theme")
        await session.until(lambda: "Quit" not in session.text)
        await session.press("enter")
        await session.until(lambda: session.app.screen is screen)
        await session.until(lambda: session.app.theme == NAMES[1])


async def test_themes_go_round_and_the_last_is_kept(
    edition: Edition, tmp_path_factory: pytest.TempPathFactory
) -> None:
    state = tmp_path_factory.mktemp("state")
    async with reading(edition, settings=Settings(state=state)) as session:
        for name in (*NAMES[1:], NAMES[0]):
            await session.press("t")
            assert session.app.theme == name
            assert f"Theme: {name}" in session.lines[-1]
            assert (state / "theme").read_text().strip() == name


async def test_keys_of_ones_own(edition: Edition) -> None:
    settings = Settings(keys={"search": "s", "quit": "Q", "pane.quotes": "u,ctrl+q"})
    async with reading(edition, settings=settings) as session:
        await session.press("u")
        assert session.screen.place.pane is Kind.QUOTE
        assert "s Search" in session.lines[-1]
        await session.press("slash")
        assert not session.screen.search.typing
        await session.press("s")
        assert session.screen.search.typing


async def test_what_is_wrong_in_the_config_is_told_once(edition: Edition) -> None:
    settings = Settings(problems=("config.yaml: [red]one[/] [/]", "config.yaml: two"))
    async with reading(edition, (100, 30), settings) as session:
        await session.until(lambda: "config.yaml: two" in session.text)
        assert "config.yaml: [red]one[/] [/]" in session.text


@pytest.mark.parametrize(("key", "status"), [("q", 0), ("ctrl+c", 130)])
async def test_leaving(edition: Edition, key: str, status: int) -> None:
    async with reading(edition) as session:
        await session.pilot.press(key)
        await session.until(lambda: session.app._exit)
        assert (session.app.return_code or 0) == status


async def test_a_notice_goes_with_the_next_one(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("backspace")
        assert "where you began" in session.lines[-1]
        await session.press("b")
        assert "only under a search" in session.lines[-1]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("5", "enter"), "There is nothing to open here."),
        (("2", "enter", "enter"), "There is no link to follow here."),
        (("exclamation_mark", "enter"), "There is nothing to open here."),
        (("exclamation_mark", "e"), "There is no file to edit here."),
    ],
)
async def test_a_key_that_has_nothing_to_work_on_says_so(
    keys: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    root = write_library(
        tmp_path / "library", {"east/actors.yaml": "- {id: iran, name: Iran, kind: state}\n"}
    )
    library = open_edition(root, cache=tmp_path / "cache")
    async with reading(library, settings=Settings(editor=("true",))) as session:
        await session.press(*keys)
        assert words in session.lines[-1]


@pytest.mark.parametrize("key", ["y", "Y"])
async def test_where_all_briefings_are_read_the_brief_is_no_record_to_copy(key: str, tmp_path: Path) -> None:
    briefing = "{{schema: 1, id: {0}, title: T, question: Who?, as_of: 2025-06-01}}"
    files = {f"{name}/briefing.yaml": briefing.format(name) for name in ("east", "west")}
    library = open_edition(write_library(tmp_path / "library", files), cache=tmp_path / "cache")
    async with reading(library) as session:
        await session.press("enter", key)
        assert "No record is open here." in session.lines[-1]
