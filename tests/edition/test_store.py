"""What is stored is read by many threads at once, the first time too."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from briefing.edition import store
from briefing.model.records import TYPES


def test_what_reads_a_kind_is_made_by_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two at once, one would be given half of what msgspec knows of a type: that ends the process."""
    making = most = 0

    def slowly(_kind: Any) -> object:
        nonlocal making, most
        making += 1
        most = max(most, making)
        time.sleep(0.01)
        making -= 1
        return object()

    monkeypatch.setattr(msgspec.msgpack, "Decoder", slowly)
    store._decoder.cache_clear()
    try:
        with ThreadPoolExecutor() as threads:
            list(threads.map(store._decoder, TYPES.values()))
    finally:
        store._decoder.cache_clear()
    assert most == 1
