"""Where in its file each key and value of one record stands.

Marks are found by reading the record once more, when a diagnostic needs them: remembering them for
every value would cost a load more than reading.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from yaml import CBaseLoader, YAMLError
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from briefing.content.finding import FieldPath
from briefing.content.sanitise import sanitise_line
from briefing.content.tree import LINE_BREAK, NESTING_MAX, Event, legal

_EXCERPT_MAX = 400
# Characters within which most records end; longer ones are read again with more.
_RECORD_USUAL = 4096


class Mark(NamedTuple):
    """A place in a file: line and column from 1, and how many characters it covers."""

    line: int
    column: int
    width: int = 1


class Lines:
    """The lines of a text, by number; found once, when the first is asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: list[int] = []

    def start(self, line: int) -> int:
        """Offset of LINE (from 1) in the text."""
        if not self._starts:
            self._starts = [0, *(match.end() for match in LINE_BREAK.finditer(self.text))]
        return self._starts[line - 1] if 0 < line <= len(self._starts) else len(self.text)

    def excerpt(self, line: int) -> str:
        """LINE, safe to show."""
        if line < 1:
            return ""
        start = self.start(line)
        text = self.text[start : self.start(line + 1)][:_EXCERPT_MAX]
        return sanitise_line(text.rstrip("\r\n\x85\u2028\u2029"))

    def from_mark(self, line: int, column: int, size: int) -> str:
        """The text from a mark on, at most SIZE characters, padded so that columns stay what they are."""
        start = self.start(line) + column - 1
        return " " * (column - 1) + self.text[start : start + size]


class Marks:
    """The marks of one record's keys and values."""

    def __init__(self, lines: Lines, line: int, column: int) -> None:
        self._record = Mark(line, column)
        self._first = line
        size = _RECORD_USUAL
        while not self._read(lines.from_mark(line, column, size)) and size < len(lines.text):
            size *= 8

    def _read(self, text: str) -> bool:
        """Mark what TEXT begins with; whether the record ends in it."""
        self._keys: dict[FieldPath, Mark] = {}
        self._values: dict[FieldPath, Mark] = {}
        self._get: Callable[[], Event] = CBaseLoader(legal(text)).get_event
        try:
            self._get()
            self._get()
            first = self._get()
            if first is None:  # the stream ended: an empty entry, or a file that changed meanwhile
                return True
            end = self._value(first, ())
        except YAMLError:
            return False  # what was read before the error is marked; the error is reported elsewhere
        return end < len(text)

    def value(self, path: FieldPath) -> Mark:
        """Where the value at PATH stands; where it is missing, the nearest thing around it."""
        while path and path not in self._values:
            path = path[:-1]
        return self._values[path] if path else self._record

    def ending(self, line: int, column: int) -> FieldPath | None:
        """The path of the value that ends on LINE before COLUMN, or is empty there; None when none does."""
        ends = (
            path
            for path, mark in self._values.items()
            if mark.line == line and column in (mark.column, mark.column + mark.width)
        )
        return next(ends, None)

    def key(self, path: FieldPath) -> Mark:
        """Where the key that PATH ends in stands, or its value when it has none."""
        return self._keys.get(path) or self.value(path)

    def _mark(self, event: Event) -> Mark:
        start, end = event.start_mark, event.end_mark
        if type(event) is ScalarEvent and start.line == end.line:
            return Mark(self._first + start.line, start.column + 1, max(1, end.column - start.column))
        return Mark(self._first + start.line, start.column + 1)

    def _value(self, event: Event, path: FieldPath) -> int:
        """Mark what EVENT opens, and give back the offset of its end."""
        self._values.setdefault(path, self._mark(event))
        if len(path) > NESTING_MAX:
            raise YAMLError
        if type(event) is MappingStartEvent:
            while type(event := self._get()) is not MappingEndEvent:
                key = event
                if type(key) is not ScalarEvent:
                    self._value(key, (*path, "?"))
                    self._value(self._get(), (*path, "?"))
                    continue
                inner = (*path, key.value)
                self._keys.setdefault(inner, self._mark(key))
                self._value(self._get(), inner)
        elif type(event) is SequenceStartEvent:
            position = 0
            while type(event := self._get()) is not SequenceEndEvent:
                self._value(event, (*path, position))
                position += 1
        end: int = event.end_mark.index
        return end
