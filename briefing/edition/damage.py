"""Telling damage of an edition from other errors that are met while it is read.

What is stored has checksums where it is read (`store`, `orders`); the search engine looks at its own only
when it is asked to, as they are of whole files. So they are looked at when something went wrong, and once
by a reader who goes on reading meanwhile: damage may also give wrong hits.
"""

from __future__ import annotations

import os
import sqlite3
import time
import zlib
from pathlib import Path

import msgspec

from briefing.edition.core import Core
from briefing.edition.shelf import is_sound
from briefing.edition.store import DamageError

_DAMAGE = (DamageError, sqlite3.DatabaseError, msgspec.MsgspecError)
_PIECE = 1 << 18
# How the engine ends a file: a JSON text with the checksum of all before it, its length, a number.
_MAGIC, _TAIL = 1337, 8


class _End(msgspec.Struct):
    crc: int


def is_damage(error: BaseException, core: Core) -> bool:
    """Whether ERROR, met while CORE was read, comes of files that are not what was written.

    Where the error itself does not say so the files are read whole: it may be a mistake of ours.
    """
    if isinstance(error, _DAMAGE):
        return True
    index = core.index_folder
    if index is None or not (isinstance(error, Exception) or is_panic(error)):
        return False
    sound = core.lock is None or is_sound(index.parent)  # what is kept for one run has no manifest
    return not (sound and _is_sound_store(core) and is_sound_index(index))


def is_panic(error: BaseException) -> bool:
    """Whether ERROR is a panic of the search engine, which stops its thread only and is no Exception."""
    return type(error).__module__ == "pyo3_runtime"


def _is_sound_store(core: Core) -> bool:
    try:
        return bool(core.store.all("PRAGMA integrity_check(1)") == [("ok",)])
    except sqlite3.Error:
        return False


def is_sound_index(folder: Path, rest: float = 0.0) -> bool:
    """Whether the files of an index have the checksums at their ends, others have none; with a REST (seconds)
    after each piece, so that others have the disk and the processor."""
    try:
        return all(
            _is_whole(path, rest) for path in folder.iterdir() if path.suffix not in (".json", ".lock")
        )
    except (OSError, msgspec.MsgspecError):
        return False


def _is_whole(path: Path, rest: float) -> bool:
    with path.open("rb") as file:
        left = file.seek(-_TAIL, os.SEEK_END)
        tail = file.read()
        length, magic = (int.from_bytes(part, "little") for part in (tail[:4], tail[4:]))
        if magic != _MAGIC or length > left:
            return False
        left = file.seek(left - length)
        end = msgspec.json.decode(file.read(length), type=_End)
        file.seek(0)
        checksum = 0
        while left and (piece := file.read(min(left, _PIECE))):
            checksum, left = zlib.crc32(piece, checksum), left - len(piece)
            time.sleep(rest)
    return checksum == end.crc
