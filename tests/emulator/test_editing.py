"""Editing in a real terminal: the editor has it to itself, and the reader comes back as it was."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.emulator.sequences import modes
from tests.emulator.terminal import Terminal

FIRST = "Will Iraqi militias join"
# An editor that says how it was called and in which terminal, and waits to be told to go.
EDITOR = """
import os, signal, sys, termios
told = []
signal.signal(signal.SIGINT, lambda *_: told.append("interrupted"))
echoes = bool(termios.tcgetattr(0)[3] & termios.ECHO)
print("\\nEDITOR", sys.argv[1], os.path.basename(sys.argv[2]), "echoes" if echoes else "raw", flush=True)
line = sys.stdin.readline()
print("\\nLEAVES", *told, flush=True)
sys.exit(int(line))
"""


@pytest.fixture
def editor(tmp_path: Path) -> str:
    script = tmp_path / "an editor's script.py"
    script.write_text(EDITOR)
    return f'{sys.executable} "{script}"'


def test_the_editor_has_the_terminal_and_gives_it_back(editor: str, sample: Path) -> None:
    file = sample / "iraq-militias-2025-06" / "quotes.yaml"
    with Terminal(VISUAL=editor) as terminal:
        terminal.until(FIRST)
        terminal.press("5")
        terminal.until(lambda text: "Quote by" in text and "▌" in text)
        first = next(line for line in terminal.text.splitlines() if line.startswith("▌"))
        terminal.press("e")
        called = terminal.until(lambda text: "echoes" in text or " raw" in text)
        number = int(called.split("EDITOR +")[1].split()[0])
        assert file.read_text().splitlines()[number - 1].startswith("- id: ")
        assert "quotes.yaml echoes" in called
        assert modes(terminal.written)["1049"] is False
        # Ctrl-C is the editor's own, and not the reader's to hear of.
        terminal.press("\x03")
        terminal.press("0\n")
        terminal.until(first)
        assert "LEAVES interrupted" in terminal.written
        assert modes(terminal.written)["1049"] is True
        terminal.press("2")
        terminal.until("Actor")
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.settings == terminal.settings_before


def test_an_editor_that_fails_is_said(editor: str) -> None:
    with Terminal(VISUAL=editor) as terminal:
        terminal.until(FIRST)
        terminal.press("e")
        terminal.until("EDITOR")
        terminal.press("3\n")
        terminal.until("ended with status 3.")


def test_an_editor_that_is_not_there_is_said() -> None:
    with Terminal(VISUAL="/nonesuch/editor") as terminal:
        terminal.until(FIRST)
        terminal.press("e")
        terminal.until("/nonesuch/editor: No such file or directory.")


def test_restricted_there_is_none(editor: str, tmp_path: Path) -> None:
    with Terminal("--restricted", VISUAL=editor) as terminal:
        terminal.until(FIRST)
        terminal.press("e")
        terminal.until("Editing is switched off here.")
        assert "EDITOR" not in terminal.written
