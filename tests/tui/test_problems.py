"""The Problems view: what is wrong, where, why, and the way to the record."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len, split_text

from briefing.content.problem import Problem, Severity
from briefing.edition.edition import Edition, open_edition
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.tui.faults import excerpt
from briefing.tui.screens.problems import ProblemsScreen
from briefing.tui.screens.reader import ReaderScreen
from tests.edition.libraries import write_library
from tests.tui.reading import Reading, reading

ACTORS = """
- {id: ann, name: Ann, kind: person, member_of: [nobody]}
- {id: bob, name: Bob, kind: persn}
- {id: eve, name: Eve, kind: person, member_of: [nobody, none]}
- {id: dan, kind: person}
"""
QUOTES = "- [not a record]\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_library(tmp_path / "library", {"x/actors.yaml": ACTORS, "x/quotes.yaml": QUOTES})


@pytest.fixture
def broken(root: Path, tmp_path: Path) -> Edition:
    return open_edition(root, cache=tmp_path / "cache")


def on_problems(session: Reading) -> bool:
    return isinstance(session.app.screen, ProblemsScreen)


def codes(session: Reading) -> list[str]:
    return re.findall(r"(?m)^[▌│ ]? *[x!-] (?:error|warning|advice) +(\w\d+) .*\d+:\d+ ", session.text)


async def test_the_head_counts_them(broken: Edition, edition: Edition) -> None:
    async with reading(broken) as session:
        assert "! 6 problems" in session.lines[0]
    async with reading(edition) as session:
        assert "problem" not in session.lines[0]


async def test_they_stand_by_file_and_code(broken: Edition, root: Path) -> None:
    async with reading(broken, (120, 40)) as session:
        await session.press("exclamation_mark")
        assert session.lines[0].split() == ["Problems", "6", "errors"]
        headings = [line.strip() for line in session.lines if line.strip().startswith(str(root))]
        assert headings == [f"{root}/x/actors.yaml  5 problems", f"{root}/x/quotes.yaml  1 problem"]
        assert codes(session) == ["E202", "E205", "E301", "E301", "E301", "E201"]
        assert re.search(r"x error +E205 +2:\d+ +\"persn\" is no", session.text)


async def test_each_is_told_in_full(broken: Edition, root: Path) -> None:
    async with reading(broken, (120, 40)) as session:
        await session.press("exclamation_mark", "down")
        text = session.text
        number = found(session, "Line 2")
        line, caret = session.lines[number : number + 2]
        assert line.index("persn") == caret.index("^^^^^")
        # A long path is broken between lines.
        assert f"{root}/x/actors.yaml:2:" in "".join(text.split())
        assert 'did you mean "person"?' in text
        assert "actor/bob, left out of the panes" in text
        assert "The rule" in text
        await session.press("down")
        assert re.search(r"Alike +3 in this file", session.text)


def found(session: Reading, text: str) -> int:
    """The number of the line that TEXT stands on."""
    return next(number for number, line in enumerate(session.lines) if text in line)


async def test_enter_goes_to_the_record(broken: Edition) -> None:
    async with reading(broken) as session:
        await session.press("exclamation_mark", "end", "up", "enter")
        assert session.screen.place.ref == Ref("x", Kind.ACTOR, "eve")
        assert session.screen.place.reading
        await session.press("backspace")
        assert session.screen.place.pane is Kind.BRIEFING


async def test_a_record_that_is_left_out_cannot_be_gone_to(broken: Edition) -> None:
    async with reading(broken) as session:
        await session.press("exclamation_mark", "enter")
        assert on_problems(session)
        assert "This record is left out of the panes until it is mended." in session.lines[-1]
        await session.press("end", "enter")
        assert "This is about the file, not about one record." in session.lines[-1]


async def test_the_link_of_a_problem_goes_to_its_record(broken: Edition) -> None:
    async with reading(broken) as session:
        await session.press("exclamation_mark", "end", "up", "tab", "enter")
        assert session.screen.place.ref == Ref("x", Kind.ACTOR, "eve")


@pytest.mark.parametrize("key", ["escape", "backspace", "exclamation_mark"])
async def test_leaving_is_where_one_came_from(broken: Edition, key: str) -> None:
    async with reading(broken) as session:
        await session.press("2", "down", "exclamation_mark", key)
        assert isinstance(session.app.screen, ReaderScreen)
        assert session.screen.place.pane is Kind.ACTOR


async def test_without_problems_it_says_so(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("exclamation_mark")
        assert "No problems." in session.text
        # Nothing to go to and nothing to edit.
        assert session.lines[-1].split() == ["Esc", "Back"]
        await session.press("enter", "e", "down", "tab")
        assert on_problems(session)


async def test_the_editor_is_told_the_place(
    broken: Edition, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[object] = []
    monkeypatch.setattr("briefing.tui.screens.problems.edit", lambda _app, place: called.append(place))
    async with reading(broken) as session:
        await session.press("exclamation_mark", "down", "e")
        assert called == [(root / "x" / "actors.yaml", 2)]


async def test_a_mended_file_leaves_the_list(broken: Edition, root: Path) -> None:
    async with reading(broken) as session:
        await session.press("exclamation_mark", "end")
        (root / "x" / "quotes.yaml").unlink()
        newer = broken.refresh().edition
        assert newer is not None
        session.app.show_edition(newer)
        await session.rest()
        assert session.lines[0].split() == ["Problems", "5", "errors"]
        assert on_problems(session)


async def test_a_file_that_was_saved_broken_is_named_beside_problems_of_what_is_shown(
    broken: Edition, root: Path
) -> None:
    """Its name was said for a few seconds when it was saved, and then nowhere."""
    async with reading(broken) as session:
        (root / "x" / "actors.yaml").write_text("- {id: [")
        session.app.show_broken(broken.refresh().broken)
        await session.press("exclamation_mark")
        assert "! saved broken" in session.lines[0]
        assert "Saved broken, the last content stays: actors.yaml:1: " in session.lines[-1]
        await session.press("escape", "L")
        assert "! saved broken" in session.lines[0]


async def test_ten_thousand_are_read_by_the_page(tmp_path: Path) -> None:
    actors = "".join(
        f"- {{id: a-{number}, name: A{number}, kind: person, old: 1}}\n" for number in range(10_000)
    )
    root = write_library(tmp_path / "library", {"x/actors.yaml": actors})
    async with reading(open_edition(root, cache=tmp_path / "cache")) as session:
        await session.press("exclamation_mark", "end")
        assert "10,000 errors" in session.lines[0]
        assert "10000:" in session.text
        await session.press("home", "pagedown")
        assert len(session.screen.list._known) < 100


@pytest.mark.parametrize("letter", ["a", "新"])
def test_of_a_long_line_the_part_around_the_caret_is_shown(letter: str) -> None:
    line = f"{letter * 200}WRONG{'b' * 200}"
    problem = Problem(
        code="E204", severity=Severity.ERROR, file="f", line=1, column=201, message="", excerpt=line, width=5
    )
    (text,), (caret,) = excerpt(problem, 40)
    assert cell_len(text.text) == 40
    at = caret.text.index("^")
    assert split_text(text.text, at)[1].startswith("WRONG")
    assert caret.text.strip() == "^^^^^"


def test_a_caret_stands_under_what_is_wide() -> None:
    problem = Problem(
        code="E204",
        severity=Severity.ERROR,
        file="f",
        line=1,
        column=3,
        message="",
        excerpt="新聞: x",
        width=1,
    )
    _, (caret,) = excerpt(problem, 60)
    assert caret.text == "    ^"


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    problem = Problem(code="E101", severity=Severity.ERROR, file="f", line=0, column=0, message="gone")
    assert excerpt(problem, 60) == []
