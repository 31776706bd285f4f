"""Formatting: one form for the same content, comments with what they are about, nothing changed twice."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefing.content.format import NotFormattedError, format_text, key_order
from briefing.content.tree import read_items
from briefing.model.records import RECORDS, Briefing
from briefing.model.vocabulary import Kind

SAMPLE = Path(__file__).parent.parent.parent / "content" / "iraq-militias-2025-06"


def text_of(kind: Kind) -> str:
    name = "briefing" if kind is Kind.BRIEFING else kind.plural
    return (SAMPLE / f"{name}.yaml").read_text(encoding="utf-8")


def trees(text: str, kind: Kind) -> list[Any]:
    return [item.tree for item in read_items(text, listed=kind is not Kind.BRIEFING)]


def test_keys_in_order_with_their_comments() -> None:
    text = """\
# yaml-language-server: $schema=../.schema/actors.json

# About all.

- name: 'A: b' # trailing
  # about the id
  id: 'a'
  kind: "person"
  roles:
    - to: '2025'
      # about from
      from: "2024"
      title: "Min  ister"\x20\x20
  tags:
    # first
    - 'x'  # why
  note: >-
    Some long text
    # which is no comment
# About b.
-
  id: b
  kind: person
  aligned_with: [{how: armed by, actor: iran}]
  role: |
    one
    # no comment
  name: 2025-06-13


# The end.
"""
    assert (
        format_text(text, Kind.ACTOR)
        == """\
# yaml-language-server: $schema=../.schema/actors.json

# About all.

# about the id
- id: a
  name: "A: b" # trailing
  kind: person
  roles:
    - title: "Min  ister"
      # about from
      from: 2024
      to: 2025
  tags:
    # first
    - x  # why
  note: >-
    Some long text
    # which is no comment

# About b.
- id: b
  name: 2025-06-13
  kind: person
  role: |
    one
    # no comment
  aligned_with: [{actor: iran, how: armed by}]


# The end.
"""
    )


def test_a_remark_of_several_lines_stays_whole() -> None:
    text = """\
- note: |
    A note.
  title: The strike  # a remark that
                     # goes on here
- id: b
"""
    assert (
        format_text(text, Kind.INCIDENT)
        == """\
- title: The strike  # a remark that
                     # goes on here
  note: |
    A note.

- id: b
"""
    )


def test_records_in_one_line_stay_so() -> None:
    text = "- {name: A, id: a, kind: person}\n- {kind: person, id: b, name: B}"
    assert (
        format_text(text, Kind.ACTOR)
        == "- {id: a, name: A, kind: person}\n- {id: b, name: B, kind: person}\n"
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_the_sample_is_formatted(kind: Kind) -> None:
    assert format_text(text_of(kind), kind) == text_of(kind)


@settings(deadline=None, max_examples=20)
@given(st.sampled_from(list(Kind)), st.integers(), st.booleans())
def test_any_order_gives_the_same_text(kind: Kind, seed: int, flow: bool) -> None:
    shuffle = random.Random(seed)
    originals = trees(text_of(kind), kind)[:12]
    one, other = (
        format_text(_written([_shuffled(tree, shuffle) for tree in originals], kind, flow), kind)
        for _ in "12"
    )
    assert one == other
    assert format_text(one, kind) == one
    assert trees(one, kind) == originals


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([kind for kind in Kind if kind is not Kind.BRIEFING]), st.integers())
def test_comments_stay_above_their_keys(kind: Kind, seed: int) -> None:
    chance = random.Random(seed)
    tree = _shuffled(chance.choice(trees(text_of(kind), kind)), chance)
    first, *others = tree  # a comment above the first key is above the record, and stays there
    lines = _written([{first: tree[first]}], kind, False).splitlines()
    for key in others:
        lines += [f"  # about {key}", *f"  {_written([{key: tree[key]}], kind, False)[2:]}".splitlines()]
    formatted = format_text("\n".join(lines), kind).splitlines()
    for key in others:
        at = next(n for n, line in enumerate(formatted) if line.startswith((f"  {key}:", f"- {key}:")))
        assert formatted[at - 1].strip() == f"# about {key}"


@given(st.text(st.sampled_from("- :\n\n  ab{}[],'\"#>|?"), max_size=80), st.sampled_from(list(Kind)))
@example("- ?\n    id\n  : a\n", Kind.ACTOR)
def test_any_text_is_formatted_or_left(text: str, kind: Kind) -> None:
    try:
        once = format_text(text, kind)
    except NotFormattedError:
        return
    assert trees(once, kind) == trees(text, kind) or len(once) > 0
    assert format_text(once, kind) == once


@pytest.mark.parametrize("text", ["- id: [", "- &a {id: a}", "- id: a\n---\n- id: b", "- {id: a, id: b}"])
def test_what_is_unsound_is_left_alone(text: str) -> None:
    with pytest.raises(NotFormattedError):
        format_text(text, Kind.ACTOR)


def test_the_order_of_keys() -> None:
    assert key_order(RECORDS[Kind.POSITION])[:6] == ("id", "actor", "issue", "stance", "act", "summary")
    assert key_order(Briefing)[:4] == ("schema", "id", "title", "question")
    assert key_order(RECORDS[Kind.ACTOR])[-1] == "formerly"


def _shuffled(tree: Any, chance: random.Random) -> Any:
    if isinstance(tree, dict):
        keys = list(tree)
        chance.shuffle(keys)
        return {key: _shuffled(tree[key], chance) for key in keys}
    return [_shuffled(item, chance) for item in tree] if isinstance(tree, list) else tree


def _written(records: list[Any], kind: Kind, flow: bool) -> str:
    data = records[0] if kind is Kind.BRIEFING else records
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=1_000_000, default_flow_style=flow)
