"""Bad content: one clear message with file, line, column and way out; never a traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.process import Result, briefing
from tests.conftest import BOUND_BY_MODES

BRIEFING = "schema: 1\nid: story\ntitle: A\nquestion: B?\nas_of: 2025-06-16\n"


@pytest.fixture
def story(tmp_path: Path) -> Path:
    """A sound briefing to be broken."""
    folder = tmp_path / "library" / "story"
    folder.mkdir(parents=True)
    (folder / "briefing.yaml").write_text(BRIEFING, encoding="utf-8")
    return folder


def every_command(library: Path) -> list[Result]:
    lines = (["list", "actors"], ["search", "anna"], ["show", "anna"], ["--plain"])
    return [briefing(*line, "--content", str(library)) for line in lines]


def test_no_such_folder(tmp_path: Path) -> None:
    for code, out, err in every_command(tmp_path / "nowhere"):
        assert (code, out) == (2, "")
        assert "no such folder" in err


def test_a_file_is_no_library(tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_text("- 1", encoding="utf-8")
    code, out, err = briefing("list", "actors", "--content", str(file))
    assert (code, out) == (2, "")
    assert "not a folder" in err


def test_an_empty_folder_says_how_to_start(tmp_path: Path) -> None:
    code, out, err = briefing("list", "actors", "--content", str(tmp_path))
    assert (code, out) == (2, "")
    assert "briefing new" in err


def test_an_unreadable_briefing_is_named(story: Path) -> None:
    (story / "briefing.yaml").write_text("schema: [1\n", encoding="utf-8")
    for code, out, err in every_command(story.parent):
        assert (code, out) == (2, "")
        assert "story/briefing.yaml:" in err and "Traceback" not in err


@pytest.mark.parametrize(
    "actors",
    [
        "- {id: anna, name: Anna, kind: person}\n- {id: ben, nmae: Ben, kind: person}\n",
        "- {id: anna, name: Anna, kind: person}\n- {id: anna, name: Again, kind: person}\n",
        "- {id: anna, name: Anna, kind: person}\n- {id: ben, name: Ben, kind: persson}\n",
    ],
)
def test_what_is_sound_is_shown_and_the_rest_is_counted(story: Path, actors: str) -> None:
    (story / "actors.yaml").write_text(actors, encoding="utf-8")
    code, out, err = briefing("list", "actors", "--content", str(story.parent))
    assert code == 0
    assert len(out.splitlines()) == 1 and "story/actor/anna" in out
    assert re.search(r"\d errors? in the content", err) and "briefing check" in err


def test_a_file_that_may_not_be_read_is_named(story: Path) -> None:
    (story / "actors.yaml").write_text("- {id: anna, name: Anna, kind: person}\n", encoding="utf-8")
    (story / "actors.yaml").chmod(0)
    code, out, err = briefing("check", "--content", str(story.parent), before=BOUND_BY_MODES)
    assert code == 1
    assert "actors.yaml" in out and "ermission" in out
    assert "Traceback" not in err


@pytest.mark.parametrize("name", ["other", ""])
def test_no_such_briefing_names_those_there_are(story: Path, name: str) -> None:
    code, out, err = briefing("list", "actors", "--briefing", name, "--content", str(story.parent))
    assert (code, out) == (2, "")
    assert "there are: story" in err


@pytest.mark.parametrize("command", ["check", "fmt --check", "verify", "diff"])
def test_editors_are_told_that_what_is_sound_is_the_sample(command: str, tmp_path: Path) -> None:
    _, _, err = briefing(*command.split(), cwd=tmp_path, BRIEFING_CONTENT="")
    assert err.startswith("briefing: there is no folder “content” here, so this is about the sample\n")


@pytest.mark.parametrize("command", ["fmt", "verify --write", "schema --write"])
def test_nothing_is_written_into_the_sample_unless_it_is_named(command: str, tmp_path: Path) -> None:
    code, out, err = briefing(*command.split(), cwd=tmp_path, BRIEFING_CONTENT="")
    assert (code, out) == (2, "")
    assert "say which library: --content DIR" in err
