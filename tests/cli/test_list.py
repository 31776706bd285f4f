"""`briefing list` as a process."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.process import briefing, on_terminal


@pytest.mark.parametrize("kind", ["quote", "quotes"])
def test_one_or_many_is_the_same_kind(kind: str) -> None:
    code, out, _ = briefing("list", kind)
    assert code == 0
    assert out.startswith("iraq-militias-2025-06/quote/")


def test_json_names_each_record_and_holds_it_as_written() -> None:
    items = json.loads(briefing("list", "incidents", "--format", "json").out)
    drone = next(item for item in items if item["id"] == "ain-al-asad-drone")
    assert list(drone) == ["ref", "kind", "id", "briefing", "title", "date", "record"]
    assert drone["date"] == "2025-06-13"
    assert drone["record"]["by_status"] == "unknown"
    assert "by" not in drone["record"]


def test_csv_has_a_column_for_each_field_and_dates_in_their_own() -> None:
    rows = list(csv.DictReader(io.StringIO(briefing("list", "incidents", "--format", "csv").out)))
    drone = next(row for row in rows if row["id"] == "ain-al-asad-drone")
    assert (drone["when.date"], drone["when.date_basis"]) == ("2025-06-13", "inferred")
    assert drone["place.precision"] == "site"
    assert drone["related"] == "erbil-drone-1; erbil-drone-2"
    assert {row["when.undated"] for row in rows} == {"", "true"}


def test_markdown_is_a_table() -> None:
    lines = briefing("list", "sources", "--format", "md").out.splitlines()
    assert lines[1] == "| --- | --- | --- | --- | --- |"


def test_a_pipe_says_the_day_that_a_heading_would_say() -> None:
    out = briefing("list", "incidents").out
    assert "~16 Jun" in next(line for line in out.splitlines() if "/erbil-drone-2 " in line)


def test_a_terminal_has_the_headings_of_the_pane() -> None:
    out = on_terminal("list", "incidents", "--limit", "5")[1]
    assert "Monday 16 June 2025" in out
    assert "5 of " in out


def test_a_kind_that_is_none_names_those_there_are() -> None:
    code, out, err = briefing("list", "persons")
    assert (code, out) == (2, "")
    assert "actors" in err


def test_a_negative_limit_is_refused() -> None:
    assert briefing("list", "actors", "--limit", "-1").code == 2
