"""Loading: any bytes give records or problems, never an exception; sound trees come back as they went in."""

from __future__ import annotations

import pickle
import string
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from briefing.content.layout import Tree
from briefing.content.library import File
from briefing.content.load import Loaded, Marked, Places, load_file
from briefing.content.problem import Severity
from briefing.content.sanitise import sanitise, sanitise_line
from briefing.content.tree import NESTING_MAX, SYNTAX_ERRORS_MAX, Item, read_items
from briefing.model.records import Actor, Briefing, Incident, Quote, Source
from briefing.model.vocabulary import IncidentType, Kind

YAML_LIKE = st.text(
    st.sampled_from("- :\n\n  ab{}[],'\"#&*!|>%@`?~<\t\\ue0\u202e\x1b\x00é—" + string.digits), max_size=200
)
KEYS = st.sampled_from(
    ["id", "name", "kind", "when", "date", "place", "sources", "tags", "aliases", "x", "<<"]
)
TEXTS = st.text(max_size=20) | st.sampled_from(
    ["", "~", "null", "no", "12:30", "2025-06-13", "1e3", "0x1F", "a\n"]
)
TREES: st.SearchStrategy[object] = st.recursive(
    TEXTS | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def file(tmp_path: Path, data: bytes | str, kind: Kind = Kind.ACTOR, name: str = "a.yaml") -> File:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return File(str(path), kind, "x")


def load(tmp_path: Path, data: bytes | str, kind: Kind = Kind.ACTOR) -> Loaded:
    return load_file(file(tmp_path, data, kind), display="a.yaml")


def only(tmp_path: Path, data: str, kind: Kind = Kind.ACTOR) -> Marked:
    loaded = load(tmp_path, data, kind)
    assert loaded.problems == []
    (marked,) = loaded.records
    return marked


def test_scalars_mean_what_they_look_like(tmp_path: Path) -> None:
    text = """
- id: no
  name: 12:30
  kind: person
  note: 2025-06-13
  role: 1e3
  aliases: [NO, off, 0o17, +1, .inf, 2025-06-13T10:00:00Z]
  anonymous: yes
"""
    actor = only(tmp_path, text).record
    assert isinstance(actor, Actor)
    assert (actor.id, actor.name, actor.note, actor.role) == ("no", "12:30", "2025-06-13", "1e3")
    assert actor.aliases == ("NO", "off", "0o17", "+1", ".inf", "2025-06-13T10:00:00Z")
    assert actor.anonymous is True


def test_typed_values_are_coerced(tmp_path: Path) -> None:
    text = """
- id: i
  title: Strike
  type: air-strike
  when: {date: 2025-06, date_basis: reported, time: 05:30}
  place: {name: Erbil, precision: city, lat: 36.19, lon: 4.4e1, coords_from: GeoNames 95446}
  status: confirmed
  by_status: unknown
  deaths: {low: 1, high: 3}
  sources: [{source: a, para: 12}]
"""
    incident = only(tmp_path, text, Kind.INCIDENT).record
    assert isinstance(incident, Incident)
    assert incident.type is IncidentType.AIR_STRIKE
    assert (incident.place.lat, incident.place.lon) == (36.19, 44.0)
    assert incident.deaths is not None
    assert (incident.deaths.low, incident.deaths.best, incident.deaths.high) == (1, None, 3)
    assert incident.sources[0].para == 12


def test_a_missing_value_is_a_missing_key(tmp_path: Path) -> None:
    actor = only(tmp_path, "- id: a\n  name: A\n  kind: person\n  role:\n  tags: ~\n  country: null\n").record
    assert actor == Actor(id="a", name="A", kind=actor.kind)  # type: ignore[union-attr, arg-type]


def test_the_break_at_the_end_of_a_block_is_no_part_of_the_text(tmp_path: Path) -> None:
    quote = only(
        tmp_path,
        "- id: q\n  speaker: a\n  text: |\n    One.\n    Two.\n  form: full\n  when: {undated: true}\n"
        "  medium: rally\n  sources: [{source: s, para: 1}]\n",
        Kind.QUOTE,
    ).record
    assert isinstance(quote, Quote)
    assert quote.text == "One.\nTwo."


def test_every_string_is_sanitised_once(tmp_path: Path) -> None:
    actor = only(
        tmp_path, '- {id: a, name: "A\\e]0;x\\a\\u202e", kind: person, tags: [], note: "\\x9b2J"}'
    ).record
    assert isinstance(actor, Actor)
    assert (actor.name, actor.note) == ("A␛]0;x␇⟨U+202E⟩", "⟨U+009B⟩2J")


def test_a_raw_mark_of_direction_is_shown(tmp_path: Path) -> None:
    actor = only(tmp_path, "- {id: a, name: A\u202eB, kind: person}").record
    assert isinstance(actor, Actor)
    assert actor.name == "A⟨U+202E⟩B"


def test_records_know_their_place(tmp_path: Path) -> None:
    text = "# comment\n- id: a\n  name: A\n  kind: person\n-\n  id: b\n  name: B\n  kind: person\n"
    loaded = load(tmp_path, text)
    assert [(m.line, m.column) for m in loaded.records] == [(2, 3), (6, 3)]
    places = Places(tmp_path / "a.yaml")
    assert places.find(6, 3, ("name",))[0][:2] == (7, 9)
    assert places.find(6, 3, ("name",), on_key=True) == ((7, 3, 4), "  name: B")
    assert places.find(2, 3, ("kind",))[0] == (4, 9, 6)
    assert places.find(2, 3, ("tags", 0))[0][:2] == (2, 3)  # not there: the record itself


def test_marks_of_records_in_one_line(tmp_path: Path) -> None:
    load(tmp_path, "[{id: a, name: A, kind: person}, {id: b, name: B, kind: person}]")
    places = Places(tmp_path / "a.yaml")
    assert places.find(1, 34, ("name",))[0] == (1, 48, 1)


def test_marks_inside_a_record_longer_than_is_usual(tmp_path: Path) -> None:
    note = "word " * 5000
    load(tmp_path, f"- id: a\n  note: {note}\n  name: A\n  kind: person\n")
    assert Places(tmp_path / "a.yaml").find(1, 3, ("kind",))[0] == (4, 9, 6)


def test_places_of_a_file_that_is_gone(tmp_path: Path) -> None:
    assert Places(tmp_path / "gone.yaml").find(7, 3, ("name",)) == ((7, 3, 1), "")


def test_lines_end_as_yaml_counts_them(tmp_path: Path) -> None:
    text = "- id: a\r\n  name: A\r\n  kind: person\r\n- id: b\r\n  name: B\r\n  kind: robot\r\n"
    loaded = load(tmp_path, text)
    assert [(p.line, p.column, p.excerpt) for p in loaded.problems] == [(6, 9, "  kind: robot")]
    assert [m.record.id for m in loaded.records] == ["a"]


def test_what_is_loaded_can_be_sent_to_another_process(tmp_path: Path) -> None:
    loaded = load(tmp_path, "- {id: a, name: A, kind: person}\n- {id: b, nam: B, kind: person}\n")
    assert pickle.loads(pickle.dumps(loaded)) == loaded
    assert len(loaded.records) == 1
    assert {problem.severity for problem in loaded.problems} == {Severity.ERROR}


def test_a_briefing(tmp_path: Path) -> None:
    text = "schema: 1\nid: x\ntitle: T\nquestion: Q?\nas_of: 2025-06-16\n"
    marked = only(tmp_path, text, Kind.BRIEFING)
    assert isinstance(marked.record, Briefing)
    assert marked.line == 1


SHARED = """
- id: iran
  name: Iran
  kind: state
  role: state
  tags: [a]
  aliases: [Persia, {text: ايران, lang: ar}]
  roles: [{title: Host, former: true}]
  member_of: [oic, eco]
  anonymous: yes
"""


def test_shared_actors_are_merged_field_by_field(tmp_path: Path) -> None:
    actor = load(tmp_path, SHARED).records[0].record
    assert isinstance(actor, Actor)
    own = "- {id: iran, role: party to the war, tags: , anonymous: false}\n- {id: iraq, role: x}\n"
    loaded = load_file(file(tmp_path, own), display="a.yaml", shared={"iran": actor}.get)
    (merged,) = (m.record for m in loaded.records)
    assert merged == replace(actor, role="party to the war", tags=(), anonymous=False)
    found = [(p.code, p.line, p.message) for p in loaded.problems]
    assert found[0] == ("A301", 1, "overrides the shared actor's role, tags, anonymous")
    assert [code for code, _, _ in found[1:]] == ["E202", "E202"]


def test_a_shared_actor_said_again_is_not_overridden(tmp_path: Path) -> None:
    actor = load(tmp_path, SHARED).records[0].record
    assert isinstance(actor, Actor)
    loaded = load_file(file(tmp_path, SHARED), display="a.yaml", shared={"iran": actor}.get)
    assert loaded.problems == []
    assert loaded.records[0].record == actor


def test_an_error_in_a_merged_actor_is_reported(tmp_path: Path) -> None:
    actor = load(tmp_path, SHARED).records[0].record
    assert isinstance(actor, Actor)
    loaded = load_file(
        file(tmp_path, "- {id: iran, kind: realm}"), display="a.yaml", shared={"iran": actor}.get
    )
    assert [(p.code, p.column) for p in loaded.problems] == [("E205", 20)]


@pytest.mark.parametrize(
    ("broken", "record", "way_out"),
    [
        ("- id: b\n  name: Talks: a beginning\n", "actor/b", 'a text that holds ": " needs quotes'),
        ("- name: @b\n  id: b\n", "actor/b", "a text that begins with this character needs quotes"),
        ("- {name: B, id: b, kind: [}\n", "actor/b", ""),
        ("- id: b\n  name: 'never closed\n", "actor/b", "a text that begins with this mark needs"),
        ("- id: b\n  role: - member\n", "actor/b", 'a text that begins with "- " needs quotes'),
        ("- id: b\n  name: &ldquo;B\n", "actor/b", "a text that begins with & or * needs quotes"),
        ("- id: b\n  tags: [a، {}]\n", "actor/b", "a comma and a space part the entries"),
        ("- id: b\n\u00a0 name: B\n", "actor/b", "the space in column 1 is none that YAML knows (U+00A0)"),
        ("- id: b\n  name:\u00a0B\n", "actor/b", "the space in column 8 is none that YAML knows (U+00A0)"),
        ("- id: b\n  name: B\n\n[]\n", "actor/b", "[] is the list that is empty"),
        ("- id: b\n  name: B\x01\n", "actor/b", ""),
        ("- id: b\n  name: B\n<<<<<<< HEAD\n", "actor/b", "a merge was not finished here"),
        ("- name: @nobody\n", "", "a text that begins with this character needs quotes"),
    ],
)
def test_a_syntax_error_names_its_record_and_the_way_out(
    tmp_path: Path, broken: str, record: str, way_out: str
) -> None:
    path = tmp_path / "actors.yaml"
    path.write_text(f"- id: a\n  name: A\n  kind: person\n{broken}", encoding="utf-8")
    (problem,) = load_file(File(str(path), Kind.ACTOR, "x"), display="actors.yaml").problems
    assert (problem.code, problem.record) == ("E110", record)
    assert problem.line in (4, 5, 6, 7)
    assert problem.hint.startswith(way_out)


@pytest.mark.parametrize(
    ("broken", "code", "way_out"),
    [
        ("name: &B", "E113", "a text that begins with & needs quotes"),
        ("name: *B", "E114", "a text that begins with * needs quotes"),
        ("name: !B", "E112", "a text that begins with ! needs quotes"),
        ("aliases: B", "E206", "put it in [ ], or on a line of its own that begins with a hyphen"),
        ("sources: [article]", "E206", "keys: source, para, text"),
        ("name_original: {words: B, lang: ar}", "E204", "keys: text"),
        ("rle: b", "E204", ""),  # did you mean "role"?
    ],
)
def test_what_is_refused_is_told_with_its_way_out(
    tmp_path: Path, broken: str, code: str, way_out: str
) -> None:
    hints = {problem.code: problem.hint for problem in load(tmp_path, f"- id: b\n  {broken}\n").problems}
    assert hints[code] == way_out


def test_a_record_whose_hyphen_is_missing_is_told_so_once(tmp_path: Path) -> None:
    text = "- id: a\n  name: A\n  kind: person\n  id: b\n  name: B\n  kind: person\n"
    (problem,) = load(tmp_path, text).problems
    assert (problem.code, problem.line) == ("E120", 4)
    assert problem.message == 'key "id" is given twice; a new record begins with a hyphen'


@pytest.mark.parametrize(
    ("text", "found", "sound"),
    [
        ("# \x08\n{a}{b}", [("E110", "", 1, 3)], ["a", "b"]),
        ("{a}  note: x\x08\x08\n  tags: \x08\n{b}", [("E110", "actor/a", 4, 10)], ["b"]),
        ("{a}{b}  note: \uffff", [("E110", "actor/b", 7, 9)], ["a"]),
        ("{a}{b}  nam: B\n- id: c\x7f\n", [("E204", "actor/b", 7, 3), ("E110", "actor/c�", 8, 8)], ["a"]),
        ("{a}- id: c\n  note: \x01\n  name: c: d\n{b}",
         [("E110", "actor/c", 6, 10), ("E110", "actor/c", 5, 9)], ["a", "b"]),
        ("[{{id: a, name: \x01}}, {{id: b, name: B, kind: state}}]", [("E110", "actor/a", 1, 16)], ["b"]),
        ("{a}---\n{b}\x08", [("E116", "", 4, 1), ("E110", "", 8, 1)], ["a"]),
        ("\x08", [("E118", "", 1, 1), ("E110", "", 1, 1)], []),
    ],
)  # fmt: skip
def test_a_character_that_yaml_forbids_is_a_fault_of_its_record(
    tmp_path: Path, text: str, found: list[tuple[object, ...]], sound: list[str]
) -> None:
    records = {name: f"- id: {name}\n  name: {name}\n  kind: person\n" for name in "ab"}
    loaded = load(tmp_path, text.format(**records))
    assert [(p.code, p.record, p.line, p.column) for p in loaded.problems] == found
    assert [marked.record.id for marked in loaded.records] == sound


def test_records_put_below_the_empty_list_of_a_new_briefing_are_told_of_it(tmp_path: Path) -> None:
    loaded = load(tmp_path, "# Actors.\n[]\n\n- {id: a, name: A, kind: person}\n")
    (problem,) = loaded.problems
    assert (problem.line, problem.hint) == (4, "the list ended above; if with [], take that out")
    assert [marked.record.id for marked in loaded.records] == ["a"]


def test_after_too_many_syntax_errors_the_rest_is_not_read(tmp_path: Path) -> None:
    loaded = load(tmp_path, "- {\n" * 10_000)
    assert len(loaded.problems) == SYNTAX_ERRORS_MAX + 1
    assert "the rest of the file is not read" in loaded.problems[-1].message


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "- [", "[{a: ", "? [", "? {? "])
def test_deep_nesting_is_refused_at_once(opening: str, tmp_path: Path) -> None:
    # libyaml's time grows with the square of the depth: read to its end, this would take minutes.
    codes = {problem.code for problem in load(tmp_path, f"- id: a\n- {opening * 200_000}").problems}
    assert codes & {"E117", "E110"}


