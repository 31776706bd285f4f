"""Writing content: in one step, or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from briefing.content.text import write_text


def test_a_file_keeps_its_mode_and_what_links_to_it(tmp_path: Path) -> None:
    file, link = tmp_path / "a.yaml", tmp_path / "b.yaml"
    file.write_text("old")
    file.chmod(0o664)
    link.symlink_to(file)
    write_text(link, "new\r\n")
    assert file.read_bytes() == b"new\r\n"
    assert link.is_symlink() and file.stat().st_mode & 0o777 == 0o664


def test_a_link_in_the_place_of_the_new_file_is_not_written_through(tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "a.yaml", tmp_path / "elsewhere"
    file.write_text("old")
    elsewhere.write_text("precious")
    (tmp_path / ".a.yaml.new").symlink_to(elsewhere)
    write_text(file, "new")
    assert elsewhere.read_text() == "precious"
    assert file.read_text() == "new" and not file.is_symlink()


def test_a_disk_that_is_full_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("old")
    writing = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        writing(path, data[:1])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match=r"No space left on device.*a\.yaml"):
        write_text(file, "new")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.yaml", "old")]


def test_on_a_disk_that_may_only_be_read_the_file_itself_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(Path, "unlink", refuse)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(OSError, match="Read-only") as caught:
        write_text(tmp_path / "a.yaml", "new")
    assert caught.value.filename == str(tmp_path / "a.yaml")
