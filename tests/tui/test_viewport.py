"""Which records and headings stand where, against a plain count of lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from briefing.tui.viewport import lines, thumb, top_showing

GROUPS = st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=1, max_size=40)


@given(GROUPS, st.integers(2, 12), st.data())
def test_the_cursor_is_always_in_view_and_nothing_scrolls_without_need(
    groups: list[str], height: int, data: st.DataObject
) -> None:
    total = len(groups)
    top = data.draw(st.integers(0, total - 1))
    cursor = data.draw(st.integers(0, total - 1))
    group = groups.__getitem__
    found = top_showing(cursor, top, total, height, group)
    shown = [line.position for line in lines(found, total, height, group) if not line.heading]
    assert cursor in shown
    before = [line.position for line in lines(top, total, height, group) if not line.heading]
    if cursor in before:
        assert found == top
    if found > top:
        # One less, and the cursor would be below the view.
        less = [line.position for line in lines(found - 1, total, height, group) if not line.heading]
        assert cursor not in less


@given(GROUPS, st.integers(1, 12))
def test_every_record_stands_under_its_heading(groups: list[str], height: int) -> None:
    heading = ""
    view = list(lines(0, len(groups), height, groups.__getitem__))
    assert len(view) <= height
    for line in view:
        if line.heading:
            heading = groups[line.position]
        elif groups[line.position]:
            assert groups[line.position] == heading


def test_a_heading_never_stands_last() -> None:
    groups = ["a", "b"]
    assert [line.heading for line in lines(0, 2, 3, groups.__getitem__)] == [True, False]


def test_only_records_in_view_are_looked_at() -> None:
    asked: list[int] = []

    def group(position: int) -> str:
        asked.append(position)
        return str(position // 10)

    top = top_showing(999_999, 0, 1_000_000, 20, group)
    list(lines(top, 1_000_000, 20, group))
    assert len(asked) < 100


def test_the_thumb_goes_from_end_to_end() -> None:
    assert thumb(0, 10, 10, 10) is None
    first = thumb(0, 10, 1_000_000, 20)
    last = thumb(999_990, 10, 1_000_000, 20)
    assert first is not None and first.start == 0 and first.size == 1
    assert last is not None and last.start + last.size == 20
