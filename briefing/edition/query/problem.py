"""What is wrong with a query, for the one who wrote it."""

from __future__ import annotations


class QueryError(Exception):
    """One message, safe to show; `column` counts characters from 1."""

    def __init__(self, column: int, message: str) -> None:
        from briefing.content.sanitise import sanitise_line

        # It repeats what was typed, in which a line or form feed counts as a space.
        message = sanitise_line(message)
        super().__init__(f"column {column}: {message}")
        self.column = column
        self.message = message
