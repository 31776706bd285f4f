"""History told from any repository: wherever the content lies, whatever git lacks, refuses or is set to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from briefing.content import git
from briefing.content.git import GitError
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from tests.content.repository import BRIEFING, Library, diff, incident, log, steps, told

pytestmark = [pytest.mark.needs("git"), pytest.mark.usefixtures("own_settings")]


@pytest.mark.parametrize("content", ["", "data/content", "*", ":(top)x", "--all"])
def test_a_library_may_stand_anywhere_in_its_repository(tmp_path: Path, content: str) -> None:
    library = Library(tmp_path / "desk", content)
    library.commit("Elsewhere")
    (library.top / "elsewhere").mkdir()
    (library.top / "elsewhere" / "incidents.yaml").write_text(incident(), encoding="utf-8")
    library.commit("Report it", incidents=incident())
    library.commit("Confirm it", incidents=incident(status="confirmed"))
    assert [subject for subject, _ in steps(log(library))] == ["Confirm it", "Report it"]
    assert [told(change)[0] for change in diff(library, "HEAD~1", "HEAD")] == ["changed incident/drone"]


@pytest.mark.parametrize("top", ["desk", "desk/harbour"])
def test_a_library_may_be_the_folder_of_one_briefing(tmp_path: Path, top: str) -> None:
    library = Library(tmp_path / top, ".." if top == "desk/harbour" else "")
    shared = tmp_path / "desk" / "_shared"
    shared.mkdir()
    (shared / "actors.yaml").write_text("- {id: iran, name: Iran, kind: state}\n", encoding="utf-8")
    library.commit("Report it", incidents=incident())
    library.commit("Confirm it", incidents=incident(status="confirmed"))
    library.content = library.content / "harbour"
    assert [subject for subject, _ in steps(log(library))] == ["Confirm it", "Report it"]
    if top == "desk":  # the repository holds the shared actors as well
        assert len(log(library, Ref("_shared", Kind.ACTOR, "iran"))) == 1
        assert len(diff(library, "HEAD~1", "HEAD")) == 1


def test_what_a_sparse_checkout_leaves_out_is_not_removed(library: Library) -> None:
    library.commit("Report it", incidents=incident())
    (library.content / "port").mkdir()
    (library.content / "port" / "briefing.yaml").write_text("schema: 1\n", encoding="utf-8")
    library.commit("Another")
    library.git("sparse-checkout", "set", "content/port")
    assert not (library.content / "harbour").exists()
    assert diff(library) == []
    assert steps(log(library)) == [("Report it", ["added incident/drone"])]
    with library.history() as history:
        assert history.find(None, None, "drone") == [Ref("harbour", Kind.INCIDENT, "drone")]
    library.write(incidents=incident(status="confirmed"))  # by hand, where git has left it out
    assert told(diff(library)[0]) == ["changed incident/drone", "status: suspected -> confirmed"]


def test_what_is_not_read_on_disk_is_not_removed(library: Library) -> None:
    library.write(incidents=incident(), actors__a="- {id: a, name: A, kind: person}\n")
    people = library.content / "harbour" / "actors" / "a.yaml"
    people.with_name(os.fsdecode(b"n\xff.yaml")).write_bytes(people.read_bytes())
    for name in ("My folder", ".hidden", "nothing"):
        (library.content / name).mkdir()
        (library.content / name / "actors.yaml").write_bytes(people.read_bytes())
        if name != "nothing":
            (library.content / name / "briefing.yaml").write_text(BRIEFING, encoding="utf-8")
    library.commit("All")
    assert diff(library) == []


def test_what_a_link_leads_to_is_not_told_as_added(library: Library) -> None:
    library.write(incidents=incident(), notes="[]\n")
    (library.content / "current").symlink_to("harbour")
    (library.content / "harbour" / "actors.yaml").symlink_to("notes.yaml")
    library.commit("All")
    library.write(notes="- {id: a, name: A, kind: person}\n", incidents=incident(status="confirmed"))
    assert [told(change)[0] for change in diff(library)] == ["changed incident/drone"]
    assert log(library, Ref("current", Kind.INCIDENT, "drone")) == []


@pytest.mark.parametrize(
    "revision",
    [
        "", "nothing", "--all", "--output=x", "-x", "^HEAD", "HEAD^^^^^", "HEAD:content", "HEAD^{tree}",
        "HEAD\n", "HEAD\0", "\udcff", "main@{u}", "0" * 40, "\x1b[2J",
    ],
)  # fmt: skip
def test_what_is_no_revision_is_said_and_nothing_else_happens(library: Library, revision: str) -> None:
    library.commit("One", incidents=incident())
    before = sorted(library.top.iterdir())
    for first, second in ((revision, "HEAD"), ("HEAD", revision)):
        with pytest.raises(GitError, match="git knows no revision") as caught:
            diff(library, first, second)
        assert str(caught.value).isprintable()
    assert sorted(library.top.iterdir()) == before


def test_a_range_is_no_revision_but_shows_how_to_write_it(library: Library) -> None:
    library.commit("One", incidents=incident())
    with pytest.raises(GitError, match=r"write two: HEAD~1 HEAD$"):
        diff(library, "HEAD~1...HEAD", "HEAD")


def test_a_checkout_of_another_user_is_told_the_way_out(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.commit("One", incidents=incident())
    monkeypatch.setitem(git._ENVIRONMENT, "GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(GitError, match=r"another user owns; .* safe\.directory"):
        diff(library)


def test_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library(tmp_path / "desk")
    library.write(incidents=incident())
    with pytest.raises(GitError, match="nothing is committed yet"):
        library.history()
    (library.top / ".git").rename(tmp_path / "away")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(GitError, match="desk/content is in no git checkout"):
        library.history()


def test_without_git(library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    library.commit("One", incidents=incident())
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(GitError, match="git is not installed"):
        library.history()


def test_what_git_refuses_is_told_in_its_words(library: Library) -> None:
    library.commit("One", incidents=incident())
    (library.top / ".git" / "config").write_text("[core]\n\trepositoryformatversion = \x1b99\n", "utf-8")
    with pytest.raises(GitError, match="git says: ") as caught:
        library.history()
    assert str(caught.value).isprintable()


def test_a_shallow_clone_says_where_it_begins(library: Library, tmp_path: Path) -> None:
    library.commit("One", incidents=incident())
    library.commit("Two", incidents=incident(status="confirmed"))
    library.commit("Three", incidents=incident(status="disputed"))
    library.git("clone", "-q", "--depth=2", f"file://{library.top}", str(tmp_path / "clone"))
    library.content = tmp_path / "clone" / "content"
    newest, first = log(library)
    assert (newest.beginning, first.beginning) == (False, True)
    assert first.commit is not None and first.commit.subject == "Two"
    with pytest.raises(GitError, match="git fetch --unshallow"):
        diff(library, "HEAD~2", "HEAD")


def test_a_partial_clone_fetches_what_it_lacks_or_says_so(library: Library, tmp_path: Path) -> None:
    library.commit("One", incidents=incident())
    library.commit("Two", incidents=incident(status="denied"), actors="- {id: a, name: A, kind: person}\n")
    library.commit("Three", incidents=incident(status="confirmed"))
    library.git("config", "uploadpack.allowFilter", "true")
    library.git("config", "uploadpack.allowAnySHA1InWant", "true")
    library.git("clone", "-q", "--filter=blob:none", f"file://{library.top}", str(tmp_path / "clone"))
    library.content = tmp_path / "clone" / "content"
    assert told(diff(library, "HEAD~1", "HEAD")[0])[1:] == ["status: denied -> confirmed"]
    library.top.rename(tmp_path / "unplugged")
    with library.history() as history:
        assert [told(change)[0] for change in history.diff("HEAD~2", "HEAD")] == ["added actor/a"]
        assert ["partial" in notice for notice in history.notices] == [True]


def test_a_history_that_git_cannot_read_to_its_end_is_not_told_as_if_it_were_all(library: Library) -> None:
    library.commit("One", incidents=incident())
    lost = library.git("rev-parse", "HEAD^{tree}")
    library.commit("Two", incidents=incident(status="denied"))
    (library.top / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(GitError, match="git fsck"):
        log(library)


def test_a_hooks_environment_does_not_mislead(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.commit("One", incidents=incident())
    other = Library(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(other.top / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.top / ".git" / "index"))
    assert [subject for subject, _ in steps(log(library))] == ["One"]


def test_no_program_of_the_repositorys_settings_is_run(library: Library, tmp_path: Path) -> None:
    library.commit("One", incidents=incident())
    library.commit("Two", incidents=incident(status="confirmed"))
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n", encoding="utf-8")
    program.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "diff.external", "gpg.program", "diff.x.textconv"):
        library.git("config", name, str(program))
    library.git("config", "log.showSignature", "true")
    (library.top / ".gitattributes").write_text("*.yaml diff=x\n", encoding="utf-8")
    assert len(log(library)) == 2
    assert len(diff(library, "HEAD~1")) == 1
    with library.history() as history:
        assert history.find(None, None, "nothing") == []
    assert not ran.exists()


def test_a_repository_of_sha256(tmp_path: Path) -> None:
    library = Library(tmp_path / "desk", "content", "--object-format=sha256")
    library.commit("One", incidents=incident())
    library.commit("Two", incidents=incident(status="confirmed"))
    assert len(log(library)) == 2
    assert diff(library, "HEAD") == []
    assert len(diff(library, "HEAD~1")) == 1
