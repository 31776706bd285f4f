"""Completing queries, narrowing hits by facets, and what is said of vague dates."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.edition.completion import Completion
from briefing.edition.edition import Edition, open_edition
from briefing.edition.query.fields import FIELDS
from briefing.model.vocabulary import Kind
from tests.edition.libraries import write_library


def completed(edition: Edition, query: str) -> list[str]:
    """QUERY with each completion of its end."""
    return [query[: one.start] + one.text + query[one.end :] for one in edition.complete(query, len(query))]


def test_fields_come_first(edition: Edition) -> None:
    assert completed(edition, "sp") == ["speaker:"]
    assert completed(edition, "iran -st") == ["iran -stance:", "iran -status:"]
    assert completed(edition, "(iran or ki") == ["(iran or kind:"]
    assert [one.text for one in edition.complete("", 0)] == [f"{name}:" for name in FIELDS]
    assert completed(edition, "zz") == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("kind:q", "kind:quote"),
        ("stance:opp", "stance:opposes"),
        ("speaker:mal", 'speaker:"Nouri al-Maliki"'),
        ('speaker:"nuri al-m', 'speaker:"Nouri al-Maliki"'),
        ("speaker:soud", 'speaker:"Mohammed Shia al-Sudani"'),
        ("place:bag", "place:Baghdad"),
        ('place:"ein al-a', 'place:"Ain al-Asad airbase"'),
        ('place:"ein al', 'place:"Ain al-Asad airbase"'),
        ("target:ira", "target:=iran"),  # the word alone also finds what else has it in its name
        ("speaker+:kataib", 'speaker+:"Kataib Hezbollah"'),
        ("briefing:ir", "briefing:iraq-militias-2025-06"),
        ("date:2025-06-1", "date:2025-06-15"),
        ("deaths:", "deaths:>0"),
    ],
)
def test_values_come_with_counts(edition: Edition, typed: str, first: str) -> None:
    assert completed(edition, typed)[0] == first


def test_the_most_frequent_values_come_first(edition: Edition) -> None:
    found = edition.complete("speaker:", 8)
    assert found[0].label == "Nouri al-Maliki"
    counts = [one.count or 0 for one in found]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == edition.search("kind:quote speaker:maliki").total


@pytest.mark.parametrize("start", ["", "i", "2025"])
@pytest.mark.parametrize("name", [*FIELDS, *(f"{spec.name}+" for spec in FIELDS.values() if spec.more)])
def test_a_completion_counts_what_it_finds(edition: Edition, name: str, start: str) -> None:
    typed = f"{name}:{start}"
    for one in edition.complete(typed, len(typed)):
        hits = edition.search(typed[: one.start] + one.text)
        assert hits.problem is None
        assert one.count in (None, hits.total), one


def test_whatever_a_value_is_called_its_completion_finds_what_it_counts(tmp_path: Path) -> None:
    names = [
        'Abu "Ali" Said',
        "Abu Ali Said",
        "or",
        "and (so)",
        "-minus",
        "=sign",
        "a: b",
        "!!!",
        "حزب الله",
        "El",
    ]
    actors = "".join(f"- {{id: a-{at}, name: {name!r}, kind: party}}\n" for at, name in enumerate(names))
    quotes = "".join(
        f"- {{id: q-{at}, speaker: a-{at}, text: It is, form: full, medium: speech, when: {{undated: true}},"
        f" tags: [{'and' if at else 'or'}], sources: [{{source: s-{at % 2}, para: 1}}]}}\n"
        for at in range(len(names))
    )
    files = {
        "here/actors.yaml": actors,
        "here/quotes.yaml": quotes,
        "here/sources.yaml": "".join(f"- {{id: s-{at}, kind: article, title: A report}}\n" for at in (0, 1)),
        "here/issues.yaml": "- {id: i-0, question: Should it?}\n- {id: i-1, question: Should it be so?}\n",
    }
    edition = open_edition(write_library(tmp_path / "content", files), cache=tmp_path / "cache")
    for field, values in (("speaker", names), ("source", ["A report"] * 2), ("tag", ["and", "or"])):
        found = edition.complete(f"{field}:", len(field) + 1)
        assert sorted(one.label for one in found) == sorted(values)
        for one in found:
            hits = edition.search(f"{field}:{one.text}")
            assert (hits.problem, hits.total) == (None, one.count), one
    assert {edition.search(f"issue:{one.text}").total for one in edition.complete("issue:", 6)} == {1}


def test_values_of_one_count_come_in_their_own_order_whatever_came_first_into_the_index(
    tmp_path: Path,
) -> None:
    actor = "- {{id: {0}, name: Amir {0}, kind: person, tags: [x-{0}], country: {1}}}\n"
    source = "- {{id: s-{0}, kind: article, title: T, published: 2025-06-1{1}}}\n"
    files = {
        "here/actors.yaml": "".join(actor.format(*one) for one in (("b", "LB"), ("c", "IQ"), ("d", "TR"))),
        "here/sources.yaml": "".join(source.format(*one) for one in (("b", 2), ("c", 3), ("d", 4))),
    }
    library = write_library(tmp_path / "content", files)
    older = open_edition(library, cache=tmp_path / "cache")
    files["here/actors.yaml"] += actor.format("a", "AE")
    files["here/sources.yaml"] += source.format("a", 1)
    write_library(library, files)
    updated = older.refresh().edition
    assert updated is not None
    built = open_edition(library, cache=tmp_path / "another")
    for query in ("actor:amir", "tag:", "country:", "date:2025-06-1"):
        found = completed(updated, query)
        assert found == sorted(found) == completed(built, query)


def test_half_of_a_character_is_a_space_to_completion(edition: Edition) -> None:
    for name in FIELDS:
        typed = f"{name}:zz\ud800"
        assert edition.complete(typed, len(typed)) == edition.complete(f"{name}:zz ", len(typed))


@given(query=st.text(max_size=30), cursor=st.integers(0, 30))
@settings(deadline=None)
def test_any_text_can_be_completed(edition: Edition, query: str, cursor: int) -> None:
    for one in edition.complete(query, min(cursor, len(query))):
        assert isinstance(one, Completion)
        assert 0 <= one.start <= one.end <= len(query)


@pytest.mark.parametrize("query", ["iraq", "iran or israel", "kind:quote", "hami*", "drone"])
def test_a_facet_counts_what_narrowing_by_it_finds(edition: Edition, query: str) -> None:
    hits = edition.search(query)
    found = hits.facets()
    assert found
    for facet in found:
        for value in facet.values:
            narrowed = edition.search(hits.narrowed(value))
            assert narrowed.problem is None
            assert narrowed.total == value.count, value


def test_facets_know_the_fields(edition: Edition) -> None:
    facets = {facet.field: facet.values for facet in edition.search("kind:position").facets()}
    assert {"actor", "stance", "status"} <= set(facets)
    assert all(
        one.count >= other.count for one, other in zip(facets["stance"], facets["stance"][1:], strict=False)
    )
    days = [value.label for value in facets["day"]]
    assert days == sorted(days)
    assert edition.search("zzzz").facets() == ()


def test_vague_dates_are_not_hits_but_are_said(edition: Edition) -> None:
    hits = edition.search("kind:incident date:2025-06-13")
    assert len(hits.notes) == 1
    undated = edition.search("kind:incident is:undated").total
    assert hits.notes[0].startswith(f"{undated} more may be of that time")
    for query in ("(date:2025-06-13 or date:2025-06-13)", "(date:2025-06-13 or is:retracted)"):
        assert edition.search(f"kind:incident {query}").notes == hits.notes
    assert edition.search("kind:incident -date:2025-06-13").notes == ()
    assert edition.search("iraq").notes == ()
    dated = sum(edition.search(f"kind:incident date:{day}").total for day in ("2025-06-13..2025-06-17",))
    assert dated + undated == edition.count(Kind.INCIDENT)
