"""The reader through what people have between it and their terminal: GNU screen, and mosh."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.end_to_end.tmux import READER, Tmux

pytestmark = pytest.mark.needs("tmux")
FIRST = "Will Iraqi militias join"
COPIED = "iraq-militias-2025-06/quote/q-hamidawi-1"


def through_screen(_environ: dict[str, str]) -> str:
    return f"screen -c /dev/null {READER}"


def through_mosh(environ: dict[str, str]) -> str:
    """What connects to a server of mosh's on loopback, which ends with the reader or without a client."""
    server = ["mosh-server", "new", "-i", "127.0.0.1", "-c", "256", "--", sys.executable, "-m", "briefing"]
    environ = {**os.environ, **environ, "LC_ALL": "C.UTF-8", "MOSH_SERVER_NETWORK_TMOUT": "60"}
    said = subprocess.run(server, env=environ, capture_output=True, text=True, check=True).stdout
    found = re.search(r"MOSH CONNECT (\d+) (\S+)", said)
    assert found is not None, said
    port, key = found.groups()
    return f"LC_ALL=C.UTF-8 MOSH_KEY={shlex.quote(key)} mosh-client 127.0.0.1 {port}"


@pytest.mark.parametrize(
    "through",
    [
        pytest.param(through_screen, marks=pytest.mark.needs("screen")),
        pytest.param(through_mosh, marks=pytest.mark.needs("mosh-server")),
    ],
)
def test_it_is_read_and_copied_from_as_without(
    tmux: Tmux, environ: dict[str, str], through: Callable[[dict[str, str]], str]
) -> None:
    tmux.command(f"{through(environ)}; echo status=$?")
    tmux.wait(FIRST)
    tmux.type("5")
    tmux.wait("We are closely monitoring")
    tmux.type("/")
    tmux.write("hamidawi")
    tmux.wait("Quotes 2")
    tmux.type("Enter")
    tmux.gone("Esc Clear")
    tmux.type("Y")
    tmux.until(lambda: tmux.copied == COPIED, f"{COPIED} to be copied")
    tmux.resize(120, 40)
    tmux.until(lambda: max(map(len, tmux.text.splitlines())) > 100, "the reader to take the new size")
    tmux.type("q")
    tmux.wait("status=0")
    assert FIRST not in tmux.text
