"""Going to a date by halves."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from briefing.model.when import When
from briefing.tui.dates import position_of

DAYS = st.lists(st.dates(dt.date(2025, 6, 1), dt.date(2025, 6, 30)), max_size=30)


def records(days: list[dt.date], undated: int) -> list[SimpleNamespace]:
    whens = [When(date=day.isoformat()) for day in sorted(days, reverse=True)]
    return [SimpleNamespace(when=when) for when in [*whens, *[When(undated=True)] * undated]]


@given(DAYS, st.integers(0, 3), st.dates(dt.date(2025, 5, 25), dt.date(2025, 7, 5)))
def test_the_first_record_of_the_day_or_before(days: list[dt.date], undated: int, day: dt.date) -> None:
    rows = records(days, undated)
    found = position_of(day, len(rows), rows.__getitem__)
    newer = sum(one > day for one in days)
    assert found == min(newer, max(len(rows) - 1, 0))


def test_it_looks_at_few_records() -> None:
    asked: list[int] = []

    def record_at(position: int) -> SimpleNamespace:
        asked.append(position)
        return SimpleNamespace(when=When(date=str(9999 - position // 200)))

    assert position_of(dt.date(9000, 12, 31), 1_000_000, record_at) == 999 * 200
    assert len(asked) <= 20
