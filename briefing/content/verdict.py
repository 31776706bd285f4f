"""Verdicts: how far a record's words are known to stand in their source."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Standing(StrEnum):
    """How far a record's words are known to stand in their source; the worst is first."""

    DIFFERS = "differs"
    STALE = "stale"
    UNVERIFIED = "unverified"
    VERBATIM = "verbatim"


class Verdict(NamedTuple):
    """What a reader is told of a record; with a checksum, the text it was compared with."""

    standing: Standing
    sha256: str | None = None
