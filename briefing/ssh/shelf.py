"""The edition that new sessions get, exchanged for a newer one without a restart."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.edition.edition import Edition, LibraryError, open_edition, standing_edition
from briefing.ssh.log import problem, say
from briefing.ssh.reader import reader_of
from briefing.ssh.wire import Last

if TYPE_CHECKING:
    from briefing.ssh.driver import Line
    from briefing.ssh.reader import RemoteReader


class Shelf:
    """Holds one edition for all sessions that begin now; earlier sessions keep theirs."""

    def __init__(self, content: Path, tell: Callable[[Last], object]) -> None:
        self._content = content
        self._tell = tell
        self._opening = asyncio.Lock()
        self._edition: Edition | None = None

    async def open(self, last: Last | None = None) -> None:
        """Take the newest edition; when it cannot be opened, or a file was saved broken, keep the last.

        LAST is the one that others show, for a process that has none of its own.
        """
        async with self._opening:  # of two that are asked for, the later may be opened sooner
            edition = await asyncio.to_thread(self._newest, last)
            if self._edition is not None and edition.identity == self._edition.identity:
                return
            self._edition = edition
        for line in edition.notices:
            problem(line)
        say("edition", identity=edition.identity, briefings=len(edition.briefings()))
        self._tell(Last(os.fsencode(edition.root), edition.mark))

    def _newest(self, last: Last | None) -> Edition:
        before = self._edition
        if before is None and last is not None:
            before = standing_edition(Path(os.fsdecode(last.root)), last.mark, say=problem)
        try:
            edition = open_edition(self._content, say=problem)
        except LibraryError as error:
            if before is None:
                raise
            problem("the new edition cannot be opened, the last one stays", why=str(error))
            return before
        if before is None or edition.identity == before.identity:
            return edition
        if broken := edition.newly_broken(before):
            problem("the new edition is broken, the last one stays", why=str(broken[0]))
            return before
        return edition

    def library(self) -> tuple[str, ...]:
        """The edition that commands read, as options of `briefing --restricted`."""
        assert self._edition is not None
        return "--content", str(self._edition.root), "--edition", self._edition.mark

    def reader(self, line: Line) -> RemoteReader:
        assert self._edition is not None
        return reader_of(self._edition, line)
