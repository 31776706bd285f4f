"""Rows: what a list line says of each kind, and how it fits any width."""

from __future__ import annotations

import pytest

from briefing.document.rows import COLUMNS, GAP, Cell, Column, columns_in, group_heading, row, texts, widths
from briefing.document.words import SHORT_TYPES, words
from briefing.edition.edition import Edition
from briefing.model.ref import Ref
from briefing.model.vocabulary import Act, IncidentType, Kind
from tests.document.conftest import BRIEFING, Library, ref

SAMPLE = "iraq-militias-2025-06"
ACTORS = "- {id: anna, name: Anna, kind: person}\n"


def row_of(edition: Edition, name: Ref, *, alone: bool = False) -> tuple[Cell, ...]:
    entry = edition.get(name)
    assert entry is not None
    return row(edition, entry, alone=alone)


def cells(edition: Edition, short: str, *, alone: bool = False) -> tuple[str, ...]:
    return texts(row_of(edition, ref(short), alone=alone))


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("room", [40, 50, 58, 60, 80, 100, 120, 200])
def test_columns_share_the_room_and_never_more(kind: Kind, room: int) -> None:
    sizes = widths(COLUMNS[kind], room)
    shown = [size for size in sizes if size]
    columns = COLUMNS[kind]
    assert sum(shown) + GAP * (len(shown) - 1) <= room
    for column, size in zip(columns, sizes, strict=True):
        assert column.least <= size <= column.most or (column.drop and not size)


def test_the_room_is_used_up_to_the_last_cell() -> None:
    for room in range(50, 130):
        sizes = widths(COLUMNS[Kind.QUOTE], room)
        assert sum(sizes) + GAP * 2 == room


def test_a_column_of_no_width_takes_no_gap() -> None:
    columns = (Column("message", 20, 400, weight=1), Column("record", 0, 40, full_at=104))
    assert widths(columns, 103) == (103, 0)
    assert widths(columns, 104) == (104 - GAP - 40, 40)


def test_an_actor_says_name_role_and_counts(edition: Edition) -> None:
    shown = row_of(edition, ref("actor/hamidawi", SAMPLE))
    assert texts(shown)[:2] == ("Abu Hussein al-Hamidawi", "secretary-general of Kataib Hezbollah")
    assert texts(shown)[2] == "2 quotes"
    assert shown[2].within(4) == "2q"


def test_no_column_is_wider_than_its_longest_text_where_that_is_known() -> None:
    title, outlet, published, records = widths(COLUMNS[Kind.SOURCE], 76, (66, 0, 7, 11))
    assert (outlet, published, records) == (0, 7, 11)
    assert title == 76 - 7 - 11 - 2 * GAP
    assert widths(COLUMNS[Kind.SOURCE], 76, (5, 0, 7, 11)) == (5, 0, 7, 11)


@pytest.mark.parametrize("room", [42, 51, 56, 69, 76])
def test_a_name_is_whole_before_a_role_is_begun(room: int) -> None:
    name, role, *_ = widths(COLUMNS[Kind.ACTOR], room)
    assert name >= len("Mohammed Shia al-Sudani")
    assert not role or role >= len("Prime Minister of …")


@pytest.mark.parametrize(
    ("kind", "column", "room", "least"),
    [
        (Kind.QUOTE, "speaker", 50, len("Mohammed Shia al-Sudani")),
        (Kind.QUOTE, "text", 55, 19),
        (Kind.ACTOR, "role", 76, len("former Prime Minister of Iraq")),
        (Kind.POSITION, "date", 55, len("~15 Jun")),
        (Kind.POSITION, "actor", 55, len("Masoud Pezeshkian")),
        (Kind.POSITION, "actor", 76, len("Mohammed Shia al-S…")),
        (Kind.POSITION, "act", 76, len("asserts right")),
        (Kind.INCIDENT, "title", 55, len("Israeli aircraft cross Iraq's airspace")),
        (Kind.INCIDENT, "place", 76, 14),
    ],
)
def test_what_tells_records_apart_comes_first(kind: Kind, column: str, room: int, least: int) -> None:
    sizes = {
        column.name: size for column, size in zip(COLUMNS[kind], widths(COLUMNS[kind], room), strict=True)
    }
    assert sizes[column] >= least


