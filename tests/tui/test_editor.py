"""Editing: how editors are called at a line, and what is said where there is none."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from briefing.edition.edition import Edition
from briefing.model.vocabulary import Kind
from briefing.tui.app import ReaderApp
from briefing.tui.editor import arguments
from briefing.tui.places import Place
from briefing.tui.settings import Settings
from tests.tui.reading import BRIEFING, Reading, reading, ref

QUOTE = ref(Kind.QUOTE, "q-hamidawi-1")


@pytest.mark.parametrize(
    ("editor", "called"),
    [
        (("vi",), ["vi", "+7", "/library/quotes.yaml"]),
        (("/usr/bin/nano", "-w"), ["/usr/bin/nano", "-w", "+7", "/library/quotes.yaml"]),
        (("code",), ["code", "--wait", "--goto", "/library/quotes.yaml:7"]),
        (("code", "--wait"), ["code", "--wait", "--goto", "/library/quotes.yaml:7"]),
        (("/opt/bin/hx",), ["/opt/bin/hx", "/library/quotes.yaml:7"]),
    ],
)
def test_each_editor_is_told_the_line_in_its_way(editor: Sequence[str], called: list[str]) -> None:
    assert arguments(editor, Path("/library/quotes.yaml"), 7) == called


def test_a_file_as_a_whole_is_opened_without_a_line() -> None:
    assert arguments(("vi",), Path("/library/quotes.yaml"), 0) == ["vi", "/library/quotes.yaml"]


def test_a_name_is_never_an_option(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert arguments(("vi",), Path("-c:!sh"), 1)[-1] == f"{tmp_path}/-c:!sh"


class Editor:
    """Stands for the program: notes how it was called, and ends with a status."""

    def __init__(self, status: int = 0, error: OSError | None = None) -> None:
        self.calls: list[list[str]] = []
        self.handlers: list[object] = []
        self.status, self.error = status, error

    def __call__(self, command: list[str], *, check: bool, shell: bool = False) -> object:
        assert not shell
        self.calls.append(command)
        self.handlers.append(signal.getsignal(signal.SIGINT))
        if self.error is not None:
            raise self.error
        return subprocess.CompletedProcess(command, self.status)


@contextmanager
def lent(_app: ReaderApp) -> Iterator[None]:
    """A terminal that can be lent, which that of a test is not."""
    yield


async def edited(session: Reading, editor: Editor, monkeypatch: pytest.MonkeyPatch) -> str:
    """Press `e` on a quote; what the footer says."""
    monkeypatch.setattr(ReaderApp, "suspend", lent)
    monkeypatch.setattr(subprocess, "run", editor)
    session.screen.go(Place(Kind.QUOTE, QUOTE))
    await session.rest()
    await session.press("e")
    return session.lines[-1]


async def test_the_editor_opens_at_the_record(
    edition: Edition, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = Editor()
    async with reading(edition, settings=Settings(editor=("nano",))) as session:
        before = signal.getsignal(signal.SIGINT)
        await edited(session, editor, monkeypatch)
        file = sample / BRIEFING / "quotes.yaml"
        line = file.read_text().splitlines().index("- id: q-hamidawi-1") + 1
        assert editor.calls == [["nano", f"+{line}", str(file)]]
        # Ctrl-C is the editor's while it runs; a handler of ours, which the editor does not inherit.
        assert callable(editor.handlers[0])
        assert editor.handlers[0] is not before
        assert signal.getsignal(signal.SIGINT) is before


async def test_an_editor_that_fails_is_said(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    async with reading(edition, settings=Settings(editor=("nano",))) as session:
        assert "nano ended with status 3." in await edited(session, Editor(3), monkeypatch)


async def test_an_editor_that_is_not_there_is_said(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = Editor(error=FileNotFoundError(2, "No such file or directory"))
    async with reading(edition, settings=Settings(editor=("nonesuch",))) as session:
        said = await edited(session, missing, monkeypatch)
        assert "nonesuch: No such file or directory. Set $VISUAL or $EDITOR" in said


async def test_where_editing_is_switched_off_nothing_runs(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = Editor()
    async with reading(edition, settings=Settings()) as session:
        assert "Editing is switched off here." in await edited(session, editor, monkeypatch)
    assert editor.calls == []


async def test_a_terminal_that_cannot_be_lent_says_so(edition: Edition) -> None:
    async with reading(edition, settings=Settings(editor=("nano",))) as session:
        await session.press("e")
        assert "This terminal cannot be lent to an editor." in session.lines[-1]
