"""`briefing scan` as a process: what a text says that no record covers, by line and column."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.process import briefing
from tests.cli.test_verify import change, library, quotes

__all__ = ["library"]
TEXT = '"We won\'t sail", she said.\nShe called it "a fair offer".\nOn Friday he said "no".\n'


@pytest.fixture
def text(library: Path) -> Path:
    path = library / "elsewhere" / "paper.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def scan(library: Path, text: Path, *arguments: str, source: str = "paper") -> tuple[int, str, str]:
    content = str(library / "content")
    result = briefing("scan", str(text), "--source", source, "--content", content, *arguments)
    return result.code, result.out, result.err


def test_gaps_are_listed_by_line_and_column(library: Path, text: Path) -> None:
    code, out, err = scan(library, text)
    assert out == f"{text}:3:4: weekday Friday\n{text}:3:20: quote no\n"
    assert (code, err) == (1, "briefing: 2 passages that no record covers\n")


def test_a_text_that_is_covered_ends_in_zero(library: Path, text: Path) -> None:
    text.write_text(TEXT.rpartition("On Friday")[0], encoding="utf-8")
    code, out, err = scan(library, text)
    assert (code, out, err) == (0, "", "briefing: every quoted span and day has its record\n")


def test_a_misspelt_quote_is_no_cover(library: Path, text: Path) -> None:
    change(quotes(library), "a fair offer", "a fair order")
    assert f"{text}:2:16: quote a fair offer\n" in scan(library, text)[1]


def test_data_formats(library: Path, text: Path) -> None:
    data = json.loads(scan(library, text, "--format", "json")[1])
    assert data[1] == {"file": str(text), "line": 3, "column": 20, "what": "quote", "text": "no"}
    assert scan(library, text, "--format", "csv")[1].splitlines()[1] == f"{text},3,4,weekday,Friday"


@pytest.mark.parametrize("source", ["paper", "source/paper", "harbour/source/paper"])
def test_a_source_is_named_as_far_as_is_needed(library: Path, text: Path, source: str) -> None:
    assert scan(library, text, source=source)[0] == 1


def test_no_such_source_and_no_such_text_are_two(library: Path, text: Path) -> None:
    code, _, err = scan(library, text, source="radio")
    assert code == 2 and "there is no source “radio”; there are: harbour/source/paper" in err
    code, _, err = scan(library, library / "nothing.txt")
    assert code == 2 and "nothing.txt: cannot be read: No such file" in err


def test_another_text_than_the_sources_is_said(library: Path, text: Path) -> None:
    change(library / "content" / "harbour" / "sources.yaml", "title: T", f"title: T, sha256: {'0' * 64}")
    assert "not the text that the sha256 of source/paper names" in scan(library, text)[2]


def test_a_text_may_be_piped_in(library: Path) -> None:
    content = str(library / "content")
    command = ("scan", "-", "--source", "paper", "--content", content)
    assert briefing(*command, stdin=TEXT).out == "-:3:4: weekday Friday\n-:3:20: quote no\n"
    assert "-: not UTF-8: byte 0xff" in briefing(*command, stdin=b"\xff").err
    code, out, err = briefing(*command, stdin="\n")  # as from a pipe that broke
    assert (code, out, err) == (2, "", "briefing: -: holds no text\n")