def test_no_type_of_incidents_is_cut() -> None:
    least = next(column.least for column in COLUMNS[Kind.INCIDENT] if column.name == "type")
    assert max(len(SHORT_TYPES.get(one, words(one))) for one in IncidentType) <= least


def test_every_kind_has_a_cell_for_each_column(edition: Edition) -> None:
    for kind in COLUMNS:
        for entry in edition.page(kind, 0, 1000):
            assert len(row(edition, entry)) == len(COLUMNS[kind])


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{date: 2025-06-15, date_basis: stated}", "15 Jun"),
        ("{date: 2025-06-15, date_basis: inferred}", "~15 Jun"),
        ("{date: 2024-06-15, date_basis: inferred}", "~15 Jun 2024"),
        ("{date: 2025-06, date_basis: inferred}", "~Jun 2025"),
        ("{date: 2024}", "2024"),
        ("{date: 2025-06-13/2025-06-16}", "13-16 Jun"),
        ("{date: 2024-12-30/2025-01-02}", "30 Dec 2024-2 Jan 2025"),
        ("{undated: true}", "undated"),
    ],
)
def test_a_date_says_its_precision_and_that_it_is_inferred(library: Library, when: str, said: str) -> None:
    edition = library(
        actors=ACTORS,
        quotes="- {id: q, speaker: anna, text: Yes, form: full, medium: speech, "
        f"when: {when}, sources: [{{source: paper, para: 1}}]}}\n",
    )
    assert cells(edition, "quote/q")[0] == said


@pytest.mark.parametrize(
    ("date", "short"),
    [
        ("2025-06-13/2025-06-17", "~13 Jun…"),
        ("2025-05-30/2025-06-02", "~30 May…"),
        ("2025-06", "~2025"),
        ("2024-06-13", "~2024"),
        ("2024-06-13/2024-06-17", "~2024…"),
        ("2024-12-30/2025-01-02", "~2024…"),
    ],
)
def test_a_date_in_a_narrow_column_keeps_its_sign_and_misses_no_year(
    library: Library, date: str, short: str
) -> None:
    quotes = quote().replace("undated: true", f"date: {date}, date_basis: inferred")
    assert row_of(library(actors=ACTORS, quotes=quotes), ref("quote/q"))[0].within(8) == short


@pytest.mark.parametrize(
    ("date", "short"),
    [
        ("2025-06-13", "~13 Jun 25"),
        ("1925-06-13", "~Jun 1925"),
        ("2025-06", "~Jun 2025"),
        ("2025-06-13/2025-06-17", "~Jun 2025…"),
    ],
)
def test_a_day_is_said_where_no_year_goes_without_saying(library: Library, date: str, short: str) -> None:
    library(actors=ACTORS, quotes=quote().replace("undated: true", f"date: {date}, date_basis: inferred"))
    both = library(name="other", briefing=BRIEFING.replace("story", "other"))
    room = widths(columns_in(both, COLUMNS[Kind.QUOTE]), 76)[0]
    assert row_of(both, ref("quote/q"))[0].within(room) == short


def test_a_day_stays_beside_a_position_where_no_year_goes_without_saying(library: Library) -> None:
    library()
    both = library(name="other", briefing=BRIEFING.replace("story", "other"))
    assert widths(columns_in(both, COLUMNS[Kind.POSITION]), 55)[0] == len("~13 Jun 25")


def quote(extra: str = "form: full") -> str:
    return (
        "- {id: q, speaker: anna, text: No war, medium: speech, when: {undated: true}, "
        f"sources: [{{source: paper, para: 1}}], {extra}}}\n"
    )


def test_a_fragment_is_marked_and_a_whole_sentence_is_not(library: Library) -> None:
    assert cells(library(actors=ACTORS, quotes=quote()), "quote/q")[2] == "“No war”"
    edition = library(actors=ACTORS, quotes=quote("form: fragment"))
    shown = row_of(edition, ref("quote/q"))
    assert texts(shown)[2] == "[fragment] “No war”"
    assert shown[2].within(10) == "… “No war”"


