"""`briefing search` as a process: formats, order, reasons, and finding nothing."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.process import briefing, on_terminal

KEYS = ["ref", "kind", "id", "briefing", "title", "date", "score", "matched", "snippet"]


def test_json_has_the_stated_shape() -> None:
    code, out, _ = briefing("search", "hamidawi", "--format", "json")
    hits = json.loads(out)
    assert code == 0
    assert [list(hit) for hit in hits] == [KEYS] * len(hits)
    quotes = {hit["id"]: hit for hit in hits if hit["kind"] == "quote"}
    assert quotes["q-hamidawi-1"]["ref"] == "iraq-militias-2025-06/quote/q-hamidawi-1"
    assert quotes["q-hamidawi-1"]["date"] == "2025-06-15"
    assert hits == sorted(hits, key=lambda hit: -hit["score"])


def test_lines_and_the_array_hold_the_same() -> None:
    array = json.loads(briefing("search", "hamidawi", "--format", "json").out)
    lines = briefing("search", "hamidawi", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == array


def test_csv_is_read_back() -> None:
    rows = list(csv.reader(io.StringIO(briefing("search", "hamidawi", "--format", "csv").out)))
    assert rows[0] == KEYS
    assert len(rows) > 3 and all(len(row) == len(KEYS) for row in rows)


def test_by_date_the_newest_come_first_and_the_undated_last() -> None:
    out = briefing("search", "iraq", "--sort", "date", "--format", "jsonl", "--limit", "0").out
    dates = [json.loads(line)["date"] for line in out.splitlines()]
    dated = [date for date in dates if date]
    assert dated == sorted(dated, reverse=True)
    assert dates[: len(dated)] == dated and dates[-1] is None


def test_a_limit_says_that_there_is_more() -> None:
    code, out, err = briefing("search", "iraq", "--limit", "2")
    assert (code, len(out.splitlines())) == (0, 2)
    assert "2 of " in err


def test_nothing_found_is_one() -> None:
    code, out, err = briefing("search", "xyzzyplugh", "--format", "json")
    assert (code, json.loads(out)) == (1, [])
    assert "nothing matches" in err


def test_what_may_be_of_a_day_but_does_not_tell_is_counted() -> None:
    code, out, err = briefing("search", "kind:incident", "date:2025-06-13", "--format", "jsonl")
    assert code == 0
    assert all(json.loads(line)["date"] == "2025-06-13" for line in out.splitlines())
    undated = briefing("search", "kind:incident", "is:undated", "--format", "jsonl").out.splitlines()
    assert err == f"briefing: {len(undated)} more may be of that time; their dates do not tell\n"
    assert "more may be" not in briefing("search", "kind:incident").err


def test_a_pipe_gets_a_plain_line_a_hit() -> None:
    _, out, err = briefing("search", "hamidawi", "embassy")
    assert out.startswith("iraq-militias-2025-06/")
    assert "\x1b" not in out + err


def test_a_terminal_gets_colours_unless_it_is_told_not_to() -> None:
    assert "\x1b[" in on_terminal("search", "hamidawi")[1]
    assert "\x1b[" not in on_terminal("search", "hamidawi", NO_COLOR="1")[1]
    assert "\x1b[" not in on_terminal("search", "hamidawi", TERM="dumb")[1]


def test_no_line_of_a_terminal_is_wider_than_it_is() -> None:
    from rich.text import Text

    _, out = on_terminal("search", "iraq", columns=60, COLUMNS="60")
    rows = [Text.from_ansi(line) for line in out.splitlines()]
    # Refs and reasons stay whole, so that they can be copied.
    fitted = [row for row in rows if not row.plain.startswith(("    ", "briefing: "))]
    assert fitted and all(row.cell_len <= 60 for row in fitted)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("date:2025-13", 'column 6: "2025-13" has no month 13'),
        ('"open', "column 1: this quotation mark is never closed"),
        ("speakr:maliki", "did you mean speaker:?"),
        (" ", "there is nothing to search for"),
    ],
)
def test_an_unusable_query_is_two_and_says_where(query: str, said: str) -> None:
    code, out, err = briefing("search", query)
    assert (code, out) == (2, "")
    assert said in err and len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("iraq", "-parliament"),
        ("-parliament", "iraq"),
        ("iraq", "--sort", "rank", "-parliament"),
        ("--", "iraq", "-parliament"),
        ("iraq -parliament",),
    ],
)
def test_a_minus_before_a_word_is_the_query_s(words: tuple[str, ...]) -> None:
    without = briefing("search", "--format", "jsonl", "--limit", "0", *words)
    whole = briefing("search", "iraq", "--format", "jsonl", "--limit", "0")
    assert without.err == whole.err == ""
    assert 0 < len(without.out.splitlines()) < len(whole.out.splitlines())


def test_after_two_hyphens_all_are_words_of_the_query() -> None:
    said = briefing("search", "iraq", "--limit", "3", "--", "--limit", "-h").err
    assert "nothing matches" in said or "column" in said


def test_what_is_no_option_is_said() -> None:
    code, out, err = briefing("search", "iraq", "-drone", "--bogus")
    assert (code, out) == (2, "")
    assert "unrecognized arguments: --bogus" in err


def test_a_hit_by_alias_or_link_says_why() -> None:
    hits = json.loads(briefing("search", "hizballah", "brigades", "--format", "json").out)
    quote = next(hit for hit in hits if hit["id"] == "q-hamidawi-2")
    assert any("Kataib Hezbollah" in reason for reason in quote["matched"])
