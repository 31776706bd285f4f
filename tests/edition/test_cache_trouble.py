"""A cache that has no room, may not be written, or was damaged: each leads to a working edition."""

from __future__ import annotations

import errno
import fcntl
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from briefing.edition import opening, survey
from briefing.edition.construct import build_here
from briefing.edition.edition import Edition, open_edition
from briefing.edition.home import own_folder
from briefing.model.vocabulary import Kind
from tests.conftest import BOUND_BY_MODES
from tests.edition.cached import PATIENCE, editions, said, shelf_of

# No room, no permission


# What a process finds in a library (argument 1) with a cache (argument 2), and what it is told.
READ = """if True:
    import sys
    from pathlib import Path
    from briefing.edition.edition import open_edition
    from briefing.model.vocabulary import Kind
    edition = open_edition(Path(sys.argv[1]), cache=Path(sys.argv[2]))
    print(edition.count(Kind.QUOTE), edition.search("said").total, *edition.notices, sep="|")
"""


def _limited(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [0, 5_000, 20_000, 60_000, 120_000])
@pytest.mark.parametrize("built", ["here", "apart"])
def test_a_disk_without_room_leads_to_an_edition_in_memory(
    library: Path, cache: Path, size: int, built: str
) -> None:
    apart = "import briefing.edition.opening as opening; opening._PARSED_HERE = 0\n" * (built == "apart")
    done = subprocess.run(
        [sys.executable, "-c", apart + READ, str(library), str(cache)],
        preexec_fn=lambda: _limited(size),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    count, total, line = done.stdout.strip().split("|")
    assert (count, total) == ("1", "1")
    reason = "(file too large|(database or )?disk .*|the search index could not .*|no usable temporary .*)"
    assert re.fullmatch(
        rf"the cache cannot be used \({reason}\); this edition is kept for this run only,"
        rf" in memory \({reason}\)",
        line,
    )
    assert editions_or_none(library, cache) == set()


def test_a_user_without_a_home_keeps_nothing_and_reads(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(number: int) -> None:
        raise KeyError(number)

    monkeypatch.setattr("pwd.getpwuid", nobody)
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    edition = open_edition(library)
    assert edition.count(Kind.QUOTE) == 1
    assert [line.partition(" (")[0] for line in edition.notices] == ["the cache cannot be used"]
    assert not own_folder("STATE", {}).exists() and not own_folder("CONFIG", {}).exists()


def test_a_file_system_without_locks_leads_to_an_edition_for_this_run(
    library: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey, "_GRAIN", -PATIENCE * 10**9)  # what was just written counts as settled
    open_edition(library, cache=cache)

    def no_lock(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", no_lock)
    edition = open_edition(library, cache=cache)
    assert edition.count(Kind.QUOTE) == 1
    assert [line.partition(")")[0] for line in edition.notices] == [
        "the cache cannot be used (no locks available"
    ]


def test_what_cannot_be_removed_keeps_no_old_edition(library: Path, cache: Path) -> None:
    open_edition(library, cache=cache)
    shelf = shelf_of(library, cache)
    for number in range(8):
        (shelf / f"stubborn{number}" / "reading").mkdir(parents=True)
        (shelf / f"old{number}").mkdir()
    (library / "east" / "issues.yaml").write_text("[]\n")
    open_edition(library, cache=cache)
    assert not [path for path in shelf.iterdir() if path.name.startswith("old")]


def editions_or_none(library: Path, cache: Path) -> set[str]:
    return editions(library, cache) if shelf_of(library, cache).exists() else set()


def test_when_a_build_has_failed_nothing_writes_into_its_folder(library: Path, tmp_path: Path) -> None:
    folder = tmp_path / "workplace"
    folder.mkdir()

    def fail_late(what: str, _done: int, _total: int) -> None:
        if what == "linking":
            raise OSError(errno.ENOSPC, "No space left on device")

    before = threads()
    with pytest.raises(OSError, match="No space left"):
        try:
            build_here(folder, opening.look(library), fail_late)
        except OSError:
            # While the error is known, so is what the build held. Idle threads end a little later.
            deadline = time.monotonic() + PATIENCE
            while threads() - before - POOL_THREADS:
                assert time.monotonic() < deadline
            raise


# Tantivy's of all indexes of a process, which wait for work.
POOL_THREADS = {"thread-tantivy-"}


def threads() -> set[str]:
    names = set()
    for path in Path("/proc/self/task").glob("*/comm"):
        with suppress(OSError):  # it has just ended
            names.add(path.read_text().strip())
    return names


def test_a_cache_that_may_not_be_written_leads_to_an_edition_for_this_run(library: Path, cache: Path) -> None:
    cache.mkdir(mode=0o500)
    done = subprocess.run(
        [*BOUND_BY_MODES, sys.executable, "-c", READ, str(library), str(cache)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    count, total, line = done.stdout.strip().split("|")
    assert (count, total) == ("1", "1")
    assert "ermission denied" in line


# Root may start as many threads as it likes, so it is another user, of this process alone, who may read
# what is root's.
NOBODY = f"--reuid={100_000 + os.getpid() % 100_000}"
LIMITED = (
    ("setpriv", NOBODY, "--clear-groups", "--inh-caps=+dac_override", "--ambient-caps=+dac_override")
    if os.geteuid() == 0
    else ()
)


@pytest.mark.parametrize("command", [["build"], ["search", "said"], ["list", "quote"]])
@pytest.mark.parametrize("built", [True, False])
def test_where_no_thread_can_be_started_one_line_says_so(
    library: Path, cache: Path, command: list[str], built: bool
) -> None:
    if built:
        open_edition(library, cache=cache / "briefing")
    done = subprocess.run(
        [*LIMITED, sys.executable, "-m", "briefing", *command, "--content", str(library)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NPROC, (1, 1)),
        env={**os.environ, "XDG_CACHE_HOME": str(cache), "RUST_BACKTRACE": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if built and command[0] != "search":
        assert (done.returncode, done.stderr) == (0, "")
    else:
        line = "briefing: the system lets the search engine start no thread (see ulimit -u)\n"
        assert (done.returncode, done.stdout, done.stderr) == (2, "", line)


def test_a_cache_that_is_no_folder_leads_to_an_edition_for_this_run(library: Path, cache: Path) -> None:
    cache.write_text("a file")
    edition = open_edition(library, cache=cache)
    assert said(edition) == "First said"
    assert edition.search("said").total == 1
    assert len(edition.notices) == 1


# What names of folders may hold: bytes that are no text, and what has a meaning in addresses.
ODD = "caf\udce9 100%41?#"


@pytest.fixture(params=[True, False], ids=["apart", "here"])
def _built(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param:
        monkeypatch.setattr(opening, "_PARSED_HERE", 0)


@pytest.mark.usefixtures("_built")
def test_a_library_may_lie_in_a_folder_of_any_name(
    library: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey, "_GRAIN", -PATIENCE * 10**9)  # what was just written counts as settled
    library = library.rename(library.with_name(ODD))
    (library / ODD).mkdir()
    for _ in range(2):
        edition = open_edition(library, cache=cache / ODD.replace("\udce9", "é"))
        assert (said(edition), edition.search("said").total, edition.notices) == ("First said", 1, ())


@pytest.mark.usefixtures("_built")
def test_a_cache_whose_name_is_no_text_leads_to_an_edition_for_this_run(library: Path, cache: Path) -> None:
    edition = open_edition(library, cache=cache / ODD)
    assert (said(edition), edition.search("said").total) == ("First said", 1)
    assert edition.notices == (
        "the cache cannot be used (its path is not UTF-8); this edition is kept for this run only",
    )


@pytest.mark.usefixtures("_built")
@pytest.mark.parametrize("stage", ["reading", "linking"])
def test_a_cache_that_is_cleared_while_an_edition_is_built_there_gets_another(
    library: Path, cache: Path, stage: str
) -> None:
    cleared: list[str] = []

    def clear(what: str, _done: int, _total: int) -> None:
        if what == stage and not cleared:
            cleared.append(what)
            while cache.exists():  # something may come into it meanwhile
                shutil.rmtree(cache, ignore_errors=True)

    edition = open_edition(library, cache=cache, progress=clear)
    assert cleared and (said(edition), edition.search("said").total, edition.notices) == ("First said", 1, ())
    assert editions(library, cache) == {edition.identity}


def test_an_edition_for_this_run_is_gone_with_it(
    library: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.write_text("a file")
    places = tmp_path / "places"
    places.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(places))
    edition = open_edition(library, cache=cache)
    assert len(list(places.iterdir())) == 1
    del edition
    assert list(places.iterdir()) == []


# Damage


def _flip(path: Path, rng: random.Random, bits: int) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(bits if content else 0):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def _stored(library: Path, cache: Path) -> list[Path]:
    return sorted(path for path in shelf_of(library, cache).rglob("*") if path.is_file())


@pytest.mark.parametrize("seed", range(25))
def test_flipped_bytes_are_found_and_the_edition_built_again(library: Path, cache: Path, seed: int) -> None:
    open_edition(library, cache=cache)
    rng = random.Random(seed)
    _flip(rng.choice(_stored(library, cache)), rng, 1 + seed % 5)
    edition = open_edition(library, cache=cache)
    assert said(edition) == "First said"
    assert edition.search("said").total == 1
    assert len(edition.notices) <= 1


@pytest.mark.parametrize("name", ["store.db", "orders"])
def test_damage_met_while_reading_is_mended_on_the_way(
    library: Path, cache: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large editions are not checked whole when they are opened."""
    monkeypatch.setattr("briefing.edition.shelf._CHECKED_WHOLE", 0)
    open_edition(library, cache=cache)
    stored = next(path for path in _stored(library, cache) if path.name == name)
    content = bytearray(stored.read_bytes())
    for place in range(0, len(content), 7) if name == "orders" else _bodies(content):
        content[place] ^= 1
    stored.write_bytes(content)
    edition = open_edition(library, cache=cache)
    assert [entry.record.text for entry in edition.page(Kind.QUOTE, 0, 5)] == ["First said"]  # type: ignore[union-attr]
    assert edition.notices == ("the edition in the cache was damaged; it was built again",)
    assert said(open_edition(library, cache=cache)) == "First said"


def test_damage_where_nothing_may_be_written_leads_to_an_edition_for_this_run(
    library: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("briefing.edition.survey._GRAIN", 0)  # as if the files had been there for long
    open_edition(library, cache=cache)
    stored = next(path for path in _stored(library, cache) if path.name == "meta.json")
    stored.write_bytes(b"\xff" * stored.stat().st_size)
    for path in (*cache.rglob("*"), cache):
        path.chmod(0o555 if path.is_dir() else 0o444)
    # Of a large edition it is found only when it is read.
    large = READ.replace(
        "    edition", "    import briefing.edition.shelf as s\n    s.is_sound = bool\n    edition", 1
    )
    done = subprocess.run(
        [*BOUND_BY_MODES, sys.executable, "-c", large, str(library), str(cache)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    count, total, damaged, unwritable = done.stdout.strip().split("|")
    assert (count, total) == ("1", "1")
    assert damaged == "the edition in the cache was damaged; it was built again"
    assert "ermission denied" in unwritable


@pytest.mark.parametrize("name", ["store.db", "orders", ".fast", ".pos", "meta.json"])
def test_whatever_is_asked_damage_is_mended(
    library: Path, cache: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("briefing.edition.shelf._CHECKED_WHOLE", 0)
    actors = library / "east/actors.yaml"
    actors.write_text(actors.read_text() + "- {id: who, nmae: Who, kind: person}\n")
    sound = open_edition(library, cache=cache)
    problems = [str(problem) for problem in sound.problems]
    assert problems
    asked: list[tuple[Callable[[Edition], object], object]] = [
        (lambda edition: edition.briefing, sound.briefing),
        (lambda edition: [str(problem) for problem in edition.problems], problems),
        (lambda edition: len(edition.problems.grouped()[:]), len(problems)),
        (lambda edition: edition.problems.ref(0), sound.problems.ref(0)),
        (lambda edition: edition.search("said").total, 1),
        (lambda edition: [str(problem) for problem in edition.refresh().broken], []),
    ]
    for ask, answer in asked:
        edition = open_edition(library, cache=cache)
        stored = next(path for path in _stored(library, cache) if path.name.endswith(name))
        # The first page of a store is read when it is opened.
        kept = stored.read_bytes()[:100] if name == "store.db" else b""
        with stored.open("r+b") as file:
            file.write(kept + b"\xff" * (stored.stat().st_size - len(kept)))
        actors.write_text(actors.read_text() + "# Saved again.\n")
        assert ask(edition) == answer


def _bodies(content: bytearray) -> list[int]:
    return [content.index(b"First said")]


@pytest.mark.parametrize("name", ["store.db", "orders", "meta.json", "manifest", "reading", "current"])
def test_a_part_that_is_missing_is_made_again(library: Path, cache: Path, name: str) -> None:
    open_edition(library, cache=cache)
    next(path for path in _stored(library, cache) if path.name == name).unlink()
    edition = open_edition(library, cache=cache)
    assert said(edition) == "First said"
    assert edition.search("said").total == 1