def depth(tree: Tree) -> int:
    inner = tree if isinstance(tree, list) else tree.values() if isinstance(tree, dict) else ()
    return 1 + max(map(depth, inner), default=0) if isinstance(tree, list | dict) else 0


def check_items(items: list[Item]) -> None:
    for item in items:
        assert depth(item.tree) <= NESTING_MAX
        for fault in item.faults:
            assert fault.line >= 1
            assert fault.column >= 1
            assert fault.message.isprintable()


@given(st.text(max_size=100) | YAML_LIKE | YAML_LIKE.map(lambda text: f"- id: a\n  name: {text}\n- id: b\n"))
@example("- ? a\n- ? ? b")
@example("&a *a")
@example("- <<: *a\n")
@example("--- |\n---\n- a\n...\n- b")
def test_any_text_gives_items_and_faults(text: str) -> None:
    check_items(list(read_items(text)))
    check_items(list(read_items(text, listed=False)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=100) | YAML_LIKE.map(str.encode), st.sampled_from(list(Kind)))
@example(b"\xff\xfe-\x00", Kind.ACTOR)
@example("\u070e".encode(), Kind.BRIEFING)
def test_any_bytes_give_records_and_problems(tmp_path: Path, data: bytes, kind: Kind) -> None:
    for problem in load(tmp_path, data, kind).problems:
        assert problem.message.isprintable()
        # The file's own text: letters that this Python does not know yet stay, as everywhere.
        assert sanitise_line(problem.excerpt) == problem.excerpt
        assert not {"Cc", "Cs", "Zl", "Zp"} & set(map(unicodedata.category, problem.excerpt))
        assert problem.record.isprintable()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TREES, max_size=3), st.sampled_from([kind for kind in Kind if kind is not Kind.BRIEFING]))
