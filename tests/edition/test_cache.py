"""The cache whatever happens to it: changed files, many at once, killed builders, no room, damage."""

from __future__ import annotations

import errno
import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.generate import generate
from briefing.edition import opening
from briefing.edition.construct import build_here
from briefing.edition.edition import Edition, LibraryError, open_edition
from briefing.edition.shelf import Shelf
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from tests.conftest import BOUND_BY_MODES
from tests.edition.libraries import write_library

PATIENCE = 120
QUOTE = """
- {id: q-1, speaker: iran, text: First said, form: full, medium: speech,
   when: {date: 2025-06-14}, sources: [{source: paper, para: 1}]}
"""
LIBRARY = {
    "east/actors.yaml": "- {id: iran, name: Iran, kind: state}\n",
    "east/sources.yaml": "- {id: paper, kind: article, title: The Paper}\n",
    "east/quotes.yaml": QUOTE,
}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return write_library(tmp_path / "library", LIBRARY)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def said(edition: Edition) -> str:
    entry = edition.get(Ref("east", Kind.QUOTE, "q-1"))
    assert entry is not None
    return entry.record.text  # type: ignore[union-attr]


def shelf_of(library: Path, cache: Path) -> Path:
    return Shelf(cache, library.resolve()).folder


def editions(library: Path, cache: Path) -> set[str]:
    """What stands in the library's folder of the cache, its two plain files aside."""
    return {path.name for path in shelf_of(library, cache).iterdir()} - {"current", "building"}


def in_words(library: Path, cache: Path, *, change: str = "First said", to: str) -> None:
    path = library / "east/quotes.yaml"
    path.write_text(path.read_text().replace(change, to))


# Fresh or not


def test_a_changed_file_is_seen(library: Path, cache: Path) -> None:
    open_edition(library, cache=cache)
    in_words(library, cache, to="Said otherwise")
    assert said(open_edition(library, cache=cache)) == "Said otherwise"


def test_a_file_replaced_within_a_second_with_the_same_size_and_times_is_seen(
    library: Path, cache: Path
) -> None:
    path = library / "east/quotes.yaml"
    before = path.stat()
    open_edition(library, cache=cache)
    in_words(library, cache, to="Other said")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert said(open_edition(library, cache=cache)) == "Other said"


def test_a_clock_that_goes_back_hides_no_change(library: Path, cache: Path) -> None:
    path = library / "east/quotes.yaml"
    later = time.time_ns() + 10**12
    os.utime(path, ns=(later, later))
    open_edition(library, cache=cache)
    in_words(library, cache, to="Other said")
    os.utime(path, ns=(later, later))
    assert said(open_edition(library, cache=cache)) == "Other said"
    os.utime(path, ns=(1, 1))
    in_words(library, cache, change="Other said", to="Third said")
    os.utime(path, ns=(1, 1))
    assert said(open_edition(library, cache=cache)) == "Third said"


