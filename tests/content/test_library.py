"""Finding a library: what is one, what is not, and what is never opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from briefing.content import library as library_module
from briefing.content.library import File, LibraryError, find_library
from briefing.content.load import load_file
from briefing.content.versions import on_disk
from briefing.model.vocabulary import Kind
from tests.content.cases import BASE


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in BASE.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "content"


def codes(path: Path) -> list[tuple[str, str]]:
    """The problems of finding and loading, as code and file name."""
    library = find_library(path)
    problems = list(library.problems)
    for file in library.files:
        problems += load_file(file, display=str(file.path)).problems
    return [(problem.code, Path(problem.file).name) for problem in problems]


def test_a_library_and_a_single_briefing(root: Path) -> None:
    library = find_library(root)
    assert [folder.id for folder in library.briefings] == ["x"]
    kinds = [file.kind for file in library.files]
    assert kinds == [
        Kind.BRIEFING,
        Kind.ACTOR,
        Kind.ISSUE,
        Kind.POSITION,
        Kind.INCIDENT,
        Kind.QUOTE,
        Kind.SOURCE,
    ]
    single = find_library(root / "x")
    assert [folder.id for folder in single.briefings] == ["x"]
    assert [file.kind for file in single.files] == kinds


def test_a_briefing_named_by_a_dot(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "x")
    assert [folder.id for folder in find_library(Path()).briefings] == ["x"]


def test_a_single_briefing_still_has_the_shared_actors(root: Path) -> None:
    (root / "_shared").mkdir()
    (root / "_shared" / "actors.yaml").write_text("[{id: usa, name: United States, kind: state}]")
    assert len(find_library(root / "x").shared) == len(find_library(root).shared) == 1


def test_a_kind_may_be_a_list_and_a_folder_of_lists(root: Path) -> None:
    (root / "x" / "incidents").mkdir()
    for month in ("2025-07", "2025-06"):
        (root / "x" / "incidents" / f"{month}.yaml").write_text("[]")
    names = [file.path.name for file in find_library(root).files if file.kind is Kind.INCIDENT]
    assert names == ["incidents.yaml", "2025-06.yaml", "2025-07.yaml"]


def test_that_the_library_lies_deeper_is_said(root: Path) -> None:
    with pytest.raises(LibraryError, match=f"not a library; one that holds briefings is {root}$"):
        find_library(root.parent)


@pytest.mark.parametrize(
    "what", ["no such folder", "a file, not a folder", "the folder is empty", "not a library"]
)
def test_what_is_no_library_is_said_in_one_message(what: str, tmp_path: Path) -> None:
    path = tmp_path / "there"
    if what == "a file, not a folder":
        path.write_text("")
    elif what != "no such folder":
        path.mkdir()
    if what == "not a library":
        (path / "photos").mkdir()
    with pytest.raises(LibraryError, match=what) as raised:
        find_library(path)
    assert "\n" not in str(raised.value)


def test_a_folder_with_an_escape_in_its_name_is_named_safely(tmp_path: Path) -> None:
    with pytest.raises(LibraryError) as raised:
        find_library(tmp_path / "a\x1b]0;x\x07")
    assert str(raised.value).isprintable()


def test_a_pipe_is_not_opened(root: Path) -> None:
    (root / "x" / "quotes.yaml").unlink()
    os.mkfifo(root / "x" / "quotes.yaml")
    assert codes(root) == [("E102", "quotes.yaml")]


def test_a_pipe_that_takes_a_files_place_is_not_waited_for(root: Path) -> None:
    path = root / "x" / "pipe.yaml"
    os.mkfifo(path)
    loaded = load_file(File(str(path), Kind.QUOTE, "x"), display="pipe.yaml")
    assert [problem.code for problem in loaded.problems] == ["E102"]
    (piece,) = on_disk([File(str(path), Kind.QUOTE, "x")], 40)
    assert piece.path == path


def test_a_file_of_which_the_name_is_no_text_is_not_read(root: Path) -> None:
    (root / "x" / "quotes").mkdir()
    (root / "x" / "quotes" / "caf\udce9.yaml").write_text("[]")
    assert codes(root) == [("E101", "caf⟨U+DCE9⟩.yaml")]
    assert find_library(root).unread == {("x", Kind.QUOTE)}


def test_a_device_is_not_opened(root: Path) -> None:
    loaded = load_file(File(os.devnull, Kind.QUOTE, "x"), display="null")
    assert [problem.code for problem in loaded.problems] == ["E102"]


def test_links_out_of_the_library_are_not_followed(root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("- {id: secret, name: Secret, kind: person}")
    (root / "x" / "actors").mkdir()
    (root / "x" / "actors" / "a.yaml").symlink_to(secret)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "briefing.yaml").write_text(BASE["x/briefing.yaml"])
    (root / "y").symlink_to(tmp_path / "elsewhere")
    (root / "_shared").symlink_to(tmp_path / "elsewhere")
    (root / "x" / "quotes").symlink_to(tmp_path)
    assert sorted(codes(root)) == [("E103", "_shared"), ("E103", "a.yaml"), ("E103", "quotes"), ("E103", "y")]
    assert find_library(root).unread == {("_shared", Kind.ACTOR), ("x", Kind.ACTOR), ("x", Kind.QUOTE)}


@pytest.mark.parametrize("target", ["nowhere", "actors", "briefing.yaml"])
def test_a_kinds_folder_that_is_a_link_to_nothing_is_told(root: Path, target: str) -> None:
    (root / "x" / "actors.yaml").unlink()
    (root / "x" / "actors").symlink_to(target)
    assert codes(root) == [("E100", "actors")]
    assert find_library(root).unread == {("x", Kind.ACTOR)}


def test_links_inside_the_library_are_followed(root: Path) -> None:
    (root / "x" / "actors").mkdir()
    (root / "more.yaml").write_text("- {id: a, name: A, kind: person}")
    (root / "x" / "actors" / "a.yaml").symlink_to(root / "more.yaml")
    assert codes(root) == []


def test_links_to_nothing_and_in_circles(root: Path) -> None:
    (root / "x" / "actors").mkdir()
    (root / "x" / "actors" / "a.yaml").symlink_to(root / "nothing.yaml")
    (root / "x" / "actors" / "b.yaml").symlink_to(root / "x" / "actors" / "b.yaml")
    assert codes(root) == [("E100", "a.yaml"), ("E100", "b.yaml")]


def test_a_folder_where_a_file_belongs(root: Path) -> None:
    (root / "x" / "quotes.yaml").unlink()
    (root / "x" / "quotes.yaml").mkdir()
    assert codes(root) == [("E102", "quotes.yaml")]


@pytest.mark.parametrize("folder", ["x/incidents", "_shared", "y"])
def test_a_folder_that_may_not_be_read_keeps_no_other_out(
    folder: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / folder).mkdir()
    closed = root / folder
    listing = os.scandir

    def refuse(path: str | os.PathLike[str]) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return listing(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert codes(root) == [("E100", closed.name)]
    assert [file.kind for file in find_library(root).briefings[0].files] == list(Kind)


def test_a_briefing_whose_neighbours_may_not_be_listed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = os.scandir

    def refuse(path: str | os.PathLike[str]) -> object:
        if Path(path) == root:
            raise PermissionError(13, "Permission denied", str(path))
        return listing(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [folder.id for folder in find_library(root / "x").briefings] == ["x"]


def test_a_file_over_the_limit(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_module, "FILE_BYTES_MAX", 1000)
    (root / "x" / "actors").mkdir()
    (root / "x" / "actors" / "large.yaml").write_text("# " + "x" * 1000)
    (root / "x" / "actors" / "small.yaml").write_text("[] # " + "x" * 900)
    assert codes(root) == [("E104", "large.yaml")]


def test_a_file_that_grows_between_is_not_read_further(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = root / "x" / "actors.yaml"
    monkeypatch.setattr(library_module, "FILE_BYTES_MAX", path.stat().st_size)
    file = next(file for file in find_library(root).files if file.kind is Kind.ACTOR)
    path.write_text(path.read_text() + "- {id: more, name: More, kind: person}\n")
    assert [problem.code for problem in load_file(file, display="a").problems] == ["E104"]


def test_a_file_in_another_encoding(root: Path) -> None:
    (root / "x" / "actors").mkdir()
    (root / "x" / "actors" / "a.yaml").write_bytes(b"# one\n- {id: a, name: Ir\xe1n, kind: person}\n")
    (root / "x" / "actors" / "b.yaml").write_bytes("- {id: b, name: B, kind: person}".encode("utf-16"))
    library = find_library(root)
    problems = [p for file in library.files for p in load_file(file, display=file.path.name).problems]
    assert [(p.code, p.file, p.line) for p in problems] == [("E101", "a.yaml", 2), ("E101", "b.yaml", 1)]


def test_a_byte_order_mark_is_no_part_of_the_text(root: Path) -> None:
    (root / "x" / "actors").mkdir()
    text = "- {id: a, name: A, kind: person, rol: x}"
    (root / "x" / "actors" / "a.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    file = next(file for file in find_library(root).files if file.path.name == "a.yaml")
    (problem,) = load_file(file, display="a").problems
    assert (problem.code, problem.line, problem.column) == ("E204", 1, text.index("rol:") + 1)


def test_one_unsound_file_keeps_no_other_out(root: Path) -> None:
    (root / "x" / "issues.yaml").write_text("%%%")
    library = find_library(root)
    loaded = {file.kind: load_file(file, display="x") for file in library.files}
    assert loaded[Kind.ISSUE].problems
    assert all(item.records for kind, item in loaded.items() if kind is not Kind.ISSUE)


@pytest.mark.parametrize(("inside", "path"), [("", "."), ("texts", ".."), ("", "../story")])
def test_a_briefing_may_be_named_from_inside(
    inside: str, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = tmp_path / "content" / "story"
    (story / "texts").mkdir(parents=True)
    (story / "briefing.yaml").write_text("", encoding="utf-8")
    (tmp_path / "content" / "_shared").mkdir()
    (tmp_path / "content" / "_shared" / "actors.yaml").write_text("[]", encoding="utf-8")
    monkeypatch.chdir(story / inside)
    library = find_library(Path(path))
    assert [folder.id for folder in library.briefings] == ["story"]
    assert len(library.shared) == 1
