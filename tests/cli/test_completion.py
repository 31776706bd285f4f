"""`briefing completion`: scripts that their shells accept."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from briefing.cli.main import COMMANDS
from tests.cli.process import PATIENCE, briefing


@cache
def script(shell: str) -> str:
    code, out, _ = briefing("completion", shell)
    assert code == 0
    return out


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_a_script_knows_every_command(shell: str) -> None:
    out = script(shell)
    assert all(command.name in out for command in COMMANDS)
    assert "--format" in out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=out.encode(), check=True, timeout=PATIENCE)


@pytest.mark.needs("bash")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("sho", "show"),
        ("folder", "folder-of-one"),
        ("--content folder", "folder-of-one"),
        ("--content folder-of-one sho", "show"),
        ("check --content folder", "folder-of-one"),
        ("scan fo", "folder-of-one for-scan.txt"),
        ("list quotes --format js", "json jsonl"),
    ],
)
def test_bash_is_offered_commands_paths_and_values(line: str, offered: str, tmp_path: Path) -> None:
    (tmp_path / "folder-of-one").mkdir()
    (tmp_path / "for-scan.txt").touch()
    asked = "COMP_WORDS=(briefing $1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _shtab_briefing"
    done = subprocess.run(
        ["bash", "-c", f'eval "$0"; {asked}; printf "%s\\n" "${{COMPREPLY[@]}}"', script("bash"), line],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )
    assert sorted(done.stdout.decode().split()) == offered.split()
