"""A library that was touched is told by the times of its files and folders alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from briefing.edition import survey as surveying
from briefing.edition.opening import look
from briefing.edition.survey import hashed, untouched
from tests.edition.libraries import write_library

QUOTES = "- {id: q-1, speaker: iran, text: First said}\n"
LIBRARY = {
    "_shared/actors.yaml": "- {id: iran, name: Iran, kind: state}\n",
    "east/briefing.yaml": "{id: east, title: East}\n",
    "east/quotes/june.yaml": QUOTES,
    "east/verified.yaml": "[]\n",
    "east/texts/paper.txt": "Text\n",
    "east/more/notes.txt": "Notes\n",
    "drafts/notes.txt": "Notes\n",
    "drafts/old/notes.txt": "Notes\n",
}
TOUCHES: dict[str, Callable[[Path], object]] = {
    "written in place": lambda root: (root / "east/quotes/june.yaml").write_text(QUOTES.upper()),
    "replaced": lambda root: (root / "east/texts/paper.txt").replace(root / "east/quotes/june.yaml"),
    "removed": lambda root: (root / "east/quotes/june.yaml").unlink(),
    "a file more": lambda root: (root / "east/quotes/july.yaml").write_text("[]"),
    "a kind more": lambda root: (root / "east/issues.yaml").write_text("[]"),
    "a briefing more": lambda root: write_library(root, {"west/briefing.yaml": "{id: west}"}),
    "a folder that becomes a briefing": lambda root: (root / "drafts/briefing.yaml").write_text("{}"),
    "a briefing more in another": lambda root: (root / "east/more/briefing.yaml").write_text("{}"),
    "a briefing more in no briefing": lambda root: (root / "drafts/old/briefing.yaml").write_text("{}"),
    "a shared file more": lambda root: (root / "_shared/actors").mkdir(),
    "other marks": lambda root: (root / "east/verified.yaml").write_text("{}"),
    "a stray file": lambda root: (root / "east/qoutes.yaml").write_text("[]"),
    "a link": lambda root: (root / "east/issues.yaml").symlink_to(root / "east/briefing.yaml"),
    "gone": lambda root: root.rename(root.with_name("elsewhere")),
}


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # What was just written is trusted as if it stood there for long.
    monkeypatch.setattr(surveying, "_GRAIN", 0)
    return write_library(tmp_path / "library", LIBRARY)


def is_untouched(library: Path) -> Callable[[], bool]:
    seen = look(library)
    states = [hashed(seen.root, state, None) for state in seen.states]
    return lambda: untouched(seen.root, states, seen.folders)


@pytest.mark.parametrize("touch", TOUCHES)
def test_a_touch_is_told(library: Path, touch: str) -> None:
    told = is_untouched(library)
    assert told()
    TOUCHES[touch](library)
    assert not told()


def test_a_touch_of_a_briefing_alone_is_told_and_of_what_is_shared_beside_it(library: Path) -> None:
    told = is_untouched(library / "east")
    assert told()
    (library / "_shared/actors.yaml").write_text("[]")
    assert not told()
    told = is_untouched(library / "east")
    assert told()
    (library / "_shared").rename(library / "shared")
    assert not told()


def test_what_is_not_read_may_change(library: Path) -> None:
    told = is_untouched(library)
    (library / "east/texts/paper.txt").write_text("Another\n")
    (library / "drafts/notes.txt").write_text("Others\n")
    assert told()


def test_times_tell_nothing_where_links_lead_elsewhere(library: Path) -> None:
    (library / "east/issues.yaml").symlink_to(library / "east/briefing.yaml")
    assert not is_untouched(library)()


def test_a_pipe_that_takes_a_files_place_is_not_waited_for(library: Path) -> None:
    seen = look(library)
    (pipe,) = [state for state in seen.states if state.path == "east/quotes/june.yaml"]
    sound = hashed(seen.root, pipe, None)
    (library / pipe.path).unlink()
    os.mkfifo(library / pipe.path)
    assert hashed(seen.root, pipe, None).sha256 not in (sound.sha256, sha256().digest())


def test_times_tell_nothing_where_a_file_is_left_out(library: Path) -> None:
    os.mkfifo(library / "east/issues.yaml")
    assert not is_untouched(library)()


def test_times_tell_nothing_yet_of_what_was_just_written(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveying, "_GRAIN", 3_600 * 10**9)
    assert not is_untouched(library)()
