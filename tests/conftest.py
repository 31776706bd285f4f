"""What all tests share: a clean environment, and leaving out by name what this machine cannot run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

# No test is timed: how fast a machine is, and how busy, says nothing of what is tested.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Put before a command of root's, it is bound by the modes of files as everybody is.
BOUND_BY_MODES = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
SYSTEM_PATH = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test out of the developer's own cache, state and settings."""
    home = tmp_path_factory.mktemp("home")
    for name in ("CACHE", "STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    # Of the tester's terminal too: a reader that is told COLUMNS and LINES takes no other size.
    told = ("NO_COLOR", "FORCE_COLOR", "SSH_CONNECTION", "SSH_TTY", "TMUX", "COLUMNS", "LINES")
    for name in ("BRIEFING_CONTENT", *told):
        monkeypatch.delenv(name, raising=False)


def leave_out(why: str) -> NoReturn:
    """Leave this test out, which is a failure where BRIEFING_ALL_TESTS says that none may be."""
    if os.environ.get("BRIEFING_ALL_TESTS"):
        pytest.fail(f"{why}, and BRIEFING_ALL_TESTS leaves no test out", pytrace=False)
    pytest.skip(why)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        missing = [program for program in mark.args if shutil.which(program, path=SYSTEM_PATH) is None]
        if missing:
            leave_out(f"needs {', '.join(missing)}")


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all programs that a test run starts, so that the sample is compiled once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def sample() -> Path:
    """The library that comes with the program."""
    return Path(__file__).parent.parent / "content"
