"""`briefing build`: what it says, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from benchmarks.generate import generate
from tests.cli.process import COMMAND, PATIENCE, briefing, on_terminal


def test_it_says_what_is_there(sample: Path) -> None:
    done = briefing("build", "--content", str(sample))
    assert done.code == 0
    assert " records, " in done.out
    assert done.err == ""


def test_one_of_a_thing_is_no_plural(tmp_path: Path) -> None:
    folder = tmp_path / "content" / "one"
    folder.mkdir(parents=True)
    briefing_yaml = "schema: 1\nid: two\ntitle: T\nquestion: Q?\nas_of: 2025-06-17\n"
    (folder / "briefing.yaml").write_text(briefing_yaml, encoding="utf-8")
    (folder / "actors.yaml").write_text("- {id: a, name: A, kind: person}\n", encoding="utf-8")
    done = briefing("build", "--content", str(folder.parent))
    assert done.out.startswith("1 record, 1 problem (see: briefing check); ready after ")


def test_no_library_is_one_message(tmp_path: Path) -> None:
    done = briefing("build", "--content", str(tmp_path / "nowhere"))
    assert done.code == 2
    assert done.err == f"briefing: {tmp_path / 'nowhere'}: no such folder\n"


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_cache_that_cannot_be_used_is_one_line(command: str, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    done = briefing(command, "--content", str(sample), XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert done.code == 0
    assert done.err.removesuffix("briefing: no problems\n").count("\n") == 1
    assert "the cache cannot be used" in done.err


def test_a_terminal_sees_how_far_it_is(tmp_path: Path) -> None:
    generate(tmp_path / "library", 9000)
    code, written = on_terminal("build", "--content", str(tmp_path / "library"))
    assert code == 0
    assert "a second" in written
    assert "left" in written


def test_ctrl_c_is_clean(tmp_path: Path) -> None:
    """Nothing is said, nothing left in the cache but the lock, and no process goes on."""
    generate(tmp_path / "library", 9000)
    cache = tmp_path / "cache"
    builder = subprocess.Popen(
        [*COMMAND, "build", "--content", str(tmp_path / "library")],
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while not list(cache.glob("briefing/*/.*-building/store.db")) and builder.poll() is None:
        pass
    os.killpg(builder.pid, signal.SIGINT)
    out, err = builder.communicate(timeout=PATIENCE)
    assert (builder.returncode, out, err) == (130, b"", b"")
    assert [path.name for path in cache.glob("briefing/*/*")] == ["building"]
