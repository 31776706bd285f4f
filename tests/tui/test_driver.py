"""A terminal that is gone harms nobody: what is written to it is thrown away."""

from __future__ import annotations

import errno
import io
from typing import IO, cast

from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread

from briefing.tui.driver import Output
from briefing.tui.letters import STAND_IN


class Gone(io.StringIO):
    """A terminal that has hung up."""

    def write(self, text: str) -> int:
        raise OSError(errno.EIO, "Input/output error")

    def flush(self) -> None:
        raise OSError(errno.EIO, "Input/output error")


def test_writing_never_waits_for_a_terminal_that_is_gone() -> None:
    thread = WriterThread(cast("IO[str]", Output(Gone())))
    thread.start()
    for _ in range(3 * MAX_QUEUED_WRITES):
        thread.write("x")  # would wait for ever, once the queue were full
    thread.stop()
    assert not thread.is_alive()


def test_all_is_written_to_one_that_is_there() -> None:
    terminal = io.StringIO()
    thread = WriterThread(cast("IO[str]", Output(terminal)))
    thread.start()
    for _ in range(3 * MAX_QUEUED_WRITES):
        thread.write("x")
    thread.stop()
    assert terminal.getvalue() == "x" * 3 * MAX_QUEUED_WRITES


def test_letters_that_the_terminal_lacks_leave_the_others_where_they_are() -> None:
    written = io.BytesIO()
    terminal = io.TextIOWrapper(written, encoding="latin-1", errors=STAND_IN)
    terminal.write("│ “Café” ─── سلام 日本 …")
    terminal.flush()
    assert written.getvalue().decode("latin-1") == '| "Café" --- ???? ???? >'
