"""A new briefing: clean as it is, and clean with every example of its comments uncommented."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest

from briefing.cli.main import run
from briefing.content.checks.run import check_library
from briefing.content.format import format_text
from briefing.content.library import find_library
from briefing.content.load import load_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "content" / "a-new-question"
    assert run(["new", str(path)]) == 0
    return path


def test_a_new_briefing_is_clean(folder: Path) -> None:
    library = find_library(folder.parent)
    assert [str(problem) for problem in check_library(library)] == []
    assert len(list(library.files)) == 7
    assert (folder.parent / ".schema" / "quotes.json").exists()
    for file in library.files:
        text = file.path.read_text(encoding="utf-8")
        assert text.startswith("# yaml-language-server: $schema=../.schema/")
        assert format_text(text, file.kind) == text


def test_its_examples_are_sound_and_name_one_another(folder: Path) -> None:
    for path in folder.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if path.name == "briefing.yaml":
            text = re.sub("^# ((?:window|summary|judgements|  ).*)$", r"\1", text, flags=re.MULTILINE)
        else:
            head, _, example = text.partition("#\n")
            text = head + re.sub("^# ", "", example.replace("\n[]\n", ""), flags=re.MULTILINE)
        path.write_text(text, encoding="utf-8")
    library = find_library(folder.parent)
    assert [str(problem) for problem in check_library(library)] == []
    assert all(len(load_file(file, display="").records) == 1 for file in library.files)
    for file in library.files:
        text = file.path.read_text(encoding="utf-8")
        assert format_text(text, file.kind) == text


def test_a_folder_that_is_not_empty_is_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "actors.yaml").write_text("[]")
    assert run(["new", str(folder)]) == 2
    assert (folder / "actors.yaml").read_text() == "[]"
    assert "not empty" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["My Briefing", "_shared", "a--b", "x" * 65])
def test_a_name_that_refs_cannot_carry(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", str(tmp_path / name)]) == 2
    assert "cannot name a briefing" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_name_goes_into_the_library_that_is_given(folder: Path) -> None:
    library = folder.parent
    assert run(["new", "another", "--content", str(library)]) == 0
    assert [found.id for found in find_library(library).briefings] == ["a-new-question", "another"]


@pytest.mark.parametrize("name", ["content/another", "/another", "."])
def test_what_is_more_than_a_name_does_not_go_into_a_library(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", name, "--content", str(folder.parent)]) == 2
    assert "the name of a folder in it" in capsys.readouterr().err


def test_no_briefing_begins_inside_of_another(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(folder.iterdir())
    assert run(["new", str(folder / "another")]) == 2
    assert run(["new", "another", "--content", str(folder)]) == 2
    assert run(["new", str(folder / "texts" / "another")]) == 2
    assert "is a briefing" in capsys.readouterr().err
    assert sorted(folder.iterdir()) == before


def test_a_disk_without_room_is_told_with_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")  # as the system says it: without a name

    monkeypatch.setattr(Path, "write_bytes", full)
    monkeypatch.setattr(Path, "write_text", full)
    assert run(["new", str(tmp_path / "full")]) == 2
    assert f"{tmp_path}/.schema/briefing.json: No space left on device" in capsys.readouterr().err


@pytest.mark.parametrize("there", [False, True])
def test_what_ends_halfway_leaves_nothing_in_the_way_of_the_next_try(
    there: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "full"
    if there:
        folder.mkdir()
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == ".quotes.yaml.new":
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        assert run(["new", str(folder)]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"briefing: {folder}/quotes.yaml: No space left on device\n")
    assert folder.exists() is there and list(folder.rglob("*")) == []
    assert run(["new", str(folder)]) == 0


def test_a_schema_is_not_written_through_a_link_out_of_the_library(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path / "mine.json"
    outside.write_text("mine")
    (tmp_path / "content" / ".schema").mkdir(parents=True)
    (tmp_path / "content" / ".schema" / "actors.json").symlink_to(outside)
    assert run(["new", str(tmp_path / "content" / "next")]) == 2
    assert outside.read_text() == "mine"
    assert "the link leads out of the library" in capsys.readouterr().err
