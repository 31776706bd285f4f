"""The edition that new sessions get, exchanged for a newer one without a restart."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.edition.edition import Edition, LibraryError, open_edition
from briefing.ssh.log import problem, say
from briefing.ssh.reader import reader_of

if TYPE_CHECKING:
    from briefing.ssh.driver import Line
    from briefing.ssh.reader import RemoteReader


class Shelf:
    """Holds one edition for all sessions that begin now; earlier sessions keep theirs."""

    def __init__(self, content: Path) -> None:
        self._content = content
        self._edition: Edition | None = None

    async def open(self) -> None:
        """Take the newest edition; when it cannot be opened, or a file was saved broken, keep the last."""
        try:
            edition = await asyncio.to_thread(open_edition, self._content, say=problem)
        except LibraryError as error:
            if self._edition is None:
                raise
            problem("the new edition cannot be opened, the last one stays", why=str(error))
            return
        before = self._edition
        if before is not None:
            if edition.identity == before.identity:
                return
            if broken := await asyncio.to_thread(edition.newly_broken, before):
                problem("the new edition is broken, the last one stays", why=str(broken[0]))
                return
        self._edition = edition
        for line in edition.notices:
            problem(line)
        say("edition", identity=edition.identity, briefings=len(edition.briefings()))

    def library(self) -> tuple[str, ...]:
        """The edition that commands read, as options of `briefing --restricted`."""
        assert self._edition is not None
        return "--content", str(self._edition.root), "--edition", self._edition.mark

    def reader(self, line: Line) -> RemoteReader:
        assert self._edition is not None
        return reader_of(self._edition, line)
