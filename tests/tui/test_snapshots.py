"""Each pane as it looks, at the size of a plain terminal and of a wide one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from briefing.edition.edition import Edition
from briefing.tui.app import ReaderApp
from briefing.tui.settings import Settings

PANES = {"brief": "1", "actors": "2", "positions": "3", "incidents": "4", "quotes": "5", "sources": "6"}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("pane", PANES)
def test_a_pane(
    edition: Edition, snap_compare: Any, tmp_path: Path, pane: str, size: tuple[int, int]
) -> None:
    app = ReaderApp(edition.only("iraq-militias-2025-06"), Settings(state=tmp_path))

    async def come_to_rest(pilot: Pilot[None]) -> None:
        await pilot.press(PANES[pane])
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=come_to_rest)
