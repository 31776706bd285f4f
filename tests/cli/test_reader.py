"""`briefing` where there is no terminal to read in: everything as linear text."""

from __future__ import annotations

from pathlib import Path

from briefing.edition.edition import open_edition
from briefing.model.vocabulary import Kind
from tests.cli.process import briefing, on_terminal


def test_into_a_pipe_the_whole_briefing_is_printed(sample: Path, tmp_path: Path) -> None:
    code, out, err = briefing()
    assert (code, err) == (0, "")
    assert out.startswith("Iraqi militias and the Iran-Israel conflict\n\nWill Iraqi militias join")
    assert out == briefing("--plain").out
    edition = open_edition(sample, cache=tmp_path)
    for kind in (Kind.ACTOR, Kind.ISSUE, Kind.POSITION, Kind.INCIDENT, Kind.QUOTE, Kind.SOURCE):
        for entry in edition.page(kind, 0, 1000):
            assert f"Ref: {entry.ref}\n" in out


def test_panes_follow_one_another_in_their_order() -> None:
    out = briefing("--plain").out
    headings = ["In numbers", "ACTORS: ", "ISSUES: ", "POSITIONS: ", "INCIDENTS: ", "QUOTES: ", "SOURCES: "]
    places = [out.index(heading) for heading in headings]
    assert places == sorted(places)


def test_a_dumb_terminal_gets_the_plain_text() -> None:
    code, out = on_terminal(TERM="dumb")
    assert code == 0
    assert "\x1b" not in out
    assert "QUOTES: " in out


def test_no_line_is_wider_than_the_page() -> None:
    lines = briefing("--plain", COLUMNS="60").out.splitlines()
    assert all(len(line) <= 60 or " " not in line.strip() for line in lines)


def test_the_folder_may_be_given_in_either_way(sample: Path) -> None:
    one = str(sample / "iraq-militias-2025-06")
    assert briefing(one, "--plain").out == briefing("--plain", "--content", one).out
    assert briefing(one, "--content", "elsewhere").code == 2


def test_without_a_name_the_content_folder_here_is_read_else_the_sample(tmp_path: Path, sample: Path) -> None:
    """$BRIEFING_CONTENT, then ./content, then the sample."""
    there = tmp_path / "content" / "story"
    there.mkdir(parents=True)
    (there / "briefing.yaml").write_text(
        "schema: 1\nid: story\ntitle: Mine\nquestion: B?\nas_of: 2025-06-16\n", encoding="utf-8"
    )
    assert briefing("--plain", cwd=tmp_path, BRIEFING_CONTENT="").out.startswith("Mine\n")
    assert briefing("--plain", cwd=there, BRIEFING_CONTENT="").out.startswith("Iraqi militias")
    assert briefing("--plain", cwd=tmp_path, BRIEFING_CONTENT=str(sample)).out.startswith("Iraqi militias")


def test_several_briefings_are_printed_the_newest_first(tmp_path: Path) -> None:
    for name, day in (("older", 15), ("newer", 16)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "briefing.yaml").write_text(
            f"schema: 1\nid: {name}\ntitle: The {name} one\nquestion: B?\nas_of: 2025-06-{day}\n",
            encoding="utf-8",
        )
    lines = briefing("--plain", str(tmp_path)).out.splitlines()
    assert lines.index("The newer one") < lines.index("The older one")
    only = briefing("list", "briefings", "--briefing", "older", "--content", str(tmp_path)).out
    assert only.startswith("older/briefing/older  The older one") and len(only.splitlines()) == 1
