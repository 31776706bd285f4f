"""Places, times and metrics, as plain values."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from briefing.ssh.clock import Clock
from briefing.ssh.guests import Failures, Guests
from briefing.ssh.metrics import BUCKETS, Metrics, added, exposition, lasting
from briefing.ssh.settings import Limits, Serve
from briefing.ssh.watcher import Watcher


def test_places_are_given_back_once() -> None:
    guests = Guests(Limits(sessions=2))
    one, two = guests.admit("a", "k"), guests.admit("b", "")
    assert isinstance(one, int)
    assert isinstance(two, int)
    assert isinstance(guests.admit("c", ""), str)
    guests.leave(one)
    guests.leave(one)
    assert len(guests) == 1
    assert isinstance(guests.admit("c", ""), int)


def test_the_places_of_a_worker_that_died_are_free_again() -> None:
    guests = Guests(Limits(per_address=2))
    guests.admit("a", "k", "1")
    guests.admit("a", "k", "2")
    assert isinstance(guests.admit("a", "k", "2"), str)
    guests.leave_all("1")
    assert isinstance(guests.admit("a", "k", "2"), int)


def test_failures_are_forgotten() -> None:
    failures = Failures(Limits(failures=2, forget=60))
    failures.add("a", 1000.0)
    assert not failures.too_many("a", 1000.0)
    failures.add("a", 1001.0)
    assert failures.too_many("a", 1002.0)
    assert not failures.too_many("b", 1002.0)
    assert not failures.too_many("a", 1062.0)


def test_workers_numbers_are_added_up_as_prometheus_reads_them() -> None:
    one, two = Metrics(), Metrics()
    for metrics, seconds in ((one, 0.004), (two, 0.3)):
        metrics.add("sessions")
        metrics.add("refused_total", why="full")
        metrics.observe("key_to_paint_seconds", seconds)
    text = exposition([one.sample(), two.sample()])
    lines = text.splitlines()
    assert "briefing_sessions 2" in lines
    assert 'briefing_refused_total{why="full"} 2' in lines
    assert 'briefing_key_to_paint_seconds_bucket{le="0.005"} 1' in lines
    assert 'briefing_key_to_paint_seconds_bucket{le="0.5"} 2' in lines
    assert 'briefing_key_to_paint_seconds_bucket{le="+Inf"} 2' in lines
    assert "briefing_key_to_paint_seconds_count 2" in lines
    assert lines.count("# TYPE briefing_key_to_paint_seconds histogram") == 1
    bounds = [line for line in lines if line.startswith("briefing_key_to_paint_seconds_bucket")]
    assert bounds[-1].startswith('briefing_key_to_paint_seconds_bucket{le="+Inf"}')


def test_what_is_counted_is_said_before_it_happens() -> None:
    metrics = Metrics()
    lines = exposition([metrics.sample()]).splitlines()
    assert "briefing_failed_total 0" in lines
    assert 'briefing_refused_total{why="full"} 0' in lines
    metrics.observe("first_screen_seconds", 3.0)
    lines = exposition([metrics.sample()]).splitlines()
    counts = [line.rpartition(" ")[2] for line in lines if line.startswith("briefing_first_screen_seconds_b")]
    assert counts == ["0"] * len(BUCKETS) + ["1"]


def test_what_was_counted_outlives_its_worker_and_what_is_does_not() -> None:
    metrics = Metrics()
    metrics.add("sessions")
    metrics.add("started_total", kind="reader")
    metrics.observe("first_screen_seconds", 0.02)
    before, after = metrics.sample(), Metrics().sample()
    text = exposition([added([lasting(before), lasting(before)]), after])
    assert 'briefing_started_total{kind="reader"} 2' in text
    assert "briefing_first_screen_seconds_count 2" in text
    assert "briefing_sessions" not in text
    assert text.count("briefing_resident_bytes{") == 1
    assert text.count("briefing_processor_seconds_total{") == 1


async def test_the_clock_starts_again_with_each_key() -> None:
    told: list[str] = []
    ended = asyncio.Event()
    clock = Clock(Limits(idle=0.4, total=60, notice=0.3), told.append, lambda _: ended.set())
    loop = asyncio.get_running_loop()
    pressed = 0
    until = loop.time() + 0.8
    while loop.time() < until:
        clock.pressed()
        pressed += 1
        await asyncio.sleep(0.02)
    assert not ended.is_set()
    await asyncio.wait_for(ended.wait(), 20)
    assert told


async def test_a_server_lives_where_nothing_can_be_watched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    watcher = Watcher(Serve(tmp_path, tmp_path))
    looks = 0

    async def awatch(*_: Any, **__: Any) -> AsyncIterator[None]:
        nonlocal looks
        looks += 1
        if looks > 1:
            watcher._stopping.set()
        raise OSError("no watch left")
        yield

    monkeypatch.setattr("watchfiles.awatch", awatch)
    monkeypatch.setattr("briefing.ssh.watcher.LOOK_AGAIN", 0.0)
    await watcher._watch_content()
    assert looks == 2
    assert watcher._refresh.is_set()
