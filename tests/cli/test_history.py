"""`briefing log` and `briefing diff` as processes: words, formats, exit codes, messages."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.process import Result, briefing, on_terminal
from tests.content.repository import Library, incident

pytestmark = pytest.mark.needs("git")


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    library = Library(tmp_path / "desk")
    library.commit("Report it", incidents=incident("summary: A drone flew over the harbour on Monday."))
    library.commit("Confirm *it*", incidents=incident(
        "summary: A large drone flew over the harbour on Monday morning.", "tags: [air]", status="confirmed"
    ) + incident(id="flare"))  # fmt: skip
    return library


def run(library: Library, *arguments: str) -> Result:
    return briefing(*arguments, "--content", str(library.content))


def test_log_in_words(library: Library) -> None:
    commits = library.git("rev-list", "HEAD").split()
    code, out, err = run(library, "log", "drone")
    assert out == (
        f"2024-05-02  Rana Haddad  Confirm *it* ({commits[0][:10]})\n"
        "  status: suspected -> confirmed\n"
        "  summary: A{+ large+} drone flew over the harbour on Monday{+ morning+}.\n"
        "  tags added: air\n"
        f"2024-05-01  Rana Haddad  Report it ({commits[1][:10]})\n"
        "  harbour/incident/drone  Drone over the harbour\n"
        "  added\n"
    )
    assert (code, err) == (0, "")


def test_diff_in_words(library: Library) -> None:
    code, out, err = run(library, "diff", "HEAD~1", "HEAD")
    assert out == (
        "changed harbour/incident/drone  Drone over the harbour\n"
        "  status: suspected -> confirmed\n"
        "  summary: A{+ large+} drone flew over the harbour on Monday{+ morning+}.\n"
        "  tags added: air\n"
        "added harbour/incident/flare  Drone over the harbour\n"
    )
    assert (code, err) == (0, "")


def test_without_revisions_diff_tells_what_is_not_committed(library: Library) -> None:
    assert run(library, "diff") == (1, "", "briefing: no record changed\n")
    library.write(incidents=incident(status="denied"), quotes="[]\n")
    code, out, _ = run(library, "diff")
    assert code == 0 and "status: confirmed -> denied\n" in out and "removed harbour/incident/flare" in out
    assert run(library, "log", "drone").out.startswith(
        "not committed yet\n  status: confirmed -> denied\n  summary removed: "
    )


def test_log_as_data(library: Library) -> None:
    newest, first = json.loads(run(library, "log", "harbour/incident/drone", "--format", "json").out)
    assert newest["commit"] == library.git("rev-parse", "HEAD")
    assert (newest["date"], newest["author"], newest["subject"]) == (
        "2024-05-02T10:00:00+03:00", "Rana Haddad", "Confirm *it*",
    )  # fmt: skip
    assert (newest["ref"], newest["change"]) == ("harbour/incident/drone", "changed")
    assert newest["fields"][0] == {
        "field": "status", "what": "changed", "before": "suspected", "after": "confirmed",
    }  # fmt: skip
    assert (first["change"], first["beginning"], first["record"]["status"]) == ("added", False, "suspected")
    assert "record" not in newest
    lines = run(library, "log", "drone", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == [newest, first]


def test_diff_as_data(library: Library) -> None:
    changed, added = json.loads(run(library, "diff", "HEAD~1", "HEAD", "--format", "json").out)
    assert (changed["ref"], changed["title"]) == ("harbour/incident/drone", "Drone over the harbour")
    assert (added["change"], added["fields"], added["record"]["id"]) == ("added", [], "flare")
    assert json.loads(run(library, "diff", "--format", "json").out) == []


def test_markdown_cannot_be_made_by_content(library: Library) -> None:
    out = run(library, "log", "drone", "--format", "md").out
    assert "## 2024-05-02, Rana Haddad, Confirm \\*it\\* (" in out
    assert "\n- status: suspected -\\> confirmed\n" in out
    out = run(library, "diff", "HEAD~1", "HEAD", "--format", "md").out
    assert out.startswith(
        "- **changed** `harbour/incident/drone` Drone over the harbour\n  - status: suspected -\\> "
    )


def test_what_is_hostile_is_shown_and_not_obeyed(library: Library) -> None:
    library.commit("\x1b]0;x\x07", incidents=incident('note: "\\e[2J\\nline"', status="denied"))
    for form in ("text", "md", "jsonl"):
        code, out, _ = run(library, "log", "drone", "--format", form)
        assert code == 0
        assert "]0;x␇" in out and out.count("␛") == 2 and "\x1b" not in out and "\x07" not in out
    assert "  note added: ␛[2J␊line\n" in run(library, "log", "drone").out


def test_on_a_terminal_there_are_colours_and_the_same_words(library: Library) -> None:
    code, out = on_terminal("log", "drone", "--content", str(library.content))
    assert code == 0
    assert "\x1b[32m added\x1b[0m" in out and "suspected -> confirmed" in out


def test_several_records_of_a_name(library: Library) -> None:
    library.commit("More", actors="- {id: drone, name: Drone, kind: media}\n")
    code, out, err = run(library, "log", "drone")
    assert (code, out) == (2, "")
    assert "names 2 records; say which:\n  harbour/actor/drone\n  harbour/incident/drone\n" in err
    assert run(library, "log", "actor/drone").code == 0


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("log nothing", 1, "there is no record “nothing” in the files or their history"),
        ("log what/drone", 2, "“what/drone” is no ref; write BRIEFING/KIND/ID, KIND/ID or ID"),
        ("log Drone!", 2, "“Drone!” is no ref"),
        ("log incident/", 2, "is no ref"),
        ("diff nothing", 2, 'git knows no revision "nothing"'),
        ("diff HEAD HEAD~7", 2, 'git knows no revision "HEAD~7"'),
        ("diff HEAD~1..HEAD", 2, '"HEAD~1..HEAD" is no single revision; write two: HEAD~1 HEAD'),
        ("diff --all", 2, "unrecognized arguments: --all"),
        ("diff -- --output=x HEAD", 2, 'git knows no revision "--output=x"'),
        ("log", 2, "the following arguments are required: REF"),
        ("diff HEAD HEAD HEAD", 2, "unrecognized arguments: HEAD"),
        ("diff --briefing airport", 2, "neither revision has a briefing “airport”"),
        ("diff --format csv", 2, "invalid choice: 'csv'"),
    ],
)
def test_mistakes_are_said_in_one_line(library: Library, line: str, code: int, said: str) -> None:
    command, *rest = line.split()
    result = briefing(command, "--content", str(library.content), *rest)
    assert (result.code, result.out) == (code, "")
    assert said in result.err and len(result.err.splitlines()) == 1
    assert not (library.top / "x").exists()


def test_outside_of_a_repository(library: Library) -> None:
    (library.top / ".git").rename(library.top / "away")
    for command in (("log", "drone"), ("diff",)):
        code, out, err = run(library, *command)
        assert (code, out) == (2, "")
        assert err == f"briefing: {library.content} is in no git checkout, and the history is kept by git\n"


def test_what_could_not_be_read_is_said_after_the_rest(library: Library) -> None:
    library.commit("Broken", actors="- [open\n")
    library.commit("Whole", actors="- {id: a, name: A, kind: person}\n")
    code, out, err = run(library, "diff", "HEAD~1", "HEAD")
    assert (code, out) == (0, "added harbour/actor/a  A\n")
    assert err.startswith("briefing: content/harbour/actors.yaml (")
    assert err.endswith("): not sound YAML, so some of its records may be missing here\n")


def test_a_shallow_clone_says_that_it_begins(library: Library, tmp_path: Path) -> None:
    library.git("clone", "-q", "--depth=1", f"file://{library.top}", str(tmp_path / "clone"))
    library.content = tmp_path / "clone" / "content"
    out = run(library, "log", "drone").out
    assert "  this clone is shallow and begins here; git fetch --unshallow brings what was before\n" in out
    assert "added" not in out