def test_any_tree_gives_records_and_problems(tmp_path: Path, trees: list[object], kind: Kind) -> None:
    loaded = load(tmp_path, yaml.safe_dump(trees, allow_unicode=True), kind)
    assert len(loaded.records) + len(loaded.problems) >= len(trees)


@given(st.lists(TREES, max_size=4), st.booleans())
def test_trees_come_back_as_they_were_written(trees: list[object], flow: bool) -> None:
    # Every text in quotes, so that a missing value is a missing value and "~" a text.
    written = yaml.dump(trees, Dumper=_Quoting, default_flow_style=flow, allow_unicode=True)
    items = list(read_items(written))
    assert [item.faults for item in items] == [()] * len(trees)
    assert [item.tree for item in items] == [_as_read(tree) for tree in trees]


class _Quoting(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def _represent(dumper: yaml.SafeDumper, data: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style='"')


_Quoting.add_representer(str, _represent)


def _as_read(tree: object) -> object:
    if isinstance(tree, str):
        return sanitise(tree.rstrip("\n"))
    if isinstance(tree, list):
        return [_as_read(item) for item in tree]
    return {key: _as_read(value) for key, value in tree.items()} if isinstance(tree, dict) else tree


def test_sources_of_any_number_are_read_one_by_one(tmp_path: Path) -> None:
    text = "".join(f"- {{id: s-{n}, kind: article, title: Number {n}}}\n" for n in range(1000))
    records = [m.record for m in load(tmp_path, text, Kind.SOURCE).records]
    assert all(isinstance(record, Source) for record in records)
    assert len({record.id for record in records}) == 1000


def test_an_entry_without_a_value_is_nothing(tmp_path: Path) -> None:
    found = load(tmp_path, "- id: a\n  name: A\n  kind: person\n-\n").problems
    assert [problem.message for problem in found] == ["a record is a mapping of keys, not nothing"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("name: We stand with #B", "#B"),
        ("role: no #1 of it", "#1 of it"),
        ("role: #1 of it", "#1 of it"),
        ("role: # as it was", None),
        ("tags: [a] #b", None),
        ("role: head   # as it was", None),
        ('role: "head" #b', None),
        ('role: "head #1"', None),
        ("role: >-\n    the: head #1", None),
        ("role: head#1", None),
        ("#role: head #1", None),
    ],
)
def test_words_that_yaml_takes_for_a_comment_are_told(tmp_path: Path, line: str, words: str | None) -> None:
    record = "- id: {0}\n  name: {0}\n  kind: person\n"
    broken = record.format("b").replace("  name: b\n", "" if line.startswith("name") else "  name: b\n")
    problems = load(tmp_path, f"{record.format('a')}{broken}  {line}\n{record.format('c')}").problems
    found = [(p.code, p.record, p.excerpt.strip(), words in p.message) for p in problems if words]
    assert found == ([("W215", "actor/b", line, True)] if words else [])
    assert bool(problems) is bool(words)


