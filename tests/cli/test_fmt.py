"""``briefing fmt``: what is rewritten, what is only shown, what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.cli.main import run
from tests.content.cases import BASE

UNTIDY = "- {kind: state, id: iran, name: Iran}\n\n\n"
TIDY = "- {id: iran, name: Iran, kind: state}\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for name, text in BASE.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
    assert run(["fmt", "--content", str(tmp_path / "content")]) == 0
    (tmp_path / "content" / "x" / "actors.yaml").write_text(UNTIDY)
    return tmp_path / "content"


def test_files_are_rewritten_once(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    actors = library / "x" / "actors.yaml"
    actors.chmod(0o640)
    capsys.readouterr()
    assert run(["fmt", "--content", str(library)]) == 0
    assert capsys.readouterr().out == f"{actors}\n"
    assert actors.read_text() == TIDY
    assert actors.stat().st_mode & 0o777 == 0o640
    assert run(["fmt", "--content", str(library)]) == 0
    assert capsys.readouterr().out == ""
    assert [path.name for path in (library / "x").iterdir() if path.name.startswith(".")] == []


def test_check_changes_nothing(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["fmt", "--check", "--content", str(library)]) == 1
    assert capsys.readouterr().out == f"{library / 'x' / 'actors.yaml'}\n"
    assert (library / "x" / "actors.yaml").read_text() == UNTIDY


def test_diff_shows_and_changes_nothing(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fmt", "--diff", "--content", str(library)]) == 1
    assert f"+{TIDY}" in capsys.readouterr().out
    assert (library / "x" / "actors.yaml").read_text() == UNTIDY


@pytest.mark.parametrize(
    ("written", "shown"),
    [(TIDY.replace("\n", "\r\n"), "state}␍\n"), (TIDY.rstrip(), "state}\n\\ No newline at end of file\n")],
)
def test_diff_shows_the_ends_of_lines(
    written: str, shown: str, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (library / "x" / "actors.yaml").write_bytes(written.encode())
    assert run(["fmt", "--diff", "--content", str(library)]) == 1
    assert shown + f"+{TIDY}" in capsys.readouterr().out


def test_a_file_that_holds_nothing_is_left_alone(library: Path) -> None:
    (library / "x" / "actors.yaml").write_text("")
    assert run(["fmt", "--check", "--content", str(library)]) == 0


def test_one_file(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fmt", "--content", str(library), str(library / "x" / "quotes.yaml")]) == 0
    assert (library / "x" / "actors.yaml").read_text() == UNTIDY
    assert run(["fmt", "--content", str(library), str(library / "x" / "other.yaml")]) == 2
    assert "no file of records" in capsys.readouterr().err


def test_what_is_broken_is_left_and_said(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = library / "x" / "issues.yaml"
    broken.write_text("- id: [\n")
    assert run(["fmt", "--content", str(library)]) == 1
    assert "issues.yaml: left as it is" in capsys.readouterr().err
    assert broken.read_text() == "- id: [\n"
    assert (library / "x" / "actors.yaml").read_text() == TIDY
