"""An edition reports what checking in memory does, for every sort of broken library."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from briefing.edition.edition import open_edition
from tests.content.cases import Case, read_cases

# One case of each code: what differs between the two is how records are found, not how they are read.
CASES = list({code: case for case in read_cases("broken") for _, _, _, code in case.expected}.values())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_edition_reports_the_same(case: Case, tmp_path: Path) -> None:
    in_memory = case.check(tmp_path / "content")
    edition = open_edition(tmp_path / "content", cache=tmp_path / "cache")
    assert sorted(map(msgspec.json.encode, edition.problems)) == sorted(map(msgspec.json.encode, in_memory))
