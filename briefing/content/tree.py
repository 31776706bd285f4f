"""YAML to text-only trees, through libyaml's events where `layout` cannot tell at a glance what stands there.

Scalars stay text (`no`, `12:30` and `2025-06-13` mean what they look like; the schema coerces them),
an empty value or ~ is None, and what YAML bombs are made of is refused. Events cost a fifth of
building objects with yaml.load and show duplicate keys, which yaml.load hides. Each entry of a list
file is handed out as soon as it is read, and after a syntax error reading goes on with the next one.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import chain, islice, pairwise
from operator import attrgetter
from typing import Any, NamedTuple

from yaml import CBaseLoader, MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from briefing.content import codes
from briefing.content.conflicts import MARK, Conflict, cut_out
from briefing.content.layout import COLUMN, MISSING, Tree, entries
from briefing.content.sanitise import is_plain, sanitise, sanitise_line

NESTING_MAX = 20
# After so many syntax errors the rest of a file is not read: it is no YAML at all.
SYNTAX_ERRORS_MAX = 100
# How much of a broken entry is read once more to find the quote that broke it.
_BROKEN_MAX = 65536
# Where an entry that is no YAML says its id: the key begins its line, or comes first in braces.
_ID_SAID = re.compile(
    r"""(?:^[ ]*(?:-[ ]+)?|[{,][ ]*)["']?id["']?[ ]*:[ ]+["']?([a-z0-9-]{1,64})""", re.MULTILINE
)
# What YAML forbids. At one of these libyaml refuses a whole text, the entries before it too.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_PLACE = attrgetter("line", "column")
# What libyaml counts as the end of a line.
LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")

# A YAML event. The stubs make each mark optional and hide what kinds of events have.
Event = Any


class Fault(NamedTuple):
    """What YAML itself is wrong about, before any schema; line and column count from 1."""

    code: str
    line: int
    column: int
    message: str
    width: int = 1


class Item(NamedTuple):
    """One entry of a file and where it starts, with the faults found in it; of column 0 only these count.

    `broken` is the id of an entry that could not be read to its end, as far as it can be told.
    """

    tree: Tree
    line: int
    column: int
    faults: tuple[Fault, ...] = ()
    broken: str = ""


_BEFORE, _AFTER = Item(None, 0, 0), Item(None, sys.maxsize, 0)


def read_items(text: str, *, listed: bool = True) -> Iterator[Item]:
    """The entries of the list that TEXT is, or, unless LISTED, the one mapping that it is."""
    if listed and MARK in text:
        text, conflicts = cut_out(text)
        return _among(_read_items(text, listed=True), conflicts)
    return _read_items(text, listed=listed)


def _among(items: Iterator[Item], conflicts: list[Conflict]) -> Iterator[Item]:
    """ITEMS without those that a conflict is in, each conflict a fault in its place."""
    message = "both sides of a merge stand here, and neither is read"
    done = 0
    for item, following in pairwise(chain((_BEFORE,), items, (_AFTER,))):
        end = bisect_left(conflicts, (following.line,), done)
        inside = any(conflict.inside for conflict in conflicts[done:end])
        if item is not _BEFORE and not inside:
            yield item
        name = item.tree.get("id") if isinstance(item.tree, dict) else item.broken
        for line, within in conflicts[done:end]:
            broken = name if within and isinstance(name, str) else ""
            yield Item(None, line, 0, (Fault(codes.SYNTAX, line, 1, message, len(MARK) - 1),), broken)
        done = end


def _read_items(text: str, *, listed: bool) -> Iterator[Item]:
    clean = "\\" not in text and is_plain(text)
    read = 0
    for start, end, line, tree in entries(text) if listed and clean else ():
        item = _alone(text[start:end], line) if tree is None else Item(tree, line + 1, COLUMN)
        if item is None:
            break
        yield item
        read += 1
        if end == len(text):
            return
    # What is wrong is told as libyaml sees it, from the beginning.
    yield from islice(by_libyaml(text, listed=listed, clean=clean), read, None)


def legal(text: str) -> str:
    """TEXT as libyaml reads it to its end, with all of it in its place."""
    return _FORBIDDEN.sub("\ufffd", text)


def by_libyaml(text: str, *, listed: bool, clean: bool) -> Iterator[Item]:
    """As `read_items`, by libyaml alone; CLEAN when TEXT surely needs no sanitising."""
    faults = [] if clean else list(_forbidden(text))
    items = _legal_items(legal(text) if faults else text, listed=listed, clean=clean)
    return _with_faults(items, faults) if faults else items


def _forbidden(text: str) -> Iterator[Fault]:
    """The first character of each line that YAML forbids."""
    for line, written in enumerate(LINE_BREAK.split(text), start=1):
        if found := _FORBIDDEN.search(written):
            message = f"YAML does not allow the character {sanitise_line(found[0])}"
            yield Fault(codes.SYNTAX, line, found.start() + 1, message)


def _with_faults(items: Iterator[Item], faults: list[Fault]) -> Iterator[Item]:
    """ITEMS, each with the first of FAULTS that lies before the next one."""
    done = 0
    for item, following in pairwise(chain((_BEFORE,), items, (_AFTER,))):
        end = bisect_left(faults, _PLACE(following), done, key=_PLACE)
        if done < end:
            yield item._replace(column=0, faults=(*item.faults, faults[done]))
        elif item is not _BEFORE:
            yield item
        done = end


def _legal_items(text: str, *, listed: bool, clean: bool) -> Iterator[Item]:
    """As `by_libyaml`, of a text without what YAML forbids."""
    at, line, errors = 0, 0, 0
    while True:
        reader = _Reader(text[at:] if at else text, line, clean=clean)
        try:
            yield from reader.items(listed=listed)
            return
        except MarkedYAMLError as error:
            faults = (*reader.faults, _syntax_fault(error, reader))
            yield Item(None, line + reader.line_of_entry + 1, 0, faults, reader.broken_id())
        errors += 1
        # The next line that opens an entry of the same list; the broken entry is left behind.
        following = reader.next_entry()
        if following is None:
            return
        if errors == SYNTAX_ERRORS_MAX:
            message = f"more than {SYNTAX_ERRORS_MAX} syntax errors; the rest of the file is not read"
            yield Item(None, line + 1, 0, (Fault(codes.SYNTAX, line + 1, 1, message),))
            return
        offset, lines = following
        at, line = at + offset, line + lines


def _alone(entry: str, line: int) -> Item | None:
    """The one entry that ENTRY holds; None when it is not so simple, or broken."""
    if "\n..." in entry:  # may end the document, which only what follows can show
        return None
    try:
        found = list(_Reader(entry, line, clean=True).items(listed=True))
    except YAMLError:
        return None
    return found[0] if len(found) == 1 and not found[0].faults else None


class _TooDeepError(MarkedYAMLError):
    """Nesting over the limit; libyaml's time grows with the square of it, so reading stops at once."""


class _Reader:
    """One run of libyaml's parser over a text; starts anew after a syntax error."""

    def __init__(self, text: str, line: int, *, clean: bool) -> None:
        self.text = text
        self.first_line = line
        self.faults: list[Fault] = []
        self._get: Callable[[], Event] = CBaseLoader(text).get_event
        self._clean = clean
        # Only where these stand at all can there be anchors, aliases and tags.
        self._marked = any(character in text for character in "&*!")
        self._dash: int | None = None  # column of the list's hyphens, when they are hyphens
        # Where the entry being read began: offset, line and column, from 0.
        self._entry, self.line_of_entry, self._column = 0, 0, 0

    def items(self, *, listed: bool) -> Iterator[Item]:
        get = self._get
        self._dash = 0 if listed else None  # where something else stands before the list
        get()  # the stream's start
        event = get()
        if type(event) is StreamEndEvent:
            return
        event = get()
        kind = type(event)
        mark = event.start_mark
        if listed and kind is SequenceStartEvent:
            self._check(event)
            self._dash = None if event.flow_style else mark.column
            yield from self._entries()
            self._dash = self._dash or 0  # what stands below a list in brackets is read as well
        elif not listed and kind is MappingStartEvent:
            tree = self._collection(event, 0)
            yield Item(tree, self.first_line + mark.line + 1, mark.column + 1, self._take_faults())
        else:
            if not (kind is ScalarEvent and event.value in MISSING):
                what = "a list of records, each starting with a hyphen" if listed else "a mapping"
                self._fault(codes.TOP_LEVEL, event, f"the file must be {what}")
                yield Item(None, self.faults[0].line, 0, self._take_faults())
            self._skip(event)
        get()  # the document's end
        event = get()
        if type(event) is DocumentStartEvent:
            self._fault(codes.SECOND_DOCUMENT, event, "a second document begins here; it is not read")
            yield Item(None, self.faults[0].line, 0, self._take_faults())

    def _entries(self) -> Iterator[Item]:
        get = self._get
        first_line = self.first_line + 1
        waiting: Item | None = None
        while True:
            try:
                event = get()
            except YAMLError as error:
                if waiting is not None and self._is_past(error):
                    yield waiting
                raise
            if waiting is not None:
                yield waiting
            kind = type(event)
            if kind is SequenceEndEvent:
                return
            mark = event.start_mark
            self._entry, self.line_of_entry, self._column = mark.index, mark.line, mark.column
            tree = self._scalar(event) if kind is ScalarEvent else self._collection(event, 1)
            faults = self._take_faults() if self.faults else ()
            # Held back until what follows proves that the entry has ended, not broken off.
            waiting = Item(tree, first_line + mark.line, mark.column + 1, faults)

    def _is_past(self, error: YAMLError) -> bool:
        """Whether ERROR lies beyond the entry that was read last, in the next one."""
        following = self.next_entry()
        if following is None:
            return False
        mark = getattr(error, "problem_mark", None)
        past = mark is None or mark.line >= following[1]
        if past:
            self._entry, self.line_of_entry = following
            self._column = self._dash or 0
        return past

    def next_entry(self) -> tuple[int, int] | None:
        """Offset and line of the entry after the one being read, for going on after an error."""
        if self._dash is None:
            return None
        opening = re.compile(rf"^ {{{self._dash}}}-(?=[ \r\n])", re.MULTILINE)
        end_of_line = LINE_BREAK.search(self.text, self._entry)
        if end_of_line is None:
            return None
        match = opening.search(self.text, end_of_line.end())
        if match is None:
            return None
        return match.start(), sum(1 for _ in LINE_BREAK.finditer(self.text, 0, match.start()))

    def broken_id(self) -> str:
        """The id of the entry at which reading broke off; empty when none can be made out."""
        following = self.next_entry()
        stop = following[0] if following is not None else self._entry + _BROKEN_MAX
        start = self.text.rfind("\n", 0, self._entry) + 1  # with its hyphen
        said = _ID_SAID.search(self.text, start, min(stop, start + _BROKEN_MAX))
        return said[1] if said is not None else ""

    def swallowing_quote(self, line: int) -> Any:
        """The mark of a quoted text that begins on an earlier line and ends on LINE, where reading broke off.

        Its line counts from the entry's.
        """
        last: Event = None
        get: Callable[[], Event] = CBaseLoader(
            " " * self._column + self.text[self._entry : self._entry + _BROKEN_MAX]
        ).get_event
        try:
            while (event := get()) is not None:
                if type(event) is ScalarEvent:
                    last = event
        except YAMLError:
            pass
        if last is None or last.style not in ("'", '"') or last.start_mark.line == last.end_mark.line:
            return None
        return last.start_mark if last.end_mark.line == line - self.line_of_entry else None

    def unclosed_bracket(self, end: int) -> tuple[int, int] | None:
        """Line and column of the innermost bracket still open at offset END, if the text ends there."""
        start, line, column = self._entry, self.line_of_entry, self._column
        if self._dash is None:  # the whole file may be in brackets
            start = line = column = 0
        if self.text[end:].strip() or len(self.text) - start > _BROKEN_MAX:
            return None
        opened: list[Event] = []
        get: Callable[[], Event] = CBaseLoader(" " * column + self.text[start:]).get_event
        try:
            while (event := get()) is not None:
                if type(event) in (MappingStartEvent, SequenceStartEvent):
                    opened.append(event)
                elif type(event) in (MappingEndEvent, SequenceEndEvent):
                    opened.pop()
        except YAMLError:
            pass
        if not opened or not opened[-1].flow_style:
            return None
        mark = opened[-1].start_mark
        return line + mark.line, mark.column

    def _collection(self, event: Event, depth: int) -> Tree:
        if event.anchor is not None or event.tag is not None:
            self._check(event)
        if type(event) is AliasEvent:
            self._fault(codes.ALIAS, event, "aliases are refused; repeat the value", f"*{event.anchor}")
            return None
        if depth > NESTING_MAX:
            raise _TooDeepError(problem_mark=event.start_mark)
        return self._mapping(depth) if type(event) is MappingStartEvent else self._list(depth)

    def _list(self, depth: int) -> Tree:
        get = self._get
        out: list[Tree] = []
        while True:
            event = get()
            kind = type(event)
            if kind is ScalarEvent:
                out.append(self._scalar(event))
            elif kind is SequenceEndEvent:
                return out
            else:
                out.append(self._collection(event, depth + 1))

    def _mapping(self, depth: int) -> Tree:
        # The hot loop of every load: _scalar is written out here.
        get = self._get
        clean, marked = self._clean, self._marked
        out: dict[str, Tree] = {}
        merged = False  # with the record after it, whose hyphen is missing
        while True:
            key = get()
            if type(key) is not ScalarEvent:
                if type(key) is MappingEndEvent:
                    return out
                self._odd_key(key)
                continue
            name = key.value
            if marked:
                self._check(key)
            event = get()
            kind = type(event)
            if kind is ScalarEvent:
                if marked:
                    self._check(event)
                value: str = event.value
                if value[-1:] == "\n":
                    value = value.rstrip("\n")
                tree: Tree = value if clean else sanitise(value)
                if value in MISSING and event.implicit[0]:
                    tree = None
            elif name == "<<" and key.implicit[0]:
                tree = None
                self._skip(event)  # an alias, mostly, and told with its key
            else:
                tree = self._collection(event, depth + 1)
            if name in out:
                if merged:
                    continue  # said once
                merged = name == "id" and depth > 0
                code = codes.NO_HYPHEN if merged else codes.DUPLICATE_KEY
                message = "; a new record begins with a hyphen" if merged else ""
                self._fault(code, key, f'key "{sanitise_line(name)}" is given twice{message}', name)
            elif name == "<<" and key.implicit[0]:
                self._fault(codes.MERGE_KEY, key, "merge keys are refused; write each key here", name)
            else:
                out[name] = tree

    def _scalar(self, event: Event) -> Tree:
        if self._marked:
            self._check(event)
        value: str = event.value
        if value in MISSING and event.implicit[0]:
            return None
        # The line break that ends a block scalar is no part of what was said.
        value = value.rstrip("\n")
        return value if self._clean else sanitise(value)

    def _odd_key(self, key: Event) -> None:
        """A key that is no scalar: it and its value are passed over."""
        if type(key) is AliasEvent:
            self._fault(codes.ALIAS, key, "aliases are refused; repeat the value", f"*{key.anchor}")
        else:
            self._fault(codes.KEY_SHAPE, key, "a key must be a text")
        self._skip(key)
        self._skip(self._get())

    def _skip(self, event: Event) -> None:
        """Pass over the rest of what EVENT opens, at any depth."""
        depth = 0
        while True:
            kind = type(event)
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                depth += 1
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                depth -= 1
            if depth <= 0:
                return
            if depth > NESTING_MAX:
                raise _TooDeepError(problem_mark=event.start_mark)
            event = self._get()

    def _check(self, event: Event) -> None:
        """Refuse the anchor and tag of EVENT."""
        if type(event) is AliasEvent:
            return
        if event.anchor is not None:
            self._fault(codes.ANCHOR, event, "anchors are refused", f"&{event.anchor}")
        if event.tag is not None:
            self._fault(codes.TAG, event, f"tag {sanitise_line(event.tag)} is refused", event.tag)

    def _fault(self, code: str, event: Event, message: str, marked: str = " ") -> None:
        mark = event.start_mark
        line = self.first_line + mark.line + 1
        self.faults.append(Fault(code, line, mark.column + 1, message, len(marked)))

    def _take_faults(self) -> tuple[Fault, ...]:
        faults = tuple(self.faults)
        self.faults.clear()
        return faults


def _syntax_fault(error: MarkedYAMLError, reader: _Reader) -> Fault:
    """Where and why libyaml stopped; an unclosed quote is shown where it opens."""
    first = reader.first_line + 1
    mark: Any = error.problem_mark
    if isinstance(error, _TooDeepError):
        message = f"nested deeper than {NESTING_MAX} levels"
        return Fault(codes.TOO_DEEP, first + mark.line, mark.column + 1, message)
    context: Any = error.context_mark
    message = str(error.problem or error.context or "not valid YAML")
    opened = str(error.context) if context is not None else ""
    if "end of stream" in message and "quoted" in opened:
        return Fault(
            codes.SYNTAX, first + context.line, context.column + 1, "the quote opened here is never closed"
        )
    if mark is not None and context is not None and "flow" in opened and context.line < mark.line:
        message = "the bracket opened here is not closed"
        return Fault(codes.SYNTAX, first + context.line, context.column + 1, message)
    bracket = None if mark is None else reader.unclosed_bracket(mark.index)
    if bracket is not None:
        message = "the bracket opened here is not closed"
        return Fault(codes.SYNTAX, first + bracket[0], bracket[1] + 1, message)
    quote = None if mark is None else reader.swallowing_quote(mark.line)
    if quote is not None:
        message = f"the quote opened here ends in the middle of line {first + mark.line}; is one missing?"
        return Fault(codes.SYNTAX, first + reader.line_of_entry + quote.line, quote.column + 1, message)
    if mark is None:
        mark = context
    if mark is None:
        return Fault(codes.SYNTAX, first, 1, message)
    line, column = mark.line, mark.column
    text = reader.text.rstrip()
    if "simple key" in opened:  # the key's own line lacks the colon, not the one where that shows
        end_of_line = LINE_BREAK.search(text, context.index)
        text = text if end_of_line is None else text[: end_of_line.start()]
    if mark.index >= len(text):  # libyaml ends every text in a line of its own
        breaks = [match.end() for match in LINE_BREAK.finditer(text)]
        line, column = len(breaks), len(text) - (breaks[-1] if breaks else 0)
    if context is not None and context.line != line:
        message += f" ({error.context}, line {first + context.line})"
    return Fault(codes.SYNTAX, first + line, column + 1, sanitise_line(message))
