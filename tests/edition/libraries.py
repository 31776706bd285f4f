"""Small libraries for tests, written as text so that each test shows its content."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

BRIEFING = """
schema: 1
id: {id}
title: A title
question: Will it hold?
as_of: 2025-06-16
"""


def write_library(root: Path, files: dict[str, str]) -> Path:
    """Write FILES (path to text) under ROOT, and a briefing.yaml to each folder without one."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"))
        folder = root / name.split("/")[0]
        if folder.name != "_shared" and not (folder / "briefing.yaml").exists():
            (folder / "briefing.yaml").write_text(BRIEFING.format(id=folder.name).lstrip("\n"))
    return root
