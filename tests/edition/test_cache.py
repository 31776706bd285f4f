"""The cache whatever happens to it: changed files, many at once, killed builders."""

from __future__ import annotations

import gc
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.generate import generate
from briefing.edition import opening
from briefing.edition.edition import LibraryError, open_edition
from briefing.edition.shelf import Shelf
from briefing.model.vocabulary import Kind
from tests.edition.cached import PATIENCE, editions, said, shelf_of
from tests.edition.libraries import write_library


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


def test_so_does_a_briefing_saved_with_an_error(library: Path, cache: Path) -> None:
    edition = open_edition(library, cache=cache).only("east")
    path = library / "east/briefing.yaml"
    good = path.read_text()
    path.write_text(good.replace("question:", "qestion:"))
    found = edition.refresh()
    assert found.edition is None
    assert {problem.file for problem in found.broken} == {str(path)}
    assert {problem.code[:2] for problem in found.broken} == {"E2"}
    path.write_text(good.replace("Will it", "Does it"))
    mended = edition.refresh().edition
    assert mended is not None
    assert mended.only_briefing == "east"
    # One that had an error before keeps nothing back.
    path.write_text(good.replace("question:", "qestion:"))
    wrong = open_edition(library, cache=cache)
    in_words(library, cache, to="Saved beside it")
    newer = wrong.refresh().edition
    assert newer is not None
    assert said(newer) == "Saved beside it"


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


def test_an_edition_that_nobody_has_any_more_keeps_no_file_open(library: Path, cache: Path) -> None:
    def open_files() -> list[Path]:
        files = [link.resolve() for link in Path("/proc/self/fd").iterdir()]
        return [file for file in files if file.is_relative_to(cache.resolve())]

    open_edition(library, cache=cache)
    gc.collect()
    gc.disable()
    try:
        edition = open_edition(library, cache=cache)
        assert said(edition) == "First said"
        assert open_files()
        del edition
        assert open_files() == []
    finally:
        gc.enable()


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
    open_edition(library, cache=cache)
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
