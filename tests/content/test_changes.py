"""Differences between two versions of a record."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.content.changes import FieldChange, Version, What, became, compare, version
from briefing.content.layout import Tree
from briefing.model.vocabulary import Kind

# Neither empty nor of one item, which mean the same as nothing and as the item alone.
VALUES = st.recursive(
    st.text("ab", min_size=1, max_size=3),
    lambda inner: (
        st.lists(inner, min_size=2, max_size=4) | st.dictionaries(st.sampled_from("xyz"), inner, min_size=1)
    ),
    max_leaves=8,
)
VERSIONS = st.dictionaries(st.sampled_from(["id", "sources", "when", "tags"]), VALUES)


def differences(before: Any, after: Any) -> list[tuple[Any, ...]]:
    return [
        (change.field, change.what.value, change.before, change.after)
        for change in compare(
            {"f": before} if before is not None else {}, {"f": after} if after is not None else {}
        )
    ]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("suspected", "confirmed", [("f", "changed", "suspected", "confirmed")]),
        (None, "drone", [("f", "added", None, "drone")]),
        ("drone", None, [("f", "removed", "drone", None)]),
        ("3", "5", [("f", "changed", "3", "5")]),
        ({"date": "2024", "tz": "UTC"}, {"date": "2024-05"}, [
            ("f.date", "changed", "2024", "2024-05"), ("f.tz", "removed", "UTC", None)]),
        (None, {"low": "1"}, [("f", "added", None, {"low": "1"})]),
        (["a", "b"], ["b", "c"], [("f", "removed", "a", None), ("f", "added", None, "c")]),
        (["a", "b"], ["b", "a"], [("f", "reordered", ["a", "b"], ["b", "a"])]),
        (["a", "a"], ["a"], [("f", "removed", "a", None)]),
        ("a", ["a", "b"], [("f", "added", None, "b")]),
        (["a"], None, [("f", "removed", "a", None)]),
        ([{"source": "s", "para": "5"}, {"source": "s", "para": "8"}],
         [{"source": "s", "para": "5"}, {"source": "s", "para": "9"}],
         [("f[s].para", "changed", "8", "9")]),
        ([{"source": "s"}, {"source": "t"}], [{"source": "t", "para": "2"}, {"source": "u"}],
         [("f[t].para", "added", None, "2"), ("f", "removed", {"source": "s"}, None),
          ("f", "added", None, {"source": "u"})]),
        ([{"text": "Old words"}], [{"text": "New words"}],
         [("f[New words].text", "changed", "Old words", "New words")]),
        (["a"], [{"text": "a"}], [("f", "removed", "a", None), ("f", "added", None, {"text": "a"})]),
    ],
)  # fmt: skip
def test_differences(before: Any, after: Any, told: list[tuple[Any, ...]]) -> None:
    assert differences(before, after) == told


@given(VERSIONS, VERSIONS)
def test_differences_are_told_of_versions_that_differ(one: Version, two: Version) -> None:
    assert compare(one, one) == ()
    assert (compare(one, two) == ()) == (one == two)


@given(VERSIONS, VERSIONS)
def test_what_is_told_turns_round_with_the_versions(one: Version, two: Version) -> None:
    there = {change.field.partition("[")[0].partition(".")[0] for change in compare(one, two)}
    back = {change.field.partition("[")[0].partition(".")[0] for change in compare(two, one)}
    assert there == back


def test_other_spellings_are_no_change() -> None:
    actor: dict[str, Tree] = {"id": "a", "name": "A", "kind": "person", "member_of": "b", "anonymous": "yes"}
    other: dict[str, Tree] = {"anonymous": "true", "tags": [], "note": None, "country": None}
    assert version(actor, Kind.ACTOR) == version(actor | other, Kind.ACTOR)
    several = version(actor | {"member_of": ["b"]}, Kind.ACTOR)
    assert compare(version(actor, Kind.ACTOR), several) == ()


def test_a_version_that_todays_rules_refuse_is_compared_as_it_is_written() -> None:
    sound: dict[str, Tree] = {"id": "a", "kind": "article", "title": "T", "skip_lines": ["3"]}
    unsound = sound | {"titel\x1b": "x"}
    assert compare(version(unsound, Kind.SOURCE), version(sound, Kind.SOURCE)) == (
        FieldChange("titel␛", What.REMOVED, before="x"),
    )


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (None, {"id": "a"}, What.ADDED),
        ({"id": "a"}, None, What.REMOVED),
        ({"id": "a"}, {"id": "a", "retracted": {}}, What.RETRACTED),
        ({"id": "a", "retracted": {}}, {"id": "a"}, What.RESTORED),
        ({"id": "a"}, {"id": "b"}, What.RENAMED),
        ({"id": "a"}, {"id": "a", "note": "x"}, What.CHANGED),
    ],
)
def test_what_became_of_a_record(before: Version | None, after: Version | None, what: What) -> None:
    assert became(before, after) is what


def test_long_lists_take_linear_work() -> None:
    # With every item compared to every other this would not end within the test run.
    before: list[Any] = [{"source": str(n)} for n in range(200_000)]
    after = [{"source": str(n), "para": "1"} for n in range(200_000)]
    assert len(compare({"sources": before}, {"sources": after})) == 200_000
