"""The face of the edition on a small library: panes, links both ways, several briefings, problems."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from briefing.content.problem import Problem, Severity
from briefing.edition.edition import Edition, LibraryError, Link, open_edition
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from tests.edition.libraries import write_library

LIBRARY = {
    "_shared/actors.yaml": """
        - {id: iran, name: Iran, kind: state, aliases: [Islamic Republic], country: IR}
        - {id: iraq, name: Iraq, kind: state, country: IQ}
        - {id: unused, name: Nobody, kind: person}
    """,
    "east/actors.yaml": """
        - {id: amir, name: Amir, kind: person, member_of: guard}
        - {id: guard, name: Guard, kind: armed-group}
        - {id: iran, note: As seen from the east.}
    """,
    "east/issues.yaml": """
        - {id: second, question: Second asked?}
        - {id: first, question: First asked?}
    """,
    "east/positions.yaml": """
        - {id: p-1, actor: amir, issue: first, stance: supports, act: states, summary: For it,
           when: {date: 2025-06-13}, sources: [{source: post}], quotes: q-1}
        - {id: p-2, actor: iran, issue: second, stance: opposes, act: warns, summary: Against it,
           when: {date: 2025-06-12}, sources: [{source: post}]}
        - {id: p-3, actor: iraq, issue: second, stance: neutral, act: states, summary: Neither,
           when: {date: 2025-06-15}, sources: [{source: post}]}
    """,
    "east/quotes.yaml": """
        - {id: q-1, speaker: amir, text: We are for it, form: full, medium: speech,
           when: {date: 2025-06-13, time: "09:00"}, sources: [{source: post, para: 2}], about: actor/amir}
        - {id: q-2, speaker: iraq, text: neither, form: fragment, medium: statement,
           when: {undated: true}, sources: [{source: post, para: 3}]}
        - {id: q-3, speaker: amir, text: Later, form: full, medium: speech,
           when: {date: 2025-06-13, time: "18:00"}, sources: [{source: post, para: 9}]}
    """,
    "east/incidents.yaml": """
        - {id: undated, title: Some day, type: meeting, when: {undated: true}, place: {name: Erbil},
           status: reported, sources: [{source: post}]}
        - {id: month, title: In June, type: meeting, when: {date: 2025-06}, place: {name: Erbil},
           status: reported, sources: [{source: post}]}
        - {id: day, title: On the day, type: meeting, when: {date: 2025-06-01}, place: {name: Erbil},
           status: reported, sources: [{source: post}], by: [amir, iran]}
    """,
    "east/sources.yaml": "- {id: post, kind: article, title: The Post, published: 2025-06-16}",
    "west/quotes.yaml": """
        - {id: q-1, speaker: iran, text: From the west, form: full, medium: speech,
           when: {date: 2025-06-14}, sources: [{source: paper, para: 1}]}
    """,
    "west/sources.yaml": "- {id: paper, kind: article, title: The Paper}",
}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return write_library(tmp_path / "library", LIBRARY)


@pytest.fixture
def edition(library: Path) -> Edition:
    return open_edition(library)


def ids(edition: Edition, kind: Kind) -> list[str]:
    return [entry.ref.id for entry in edition.page(kind, 0, 100)]


def errors(edition: Edition) -> list[Problem]:
    return [problem for problem in edition.problems if problem.severity is Severity.ERROR]


def test_a_sound_library_has_no_errors(edition: Edition) -> None:
    assert errors(edition) == []


def test_panes_stand_in_their_order(edition: Edition) -> None:
    east = edition.only("east")
    assert ids(east, Kind.POSITION) == ["p-3", "p-2", "p-1"]
    assert ids(east, Kind.QUOTE) == ["q-3", "q-1", "q-2"]
    assert ids(east, Kind.INCIDENT) == ["day", "month", "undated"]
    assert ids(east, Kind.ISSUE) == ["second", "first"]


def test_positions_stand_under_the_question_of_their_issue(edition: Edition) -> None:
    groups = [entry.group for entry in edition.page(Kind.POSITION, 0, 9)]
    assert groups == ["Second asked?", "Second asked?", "First asked?"]


def test_incidents_stand_under_their_day(edition: Edition) -> None:
    groups = [entry.group for entry in edition.page(Kind.INCIDENT, 0, 9)]
    assert groups == ["Sunday 1 June 2025", "June 2025", "Undated"]


def test_actors_stand_by_kind_and_then_by_what_hangs_on_them(edition: Edition) -> None:
    assert ids(edition.only("east"), Kind.ACTOR) == ["amir", "iran", "iraq", "guard"]


def test_a_briefing_has_the_shared_actors_that_it_names_and_no_others(edition: Edition) -> None:
    assert ids(edition.only("west"), Kind.ACTOR) == ["iran"]
    assert edition.count(Kind.ACTOR) == 6


def test_a_shared_actor_is_merged_field_by_field(edition: Edition) -> None:
    entry = edition.get(Ref("east", Kind.ACTOR, "iran"))
    assert entry is not None
    assert entry.ref.briefing == "east"
    assert entry.record.name == "Iran"  # type: ignore[union-attr]
    assert entry.record.note == "As seen from the east."  # type: ignore[union-attr]


def test_a_reference_reaches_the_shared_actor_only_where_the_briefing_has_none(edition: Edition) -> None:
    east, shared = edition.get(Ref("east", Kind.ACTOR, "iran")), edition.get(Ref("west", Kind.ACTOR, "iran"))
    assert east is not None
    assert shared is not None
    assert east.tally == {Kind.POSITION: 1, Kind.INCIDENT: 1}
    assert shared.ref == Ref("_shared", Kind.ACTOR, "iran")
    assert shared.tally == {Kind.QUOTE: 1}


def test_a_record_that_names_another_in_two_roles_counts_once(edition: Edition) -> None:
    amir = edition.get(Ref("east", Kind.ACTOR, "amir"))
    assert amir is not None
    assert amir.tally[Kind.QUOTE] == 2


def test_links_lead_both_ways(edition: Edition) -> None:
    quote = edition.links(Ref("east", Kind.QUOTE, "q-1"))
    assert quote.out == (
        Link("sources.source", Ref("east", Kind.SOURCE, "post")),
        Link("speaker", Ref("east", Kind.ACTOR, "amir")),
        Link("about", Ref("east", Kind.ACTOR, "amir")),
    )
    (group,) = quote.into
    assert (group.role, group.kind, group.total) == ("quotes", Kind.POSITION, 1)
    assert group.refs == (Ref("east", Kind.POSITION, "p-1"),)


def test_what_links_to_a_record_is_counted_whole_and_listed_newest_first(edition: Edition) -> None:
    groups = {group.role: group for group in edition.links(Ref("east", Kind.ACTOR, "amir"), limit=1).into}
    assert groups["speaker"].total == 2
    assert groups["speaker"].refs == (Ref("east", Kind.QUOTE, "q-3"),)


def test_links_name_shared_actors_by_their_own_ref(edition: Edition) -> None:
    out = edition.links(Ref("west", Kind.QUOTE, "q-1")).out
    assert Link("speaker", Ref("_shared", Kind.ACTOR, "iran")) in out


@pytest.mark.parametrize("briefing", [None, "east", "west"])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_record_of_a_pane_knows_where_it_stands(
    edition: Edition, kind: Kind, briefing: str | None
) -> None:
    view = edition.only(briefing)
    entries = view.page(kind, 0, view.count(kind))
    assert [view.position(entry.ref) for entry in entries] == list(range(view.count(kind)))


def test_a_record_of_another_briefing_has_no_place(edition: Edition) -> None:
    assert edition.only("west").position(Ref("east", Kind.QUOTE, "q-1")) is None
    assert edition.position(Ref("east", Kind.QUOTE, "nobody")) is None


def test_pages_beyond_the_end_are_empty(edition: Edition) -> None:
    assert edition.page(Kind.QUOTE, 90, 99) == []
    assert len(edition.page(Kind.QUOTE, 1, 99)) == edition.count(Kind.QUOTE) - 1


def test_days_count_the_incidents_known_to_the_day(edition: Edition) -> None:
    assert edition.days() == [(dt.date(2025, 6, 1), 1)]


def test_briefings_come_with_their_counts(edition: Edition) -> None:
    cards = {card.briefing.id: card for card in edition.briefings()}
    assert cards["east"].counts[Kind.QUOTE] == 3
    assert cards["west"].counts[Kind.QUOTE] == 1
    assert edition.briefing is None
    assert edition.only("west").briefing == cards["west"].briefing


def test_names_are_short_and_ids_stand_in_for_what_is_not_there(edition: Edition) -> None:
    assert edition.name(Ref("east", Kind.ACTOR, "iran")) == "Iran"
    assert edition.name(Ref("east", Kind.ACTOR, "nobody")) == "nobody"


def test_places_lead_to_the_file_and_line(edition: Edition, library: Path) -> None:
    place = edition.place_of(Ref("east", Kind.QUOTE, "q-2"))
    assert place == (library / "east/quotes.yaml", 3)


def test_problems_are_told_with_the_path_as_it_was_asked_for(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_library(library, {"west/positions.yaml": "- {id: p-1, actor: nobody}"})
    monkeypatch.chdir(library.parent)
    problems = errors(open_edition(Path("library")).only("west"))
    assert {problem.file for problem in problems} == {"library/west/positions.yaml"}


def test_errors_are_counted_among_the_first_problems(library: Path) -> None:
    write_library(library, {"west/positions.yaml": "- {id: p-1, actor: nobody}\n- {id: p-2, actor: nobody}"})
    edition = open_edition(library)
    for view in (edition, edition.only("west"), edition.only("east")):
        assert view.problems.errors(1_000) == len(errors(view))
        for among in range(len(view.problems)):
            first = view.problems[:among]
            assert view.problems.errors(among) == sum(p.severity is Severity.ERROR for p in first)
    assert edition.problems.errors(1_000) > edition.only("east").problems.errors(1_000) == 0


def test_a_dangling_reference_is_reported_at_its_place(library: Path) -> None:
    path = library / "west/quotes.yaml"
    path.write_text(path.read_text().replace("speaker: iran", "speaker: irna"))
    (problem,) = errors(open_edition(library))
    assert (problem.code, problem.line, problem.column) == ("E303", 1, 22)


def test_of_two_records_of_one_id_the_first_keeps_it(library: Path) -> None:
    text = (library / "west/quotes.yaml").read_text()
    write_library(library, {"west/quotes.yaml": text + text.replace("From the west", "Again")})
    edition = open_edition(library)
    assert [problem.code for problem in errors(edition)] == ["E305"]
    entry = edition.get(Ref("west", Kind.QUOTE, "q-1"))
    assert entry is not None
    assert entry.record.text == "From the west"  # type: ignore[union-attr]
    assert edition.count(Kind.QUOTE) == 4


def test_a_folder_that_is_no_library_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no such folder"):
        open_edition(tmp_path / "nothing")
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    with pytest.raises(LibraryError, match="circle: no such folder"):
        open_edition(circle)


def test_an_edition_that_nothing_changed_is_not_built_again(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_edition(library)

    def refuse(*_: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr("briefing.edition.opening._build_in", refuse)
    assert open_edition(library).identity == first.identity
    assert not open_edition(library).refresh().edition


def test_a_stray_file_is_a_problem_of_the_briefing_in_whose_folder_it_lies(tmp_path: Path) -> None:
    root = write_library(tmp_path / "library", {**LIBRARY, "east/notes.yaml": "- {id: a}"})
    opened = open_edition(root)
    counts = {card.briefing.id: card.problems for card in opened.briefings()}
    for name, count in counts.items():
        problems = opened.only(name).problems
        assert len(problems) == count
        assert any("notes.yaml" in problem.file for problem in problems) == (name == "east")
