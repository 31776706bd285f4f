"""Entries read at a glance: the usual ones are, and whatever is read so is as libyaml reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.content.layout import entries
from briefing.content.tree import by_libyaml, read_items

SAMPLE = Path(__file__).parent.parent.parent / "content" / "iraq-militias-2025-06"
USUAL = """\
# yaml-language-server: $schema=../../schema/incidents.json

- id: i-1
  title: It's said, "no" (#1), at 10:30 - Erbil
  when: {date: 2025-06-02, date_text: "On Friday, the 2nd", time: 17:54}

  # The place is the source's.
  place: {name: 'Ain al-Asad', lat: 36.19, coords_from: https://x.org/a}
  by: ~
  target: [a, 'b', "~", null]
  note: ""
  tags:
  sources:
    - {source: s-1, para: 3}
    - article/s-2
- id: i-2
  aliases: [{text: حزب الله, lang: ar}]
"""

# What an entry may be put together from; most of it is unusual, or wrong, somewhere.
PIECES = (
    "- ", "\n- ", "\n  ", "\n    - ", "\n", " ", "  ", "id: a", "name: ", "tags:", "text: B c", "é", "0",
    "{a: b}", "{a: b, c: 'd'}", "[a, b]", "[{a: b}]", '"x y"', "'x'", "~", "null", ": ", ":", " #", "#", "-",
    "?", "&a", "*a", "!t", "|", ">-", "\n---", "\n...", "%", "@", "`", ",", "{", "}", "[", "]", '"', "'",
    "\x08",
)  # fmt: skip


def test_the_usual_layout_is_read_at_a_glance() -> None:
    first, second = entries(USUAL)
    assert first.line == 2
    assert first.tree == {
        "id": "i-1",
        "title": 'It\'s said, "no" (#1), at 10:30 - Erbil',
        "when": {"date": "2025-06-02", "date_text": "On Friday, the 2nd", "time": "17:54"},
        "place": {"name": "Ain al-Asad", "lat": "36.19", "coords_from": "https://x.org/a"},
        "by": None,
        "target": ["a", "b", "~", None],
        "note": "",
        "tags": None,
        "sources": [{"source": "s-1", "para": "3"}, "article/s-2"],
    }
    assert (second.line, second.tree) == (
        15,
        {"id": "i-2", "aliases": [{"text": "حزب الله", "lang": "ar"}]},
    )


@pytest.mark.parametrize(
    "entry",
    [
        "- id: a: b",
        "- id: a #b",
        "- id: a:",
        "- id: a\n  id: b",
        "- id: &a b",
        "- id: >-\n    b",
        "- id: a\n    b",
        "- id: 'it''s'",
        "- id: {a: b, a: c}",
        "- id: [a b: c]",
        "- {id: a}",
        "- ",
        "- # a\n  id: a",
        "-  id: a",
        "- id: a\n ...",
    ],
)
def test_anything_else_is_not(entry: str) -> None:
    assert [found.tree for found in entries(entry)] == [None]


def check_same(text: str) -> None:
    assert list(read_items(text)) == list(by_libyaml(text, listed=True, clean=False))


def lines_changed() -> Iterator[str]:
    """The usual entries with each line left out, repeated, moved to the left and to the right, and cut."""
    lines = USUAL.split("\n")
    for place, line in enumerate(lines):
        for instead in ([], [line, line], [line[1:]], [" " + line], [line[:-2]], ["..."], ["---"], ["- "]):
            yield "\n".join([*lines[:place], *instead, *lines[place + 1 :]])


def test_what_is_read_is_what_libyaml_reads() -> None:
    check_same(USUAL)
    for text in lines_changed():
        check_same(text)


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("*.yaml")), ids=lambda path: path.name)
def test_the_sample_briefing_is_read_as_libyaml_reads_it(path: Path) -> None:
    check_same(path.read_text())


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@example("- \n  id: a")
@example("- id: a\n...\n- id: b")
@example("- id: a\n-{}b: c\n- id: d")
@example("- id: a\n  tags:\n- \n")
@example("- id: a\n  tags: [a, b\n- id: c\n  tags: d]")
@example("- id: a\n  text: 'b\n- id: c'\n")
def test_any_pieces_are_read_as_libyaml_reads_them(text: str) -> None:
    check_same(text)
    check_same("- id: a\n  name: b\n" + text)
    check_same("- id: a\n  name: " + text)
