"""Opening a library that takes a while to build: what is on the terminal meanwhile."""

from __future__ import annotations

import re
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.generate import generate
from briefing.edition.edition import open_edition
from briefing.edition.shelf import Shelf
from tests.emulator.terminal import Terminal

# Enough that it is built in a process of its own.
RECORDS = 6_000


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that the tests open one after the other."""
    folder = tmp_path_factory.mktemp("large") / "library"
    generate(folder, RECORDS)
    return folder


@pytest.fixture(scope="module")
def cache(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with an edition of the library, if not the newest."""
    folder = tmp_path_factory.mktemp("cache")
    open_edition(library, cache=folder / "briefing")
    return folder


def reader(library: Path, cache: Path) -> Terminal:
    return Terminal(str(library), columns=120, XDG_CACHE_HOME=str(cache))


def leave(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.end() == 0


def title(library: Path, to: str) -> None:
    """Give the first briefing another title."""
    file = next(iter(sorted(library.glob("*/briefing.yaml"))))
    file.write_text(re.sub("(?m)^title: .*$", f"title: {to}", file.read_text()))


def records(text: str) -> int:
    """How many records all briefings have together."""
    found = re.search(r"together +([\d,]+) records", text)
    return int(found[1].replace(",", "")) if found else 0


def test_the_first_opening_shows_what_is_ready_and_how_far_the_rest_is(library: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        terminal = stack.enter_context(reader(library, tmp_path))
        with Shelf(tmp_path / "briefing", library.resolve()).building(wait=True):  # as if it took its time
            terminal.until(lambda text: records(text) > 0 and "reading ────────── ..." in text)
            ready = records(terminal.text)
            terminal.press("\r2")
            terminal.until("2 Actors")
            terminal.press("L")
        terminal.until(lambda text: records(text) > ready and "so far" not in text)
        assert re.search(r"\d+% +\d:\d\d left", terminal.written)
        leave(terminal)


def test_a_command_tells_how_far_its_build_is(library: Path, tmp_path: Path) -> None:
    with Terminal("build", "--content", str(library), columns=120, XDG_CACHE_HOME=str(tmp_path)) as terminal:
        terminal.until("ready after")
        assert terminal.end() == 0
    assert re.search(r"\[#*-*\] reading [\d,]+ of [\d,]+ \(\d+%\)|linking", terminal.written)


def test_what_was_ready_is_read_while_the_change_is_built(library: Path, cache: Path) -> None:
    title(library, "Before the change")
    with reader(library, cache) as terminal:
        terminal.until("Before the change")
        leave(terminal)
    title(library, "After the change")
    with ExitStack() as stack:
        terminal = stack.enter_context(reader(library, cache))
        with Shelf(cache / "briefing", library.resolve()).building(wait=True):  # as if it took its time
            terminal.until(lambda text: "Before the change" in text and "All briefings together" in text)
            terminal.until("The files have changed")
        terminal.until(lambda text: "After the change" in text and "Before the change" not in text)
        leave(terminal)


def test_leaving_does_not_wait_for_what_is_being_built(library: Path, cache: Path) -> None:
    with reader(library, cache) as terminal:
        terminal.until("All briefings together")
        leave(terminal)
    title(library, "Built for nobody")
    with (
        Shelf(cache / "briefing", library.resolve()).building(wait=True),
        reader(library, cache) as terminal,
    ):
        terminal.until("The files have changed")
        leave(terminal)


def test_a_library_that_goes_away_leaves_what_is_read(library: Path, cache: Path, tmp_path: Path) -> None:
    with reader(library, cache) as terminal:
        terminal.until("All briefings together")
        title(library, "The watch stands")
        terminal.until("The watch stands")
        library.rename(tmp_path / "elsewhere")
        terminal.until("The last content stays")
        terminal.press("j\r")
        terminal.until("1 Brief")
        (tmp_path / "elsewhere").rename(library)
        title(library, "It is back")
        terminal.press("L")
        terminal.until("It is back")
        leave(terminal)


def test_a_cache_that_cannot_be_used_is_said(sample: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with reader(sample, tmp_path / "cache") as terminal:
        terminal.until("the cache cannot be used (not a directory)")
        assert "1 Brief" in terminal.text
        leave(terminal)


# The reader where the system has no watch left to give.
UNWATCHED = """
import sys, watchfiles
from watchfiles._rust_notify import WatchfilesRustInternalError
from briefing.cli.main import run

async def awatch(*_, **__):
    raise WatchfilesRustInternalError("Error creating recommended watcher: Too many open files")
    yield

watchfiles.awatch = awatch
sys.exit(run())
"""


def test_where_nothing_can_be_watched_what_is_saved_still_shows(sample: Path, tmp_path: Path) -> None:
    library = Path(shutil.copytree(sample, tmp_path / "library"))
    with Terminal(str(library), command=(sys.executable, "-c", UNWATCHED), columns=120) as terminal:
        terminal.until("1 Brief")
        title(library, "Saved unwatched")
        terminal.until("Saved unwatched")
        title(library, "And once more")
        terminal.until("And once more")
        leave(terminal)
