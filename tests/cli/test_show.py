"""`briefing show` as a process: ways to name a record, and the record as it was written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.cli.process import briefing, on_terminal

QUOTE = "iraq-militias-2025-06/quote/q-hamidawi-2"


@pytest.mark.parametrize("name", [QUOTE, "quote/q-hamidawi-2", "quotes/q-hamidawi-2", "q-hamidawi-2"])
def test_a_record_is_named_as_far_as_is_needed(name: str) -> None:
    code, out, _ = briefing("show", name)
    assert code == 0
    assert f"Ref: {QUOTE}" in out


def test_json_is_the_record_as_written_with_links_and_verification(sample: Path) -> None:
    shown = json.loads(briefing("show", QUOTE, "--format", "json").out)
    quotes = yaml.safe_load((sample / "iraq-militias-2025-06" / "quotes.yaml").read_text(encoding="utf-8"))
    written = next(quote for quote in quotes if quote["id"] == "q-hamidawi-2")
    written["when"]["date"] = str(written["when"]["date"])
    assert {key: value for key, value in shown.items() if key not in ("links", "verification")} == written
    assert "verification" in shown
    assert {"role": "speaker", "ref": "iraq-militias-2025-06/actor/hamidawi"} in shown["links"]["out"]
    assert {"role", "kind", "total", "refs"} == set(shown["links"]["into"][0])


def test_the_briefing_itself_can_be_shown() -> None:
    code, out, _ = briefing("show", "briefing/iraq-militias-2025-06", "--format", "md")
    assert code == 0
    assert out.startswith("# Iraqi militias and the Iran-Israel conflict\n")


def test_no_such_record_is_one_and_names_a_near_one() -> None:
    code, out, err = briefing("show", "quote/hamidawi")
    assert (code, out) == (1, "")
    assert "there is no record “quote/hamidawi”" in err
    assert "actor/hamidawi" in err


@pytest.mark.parametrize("name", ["a/b/c/d", "x/hamidawi", ""])
def test_what_is_no_ref_is_refused(name: str) -> None:
    assert briefing("show", name).code in (1, 2)


def test_a_name_of_several_records_lists_them(tmp_path: Path) -> None:
    folder = tmp_path / "story"
    folder.mkdir()
    (folder / "briefing.yaml").write_text(
        "schema: 1\nid: story\ntitle: A\nquestion: B?\nas_of: 2025-06-16\n", encoding="utf-8"
    )
    (folder / "actors.yaml").write_text("- {id: same, name: A, kind: person}\n", encoding="utf-8")
    (folder / "sources.yaml").write_text("- {id: same, kind: article, title: T}\n", encoding="utf-8")
    code, _, err = briefing("show", "same", "--content", str(tmp_path))
    assert code == 2
    assert "story/actor/same" in err and "story/source/same" in err


def test_a_terminal_shows_the_document_in_colours() -> None:
    code, out = on_terminal("show", "hamidawi")
    assert code == 0
    assert "\x1b[1mAbu Hussein al-Hamidawi" in out
