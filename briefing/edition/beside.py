"""Work that goes on while its asker does something else."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

_Result = TypeVar("_Result")


class Beside(Generic[_Result]):
    """Does WORK in a thread of its own, at once; made for work that lets other threads go on."""

    def __init__(self, work: Callable[[], _Result]) -> None:
        self._work = work
        self._done: list[_Result] = []
        self._error: BaseException | None = None
        self._thread: Thread | None = Thread(target=self._run, name="beside")
        try:
            self._thread.start()
        except RuntimeError:  # no room for another thread
            self._thread = None
            self._run()

    def result(self) -> _Result:
        """What the work gave; waits for it, and raises what it raised."""
        if (thread := self._thread) is not None:  # several threads may ask at once
            thread.join()
            self._thread = None
        if self._error is not None:
            raise self._error
        return self._done[0]

    def _run(self) -> None:
        try:
            self._done.append(self._work())
        except BaseException as error:  # noqa: BLE001 (raised where the result is asked for)
            self._error = error
