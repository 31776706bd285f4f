"""A terminal with a shell, and the settings that tests run under."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.tmux import Tmux, terminal


@pytest.fixture
def environ(sample: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of the shell in the terminal."""
    folders = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CACHE", "STATE", "CONFIG")}
    return {
        "TERM": "tmux-256color",
        "BRIEFING_CONTENT": str(sample),
        "PYTHONPATH": os.getcwd(),  # noqa: PTH109
        **folders,
    }


@pytest.fixture
def tmux(environ: dict[str, str]) -> Iterator[Tmux]:
    # The path of a socket may not be long, as those of tests are.
    with tempfile.TemporaryDirectory() as folder, terminal(Path(folder), environ) as tmux:
        yield tmux
