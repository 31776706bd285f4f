"""Going to a date in a list that is ordered by it: a search by halves, whatever the length."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from briefing.model.when import When

EntryAt = Callable[[int], Any]


def position_of(day: dt.date, total: int, record_at: EntryAt) -> int:
    """Where the first record of DAY or earlier stands among TOTAL, the newest first, undated last."""
    low, high = 0, total
    while low < high:
        middle = (low + high) // 2
        if _after(record_at(middle), day):
            low = middle + 1
        else:
            high = middle
    return min(low, max(total - 1, 0))


def _after(record: Any, day: dt.date) -> bool:
    """Whether RECORD is newer than DAY; undated ones stand after all."""
    when: When = record.when
    return when.span is not None and when.span.earliest > day
