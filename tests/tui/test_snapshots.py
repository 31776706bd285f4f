"""Each pane as a picture, at the two sizes people have most; `pytest --snapshot-update` draws them anew."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from briefing.edition.edition import Edition
from briefing.tui.app import ReaderApp
from briefing.tui.places import PANES, TITLES
from briefing.tui.settings import Settings


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("index", range(len(PANES)), ids=[TITLES[kind] for kind in PANES])
def test_pane(edition: Edition, snap_compare: Any, index: int, size: tuple[int, int]) -> None:
    async def go(pilot: Pilot[None]) -> None:
        await pilot.press(str(index + 1))
        await pilot.pause()

    assert snap_compare(ReaderApp(edition, Settings()), terminal_size=size, run_before=go)