@pytest.mark.parametrize("line", ["name: #Norhaven", "name: B\n  tags:\n    - #norhaven"])
def test_a_value_that_is_a_comment_to_yaml_is_told_why_it_is_missing(tmp_path: Path, line: str) -> None:
    (problem,) = load(tmp_path, f"- id: b\n  kind: person\n  {line}\n").problems
    assert problem.hint == "YAML takes the # for a comment: put quotes around the text"


_SIDES = "<<<<<<< HEAD\n{}=======\n{}>>>>>>> other\n"
_ACTOR = "- id: {0}\n  name: {0}\n  kind: person\n"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (_ACTOR.format("a") + _SIDES.format(_ACTOR.format("b"), _ACTOR.format("c")), ["a"]),
        (_ACTOR.format("a") + _SIDES.format(_ACTOR.format("b"), "") + _ACTOR.format("d"), ["a", "d"]),
        # What both sides end in alike stands below them, and is no part of the record above.
        (
            _ACTOR.format("a")
            + _SIDES.format("- id: b\n  name: B\n", "- id: c\n  name: C\n")
            + "  kind: state\n  role: R\n"
            + _ACTOR.format("d"),
            ["a", "d"],
        ),
        # Whose the last line is, nobody knows.
        (_ACTOR.format("a") + _SIDES.format("- id: b\n", "") + "  role: R\n" + _ACTOR.format("d"), ["d"]),
        (_ACTOR.format("a") + _SIDES.format("  role: R\n", "  role: S\n") + "  note: N\n", []),
        (_SIDES.format(_ACTOR.format("b"), _ACTOR.format("c")) * 2 + _ACTOR.format("d"), ["d"]),
    ],
)
def test_a_merge_that_was_not_finished_leaves_out_no_record_but_its_own(
    tmp_path: Path, text: str, read: list[str]
) -> None:
    loaded = load(tmp_path, text)
    assert [marked.record.id for marked in loaded.records] == read
    assert all(marked.record.role is None for marked in loaded.records if isinstance(marked.record, Actor))
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith("<<<<<<<")]
    assert [(p.code, p.line, p.column) for p in loaded.problems] == [("E110", line, 1) for line in lines]
    assert all(p.hint.startswith("a merge was not finished here") for p in loaded.problems)


