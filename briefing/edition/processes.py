"""Starting processes of our own, each with a pipe to it; they end when the pipe does.

Not multiprocessing's own: that runs the main module of the program again in each of them. They are
in a session of their own, so Ctrl-C is for the program alone, which then closes the pipe.
"""

from __future__ import annotations

import gc
import json
import os
import select
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection, Pipe
from threading import Thread
from typing import NamedTuple

_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from briefing.edition.processes import serve; serve(*sys.argv[2:])"
)


# Such processes make a great many values that live shortly and are in no cycles: the collector need not
# look among them after every 700 of them, nor ever among what was there from the start.
_COLLECTED_AFTER = 20_000


class Child(NamedTuple):
    """A process that was started, and our end of its pipe."""

    process: subprocess.Popen[bytes]
    pipe: Connection

    def stop(self) -> None:
        """Close the pipe and wait until the process has ended."""
        self.pipe.close()
        self.process.wait()


def start(task: Callable[[Connection], None]) -> Child:
    """Run TASK, a function of a module, in a process of its own with its end of the pipe."""
    ours, theirs = Pipe()
    with theirs:
        arguments = json.dumps(sys.path), task.__module__, task.__name__, str(theirs.fileno())
        process = subprocess.Popen(  # noqa: S603 (this very interpreter)
            [sys.executable, "-c", _CODE, *arguments],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    return Child(process, ours)


def serve(module: str, function: str, descriptor: str) -> None:
    """Run what `start` was given; in the process that it started."""
    with Connection(int(descriptor)) as pipe:
        task = getattr(import_module(module), function)
        Thread(target=_end_with, args=(pipe,), daemon=True).start()
        gc.freeze()
        gc.set_threshold(_COLLECTED_AFTER)
        task(pipe)


def _end_with(pipe: Connection) -> None:
    """End this process, whatever it is doing, when the other end of PIPE is closed."""
    ended = select.poll()
    ended.register(pipe.fileno(), 0)  # what comes through it is for the task
    ended.poll()
    os._exit(1)
