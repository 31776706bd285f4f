"""Which worker gets which file, and how workers end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from multiprocessing.connection import Connection

from briefing.edition.parse import Job
from briefing.edition.pool import Queue
from briefing.edition.processes import start
from briefing.edition.survey import State


def job(path: str) -> Job:
    return Job(State(path, path.partition("/")[0], "quote", 100, 0, 0, 0), 1)


def given(queue: Queue[Job], workers: Sequence[str]) -> list[str]:
    """The paths that WORKERS get who ask one after another."""
    return [found.state.path for worker in workers if (found := queue.next_for(worker)) is not None]


def test_a_worker_stays_with_a_briefing_and_helps_when_none_is_left() -> None:
    queue = Queue(map(job, ["b/1", "a/1", "b/2", "c/1", "b/3", "b/4"]))
    assert given(queue, ["one", "two", "one"]) == ["b/1", "a/1", "b/2"]
    assert given(queue, ["two", "two"]) == ["c/1", "b/3"]
    assert given(queue, ["one", "two", "one"]) == ["b/4"]


def test_one_briefing_keeps_all_workers_busy() -> None:
    queue = Queue(map(job, ["a/1", "a/2", "a/3"]))
    assert given(queue, ["one", "two", "two", "one"]) == ["a/1", "a/2", "a/3"]


def busy(pipe: Connection) -> None:
    """Never look at PIPE again."""
    pipe.send_bytes(b"busy")
    time.sleep(3_600)


def test_a_process_ends_with_its_pipe_whatever_it_is_doing() -> None:
    child = start(busy)
    assert child.pipe.recv_bytes() == b"busy"
    child.pipe.close()
    assert child.process.wait(60) == 1
