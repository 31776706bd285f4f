"""Where the search engine tells of its panics: at descriptor 2, past all that Python knows of.

They come as errors too, so nothing is lost where what is said there would only be in the way.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper

_ERRORS = 2


def set_errors_aside() -> int:
    """Let nothing be said at standard error until it is put back; gives what stands for it meanwhile."""
    kept = os.dup(_ERRORS)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _ERRORS)
    os.close(nowhere)
    return kept


def put_errors_back(kept: int) -> None:
    os.dup2(kept, _ERRORS)
    os.close(kept)


@contextmanager
def own_errors_only() -> Iterator[None]:
    """Let only what Python writes reach standard error."""
    ours = sys.stderr
    if not isinstance(ours, TextIOWrapper) or ours is not sys.__stderr__:  # it is nowhere, or kept by a test
        yield
        return
    ours.flush()
    kept = set_errors_aside()
    try:
        with open(
            kept, "w", encoding=ours.encoding, errors=ours.errors, buffering=1, closefd=False
        ) as sys.stderr:
            yield
    finally:
        sys.stderr = ours
        put_errors_back(kept)
