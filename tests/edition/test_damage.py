"""Damage that is met only when something is asked: whatever it is, the answer is that of a sound edition."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from briefing.edition.edition import Edition, open_edition
from briefing.edition.hits import Hits
from briefing.edition.search import Found
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from tests.edition.cached import PATIENCE, editions, shelf_of
from tests.edition.libraries import write_library

DAMAGED = ("the edition in the cache was damaged; it was built again",)


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large editions are not checked whole when they are opened."""
    monkeypatch.setattr("briefing.edition.shelf._CHECKED_WHOLE", 0)


def part_of(library: Path, cache: Path, name: str) -> Path:
    (part,) = (path for path in shelf_of(library, cache).rglob(f"*{name}") if path.is_file())
    return part


def overwrite(path: Path, content: bytes = b"") -> None:
    """Write over PATH, which may be mapped into memory, leaving as much as there was."""
    with path.open("r+b") as file:
        file.write(content or random.Random(1).randbytes(path.stat().st_size))


def told(hits: Hits) -> list[Any]:
    found = [hits.ranked(0, 20), hits.newest(0, 20), hits.page(Kind.QUOTE, 0, 20)]
    return [[(hit.entry, hit.reasons, hit.typo, hits.snippet(hit)) for hit in part] for part in found]


ASKED: dict[str, Callable[[Edition, Hits], Any]] = {
    "search": lambda edition, _: told(edition.search("attack or said", typing=True)),
    "hits": lambda _, hits: told(hits),
    "counts": lambda _, hits: (hits.total, dict(hits.counts)),
    "best": lambda _, hits: hits.best(Kind.QUOTE),
    "facets": lambda _, hits: {facet.field for facet in hits.facets()},
    "position": lambda _, hits: hits.position(Ref("iraq-militias-2025-06", Kind.QUOTE, "q-hamidawi-1")),
    "speakers": lambda edition, _: edition.complete("speaker:", 8),
    "places": lambda edition, _: edition.complete("place:b", 7),
    "dates": lambda edition, _: edition.search("date:2025-06").total,
    "nearest": lambda edition, _: edition.search("speaker:hamidawy").nearest,
}


@pytest.mark.parametrize("name", [".term", ".idx", ".fast"])
def test_whatever_is_searched_for_damage_of_the_index_is_mended(
    sample: Path, cache: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    sound = open_edition(sample, cache=cache)
    answers = {what: ask(sound, sound.search("iraq")) for what, ask in ASKED.items()}
    mended = 0
    for what, ask in ASKED.items():
        edition = open_edition(sample, cache=cache)
        hits = edition.search("iraq")
        assert hits.total
        part = part_of(sample, cache, name)
        content = part.read_bytes()
        overwrite(part)
        answer = ask(edition, hits)
        if edition.notices:
            assert (answer, edition.notices) == (answers[what], DAMAGED), what
            mended += 1
        else:  # the engine does not always see it
            overwrite(part, content)
    assert mended > len(ASKED) / 2
    capfd.readouterr()  # the engine's panics


@pytest.mark.parametrize("name", [".term", ".idx", ".fast"])
def test_one_bit_is_found_by_who_looks_for_it(sample: Path, cache: Path, name: str) -> None:
    edition = open_edition(sample, cache=cache)
    hits = edition.search("iraq")
    sound = told(hits)
    assert not edition.examine(0)
    part = part_of(sample, cache, name)
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    overwrite(part, bytes(content))
    assert edition.examine(0) and edition.notices == DAMAGED
    assert told(hits) == sound
    assert not edition.examine(0)


def test_an_edition_that_is_away_is_not_taken_for_a_damaged_one(sample: Path, cache: Path) -> None:
    edition = open_edition(sample, cache=cache)
    shutil.rmtree(cache)
    assert not edition.examine(0) and edition.notices == ()


def test_a_mistake_of_ours_is_no_damage(sample: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = open_edition(sample, cache=cache)
    hits = edition.search("iraq")
    before = editions(sample, cache), edition._core

    def mistaken(*_: object) -> None:
        raise KeyError("mistaken")

    monkeypatch.setattr(Found, "facets", mistaken)
    with pytest.raises(KeyError, match="mistaken"):
        hits.facets()
    assert (editions(sample, cache), edition._core, edition.notices) == (*before, ())


@pytest.mark.parametrize("name", [".term", ".store", "store.db", "meta.json"])
def test_any_error_is_looked_into(
    sample: Path, cache: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What damaged files make the engine answer may be anything, and surprise our own code first."""
    edition = open_edition(sample, cache=cache)
    hits = edition.search("iraq")
    facets = Found.facets
    part = part_of(sample, cache, name)
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1 if name != "store.db" else 0xFF
    overwrite(part, bytes(content))

    def surprised(found: Found, limit: int) -> Any:
        if not edition.notices:
            raise IndexError(limit)
        return facets(found, limit)

    monkeypatch.setattr(Found, "facets", surprised)
    assert hits.facets()
    assert edition.notices == DAMAGED


def test_an_edition_built_anew_is_asked_by_its_own_numbers(library: Path, cache: Path) -> None:
    """One that was built on another numbers its records and briefings otherwise."""
    quotes = "".join(
        f"- {{id: q-{n}, speaker: iran, text: Said {n}, form: full, medium: speech, when: {{undated: true}},"
        " sources: [{source: paper, para: 1}]}\n"
        for n in range(40)
    )
    actors = "- {id: iran, name: Iran, kind: state}\n"
    more = {"quotes": quotes, "actors": actors, "sources": "- {id: paper, kind: article, title: Paper}\n"}
    write_library(library, {f"west/{name}.yaml": text for name, text in more.items()})
    open_edition(library, cache=cache)
    write_library(library, {"april/actors.yaml": actors + "- {id: who, nmae: Who, kind: person}\n"})
    updated = open_edition(library, cache=cache)
    edition = updated.only("april")
    problems = edition.problems
    before = list(map(str, problems))
    assert before and all("april/actors.yaml" in problem for problem in before)
    scopes = updated._core.scopes
    store = part_of(library, cache, "store.db")
    overwrite(store, store.read_bytes()[:100] + bytes(store.stat().st_size - 100))
    assert len(updated.page(Kind.QUOTE, 0, 50)) == 41
    assert updated.notices == DAMAGED
    assert updated._core.scopes != scopes
    assert list(map(str, problems)) == before
    assert [entry.ref.briefing for entry in edition.page(Kind.ACTOR, 0, 9)] == ["april"]


def test_an_edition_that_opens_no_more_is_replaced_once_and_for_all(library: Path, cache: Path) -> None:
    open_edition(library, cache=cache)
    store = part_of(library, cache, "store.db")
    store.write_bytes(bytes(store.stat().st_size))
    assert open_edition(library, cache=cache).notices == DAMAGED
    assert open_edition(library, cache=cache).notices == ()


COMMANDS = ("search iraq", "search --sort date speaker:hamidawi", "show nothing-of-the-kind")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_one_line_of_it(sample: Path, cache: Path, command: str) -> None:
    def run() -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "briefing", *command.split(), "--content", str(sample)],
            env={**os.environ, "XDG_CACHE_HOME": str(cache.parent), "RUST_BACKTRACE": "1"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    cache = cache.parent / "briefing"
    open_edition(sample, cache=cache)
    code, out, err = run()
    for name in (".idx", ".term"):
        overwrite(part_of(sample, cache, name))
    assert run() == (code, out, f"briefing: {DAMAGED[0]}\n{err}")
    assert run() == (code, out, err)
