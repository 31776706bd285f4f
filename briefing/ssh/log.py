"""One structured log: a line of JSON an event, nothing raw from a client in it.

`json.dumps` keeps to ASCII and escapes every control character, so a client's name, terminal or command
cannot draw on the terminal of whoever reads the log; long values are cut.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import sys
import time
from io import TextIOWrapper
from pathlib import Path

LONGEST = 300
# How often (seconds) the same is said again by what is not ours.
SELDOM = 60.0
_log = logging.getLogger("briefing.serve")


class _JsonLines(logging.Formatter):
    """Formats a record with its fields as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "event": record.getMessage()[:LONGEST],
            "worker": record.process,
        }
        line |= {name: _short(value) for name, value in getattr(record, "fields", {}).items() if value != ""}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)[-8000:]
        return json.dumps(line, ensure_ascii=True, default=str)


class _LogFile(logging.handlers.WatchedFileHandler):
    """A file that, where it is made here, the world cannot read; one that is there stays as it is."""

    def _open(self) -> TextIOWrapper:
        return TextIOWrapper(
            open(self.baseFilename, "ab", opener=_for_the_group), encoding="ascii", errors=self.errors
        )

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except OSError:  # what is not opened anew must not end whoever had something to say
            self.handleError(record)


class _Seldom(logging.Filter):
    """Leaves out what was just said: asyncio says hundreds of times a second that too much is open."""

    def __init__(self) -> None:
        super().__init__()
        self._last, self._since = "", 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if said == self._last and record.created - self._since < SELDOM:
            return False
        self._last, self._since = said, record.created
        return True


def _for_the_group(path: str, flags: int) -> int:
    return os.open(path, flags, 0o640)


def _short(value: object) -> object:
    return value[:LONGEST] if isinstance(value, str) else value


def start_log(path: Path | None) -> None:
    """Send the log to PATH (opened anew when rotated away), else to standard error."""
    handler = logging.StreamHandler(sys.stderr) if path is None else _LogFile(path, encoding="ascii")
    handler.setFormatter(_JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("asyncio").filters[:] = [_Seldom()]
    logging.getLogger("asyncssh").setLevel(logging.ERROR)
    _log.setLevel(logging.INFO)


def say(event: str, **fields: object) -> None:
    """Log that EVENT happened."""
    _log.info(event, extra={"fields": fields})


def problem(event: str, error: BaseException | None = None, **fields: object) -> None:
    """Log that something went wrong, with the traceback of ERROR."""
    _log.error(event, exc_info=error, extra={"fields": fields})
