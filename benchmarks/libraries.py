"""Generated libraries kept between runs, and the editions built from them."""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks.generate import generate
from briefing.edition.edition import Edition, open_edition

DATA = Path(__file__).parent / ".data"
# Measured programs find the editions here too.
CACHE = DATA / "cache"


def library(records: int) -> Path:
    """The folder of a library of RECORDS records, generated at its first use."""
    folder = DATA / str(records)
    if not folder.exists():
        unfinished = folder.with_name(f"{records}.unfinished")
        unfinished.mkdir(parents=True, exist_ok=True)
        generate(unfinished, records)
        unfinished.rename(folder)
    return folder


def edition(records: int) -> Edition:
    """That library's edition, built at its first use."""
    os.environ["XDG_CACHE_HOME"] = str(CACHE)
    return open_edition(library(records))
