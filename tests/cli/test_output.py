"""Output that is read by other programs: spreadsheets run nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.cli.output import chunks, guarded


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])
def test_a_formula_is_made_text(start: str) -> None:
    assert guarded(f"{start}cmd()") == f"'{start}cmd()"


def test_numbers_and_words_stay_what_they_are() -> None:
    assert guarded(-3) == -3
    assert guarded("a=b") == "a=b"
    assert guarded(None) == ""


@given(st.integers(0, 3000), st.integers(1, 700))
def test_pages_cover_everything_once(total: int, size: int) -> None:
    covered = [n for start, stop in chunks(total, size) for n in range(start, stop)]
    assert covered == list(range(total))
