"""What is wrong with a query, for the one who wrote it."""

from __future__ import annotations


class QueryError(Exception):
    """One message; `column` counts characters from 1."""

    def __init__(self, column: int, message: str) -> None:
        super().__init__(f"column {column}: {message}")
        self.column = column
        self.message = message
