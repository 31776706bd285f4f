"""Searching what the sample does not have, in libraries made for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal
from unicodedata import normalize

import pytest

from briefing.edition.edition import Edition, open_edition
from briefing.edition.hits import Hits
from briefing.edition.search import Hit
from briefing.model.records import COUNT_MAX, Incident
from tests.edition.libraries import write_library

INCIDENT = """
- id: {id}
  title: A meeting
  type: meeting
  when: {{date: {date}, date_basis: stated}}
  place: {{name: '{place}', precision: site, country: IQ}}
  status: confirmed
  sources: [{{source: s, para: 1}}]
"""
SOURCES = "- {id: s, kind: article, title: Report}\n"


def opened(tmp_path: Path, files: dict[str, str]) -> Edition:
    library = write_library(tmp_path / "content", {"here/sources.yaml": SOURCES, **files})
    return open_edition(library, cache=tmp_path / "cache")


def refs(hits: Hits) -> set[str]:
    return {hit.entry.ref.short for hit in hits.ranked(0, hits.total)}


def test_whatever_has_a_tag_is_found_by_it(tmp_path: Path) -> None:
    files = {
        "here/actors.yaml": "- {id: iran, name: Iran, kind: state, tags: [energy]}\n",
        "here/issues.yaml": "- {id: gas, question: Will it flow?, tags: [energy]}\n",
        "here/sources.yaml": "- {id: s, kind: article, title: Report, tags: [energy]}\n",
    }
    edition = opened(tmp_path, files)
    assert refs(edition.search("tag:energy")) == {"actor/iran", "issue/gas", "source/s"}
    assert [(one.text, one.count) for one in edition.complete("tag:", 4)] == [("energy", 3)]
    assert [edition.search(query).nearest for query in ("tag:enregy", "tag:xyz", "enregi tag:energy")] == [
        "energy",
        None,
        None,
    ]


def test_a_place_with_quotation_marks_is_counted_and_found_alone(tmp_path: Path) -> None:
    places = ['Camp "Speicher"', "“Speicher” camp", "Speicher Camp", "Camp Speicher"]
    incidents = (INCIDENT.format(id=f"n{at}", date="2025", place=place) for at, place in enumerate(places))
    edition = opened(tmp_path, {"here/incidents.yaml": "".join(incidents)})
    hits = edition.search("speicher")
    (values,) = (facet.values for facet in hits.facets() if facet.field == "place")
    assert {value.label for value in values} == set(places)
    for value in values:
        assert edition.search(hits.narrowed(value)).total == value.count == 1
    assert edition.search('place:"Camp Speicher"').total == len(places)


def test_a_name_of_two_lines_is_completed_in_one(tmp_path: Path) -> None:
    lines = '"Popular\\nMobilization"'
    files = {
        "here/actors.yaml": f"- {{id: pmf, name: {lines}, kind: coalition}}\n",
        "here/incidents.yaml": INCIDENT.format(id="n", date="2025", place="X").replace("'X'", lines)
        + "  by: pmf\n",
    }
    edition = opened(tmp_path, files)
    for field in ("actor", "place"):
        (completion,) = edition.complete(f"{field}:", len(field) + 1)
        assert completion.text == '"Popular Mobilization"'
        assert edition.search(f"{field}:{completion.text}").total == completion.count
    hits = edition.search("mobilization")
    facets = {facet.field: facet.values[0] for facet in hits.facets()}
    assert edition.search(hits.narrowed(facets["place"])).total == facets["place"].count == 1


def test_an_interval_of_one_day_is_that_day(tmp_path: Path) -> None:
    dates = {"day": "2025-06-13", "interval": "2025-06-13/2025-06-13", "longer": "2025-06-13/2025-06-14"}
    incidents = (INCIDENT.format(id=id_, date=date, place="Erbil") for id_, date in dates.items())
    hits = opened(tmp_path, {"here/incidents.yaml": "".join(incidents)}).search(
        "kind:incident date:2025-06-13"
    )
    assert refs(hits) == {"incident/day", "incident/interval"}
    assert [facet.values[0].count for facet in hits.facets() if facet.field == "day"] == [2]
    assert not any(hit.reasons for hit in hits.ranked(0, 2))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("deaths:>999999999", {"most"}),
        (f"deaths:{COUNT_MAX}", {"most"}),
        (f"deaths:>={COUNT_MAX}", {"most"}),
        (f"deaths:>{COUNT_MAX}", set()),
        (f"deaths:<{2**64}", {"few", "most"}),
        (f"deaths:>{2**64}", set()),
        (f"deaths:{2**64}..", set()),
        (f"deaths:0..{2**64}", {"few", "most"}),
        ("deaths:<0", set()),
    ],
)
def test_numbers_of_any_length_are_compared(tmp_path: Path, query: str, found: set[str]) -> None:
    incidents = (
        INCIDENT.format(id=id_, date="2025", place="Erbil") + f"  deaths: {{best: {number}}}\n"
        for id_, number in (("few", 3), ("most", COUNT_MAX))
    )
    edition = opened(tmp_path, {"here/incidents.yaml": "".join(incidents)})
    for typing in (False, True):
        hits = edition.search(query, typing=typing)
        assert hits.problem is None
        assert refs(hits) == {f"incident/{id_}" for id_ in found}


def test_a_briefing_is_named_by_its_id_and_title_not_by_what_it_says(tmp_path: Path) -> None:
    files = {
        "gulf-2025/briefing.yaml": """
            schema: 1
            id: gulf-2025
            title: Tankers at sea
            question: Who stops them?
            as_of: 2025-06-16
            summary: Nobody stops a convoy.
        """,
        "gulf-2025/sources.yaml": SOURCES,
    }
    edition = opened(tmp_path, files)
    for named in ("gulf-2025", "gulf", "tanker", '"sea tankers"', "stop"):
        assert refs(edition.search(f"kind:source briefing:{named}")) == {"source/s"}, named
    assert edition.search("briefing:gul", typing=True).total == 2
    assert edition.search("briefing:convoy").total == 0


def test_a_source_is_named_by_its_title_outlet_author_and_id_not_by_its_note(tmp_path: Path) -> None:
    source = (
        "- {id: wire, kind: article, title: Report, outlet: Gulf Post, by: Ali Saad, note: Of a convoy}\n"
    )
    incident = INCIDENT.format(id="met", date=2025, place="Erbil").replace("source: s", "source: wire")
    edition = opened(tmp_path, {"here/sources.yaml": source, "here/incidents.yaml": incident})
    for named in ("report", "post", '"ali saad"', "wire", "wir*"):
        assert refs(edition.search(f"source:{named}")) == {"incident/met", "source/wire"}, named
    assert edition.search("source:convoy").total == 0


def test_a_name_of_another_briefing_is_not_offered(tmp_path: Path) -> None:
    actor = "- {id: qusay, name: Qusay Tikriti, kind: person}\n"
    edition = opened(tmp_path, {"there/actors.yaml": actor})
    here, there = edition.only("here"), edition.only("there")
    assert edition.search("tikritixyz").nearest == there.search("tikritixyz").nearest == "Qusay Tikriti"
    for query in ("tikritixyz", "speaker:tikritixyz"):
        assert (here.search(query).total, here.search(query).nearest) == (0, None)


def test_a_word_of_another_briefing_is_a_typing_error_here(tmp_path: Path) -> None:
    actors = {
        "here/actors.yaml": "- {id: maliki, name: Nouri al-Maliki, kind: person}\n",
        "there/actors.yaml": "- {id: malaki, name: Sami Malaki, kind: person}\n",
    }
    edition = opened(tmp_path, actors)
    assert refs(edition.search("malaki")) == {"actor/malaki"}
    hits = edition.only("here").search("malaki")
    assert [(hit.entry.ref.id, hit.typo) for hit in hits.ranked(0, 9)] == [("maliki", True)]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_may_stand_apart_from_their_letters(tmp_path: Path, form: Literal["NFC", "NFD"]) -> None:
    quote = """
        - id: said
          speaker: him
          text: Then Ṣāliḥ and K\u0331ur left the café
          form: full
          when: {undated: true}
          medium: speech
          sources: [{source: s, para: 1}]
    """
    files = {
        "here/actors.yaml": "- {id: him, name: Masʿūd Pezeškiān, kind: person}\n",
        "here/quotes.yaml": normalize(form, quote),
    }
    edition = opened(tmp_path, files)
    for query in ("salih", "ṣāliḥ", "kur", "k\u0331ur", "cafés", '"salih and kur"', "pezeskian"):
        for typed in (normalize("NFC", query), normalize("NFD", query)):
            hits = edition.search(typed)
            assert "quote/said" in refs(hits), typed
            assert not any(hit.typo for hit in hits.ranked(0, 1))


def test_what_is_kept_may_be_cleared_by_another_thread_at_any_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cleared(dict[Any, Any]):
        def __contains__(self, key: object) -> bool:
            found = super().__contains__(key)
            self.clear()
            return found

    monkeypatch.setattr("briefing.edition.matching._meanings", Cleared())
    monkeypatch.setattr("briefing.edition.scope._kept", Cleared())
    actor = "- {id: him, name: Foo Bar, kind: person}\n"
    source = "- {id: s, kind: article, title: Foo}\n"
    edition = opened(tmp_path, {"_shared/actors.yaml": actor, "here/sources.yaml": source}).only("here")
    assert [refs(edition.search("foo")) for _ in range(3)] == [{"source/s"}] * 3


@pytest.mark.parametrize(
    "spellings",
    [
        ("ceasefire", "cease-fire", "cease fire", "Cease\u2011fires"),
        ("airstrike", "air-strike", "air strikes", "AIRSTRIKES", "Air-strike's"),
        ("counterterrorism", "counter-terrorism", "Counter Terrorism"),
        ("Bengvir", "Ben-Gvir", "ben-gvir"),
        ("US", "U.S.", "u.s"),
        ("checkpoint", "check-point"),
        ("check point", "check-point"),
    ],
)
@pytest.mark.parametrize("typing", [True, False])
def test_a_word_is_found_together_with_a_hyphen_and_apart(
    tmp_path: Path, spellings: tuple[str, ...], typing: bool
) -> None:
    # In a title, in a name, and in that of what is linked to it.
    meetings = [
        INCIDENT.format(id=f"n{at}", date="2025", place="X").replace("A meeting", title)
        for at, title in enumerate([*(f"They said {spelled} then" for spelled in spellings), "A meeting"])
    ]
    actors = [
        f"- {{id: a{at}, name: The {spelled} man, kind: person}}\n" for at, spelled in enumerate(spellings)
    ]
    meetings[-1] += "  by: a0\n"
    files = {"here/incidents.yaml": "".join(meetings), "here/actors.yaml": "".join(actors)}
    edition = opened(tmp_path, files)
    every = {f"incident/n{at}" for at in range(len(spellings) + 1)}
    every |= {f"actor/a{at}" for at in range(len(spellings))}
    for query in spellings:
        hits = edition.search(query, typing=typing)
        assert refs(hits) == every, query
        for hit in hits.ranked(0, hits.total):
            assert not hit.typo
            title = getattr(hit.entry.record, "title", getattr(hit.entry.record, "name", ""))
            assert hit.reasons or hits.highlight(title), (query, title)
        assert refs(edition.search(f"text:{query}")) == every - {f"incident/n{len(spellings)}"}
        assert refs(edition.search(f"-{query} kind:incident")) == set()


@pytest.mark.parametrize(
    "spellings",
    [
        ("the U.S. embassy", "the US embassy", "the us embassy"),
        ("U.S.-led", "US-led", "us led"),
        ("a cease-fire deal", "a ceasefire deal", "A CEASE FIRE DEAL"),
    ],
)
def test_words_side_by_side_are_found_in_their_other_spellings(
    tmp_path: Path, spellings: tuple[str, ...]
) -> None:
    meetings = [
        INCIDENT.format(id=f"n{at}", date="2025", place="X").replace("A meeting", f"They saw {spelled} there")
        for at, spelled in enumerate(spellings)
    ]
    edition = opened(tmp_path, {"here/incidents.yaml": "".join(meetings)})
    every = {f"incident/n{at}" for at in range(len(spellings))}
    queries = [f'"{spelled}"' for spelled in spellings]
    queries += [f"text:{query}" for query in queries] + [one for one in spellings if " " not in one]
    for query in queries:
        for typing in (False, True):
            hits = edition.search(query, typing=typing)
            assert refs(hits) == every, query
            for hit in hits.ranked(0, hits.total):
                assert not hit.typo
                assert any(end - start > 5 for start, end in hits.highlight(title_of(hit))), query


def title_of(hit: Hit) -> str:
    assert isinstance(hit.entry.record, Incident)
    return hit.entry.record.title


def test_without_a_date_they_stand_by_ref(tmp_path: Path) -> None:
    meetings = [INCIDENT.format(id=one, date="2025", place="X") for one in ("late", "z", "m", "a")]
    undated = [one.replace("date: 2025, date_basis: stated", "undated: true") for one in meetings[1:]]
    edition = opened(tmp_path, {"here/incidents.yaml": "".join([meetings[0], *undated])})
    hits = edition.search("meeting")
    for chunk in (1, 3, 5):
        found = [hit for start in range(0, 9, chunk) for hit in hits.newest(start, start + chunk)]
        assert [hit.entry.ref.id for hit in found] == ["late", "a", "m", "z"]
        assert all(hit.score > 0 for hit in found)


def test_words_that_are_never_one_are_offered_as_one_or_two(tmp_path: Path) -> None:
    files = {
        "here/incidents.yaml": INCIDENT.format(id="n", date="2025-06-13", place="X").replace(
            "A meeting", "A checkpoint, a road block"
        )
    }
    edition = opened(tmp_path, files)
    for query, meant in (("check point", "checkpoint"), ("roadblock", "road block"), ("roadpoint", None)):
        assert (edition.search(query).total, edition.search(query).nearest) == (0, meant)
    assert edition.search("2025-06-13").nearest == "date:2025-06-13"
    assert edition.search("2025-06-14").nearest is None
    assert edition.search("2025-13-13").nearest is None


@pytest.mark.parametrize(
    ("query", "text"), [("35", "3-5 men"), ("benjamin", "Ben Jamin"), ("warning", "war ning")]
)
def test_what_is_not_one_word_is_not_found_as_one(tmp_path: Path, query: str, text: str) -> None:
    incident = INCIDENT.format(id="n", date="2025", place="X").replace("A meeting", text)
    found = opened(tmp_path, {"here/incidents.yaml": incident}).search(query)
    assert refs(found) == ({"incident/n"} if query == "benjamin" else set())


def test_one_letter_is_taken_as_it_is_written_but_of_names(tmp_path: Path) -> None:
    files = {
        "here/incidents.yaml": INCIDENT.format(id="n", date="2025", place="X").replace(
            "A meeting", "We won't go"
        )
        + "  by: a\n",
        "here/actors.yaml": "- {id: a, name: Men of Qassem, kind: coalition}\n",
    }
    edition = opened(tmp_path, files)
    assert edition.search("u", typing=True).total == 0  # "of" is "uf" as a name, and is none
    assert refs(edition.search("ka", typing=True)) == {"actor/a", "incident/n"}
    (hit,) = edition.search("won't", typing=True).ranked(0, 9)
    assert not hit.typo


def test_a_word_that_was_corrected_in_the_files_is_a_typing_error_from_then_on(tmp_path: Path) -> None:
    incident = INCIDENT.format(id="n", date="2025", place="X")
    files = {"here/incidents.yaml": incident.replace("A meeting", "He met Hamidavi and saw missles")}
    edition = opened(tmp_path, files)
    write_library(
        tmp_path / "content",
        {
            "here/incidents.yaml": files["here/incidents.yaml"]
            .replace("missles", "missiles")
            .replace("davi", "dawi")
        },
    )
    newer = edition.refresh().edition
    assert newer is not None
    for query in ("hamidavi", "missles"):
        for typing in (False, True):
            (hit,) = newer.search(query, typing=typing).ranked(0, 9)
            assert hit.typo and hit.reasons == (f"~ typo: {query}",)


# So much stays that an edition is built on the one before.
STAYS = {"here/actors.yaml": "- {id: iran, name: Iran, kind: state}\n" + "# It stays.\n" * 200}


def test_a_tag_that_all_records_lost_does_not_hide_the_one_that_was_meant(tmp_path: Path) -> None:
    issues = "- {{id: i, question: Why?, tags: [{}]}}\n- {{id: j, question: How?, tags: [energy]}}\n"
    edition = opened(tmp_path, {"here/issues.yaml": issues.format("energie"), **STAYS})
    assert edition.search("tag:energi").nearest == "energie"
    write_library(tmp_path / "content", {"here/issues.yaml": issues.format("x")})
    newer = edition.refresh().edition
    assert newer is not None and newer.search("tag:energi").nearest == "energy"


def test_a_word_that_all_records_lost_is_not_put_together_again(tmp_path: Path) -> None:
    files = {"here/incidents.yaml": INCIDENT.format(id="n", date="2025", place="X"), **STAYS}
    right, wrong = (
        {**files, "here/incidents.yaml": files["here/incidents.yaml"].replace("A meeting", word)}
        for word in ("A checkpoint", "A chekpoint")
    )
    edition = opened(tmp_path, right)
    assert edition.search("check point").nearest == "checkpoint"
    write_library(tmp_path / "content", wrong)
    newer = edition.refresh().edition
    assert newer is not None and newer.search("check point").nearest is None