@pytest.mark.parametrize(
    ("broken", "code", "message", "way_out"),
    [
        (
            "name: *b",
            "E114",
            "aliases are refused; repeat the value",
            "a text that begins with * needs quotes",
        ),
        ("Name: B", "E204", 'unknown key "Name"; did you mean "name"?', ""),
        ("name: B\n  sources: [{source:a}]", "E204", 'unknown key "source:a"', "a space is missing after"),
        ("name: B\n  sources: [a]", "E206", 'an entry of "sources" must be a mapping', "keys: source, para"),
        ("name: B\n  tags: [аb]", "E209", "is not an id", "the а in it is none of a-z (U+0430)"),
        ("name: B\n  role: a\u2028b", "E110", "could not find expected", "U+2028 stands before this"),
        ('name: "B"\n\trole: R', "E110", "found character that cannot start", "indent with spaces"),
        ("nam: B", "E204", 'unknown key "nam"; did you mean "name"?', ""),
        ("nm: B", "E204", 'unknown key "nm"; did you mean "name"?', ""),
        ("name: B\n  country: UK", "W211", 'no country\'s code; did you mean "GB"?', ""),
        # Whether there is such an actor, nobody knows while the record is read.
        (
            "name: B\n  member_of: Ada Holm",
            "E210",
            'is not the id of a record; as an id it is "ada-holm"',
            "",
        ),
    ],
)
def test_a_mistake_is_told_once_and_with_its_own_way_out(
    tmp_path: Path, broken: str, code: str, message: str, way_out: str
) -> None:
    (problem,) = load(tmp_path, f"- id: b\n  kind: person\n  {broken}\n").problems
    assert problem.code == code
    assert message in problem.message
    assert problem.hint.startswith(way_out)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("13 May 2024", "2024-05-13"),
        ("13th of May 2024", None),
        ("May 13, 2024", "2024-05-13"),
        ("Sept. 3rd 2024", "2024-09-03"),
        ("May 2024", "2024-05"),
        ("2024-5-13", "2024-05-13"),
        ("2024/5", "2024-05"),
        ("20240513", "2024-05-13"),
        ("2024-05-13T10:00:00Z", "2024-05-13"),
        ("13/05/2024", "2024-05-13"),
        ("5/13/2024", "2024-05-13"),
        ("5.5.2024", "2024-05-05"),
        ("5/6/2024", None),  # May or June
        ("13/05/24", None),
        ("30 February 2024", None),
        ("2024-05-13 to 16 May 2024", "2024-05-13/2024-05-16"),
        ("2024-05-16 – 2024-05-13", None),
        ("Monday", None),
    ],
)
def test_a_date_in_another_form_is_told_what_it_is_in_ours(
    tmp_path: Path, written: str, meant: str | None
) -> None:
    text = f"- {{id: s, kind: article, title: T, published: '{written}'}}\n"
    (problem,) = load(tmp_path, text, Kind.SOURCE).problems
    assert problem.code == "E401"
    assert problem.message.partition("; did you mean ")[2] == (f'"{meant}"?' if meant else "")
