"""`briefing completion`: scripts that their shells accept."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from briefing.cli.main import COMMANDS
from tests.cli.process import PATIENCE, briefing


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_a_script_knows_every_command(shell: str) -> None:
    code, out, _ = briefing("completion", shell)
    assert code == 0
    assert all(command.name in out for command in COMMANDS)
    assert "--format" in out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=out.encode(), check=True, timeout=PATIENCE)
