"""Running the reader in this process's own terminal."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from threading import Thread, get_ident
from typing import Any, TypeVar

from rich.text import Text
from textual import events, work
from textual.worker import WorkerFailed

from briefing.content.library import folder_at
from briefing.edition.edition import Edition, LibraryError
from briefing.edition.progress import Pace
from briefing.tui.app import ReaderApp
from briefing.tui.driver import TerminalDriver
from briefing.tui.first import FirstScreen
from briefing.tui.settings import Settings, from_environment

_Result = TypeVar("_Result")
_DAMAGED_AND_GONE = "the edition in the cache was damaged, and the content is gone"
# What `briefing` ends with where there is nothing to be read.
_UNUSABLE = 2
# As a shell says of a process that a signal ended.
_SIGNALLED = 128
_WATCH_AFTER = 0.5
# When (seconds) to look through the search index, and the pause after each quarter of a megabyte of it: of a
# million records, 280 MB, it takes half a minute and a hundredth of the processor.
_EXAMINE_AFTER, _REST = 3.0, 0.02
# Building a newer edition that takes longer (seconds) is told.
_TELL_AFTER = 1
# How often (seconds) to say how far building is.
_PROGRESS = 0.5
# How often (seconds) to look at a library that has gone away, or that the system has no watch left for.
_LOOK_AGAIN = 1
# How often (seconds), and how many times, to look whether the first screen is complete.
_LOOK, _LOOKS = 0.004, 500
# How long a search may keep the screen's thread waiting (seconds; Python's own is five times that).
SWITCH = 0.001
# A reader that has not ended in order by then (a terminal that takes nothing, say) is ended by the kernel.
_PATIENCE = 5


class LocalReader(ReaderApp):
    """The reader of this process, which ends in order on the signals that would leave a raw terminal."""

    def __init__(self, edition: Edition, settings: Settings, path: Path, first: FirstScreen) -> None:
        super().__init__(edition, settings, driver_class=TerminalDriver)
        self._path = path
        self.first = first
        # Before the first screen is complete keys wait, and nothing is drawn over what stands in for it.
        self._beginning = True
        self._looks = 0
        # What was said when the library could not be read, as long as it cannot.
        self._away = ""
        # What was in the way of opening the content, as far as it has been said.
        self._said: set[str] = set()
        self._pace = Pace(_PROGRESS)
        edition.tell_mending(self._mending)

    async def on_event(self, event: events.Event) -> None:
        if self._beginning and isinstance(event, events.Key | events.Paste):
            # A terminal that still edits lines, as for the shell, has made a line feed of Enter.
            self._keys.append(events.Key("enter", "\r") if _line_feed(event) else event)
        else:
            await super().on_event(event)

    def take_frame(self) -> str:
        return "" if self._beginning and self.first.found is not None else super().take_frame()

    def _begin(self) -> None:
        """Go on from the first screen, once it is complete."""
        frame, complete = self._frame, self.at_rest
        self._looks += 1
        if frame is None or not (complete or self._looks > _LOOKS):
            self.set_timer(_LOOK, self._begin)
            return
        self._beginning = False
        whole = frame.whole()
        if self.first.found is not None:
            if self.first.stands(whole):
                frame.shown()
            else:
                frame.forget(*self._frame_size)
        if complete:
            self.first.keep(whole, self._frame_size)
        self._send_frame()
        self.call_next(self._next)
        _collect_from_now_on()

    def on_mount(self) -> None:
        self._say_notices()
        self.call_after_refresh(self._begin)
        # Watching costs an import, so it begins after the first screen.
        self.set_timer(_WATCH_AFTER, self._watch)
        self.set_timer(_EXAMINE_AFTER, self._examine)

    async def run_async(self, **options: Any) -> None:
        # Before the terminal is touched, so that no signal finds it half changed.
        # Not by the loop, which would still hear of a Ctrl-C that was meant for the reader's editor.
        loop = asyncio.get_running_loop()

        def end(number: int, _frame: object) -> None:
            signal.alarm(_PATIENCE)
            loop.call_soon_threadsafe(self._ended_by, number)

        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, end)
        await super().run_async(**options)

    def post_display_hook(self) -> None:
        # Damage is met when what is shown is read.
        self._say_notices()

    def _say_notices(self) -> None:
        """Say, once, what was in the way of opening the content."""
        lines = [line for line in self.library.notices if line not in self._said]
        if lines:
            self._said.update(lines)
            self.notify("\n".join(lines), title="Cache", severity="warning", timeout=20, markup=False)
            # One that took the place of a damaged edition is of what the content is now.
            self.call_later(self.show_edition, self.library)

    def _mending(self, *built: Any) -> None:
        """Say that what the screen's own thread waits for goes on; nothing else is drawn meanwhile."""
        if self._driver is None or self._thread_id != get_ident():
            return
        if (step := self._pace.step(*built)) is not None:
            width, height = self.size
            words = f" The edition in the cache is damaged; it is built again: {step}"[: width - 1]
            self._driver.write(f"\x1b[{height};1H\x1b[7m{words.ljust(width - 1)}\x1b[m")
            self._driver.flush()
            self.call_later(self._show_again)

    @work
    async def _examine(self) -> None:
        """Look through the search index once, since opening a large one does not; damage gives wrong hits."""
        for _ in range(2):  # what was built meanwhile, on a damaged one, has its damage
            if not await _apart(partial(self.library.examine, _REST)):
                break
            self.show_edition(self.library)
            self._say_notices()

    @work
    async def _watch(self) -> None:
        """Show what editors save, as soon as it is saved."""
        from watchfiles import awatch

        while True:
            folder, changed = folder_at(self._path), True
            changes = awatch(
                self._path, step=20, debounce=200, rust_timeout=_LOOK_AGAIN * 1000, yield_on_timeout=True
            )
            try:
                # No event tells of another folder in its place, nor where a link in its place leads since.
                while folder_at(self._path) == folder:
                    change = asyncio.ensure_future(anext(changes))
                    try:
                        # The watch stands from its first step on, so nothing is missed while it is read.
                        await asyncio.sleep(0)
                        if changed:
                            await self._read_again()
                        changed = bool(await change)
                    finally:
                        change.cancel()
                await changes.aclose()
            except (OSError, RuntimeError, UnicodeError):
                # The whole library is away, or cannot be watched: what the system grants all programs of a
                # user together may be used up, or its path is not UTF-8. It has been looked at all the same,
                # and will be again.
                await asyncio.sleep(_LOOK_AGAIN)

    async def _read_again(self) -> None:
        """Show what the content is now, if that is not what is shown."""
        loop, pace = asyncio.get_running_loop(), Pace(_PROGRESS)

        def progress(*built: Any) -> None:
            if (step := pace.step(*built)) is not None:
                loop.call_soon_threadsafe(self.show_progress, step)

        refreshing = _apart(lambda: self.library.refresh(progress))
        await asyncio.wait([refreshing], timeout=_TELL_AFTER)
        if not refreshing.done() and not self.library.partial:
            self.tell("The files have changed; what is new follows.")
        try:
            found = await refreshing
        except LibraryError as error:
            words = f"The last content stays: {error}"
            if words != self._away:
                self.tell(words, "warning")
            self._away = words
            self.show_progress(None)
            return
        self.take_back(self._away)
        self._away = ""
        if found.edition is not None:
            self.show_edition(found.edition)
        self.show_progress(None)
        self._say_notices()
        self.show_broken(found.broken)
        self.tell_broken()

    def _handle_exception(self, error: Exception) -> None:
        """End the reader; in a line where its edition is damaged and there is nothing to build one of."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        if not isinstance(cause, LibraryError):
            super()._handle_exception(error)
        elif not self._exit:
            self.exit(return_code=_UNUSABLE, message=Text(f"briefing: {_DAMAGED_AND_GONE} ({cause})"))

    def _ended_by(self, number: int) -> None:
        self.exit(return_code=_SIGNALLED + number)


def _line_feed(event: events.Key | events.Paste) -> bool:
    return isinstance(event, events.Key) and event.character == "\n"


def _apart(call: Callable[[], _Result]) -> asyncio.Future[_Result]:
    """The outcome of CALL, which may take minutes; the process ends without waiting for it."""
    outcome: Future[_Result] = Future()
    outcome.set_running_or_notify_cancel()

    def run() -> None:
        try:
            outcome.set_result(call())
        except BaseException as error:  # noqa: BLE001 (it is raised where the outcome is waited for)
            outcome.set_exception(error)

    Thread(target=run, daemon=True).start()
    return asyncio.wrap_future(outcome)


def _collect_from_now_on() -> None:
    """Collect rubbish as Python does by itself, but do not look through what the start has made: it stays."""
    gc.freeze()
    gc.set_threshold(700, 10, 10)


def run_reader(edition: Edition, path: Path, first: FirstScreen, *, low_bandwidth: bool = False) -> int:
    """Read EDITION, which was opened at PATH, until the reader leaves; gives the exit status.

    FIRST has drawn the first screen, or keeps it for the next start.
    """
    sys.setswitchinterval(SWITCH)
    settings = from_environment(os.environ, low_bandwidth=low_bandwidth)
    app = LocalReader(edition, settings, path, first)
    app.run()
    return app.return_code or 0
