"""``briefing check``: formats, selection, explanations and exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import briefing.content.checks  # noqa: F401  enters the codes of all checks
from briefing.cli.main import run
from briefing.content.codes import CODES
from briefing.model.vocabulary import ActorKind
from tests.content.cases import BASE

BROKEN = """\
- {id: a, name: A, kind: robot}
- {id: b, name: "B\\e]0;x", kind: person, loction: x}
- {id: c, name: Irán, kind: person}
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for name, text in BASE.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "content"


@pytest.fixture
def broken(library: Path) -> Path:
    (library / "x" / "actors").mkdir()
    (library / "x" / "actors" / "more.yaml").write_text(BROKEN, encoding="utf-8")
    return library


def test_sound_content(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--content", str(library)]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("", "briefing: no problems\n")


def test_the_caret_counts_a_character_that_is_not_shown_as_one(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    actors = library / "x" / "actors.yaml"
    text = actors.read_text(encoding="utf-8").replace("name: Iran, kind", "name: ايران\u200f, kin")
    actors.write_text(text, encoding="utf-8")
    assert run(["check", "--content", str(library), "--select", "E204"]) == 1
    _, line, caret = capsys.readouterr().out.splitlines()[:3]
    assert line.index("kin:") == caret.index("^^^")


def test_each_problem_with_its_line_and_a_caret(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--content", str(broken)]) == 1
    out, err = capsys.readouterr()
    file = broken / "x" / "actors" / "more.yaml"
    assert out.splitlines()[:4] == [
        f'{file}:1:26: error E205 actor/a: "robot" is no kind',
        "1 | - {id: a, name: A, kind: robot}",
        "  |                          ^^^^^",
        f"  = one of: {', '.join(ActorKind)}",
    ]
    assert 'error E204 actor/b: unknown key "loction"' in out
    assert f"{file}:3:17: warning W303 actor/c" in out
    assert err == "briefing: 2 errors, 1 warning\n"
    assert "\x1b" not in out


def test_of_many_alike_in_one_file_the_first_are_shown_and_the_rest_counted(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (library / "x" / "actors").mkdir()
    file = library / "x" / "actors" / "more.yaml"
    tags = ", ".join(["*x"] * 1060)
    file.write_text(
        f"- {{id: a, name: A, kind: person, tags: [{tags}]}}\n- {{id: b, name: B, kind: robot}}\n"
    )
    assert run(["check", "--content", str(library)]) == 1
    out, err = capsys.readouterr()
    assert out.count("error E114 actor/a: aliases are refused") == 50
    assert "error E205 actor/b" in out
    assert out.endswith(f"\n{file}: error E114 and 1,010 more in this file; --format json lists all\n")
    assert err == "briefing: 1,061 errors\n"
    run(["check", "--content", str(library), "--format", "json"])
    assert len(json.loads(capsys.readouterr().out)) == 1061


def test_warnings_alone_are_problems_and_advice_is_none(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (library / "_shared").mkdir()
    (library / "_shared" / "actors.yaml").write_text("- {id: iran, name: Iran, kind: state}\n")
    assert run(["check", "--content", str(library)]) == 0
    out, err = capsys.readouterr()
    assert "advice A301 actor/iran" in out
    assert err == "briefing: 1 piece of advice\n"
    (library / "x" / "actor.yaml").write_text("[]\n")
    assert run(["check", "--content", str(library)]) == 1


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        (["--select", "E205"], ["E205"]),
        (["--select", "e2"], ["E205", "E204"]),
        (["--select", "E204,W3"], ["E204", "W303"]),
        (["--ignore", "E"], ["W303"]),
        (["--select", "E2", "--ignore", "E205", "--ignore", "W"], ["E204"]),
    ],
)
def test_codes_are_selected(
    options: list[str], codes: list[str], broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--content", str(broken), "--format", "json", *options]) == 1
    assert [problem["code"] for problem in json.loads(capsys.readouterr().out)] == codes


def test_what_is_ignored_counts_for_nothing(broken: Path) -> None:
    assert run(["check", "--content", str(broken), "--ignore", "E,W"]) == 0


def test_json(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", "--content", str(broken), "--format", "json"])
    problem = json.loads(capsys.readouterr().out)[1]
    assert problem["code"] == "E204"
    assert problem["record"] == "actor/b"
    assert (problem["line"], problem["column"], problem["width"]) == (
        2,
        BROKEN.splitlines()[1].index("loction") + 1,
        7,
    )
    assert problem["title"] == "unknown key"


def test_github(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", "--content", str(broken), "--format", "github"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert re.fullmatch(
        r"::error file=[^,:]+more\.yaml,title=E205 [^,:]+,line=1,col=26,endColumn=31::actor/a: .*", lines[0]
    )
    assert lines[2].startswith("::warning ")


def test_github_commands_cannot_be_forged() -> None:
    from briefing.cli.report import as_github
    from briefing.content import codes

    problem = codes.problem(codes.UNKNOWN_KEY, "a\n::set-env x", file="a,line=9:b.yaml", line=1, column=1)
    text = as_github(problem)
    assert "\n" not in text
    assert "file=a%2Cline=9%3Ab.yaml," in text


def test_sarif(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", "--content", str(broken), "--format", "sarif"])
    report = json.loads(capsys.readouterr().out)
    (found,) = report["runs"]
    rules = {rule["id"] for rule in found["tool"]["driver"]["rules"]}
    assert rules == set(CODES)
    first = found["results"][0]
    assert (first["ruleId"], first["level"]) == ("E205", "error")
    region = first["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 26, "endColumn": 31}
    assert {result["ruleId"] for result in found["results"]} <= rules


@pytest.mark.parametrize("code", ["E204", "w401"])
def test_a_code_is_explained(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--explain", code]) == 0
    out = capsys.readouterr().out
    assert out.startswith(code.upper())
    assert "For example" in out


def test_several_codes_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--explain", "E204,w401"]) == 0
    assert re.findall("^[EW]\\d+: ", capsys.readouterr().out, re.MULTILINE) == ["E204: ", "W401: "]


@pytest.mark.parametrize(
    "options", [["--explain", "E999"], ["--explain", "E2"], ["--explain", ""], ["--select", "X"]]
)
def test_codes_that_do_not_exist(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", *options]) == 2
    assert capsys.readouterr().err.startswith("briefing: ")


def test_what_is_no_library(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--content", str(tmp_path / "nothing")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_the_manual_lists_every_code() -> None:
    from briefing.cli.report import manual

    page = Path(__file__).parent.parent.parent / "docs" / "checks.md"
    assert page.read_text(encoding="utf-8") == manual(), "write it anew with scripts/checks"


def test_a_folder_that_is_no_argument_is_told_its_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(tmp_path)]) == 2
    said = f"briefing: {tmp_path} goes after --content: briefing check --content {tmp_path}\n"
    assert capsys.readouterr() == ("", said)
    assert run(["check", "nowhere"]) == 2
    assert "unrecognized arguments: nowhere" in capsys.readouterr().err
