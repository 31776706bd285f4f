"""The corpus of broken content, and the sound content that looks like it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import briefing.content.checks  # noqa: F401  enters the codes of all checks
from briefing.content.codes import CODES
from tests.content.cases import BASE, Case, found, read_cases

BROKEN = read_cases("broken")
SOUND = read_cases("sound")
# Codes of files that no text can show; test_library.py has their tests.
OF_FILES = {"E100", "E101", "E102", "E103", "E104"}


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_broken_content_is_reported_where_it_is(case: Case, tmp_path: Path) -> None:
    assert found(case.check(tmp_path), tmp_path) == sorted(case.expected)


@pytest.mark.parametrize("case", SOUND, ids=lambda case: case.name)
def test_sound_content_is_left_alone(case: Case, tmp_path: Path) -> None:
    assert [str(problem) for problem in case.check(tmp_path)] == []


def test_the_corpus_is_large_enough() -> None:
    assert len(BROKEN) >= 120
    assert all(case.expected for case in BROKEN)


def test_every_code_fires_alone_somewhere_and_is_kept_back_somewhere() -> None:
    alone = [{expected.code for expected in case.expected} for case in BROKEN]
    fired = {code for codes in alone if len(codes) == 1 for code in codes} | OF_FILES
    assert set(CODES) - fired == set()
    kept_back = {code for case in SOUND for code in re.findall("[EWA][0-9]{3}", case.name)} | OF_FILES
    assert set(CODES) - kept_back == set()


def test_problems_can_be_shown(tmp_path: Path) -> None:
    for number, case in enumerate(BROKEN):
        for problem in case.check(tmp_path / str(number)):
            assert problem.message
            assert problem.message.isprintable()
            assert "\n" not in problem.excerpt
            assert problem.line == 0 or problem.column <= len(problem.excerpt) + 1


def test_a_file_that_is_missing_costs_no_guessing(tmp_path: Path) -> None:
    """When a whole file is broken, each reference to it dangles; comparing all with all would not end."""
    locators = ", ".join(f"{{source: s-{number}, para: 1}}" for number in range(3000))
    sources = "".join(f"- {{id: t-{number}, kind: article, title: T}}\n" for number in range(3000))
    text = f"- {{id: i-2, question: Why?, sources: [{locators}]}}\n"
    case = Case("many", {"x/issues/a.yaml": text, "x/sources/a.yaml": sources}, [])
    problems = case.check(tmp_path)
    assert len(problems) == 3000
    assert sum("did you mean" in problem.message for problem in problems) <= 200


def test_a_missing_record_is_not_taken_for_the_next_of_its_row(tmp_path: Path) -> None:
    quotes = BASE["x/quotes.yaml"].replace("id: q-1", "id: q-3")
    (problem,) = Case("row", {"x/quotes.yaml": quotes}, []).check(tmp_path)
    assert problem.message == '"quotes" names quote "q-1", which does not exist'


def test_what_differs_between_the_parts_of_an_utterance_is_named(tmp_path: Path) -> None:
    first, second = (
        BASE["x/quotes.yaml"].replace("id: q-1", f"id: q-{seq}\n  utterance: u\n  seq: {seq}")
        for seq in (1, 2)
    )
    text = first + second.replace("speaker: spokesman", "speaker: iraq")
    (problem,) = Case("parts", {"x/quotes.yaml": text}, []).check(tmp_path)
    assert problem.message == 'speaker differs from q-1, a part of the same utterance "u"'
