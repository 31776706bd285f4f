"""`briefing verify` as a process: verdicts, marks, what makes them stale, formats and exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.process import briefing

BRIEFING = """\
schema: 1
id: harbour
title: The harbour
question: Will the pilots sail?
as_of: 2024-05-15
"""
QUOTES = """\
- id: q-holm-1
  speaker: holm
  text: "We won't sail"
  form: full
  when: {undated: true}
  medium: told-media
  sources:
    - {source: paper, para: 1}
- id: q-holm-2
  speaker: holm
  text: a fair offer
  form: fragment
  when: {undated: true}
  medium: told-media
  sources:
    - {source: paper, para: 2}
"""
TEXT = '"We won\'t sail", she said.\nShe called it "a fair offer".\n'


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "content" / "harbour"
    folder.mkdir(parents=True)
    (folder / "briefing.yaml").write_text(BRIEFING, encoding="utf-8")
    (folder / "actors.yaml").write_text(
        "- {id: holm, name: Ada Holm, kind: person, sources: [{source: paper, para: 1}]}\n", encoding="utf-8"
    )
    (folder / "quotes.yaml").write_text(QUOTES, encoding="utf-8")
    (folder / "sources.yaml").write_text("- {id: paper, kind: article, title: T}\n", encoding="utf-8")
    texts = tmp_path / "elsewhere"
    texts.mkdir()
    (texts / "paper.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def verify(library: Path, *arguments: str, texts: str = "elsewhere") -> tuple[int, str, str]:
    result = briefing(
        "verify", "--content", str(library / "content"), "--texts", str(library / texts), *arguments
    )
    return result.code, result.out, result.err


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def quotes(library: Path) -> Path:
    return library / "content" / "harbour" / "quotes.yaml"


def verified(library: Path) -> Path:
    return library / "content" / "harbour" / "verified.yaml"


def test_all_that_is_verbatim_is_counted_and_ends_in_zero(library: Path) -> None:
    code, out, err = verify(library)
    summary = "2 verbatim, 0 differ, 0 stale, 0 without the source's text; 1 paragraph found\n"
    assert (code, out, err) == (0, summary, "")
    assert not verified(library).exists()


def test_a_difference_names_its_place_its_kind_and_its_characters(library: Path) -> None:
    change(quotes(library), "won't", "won’t")
    change(quotes(library), "para: 2", "para: 1")
    code, out, _ = verify(library)
    lines = out.splitlines()
    assert code == 1
    assert lines[0].endswith("quotes.yaml:1: differs harbour/quote/q-holm-1 (paper, par. 1): apostrophe")
    assert lines[1] == "    We won[-’-]{+'+}t sail"
    assert lines[2].endswith("q-holm-2 (paper, par. 2): stands in paragraph 2, not 1")


def test_texts_are_also_found_in_the_briefings_own_folder(library: Path) -> None:
    own = library / "content" / "harbour" / "texts"
    (library / "elsewhere").rename(own)
    result = briefing("verify", "--content", str(library / "content"))
    assert (result.code, result.out[:10]) == (0, "2 verbatim")


def test_a_folder_for_each_briefing_comes_before_the_common_one(library: Path) -> None:
    (library / "elsewhere" / "harbour").mkdir()
    (library / "elsewhere" / "harbour" / "paper.txt").write_text("another text", encoding="utf-8")
    assert verify(library)[0] == 1


def test_a_text_that_is_not_at_hand_is_one_only_under_strict(library: Path) -> None:
    (library / "elsewhere" / "paper.txt").unlink()
    code, out, _ = verify(library)
    assert code == 0
    assert out.startswith("source not available harbour/source/paper: 2 passages not compared")
    assert verify(library, "--strict")[0] == 1


def test_a_text_that_cannot_be_read_says_why(library: Path) -> None:
    (library / "elsewhere" / "paper.txt").write_bytes(b"caf\xe9")
    code, _, err = verify(library, "--strict")
    assert code == 1 and "paper.txt: not UTF-8" in err


def test_a_link_out_of_the_library_shows_nothing_of_where_it_leads(library: Path) -> None:
    own = library / "content" / "harbour" / "texts"
    own.mkdir()
    (own / "paper.txt").symlink_to(library / "elsewhere" / "paper.txt")
    result = briefing("verify", "--content", str(library / "content"))
    assert result.out.endswith("2 without the source's text; 0 paragraphs found\n")
    assert "paper.txt: the link leads out of the library; it is not followed" in result.err


def test_marks_are_written_once_and_for_all(library: Path) -> None:
    assert verify(library, "--write")[0] == 0
    written = verified(library).read_text(encoding="utf-8")
    assert written.count("verdict: verbatim") == 2
    verified(library).chmod(0o664)
    assert verify(library, "--write")[0] == 0
    assert verified(library).stat().st_mode & 0o777 == 0o664
    assert verified(library).read_text(encoding="utf-8") == written
    assert [path.name for path in verified(library).parent.glob(".*")] == []


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("a fair offer", "fair offer", "the words changed since"),
        ("q-holm-2", "q-holm-3", "the record is gone"),
        ("para: 2", "para: 1", "the paragraph changed since"),
    ],
)
def test_a_changed_record_makes_its_mark_stale(library: Path, old: str, new: str, why: str) -> None:
    verify(library, "--write")
    change(quotes(library), old, new)
    code, out, _ = verify(library)
    assert code == 1 and why in out


def test_a_changed_text_makes_its_marks_stale_until_they_are_written_anew(library: Path) -> None:
    verify(library, "--write")
    change(library / "elsewhere" / "paper.txt", "she said", "said she")
    code, out, _ = verify(library)
    assert code == 1 and "2 verbatim, 0 differ, 2 stale" in out
    assert verify(library, "--write")[0] == 0
    assert verify(library)[0] == 0


def test_marks_of_a_text_that_is_not_at_hand_are_kept(library: Path) -> None:
    verify(library, "--write")
    written = verified(library).read_text(encoding="utf-8")
    (library / "elsewhere" / "paper.txt").unlink()
    assert verify(library, "--write")[0] == 0
    assert verified(library).read_text(encoding="utf-8") == written


@pytest.mark.parametrize("above", ["<<<<<<< HEAD\n", "- {record: quote/q-holm-3}\n"])
def test_marks_that_cannot_be_read_are_not_written_over(library: Path, above: str) -> None:
    verify(library, "--write")
    broken = above + verified(library).read_text(encoding="utf-8")
    verified(library).write_text(broken, encoding="utf-8")
    (library / "elsewhere" / "paper.txt").unlink()
    code, _, err = verify(library, "--write")
    assert (code, "left as it is" in err) == (1, True)
    assert verified(library).read_text(encoding="utf-8") == broken


def test_another_text_than_the_one_that_the_source_names_is_stale(library: Path) -> None:
    change(library / "content" / "harbour" / "sources.yaml", "title: T", f"title: T, sha256: {'0' * 64}")
    code, out, _ = verify(library)
    assert code == 1 and "not the one that the source's sha256 names (000000000000...)" in out


def test_a_difference_is_recorded_too(library: Path) -> None:
    change(quotes(library), "won't", "won’t")
    assert verify(library, "--write")[0] == 1
    assert "record: quote/q-holm-1, verdict: differs" in verified(library).read_text(encoding="utf-8")


def test_broken_records_are_not_passed_over_in_silence(library: Path) -> None:
    change(quotes(library), "form: fragment", "form: part")
    code, out, err = verify(library)
    assert code == 1 and out.startswith("1 verbatim")
    assert "1 error in the content" in err


@pytest.mark.parametrize("what", ["a broken record", "a folder in the place of the file"])
def test_a_record_that_cannot_be_read_is_not_gone_and_keeps_its_mark(library: Path, what: str) -> None:
    verify(library, "--write")
    written = verified(library).read_text(encoding="utf-8")
    if what == "a broken record":
        change(quotes(library), "form: fragment", "form: part")
    else:
        quotes(library).unlink()
        quotes(library).mkdir()
    for more in ((), ("--write",)):
        code, out, err = verify(library, *more)
        assert code == 1 and ", 0 stale, " in out and "gone" not in out
        assert "1 error in the content" in err
        assert verified(library).read_text(encoding="utf-8") == written


def test_an_override_of_a_shared_actor_is_compared_as_the_whole_that_it_is(library: Path) -> None:
    (library / "content" / "_shared").mkdir()
    actors = library / "content" / "_shared" / "actors.yaml"
    actors.write_text("- {id: holm, name: Ada Holm, kind: person}\n", encoding="utf-8")
    change(library / "content" / "harbour" / "actors.yaml", "name: Ada Holm, kind: person, ", "")
    code, out, err = verify(library)
    assert (code, out.endswith("1 paragraph found\n"), err) == (0, True, "")


def test_data_formats_hold_every_finding(library: Path) -> None:
    change(quotes(library), "won't", "won’t")
    data = json.loads(verify(library, "--format", "json")[1])
    assert [(row["ref"], row["verdict"]) for row in data] == [
        ("harbour/quote/q-holm-1", "differs"),
        ("harbour/quote/q-holm-2", "verbatim"),
    ]
    assert data[0]["near"] == ["apostrophe"]
    assert data[0]["diff"][1] == {"record": "’", "source": "'"}
    lines = [json.loads(line) for line in verify(library, "--format", "jsonl")[1].splitlines()]
    assert lines == data
    rows = list(csv.DictReader(io.StringIO(verify(library, "--format", "csv")[1])))
    assert [row["para"] for row in rows] == ["1", "2"]
    assert "| harbour/quote/q-holm-2 | verbatim |" in verify(library, "--format", "md")[1]


def test_one_briefing_can_be_chosen(library: Path) -> None:
    assert verify(library, "--briefing", "harbour")[0] == 0
    code, _, err = verify(library, "--briefing", "docks")
    assert code == 2 and "there are: harbour" in err


def test_what_cannot_be_used_is_two(library: Path) -> None:
    code, _, err = verify(library, texts="nowhere")
    assert code == 2 and "nowhere: no such folder" in err
    code, _, err = verify(library, texts="elsewhere/paper.txt")
    assert code == 2 and "paper.txt: a file, not a folder" in err
    assert briefing("verify", "--content", str(library / "nothing")).code == 2


def test_the_sample_needs_its_text_only_to_be_compared_again() -> None:
    result = briefing("verify")
    assert result.code == 0 and "19 without the source's text" in result.out


def test_a_text_that_is_there_but_cannot_be_read_is_not_told_as_missing(library: Path) -> None:
    (library / "elsewhere" / "paper.txt").write_bytes(b"caf\xe9")
    code, out, err = verify(library)
    assert code == 1
    assert "2 passages not compared (its text cannot be read)" in out
    assert "paper.txt: not UTF-8" in err


def test_a_checksum_of_another_text_makes_marks_stale_without_the_text_as_it_does_for_check(
    library: Path,
) -> None:
    verify(library, "--write")
    sources = library / "content" / "harbour" / "sources.yaml"
    change(sources, "title: T}", f"title: T, sha256: {'1' * 64}}}")
    (library / "empty").mkdir()
    code, out, _ = verify(library, texts="empty")
    assert code == 1
    assert "0 verbatim, 0 differ, 2 stale" in out
    assert out.count("stale: the source's text changed since") == 2
    assert briefing("check", "--content", str(library / "content")).out.count("W213") == 2
