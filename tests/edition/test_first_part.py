"""What of a large library is read while its first edition is being built."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.edition import opening
from briefing.edition.edition import Edition, open_edition
from briefing.edition.opening import look
from briefing.edition.survey import first_part
from briefing.model.vocabulary import Kind
from tests.edition.libraries import write_library

QUOTE = "- {{id: q-{0}, speaker: iran, text: Said as number {0}, form: full, medium: speech,"
QUOTE += " when: {{date: 2025-06-16}}, sources: [{{source: paper, para: 1}}]}}\n"
SOURCES = "- {id: paper, kind: article, title: The Paper}\n"
LIBRARY = {
    "_shared/actors.yaml": "- {id: iran, name: Iran, kind: state}\n",
    "east/sources.yaml": SOURCES,
    "east/quotes.yaml": "".join(map(QUOTE.format, range(40))),
    "west/sources.yaml": SOURCES,
    "west/quotes.yaml": "".join(map(QUOTE.format, range(4))),
}
SIZES = {name: len(text) for name, text in LIBRARY.items()}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return write_library(tmp_path / "library", LIBRARY)


def taken(library: Path, most: int) -> list[str]:
    return [state.path for state in first_part(look(library), most).states]


def test_it_takes_what_briefings_are_then_shared_actors_then_the_smallest_briefing(library: Path) -> None:
    seen = look(library)
    briefings = sum(state.size for state in seen.states if state.kind == Kind.BRIEFING)
    shared = SIZES["_shared/actors.yaml"]
    west = SIZES["west/sources.yaml"] + SIZES["west/quotes.yaml"]
    everything = [state.path for state in seen.states]
    both = ["east/briefing.yaml", "west/briefing.yaml"]
    rest = ["west/quotes.yaml", "west/sources.yaml"]
    assert taken(library, 0) == []
    assert taken(library, briefings) == both
    assert taken(library, briefings + shared) == ["_shared/actors.yaml", *both]
    whole = set(taken(library, briefings + shared + west))
    assert whole == {"_shared/actors.yaml", *both, *rest}
    assert set(taken(library, briefings + shared + west + len(SOURCES))) == whole | {"east/sources.yaml"}
    assert taken(library, 10**6) == everything


def test_a_file_that_is_too_large_keeps_no_other_of_its_briefing_out_but_the_next_briefing(
    library: Path,
) -> None:
    (library / "west/actors.yaml").write_text("# " + "long " * 600)
    found = taken(library, 2_500)
    assert "west/quotes.yaml" in found
    assert {"west/actors.yaml", "east/sources.yaml"}.isdisjoint(found)


@pytest.fixture
def partial(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    monkeypatch.setattr(opening, "_PARSED_HERE", 1_500)
    return open_edition(library, cache=tmp_path / "cache", wait=False)


def test_a_first_part_is_read_until_all_is_there(partial: Edition) -> None:
    assert partial.partial and partial.stale
    assert [card.counts[Kind.QUOTE] for card in partial.briefings()] == [0, 4]
    assert partial.search("number").total == 4
    whole = partial.refresh().edition
    assert whole is not None
    assert not whole.partial and not whole.stale
    assert whole.search("number").total == 44


def problems(edition: Edition) -> set[str]:
    return set(map(str, edition.problems))


def test_what_is_not_read_yet_is_no_problem(partial: Edition, library: Path, tmp_path: Path) -> None:
    whole = problems(open_edition(library, cache=tmp_path / "whole"))
    assert partial.count(Kind.ACTOR) == 1
    assert problems(partial) < whole
    actors = library / "_shared/actors.yaml"
    actors.write_text(f"{actors.read_text()}# {'long ' * 1_000}\n")
    without_actors = open_edition(library, cache=tmp_path / "another", wait=False)
    assert without_actors.count(Kind.ACTOR) == 0
    assert problems(without_actors) < whole


def test_a_broken_file_does_not_keep_the_rest_from_showing(library: Path, partial: Edition) -> None:
    """In a library that is being read anew nothing is left as it was."""
    (library / "east/quotes.yaml").write_text("- {id: [")
    refreshed = partial.refresh()
    assert refreshed.edition is not None and not refreshed.broken
    assert refreshed.edition.problems


def test_whoever_waits_gets_all(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_PARSED_HERE", 1_500)
    assert not open_edition(library, cache=tmp_path / "cache").partial
    assert not open_edition(library, cache=tmp_path / "cache", wait=False).partial
