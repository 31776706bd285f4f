"""Draw the reader as it really is, for the README: ``python scripts/picture.py OUT.svg``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from briefing.edition.edition import open_edition
from briefing.tui.app import ReaderApp
from briefing.tui.settings import Settings

CONTENT = Path(__file__).parent.parent / "content"


async def draw(out: Path) -> None:
    app = ReaderApp(open_edition(CONTENT), Settings())
    async with app.run_test(size=(110, 30)) as pilot:
        await pilot.press("5", "slash", *"hamidawi", "enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        out.write_text(app.export_screenshot(title="briefing"))


if __name__ == "__main__":
    asyncio.run(draw(Path(sys.argv[1])))
