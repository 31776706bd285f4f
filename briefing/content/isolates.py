"""Bidirectional isolates: which of a text have no partner, and lines that parted some from theirs.

The sanitiser leaves an isolate that is closed in its paragraph, as names in another script need it. A
line of a wrapped or shortened text may hold one half of it, and would turn what stands beside the line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

OPENING = "\u2066\u2067\u2068"
CLOSING = "\u2069"
_ISOLATE = re.compile(f"[{OPENING}{CLOSING}]")


def unbalanced(text: str) -> frozenset[int]:
    """Where TEXT opens an isolate it does not close, or closes one it did not open."""
    opened: list[int] = []
    stray: list[int] = []
    for match in _ISOLATE.finditer(text):
        if match[0] != CLOSING:
            opened.append(match.start())
        elif opened:
            opened.pop()
        else:
            stray.append(match.start())
    return frozenset(opened + stray)


def closed(text: str) -> str:
    """TEXT, cut from a longer one, with what it opens closed and what closes nothing left out."""
    return balanced([text])[0]


def balanced(pieces: Sequence[str]) -> Sequence[str]:
    """PIECES of one line, with what it opens closed at its end and what closes nothing left out."""
    line = "".join(pieces)
    cut = () if line.isascii() else unbalanced(line)
    if not cut:
        return pieces
    out: list[str] = []
    at = 0
    for piece in pieces:
        out.append("".join(c for i, c in enumerate(piece, at) if i not in cut or c != CLOSING))
        at += len(piece)
    out[-1] += CLOSING * sum(line[i] != CLOSING for i in cut)
    return out
