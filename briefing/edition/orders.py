"""Orders: for each pane, the numbers of its records as they stand in it, in one flat file.

A page is a slice of it, whatever the size of the library. Each block carries a checksum, so that
a damaged page is seen when it is read.
"""

from __future__ import annotations

import os
import zlib
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from briefing.edition.store import DamageError

_BLOCK = 4096
_PER_BLOCK = _BLOCK // 4 - 1


class OrderWriter:
    """Writes numbers one after another; `count` is where the next will stand."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._waiting = array("I")
        self.count = 0

    def extend(self, numbers: Iterable[int]) -> None:
        before = len(self._waiting)
        self._waiting.extend(numbers)
        self.count += len(self._waiting) - before
        while len(self._waiting) >= _PER_BLOCK:
            self._write(self._waiting[:_PER_BLOCK])
            del self._waiting[:_PER_BLOCK]

    def finish(self) -> None:
        if self._waiting:
            self._write(self._waiting)
            self._waiting = array("I")

    def _write(self, numbers: array[int]) -> None:
        block = numbers.tobytes()
        self._file.write(zlib.crc32(block).to_bytes(4) + block)


class Orders:
    """Reads slices of an order file, from a file or from memory; safe in any thread."""

    def __init__(self, source: Path | bytes) -> None:
        self._memory = source if isinstance(source, bytes) else None
        self._file = -1 if isinstance(source, bytes) else os.open(source, os.O_RDONLY | os.O_CLOEXEC)

    def __del__(self) -> None:
        if self._file >= 0:
            os.close(self._file)

    def slice(self, start: int, stop: int) -> list[int]:
        """The numbers at START to STOP (exclusive), which must lie in the file."""
        return self.array(start, stop).tolist()

    def array(self, start: int, stop: int) -> array[int]:
        """As `slice`, four bytes a number."""
        if stop <= start:
            return array("I")
        first, last = start // _PER_BLOCK, (stop - 1) // _PER_BLOCK
        stored = self._read(first * _BLOCK, (last + 1 - first) * _BLOCK)
        numbers = array("I")
        for offset in range(0, len(stored), _BLOCK):
            block = stored[offset + 4 : offset + _BLOCK]
            if zlib.crc32(block).to_bytes(4) != stored[offset : offset + 4] or len(block) % 4:
                raise DamageError("an order's bytes changed since they were written")
            numbers.frombytes(block)
        found = numbers[start - first * _PER_BLOCK : stop - first * _PER_BLOCK]
        if len(found) != stop - start:
            raise DamageError("an order ends too early")
        return found

    def _read(self, offset: int, size: int) -> bytes:
        if self._memory is not None:
            return self._memory[offset : offset + size]
        return os.pread(self._file, size, offset)
