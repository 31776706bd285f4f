"""Records are read by many threads at once, the first time too."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from briefing.content.schema import convert
from briefing.model import learning
from briefing.model.records import TYPES


@pytest.mark.parametrize("use", [learning.decoder, lambda kind: convert({}, kind)])
def test_types_are_met_by_one_thread_at_a_time_before_they_are_used(
    use: Callable[[Any], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two at once, one would be given half of what msgspec knows of a type: that ends the process."""
    making = most = 0
    met = []

    def slowly(kind: Any) -> object:
        nonlocal making, most
        making += 1
        most = max(most, making)
        time.sleep(0.01)
        making -= 1
        met.append(kind)
        return object()

    monkeypatch.setattr(msgspec.msgpack, "Decoder", slowly)
    learning.decoder.cache_clear()
    try:
        with ThreadPoolExecutor() as threads:
            list(threads.map(use, TYPES.values()))
    finally:
        learning.decoder.cache_clear()
    assert most == 1
    assert set(met) >= set(TYPES.values())
