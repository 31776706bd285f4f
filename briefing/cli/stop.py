"""Stopping a command with one message, without a traceback."""

from __future__ import annotations


class Stop(Exception):
    """Ends the command: the message goes to stderr, and the exit code is that of what is unusable."""