def test_a_file_that_was_only_touched_builds_nothing(
    library: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_edition(library, cache=cache)
    monkeypatch.setattr("briefing.edition.opening._build_in", _refuse)
    os.utime(library / "east/quotes.yaml", ns=(5, 5))
    assert open_edition(library, cache=cache).identity == first.identity


def test_a_change_that_is_taken_back_finds_the_edition_that_is_still_read(
    library: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_edition(library, cache=cache)
    in_words(library, cache, to="Other said")
    second = open_edition(library, cache=cache)
    monkeypatch.setattr("briefing.edition.opening._build_in", _refuse)
    in_words(library, cache, change="Other said", to="First said")
    third = open_edition(library, cache=cache)
    assert (third.identity, said(third), said(second)) == (first.identity, "First said", "Other said")


def test_an_edition_of_another_program_is_not_read(
    library: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_edition(library, cache=cache).identity
    for module in ("survey", "shelf"):
        monkeypatch.setattr(f"briefing.edition.{module}.program", lambda: 1)
    edition = open_edition(library, cache=cache)
    assert edition.identity != first
    assert said(edition) == "First said"


def _refuse(*_: object) -> None:
    raise AssertionError("built again")


# Looking again


def test_refreshing_finds_what_was_saved_and_nothing_otherwise(library: Path, cache: Path) -> None:
    edition = open_edition(library, cache=cache).only("east")
    assert edition.refresh() == (None, ())
    in_words(library, cache, to="Saved since")
    newer = edition.refresh().edition
    assert newer is not None
    assert said(newer) == "Saved since"
    assert said(edition) == "First said"
    assert newer.only_briefing == "east"


def test_a_file_saved_broken_leaves_the_last_good_edition(library: Path, cache: Path) -> None:
    edition = open_edition(library, cache=cache)
    path = library / "east/quotes.yaml"
    good = path.read_text()
    path.write_text(good + "- {id: [\n")
    found = edition.refresh()
    assert found.edition is None
    assert [problem.code for problem in found.broken] == ["E110"]
    assert found.broken[0].file == str(path)
    path.write_text(good.replace("First", "Mended and"))
    mended = edition.refresh().edition
    assert mended is not None
    assert said(mended) == "Mended and said"


def test_a_briefing_that_is_gone_leaves_the_whole_library(library: Path, cache: Path) -> None:
    write_library(library, {"west/sources.yaml": "- {id: paper, kind: article, title: Another}\n"})
    edition = open_edition(library, cache=cache).only("west")
    shutil.rmtree(library / "west")
    newer = edition.refresh().edition
    assert newer is not None
    assert newer.only_briefing is None


# Old editions


def test_an_edition_is_removed_when_nobody_reads_it(library: Path, cache: Path) -> None:
    first = open_edition(library, cache=cache)
    in_words(library, cache, to="Second")
    second = open_edition(library, cache=cache)
    assert editions(library, cache) == {first.identity, second.identity}
    assert said(first) == "First said"
    del first
    in_words(library, cache, change="Second", to="Third")
    third = open_edition(library, cache=cache)
    assert editions(library, cache) == {second.identity, third.identity}


def test_what_killed_builders_left_is_removed(library: Path, cache: Path) -> None:
    identity = open_edition(library, cache=cache).identity
    (shelf_of(library, cache) / ".half-building/index").mkdir(parents=True)
    in_words(library, cache, to="Second")
    newer = open_edition(library, cache=cache).identity
    assert editions(library, cache) - {identity} == {newer}


# Many at once


def _open_and_say(library: Path, cache: Path, start: object, told: object) -> None:
    start.wait()  # type: ignore[attr-defined]
    edition = open_edition(library, cache=cache)
    told.put((edition.identity, edition.count(Kind.QUOTE), edition.notices))  # type: ignore[attr-defined]


def test_ten_processes_open_and_build_at_once(tmp_path: Path, cache: Path) -> None:
    generate(tmp_path / "library", 600, seed=3)
    processes = multiprocessing.get_context("spawn")
    start, told = processes.Barrier(10), processes.Queue()
    readers = [
        processes.Process(target=_open_and_say, args=(tmp_path / "library", cache, start, told))
        for _ in range(10)
    ]
    for reader in readers:
        reader.start()
    answers = {told.get(timeout=PATIENCE) for _ in readers}
    for reader in readers:
        reader.join()
    assert len(answers) == 1
    assert len(editions(tmp_path / "library", cache)) == 1


def test_a_reader_does_not_wait_for_a_builder(library: Path, cache: Path) -> None:
    open_edition(library, cache=cache)
    in_words(library, cache, to="Second")
    with Shelf(cache, library.resolve()).building(wait=True):
        edition = open_edition(library, cache=cache, wait=False)
        assert (edition.stale, said(edition)) == (True, "First said")
    newer = edition.refresh().edition
    assert newer is not None
    assert (newer.stale, said(newer)) == (False, "Second")


def test_a_large_library_is_opened_as_it_was_without_a_look_at_its_files(
    library: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_PARSED_HERE", 0)
    assert not open_edition(library, cache=cache, wait=False).stale  # there was none
    in_words(library, cache, to="Second")
    edition = open_edition(library, cache=cache, wait=False)
    assert (edition.stale, said(edition)) == (True, "First said")
    newer = edition.refresh().edition
    assert newer is not None
    assert (newer.stale, said(newer)) == (False, "Second")
    shutil.rmtree(library)
    with pytest.raises(LibraryError, match="no such folder"):
        open_edition(library, cache=cache, wait=False)


def test_a_stray_file_is_told_of_by_a_refresh(library: Path, cache: Path) -> None:
    edition = open_edition(library, cache=cache)
    (library / "east/qoutes.yaml").write_text("[]")
    newer = edition.refresh().edition
    assert newer is not None
    assert len(newer.problems) == len(edition.problems) + 1


def test_files_that_were_only_touched_give_nothing_new(
    library: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_PARSED_HERE", 0)
    open_edition(library, cache=cache)
    path = library / "east/quotes.yaml"
    os.utime(path, ns=(1, 1))
    edition = open_edition(library, cache=cache, wait=False)
    assert edition.stale
    assert edition.refresh().edition is None
    assert not edition.stale


# Killed


BUILD = """if True:
    import sys
    from pathlib import Path
    from briefing.edition import opening
    from briefing.edition.edition import open_edition
    opening._PARSED_HERE = int(sys.argv[3])
    open_edition(Path(sys.argv[1]), cache=Path(sys.argv[2]))
"""


def _folder_has(folder: Path, enough: int) -> bool:
    """Whether at least ENOUGH files stand under FOLDER."""
    try:
        return sum(1 for _ in folder.rglob("*")) >= enough
    except FileNotFoundError:  # something went while it was looked at
        return False


@pytest.mark.parametrize("chance", range(20))
def test_a_build_killed_at_any_moment_leaves_nothing_broken(tmp_path: Path, cache: Path, chance: int) -> None:
    """Killed when so many files stand in the cache, which is another stage each time."""
    library = tmp_path / "library"
    generate(library, 400, seed=chance)
    older = open_edition(library, cache=cache).identity if chance % 4 > 1 else ""
    path = library / "story-001/quotes.yaml"
    path.write_text(path.read_text() + "# changed\n")
    before = len(list(cache.rglob("*")))
    # Every other build runs as one of a large library does, in processes of its own.
    size = str(1000 if chance % 2 else 10**9)
    builder = subprocess.Popen([sys.executable, "-c", BUILD, str(library), str(cache), size])
    enough = before + random.Random(chance).randrange(1, 14)
    while builder.poll() is None and not _folder_has(cache, enough):
        pass
    builder.send_signal(signal.SIGKILL)
    builder.wait()
    edition = open_edition(library, cache=cache)
    assert edition.notices == ()
    assert edition.count(Kind.QUOTE) > 0
    assert edition.search("the").total >= 0
    assert editions(library, cache) <= {edition.identity, older}


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
def test_a_disk_without_room_leads_to_an_edition_in_memory(library: Path, cache: Path, size: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ, str(library), str(cache)],
        preexec_fn=lambda: _limited(size),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    count, total, line = done.stdout.strip().split("|")
    assert (count, total) == ("1", "1")
    assert line.startswith("the cache cannot be used (")
    assert "in memory (" in line
    assert editions_or_none(library, cache) == set()


def editions_or_none(library: Path, cache: Path) -> set[str]:
    return editions(library, cache) if shelf_of(library, cache).exists() else set()


def test_when_a_build_has_failed_nothing_writes_into_its_folder(library: Path, tmp_path: Path) -> None:
    folder = tmp_path / "workplace"
    folder.mkdir()

    def fail_late(what: str, _done: int, _total: int) -> None:
        if what == "connecting":
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
    return {path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")}


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


def test_a_cache_that_is_no_folder_leads_to_an_edition_for_this_run(library: Path, cache: Path) -> None:
    cache.write_text("a file")
    edition = open_edition(library, cache=cache)
    assert said(edition) == "First said"
    assert edition.search("said").total == 1
    assert len(edition.notices) == 1


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


def _bodies(content: bytearray) -> list[int]:
    return [content.index(b"First said")]


@pytest.mark.parametrize("name", ["store.db", "orders", "meta.json", "manifest", "reading", "current"])
def test_a_part_that_is_missing_is_made_again(library: Path, cache: Path, name: str) -> None:
    open_edition(library, cache=cache)
    next(path for path in _stored(library, cache) if path.name == name).unlink()
    edition = open_edition(library, cache=cache)
    assert said(edition) == "First said"
    assert edition.search("said").total == 1


def test_marks_of_verification_are_known_from_the_first_build_on(tmp_path: Path) -> None:
    """They are no records' file, and were hashed, and all built anew, when the library was next opened."""
    files = {
        "story/briefing.yaml": "schema: 1\nid: story\ntitle: A\nquestion: B?\nas_of: 2025-06-16\n",
        "story/verified.yaml": "{}\n",
    }
    root = write_library(tmp_path / "library", files)
    first = open_edition(root, cache=tmp_path / "cache")
    told: list[str] = []
    again = open_edition(root, cache=tmp_path / "cache", progress=lambda *values: told.append(str(values)))
    assert again.identity == first.identity
    assert told == []
