"""Stopping a command with one message, without a traceback."""

from __future__ import annotations


class Stop(Exception):
    """Ends the command: the message goes to stderr, `code` is the exit code."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code
