"""The text of one content file: opened with care (regular, of bearable size, UTF-8), written in one step."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from briefing.content import codes
from briefing.content.library import refuse


class Unreadable(Exception):
    """A file that cannot be read as text; carries the problem it becomes."""

    def __init__(self, code: str, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line


def read_text(path: os.PathLike[str]) -> str:
    """The text of a content file; raises Unreadable for what is no UTF-8 file of bearable size."""
    return decoded(read_bytes(path))


def read_bytes(path: os.PathLike[str]) -> bytes:
    """What is in a content file; raises Unreadable for what is no file of bearable size."""
    try:
        # Without O_NONBLOCK, opening a pipe that took the file's place would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            refusal = refuse(status)
            if refusal is not None:
                raise Unreadable(*refusal)
            return stream.read(status.st_size + 1)
    except OSError as error:
        raise Unreadable(codes.UNREADABLE, f"cannot be read: {error.strerror or error}") from error


def decoded(data: bytes) -> str:
    """The text that DATA is; raises Unreadable when it is no UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8: byte 0x{data[error.start]:02x}; save the file as UTF-8"
        raise Unreadable(codes.NOT_UTF8, message, line) from error


def write_text(path: Path, text: str) -> None:
    """Write the file anew in one step, so that nobody ever sees half of it; its mode and links are kept."""
    path = path.resolve()
    new = path.with_name(f".{path.name}.new")
    try:
        new.unlink(missing_ok=True)  # a link in its place would be written through, to wherever it leads
        new.write_bytes(text.encode())
        if path.exists():
            shutil.copymode(path, new)
        new.replace(path)
    except OSError as error:
        with suppress(OSError):  # on a disk that may only be read, this fails too
            new.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error
