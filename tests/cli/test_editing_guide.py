"""The guide for editors says what is so: its example is sound, its commands exist, its lists are whole."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec import inspect as types

from briefing.cli import log, report, scan, verify
from briefing.cli import told as changes
from briefing.cli.main import COMMANDS, split
from briefing.cli.parser import command_parser
from briefing.content.changes import FieldChange, What
from briefing.content.codes import problem
from briefing.content.history import RecordChange, Step
from briefing.model.records import RECORDS, Briefing
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from tests.cli.process import Result, briefing

ROOT = Path(__file__).parent.parent.parent
GUIDE = (ROOT / "docs" / "editing.md").read_text(encoding="utf-8")
WORKFLOW = ROOT / "docs" / "workflows" / "check.yml"
EXAMPLES = GUIDE.partition("## The records")[2].partition("\n## ")[0]

FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The library of the guide's example."""
    folder = tmp_path / "content" / "norhaven-2024"
    (folder / "texts").mkdir(parents=True)
    for language, text in re.findall(r"^```(\w+)\n(.*?)^```", EXAMPLES, re.MULTILINE | re.DOTALL):
        name = "texts/gazette.txt" if language == "text" else text.partition("\n")[0].removeprefix("# ")
        (folder / name).write_text(text, encoding="utf-8")
    return tmp_path / "content"


def run(content: Path, *arguments: str) -> Result:
    return briefing(*arguments, "--content", str(content))


def test_the_example_is_sound(example: Path) -> None:
    assert run(example, "check") == (0, "", "briefing: no problems\n")
    assert run(example, "fmt", "--diff") == (0, "", "")


def test_the_example_is_verbatim_and_complete(example: Path) -> None:
    text = example / "norhaven-2024" / "texts" / "gazette.txt"
    verdicts = run(example, "verify", "--strict")
    assert verdicts.code == 0 and verdicts.out.startswith("4 verbatim, 0 differ")
    assert run(example, "scan", str(text), "--source", "gazette").out == ""


def command_lines() -> Iterator[str]:
    """Every command line of the guide and the workflow, without what a shell does with it."""
    yield from re.findall(r"^ {4}(briefing .*?) *(?: #.*)?$", GUIDE, re.MULTILINE)
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")):
        yield hook["entry"]
    for step in yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["check"]["steps"]:
        if step.get("run", "").startswith("briefing "):
            yield re.split(r" >|\|\|", step["run"])[0]


@pytest.mark.parametrize("line", command_lines())
def test_every_command_line_is_understood(line: str) -> None:
    command, arguments = split(shlex.split(line)[1:])
    command_parser(command, command.load()).parse_args(arguments)


@pytest.mark.parametrize("command", ["check", "verify", "scan", "fmt", "new", "schema", "log", "diff"])
def test_every_command_for_editors_is_told_of(command: str) -> None:
    assert command in {known.name for known in COMMANDS}
    assert f"    briefing {command}" in GUIDE


def named(kind: types.Type) -> Iterator[str]:
    """The keys and words that a type is made of."""
    match kind:
        case types.Metadata():
            yield from named(kind.type)
        case types.UnionType():
            for member in kind.types:
                yield from named(member)
        case types.VarTupleType():
            yield from named(kind.item_type)
        case types.EnumType():
            yield from words(kind.cls)
        case types.StructType():
            for field in kind.fields:
                yield field.encode_name
                yield from named(field.type)


def words(enum: type[Enum]) -> Iterator[str]:
    yield from (str(word.value) for word in enum)


@pytest.mark.parametrize("record", [Briefing, *RECORDS.values()], ids=lambda record: record.__name__)
def test_every_key_and_word_is_in_the_guide(record: Any) -> None:
    code = FENCED.findall(GUIDE) + re.findall(r"`([^`]+)`", FENCED.sub("", GUIDE))
    told = set(re.findall(r"[\w+-]+", " ".join(code)))
    assert set(named(types.type_info(record))) - told - {"B", "C", "D", "E"} == set()  # A to F


def test_every_key_of_the_data_is_in_the_guide() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", GUIDE.partition("## For programs")[2], re.MULTILINE))
    told = {command: set(re.findall(r"`(\w+)`", row)) for command, row in rows.items()}
    change = RecordChange(Ref("b", Kind.ACTOR, "a"), What.ADDED, None, {"id": "a"})
    assert told["check"] == set(report.as_data(problem("E204", "", file="")))
    assert told["verify"] == {*verify.FIELDS, "diff", "record"}
    assert told["scan"] == set(scan.FIELDS)
    assert told["diff"] == {*changes.as_data(change), *FieldChange._fields}
    assert told["log"] == {*log._data(Step(None, change))} - told["diff"] | {"diff"}


def test_the_workflow_runs_each_format_once() -> None:
    steps = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["check"]["steps"]
    lines = " ".join(step.get("run", "") for step in steps)
    assert all(f"--format {form}" in lines for form in ("github", "sarif", "md"))


@pytest.mark.needs("git")
def test_log_looks_as_the_guide_shows_it(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.content.repository import Library

    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    library = Library(example.parent)
    library.commit("One")
    incidents = example / "norhaven-2024" / "incidents.yaml"
    before, found, after = incidents.read_text(encoding="utf-8").partition("- id: tern-moorings")
    after = after.replace("status: reported", "status: confirmed", 1).replace("unknown", "suspected", 1)
    after = after.replace("para: 5}", "para: 5}\n    - {source: gazette, para: 7}", 1)
    incidents.write_text(before + found + after, encoding="utf-8")
    library.commit("The harbour master confirms it")
    shown = re.search(r"^ {4}\d{4}-.*?(?=\n\n)", GUIDE, re.MULTILINE | re.DOTALL)
    assert shown is not None
    wanted = [line.strip() for line in shown[0].splitlines()[1:]]
    out = run(example, "log", "tern-moorings").out.splitlines()
    assert [line.strip() for line in out[1:4]] == wanted
