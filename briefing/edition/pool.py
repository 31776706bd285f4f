"""Processes that parse: one a core, each a pipe; they end with the pipe, so none outlives the builder."""

from __future__ import annotations

import os
import sqlite3
import traceback
from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Generic, TypeVar, cast

import msgspec

from briefing.edition.context import Context
from briefing.edition.parse import Batch, Job, Waiting, describe, parse
from briefing.edition.processes import start
from briefing.model.learning import decoder

_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE_BATCH = decoder(Batch).decode


class Task(msgspec.Struct, frozen=True):
    """What a worker is told: a job, with the context in the database at CONTEXT."""

    # Names of files, in which any bytes may be.
    root: bytes
    context: bytes
    job: Job | Waiting


_Job = TypeVar("_Job", Job, Waiting)


class BuildError(RuntimeError):
    """A worker failed; the message is its traceback."""


def cores() -> int:
    """How many processes may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Queue(Generic[_Job]):
    """Jobs that nobody does yet; a worker gets those of one briefing, whose records it has looked up."""

    def __init__(self, jobs: Iterable[_Job]) -> None:
        self._of_briefings: dict[str, deque[_Job]] = {}
        for job in jobs:
            self._of_briefings.setdefault(_briefing(job), deque()).append(job)
        self._begun: dict[Hashable, str] = {}

    def next_for(self, worker: Hashable) -> _Job | None:
        """The next job for WORKER: of its own briefing, of one that nobody has begun, or of another's."""
        of_briefings = self._of_briefings
        briefing = self._begun.get(worker, "")
        if briefing not in of_briefings:
            if not of_briefings:
                return None
            begun = set(self._begun.values())
            briefing = next((name for name in of_briefings if name not in begun), next(iter(of_briefings)))
            self._begun[worker] = briefing
        jobs = of_briefings[briefing]
        job = jobs.popleft()
        if not jobs:
            del of_briefings[briefing]
        return job


def _briefing(job: Job | Waiting) -> str:
    return job.state.briefing if isinstance(job, Job) else job.records[0][1].briefing


class Pool:
    """COUNT workers that parse files; used as a context manager."""

    def __init__(self, root: Path, count: int) -> None:
        self._root = root
        self._workers = [start(work) for _ in range(count)]

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.stop()

    def work(self, jobs: Iterable[_Job], context: Path) -> Iterator[tuple[_Job, Batch]]:
        """The batches of all JOBS as they come; those of one job in order."""
        waiting = Queue(jobs)
        # Each worker has its next file at hand when it is done with one.
        under_way: dict[Connection, list[_Job]] = {worker.pipe: [] for worker in self._workers}
        for _ in range(2):
            for pipe, given in under_way.items():
                self._give(pipe, given, waiting, context)
        while busy := [pipe for pipe, given in under_way.items() if given]:
            for ready in wait(busy):
                pipe = cast(Connection, ready)
                batch = self._receive(pipe)
                given = under_way[pipe]
                job = given[0]
                if batch.last:
                    del given[0]
                    self._give(pipe, given, waiting, context)
                yield job, batch

    def _give(self, pipe: Connection, given: list[_Job], waiting: Queue[_Job], context: Path) -> None:
        job = waiting.next_for(pipe)
        if job is not None:
            given.append(job)
            pipe.send_bytes(_ENCODE(Task(os.fsencode(self._root), os.fsencode(context), job)))

    def _receive(self, pipe: Connection) -> Batch:
        try:
            answer = pipe.recv_bytes()
        except EOFError as error:
            raise BuildError("a parsing process ended") from error
        if answer[:1] == b"!":
            raise BuildError(answer[1:].decode())
        batch: Batch = _DECODE_BATCH(answer)
        return batch


def carry_out(root: Path, job: Job | Waiting, context: Context) -> Iterator[Batch]:
    """Do one job."""
    if isinstance(job, Job):
        yield from parse(root, job, context)
    else:
        yield describe(root, job, context)


def work(pipe: Connection) -> None:
    """Parse what comes through PIPE until it closes."""
    decode = decoder(Task).decode
    opened, context = b"", Context(sqlite3.connect(":memory:"))
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            task = decode(pipe.recv_bytes())
            try:
                if task.context != opened:
                    opened = task.context
                    address = f"{Path(os.fsdecode(opened)).as_uri()}?mode=ro"
                    context = Context(sqlite3.connect(address, uri=True))
                for batch in carry_out(Path(os.fsdecode(task.root)), task.job, context):
                    pipe.send_bytes(_ENCODE(batch))
            except (BrokenPipeError, ConnectionResetError):
                raise
            except Exception:  # noqa: BLE001 (whatever it is, the builder must know)
                pipe.send_bytes(b"!" + traceback.format_exc().encode())
