"""An edition reports what checking in memory does, for every sort of broken library."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from briefing.content.checks.run import check_library
from briefing.content.library import find_library
from briefing.edition.edition import open_edition
from tests.content.cases import BASE, Case, read_cases

# One case of each code: what differs between the two is how records are found, not how they are read.
CASES = list({code: case for case in read_cases("broken") for _, _, _, code in case.expected}.values())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_edition_reports_the_same(case: Case, tmp_path: Path) -> None:
    in_memory = case.check(tmp_path / "content")
    edition = open_edition(tmp_path / "content", cache=tmp_path / "cache")
    assert sorted(map(msgspec.json.encode, edition.problems)) == sorted(map(msgspec.json.encode, in_memory))


@pytest.mark.parametrize("what", ["a list in a key", "another encoding", "a folder", "a second document"])
def test_what_a_file_that_cannot_be_read_may_hold_is_not_missing(what: str, tmp_path: Path) -> None:
    case = Case("sound", {}, [])
    case.check(tmp_path / "content")
    assert not open_edition(tmp_path / "content", cache=tmp_path / "cache").problems
    path = tmp_path / "content" / "x" / "quotes.yaml"
    path.unlink()
    match what:
        case "a list in a key":
            path.write_text("quotes:" + BASE["x/quotes.yaml"])
        case "another encoding":
            path.write_bytes(BASE["x/quotes.yaml"].encode("utf-16"))
        case "a folder":
            path.mkdir()
        case "a second document":
            path.write_text("[]\n---" + BASE["x/quotes.yaml"])
    found = check_library(find_library(tmp_path / "content"))
    assert [problem.file for problem in found] == [str(path)]
    for cache in ("cache", "anew"):
        edition = open_edition(tmp_path / "content", cache=tmp_path / cache)
        assert [problem.code for problem in edition.problems] == [problem.code for problem in found]


def test_what_is_in_no_file_is_missing_still(tmp_path: Path) -> None:
    """Another kind than that of the file that cannot be read, and actors where the shared ones can be."""
    quotes = "quotes:" + BASE["x/quotes.yaml"]
    case = Case("broken", {"x/quotes.yaml": quotes, "x/issues.yaml": "[]"}, [])
    assert [problem.code for problem in case.check(tmp_path)] == ["E301", "E118"]


@pytest.mark.parametrize("name", ["x/quotes.yaml", "x/actors.yaml", "_shared/actors.yaml"])
def test_what_has_errors_of_its_own_is_told_once_and_not_where_it_is_named(name: str, tmp_path: Path) -> None:
    record = BASE["x/quotes.yaml"] if "quotes" in name else BASE["x/actors.yaml"]
    broken = record.replace("We will not.", "'We will").replace("kind: person", "kind: man")
    case = Case("broken", {"x/actors.yaml": BASE["x/actors.yaml"].rpartition("- ")[0], name: broken}, [])
    if "quotes" in name:
        case = Case("broken", {name: broken}, [])
    found = case.check(tmp_path / "content")
    (told,) = found
    assert told.code in ("E110", "E205")
    edition = open_edition(tmp_path / "content", cache=tmp_path / "cache")
    assert [problem.code for problem in edition.problems] == [told.code]


def test_what_a_broken_entry_may_have_swallowed_is_not_missing(tmp_path: Path) -> None:
    rest, _, spokesman = BASE["x/actors.yaml"].rpartition("- {id: spokesman, ")
    swallowed = f"{rest}-id: spokesman\n  {spokesman[:-2]}"
    case = Case("broken", {"x/actors.yaml": swallowed}, [])
    assert [problem.code for problem in case.check(tmp_path / "content")] == ["E110"]
    edition = open_edition(tmp_path / "content", cache=tmp_path / "cache")
    assert [problem.code for problem in edition.problems] == ["E110"]


def test_actors_may_be_among_shared_ones_that_cannot_be_read(tmp_path: Path) -> None:
    case = Case("broken", {"x/actors.yaml": "[]", "_shared/actors.yaml": "actors:"}, [])
    found = case.check(tmp_path / "content")
    assert [problem.code for problem in found] == ["E118"]
    edition = open_edition(tmp_path / "content", cache=tmp_path / "cache")
    assert [problem.code for problem in edition.problems] == ["E118"]


def test_marks_of_verification_are_looked_at_anew_when_they_change(tmp_path: Path) -> None:
    def codes() -> list[str]:
        edition = open_edition(tmp_path / "content", cache=tmp_path / "cache")
        found = [problem.code for problem in edition.problems]
        assert found == [problem.code for problem in check_library(find_library(tmp_path / "content"))]
        return found

    Case("sound", {"x/verified.yaml": "[]"}, []).check(tmp_path / "content")
    path = tmp_path / "content" / "x" / "verified.yaml"
    assert codes() == []
    path.write_text("- {record: quote/q-1}\n- {record: quote/q-2}\n")
    assert codes() == ["W104", "W104"]
    path.write_text("- {record: quote/q-1}\n")
    assert codes() == ["W104"]
    path.write_bytes(b"\xff")
    assert codes() == ["E101"]
    path.unlink()
    assert codes() == []
    (tmp_path / "elsewhere.yaml").write_text("- {record: secret}")
    path.symlink_to(tmp_path / "elsewhere.yaml")
    assert codes() == ["E103"]
    path.unlink()
    path.mkdir()
    assert codes() == ["E102"]