def test_a_retracted_record_says_so(library: Library) -> None:
    edition = library(actors=ACTORS, quotes=quote("form: full, retracted: {date: 2025-06-16, why: Misheard}"))
    assert cells(edition, "quote/q")[2] == "[retracted] “No war”"
    shown = row_of(edition, ref("quote/q"))
    assert shown[2].within(5).startswith("[retracted]")


@pytest.mark.parametrize("room", [40, 46, 60, 120])
def test_a_retracted_record_says_so_however_narrow_the_list_is(library: Library, room: int) -> None:
    retracted = "retracted: {date: 2025-06-16, why: Misheard}"
    edition = library(
        actors=f"- {{id: anna, name: Anna, role: envoy, kind: person, {retracted}}}\n",
        quotes=quote(f"form: fragment, {retracted}"),
    )
    for name in (ref("actor/anna"), ref("quote/q")):
        drawn = zip(row_of(edition, name), widths(COLUMNS[name.kind], room), strict=True)
        assert any(cell.within(width).startswith("[retracted]") for cell, width in drawn if width)


def test_a_position_says_its_stance_by_sign_and_word(edition: Edition) -> None:
    shown = row_of(edition, ref("position/p-hamidawi-us-intervention", SAMPLE))
    stance = shown[2]
    assert stance.text == "-- strongly opposes"
    assert stance.within(10) == "-- against"
    assert shown[3].text == "threatens"


def test_an_act_is_never_cut() -> None:
    act = [column.name for column in COLUMNS[Kind.POSITION]].index("act")
    longest = max(len(words(one)) for one in Act)
    assert {widths(COLUMNS[Kind.POSITION], room)[act] for room in range(40, 200)} == {0, longest}


def test_a_text_of_wide_characters_is_too_long_by_its_cells(library: Library) -> None:
    edition = library(actors=ACTORS, quotes=quote("form: fragment").replace("No war", "停火停火"))
    assert row_of(edition, ref("quote/q"))[2].within(20) == "… “停火停火”"


def test_what_is_only_claimed_is_marked(edition: Edition) -> None:
    shown = row_of(edition, ref("position/p-pezeshkian-interception", SAMPLE))
    assert shown[4].text.startswith("[claimed] ")


def test_an_incident_says_certainty_and_marks_an_inferred_day(edition: Edition) -> None:
    shown = row_of(edition, ref("incident/erbil-drone-2", SAMPLE))
    assert shown[0].text == "~"
    assert shown[-1].text == "? suspected"
    assert row_of(edition, ref("incident/erbil-drone-2", SAMPLE), alone=True)[1].text.startswith("~16 Jun")


def test_an_issue_and_a_briefing_have_rows_too(edition: Edition) -> None:
    assert texts(row_of(edition, ref("issue/us-intervention", SAMPLE)))[0].endswith("?")
    name = f"{SAMPLE}/briefing/{SAMPLE}"
    assert texts(row_of(edition, Ref.parse(name)))[2] == "16 Jun 2025"


def test_a_briefing_says_how_many_records_it_has(library: Library) -> None:
    edition = library(actors=ACTORS)
    number = edition.count(Kind.ACTOR) + edition.count(Kind.SOURCE)
    assert texts(row(edition, edition.page(Kind.BRIEFING, 0, 1)[0]))[-1] == f"{number} records"


def test_the_groups_of_actors_are_headed_in_words(edition: Edition) -> None:
    headings = {group_heading(entry) for entry in edition.page(Kind.ACTOR, 0, 1000)}
    assert {"People", "States", "Armed groups"} <= headings
    assert not any("-" in heading for heading in headings)


def test_a_row_is_one_line_though_a_name_has_two(library: Library) -> None:
    actors = '- {id: anna, name: "Anna\\nof the North", kind: person}\n'
    quotes = (
        "- {id: q, speaker: anna, text: Yes, form: full, medium: speech, "
        "when: {undated: true}, sources: [{source: paper, para: 3}]}\n"
    )
    assert cells(library(actors=actors, quotes=quotes), "quote/q")[1] == "Anna of the North"
