"""One file to its records: read, parsed, sanitised, made into records, and everything wrong reported.

What is unsound never keeps the rest out: a broken record is reported and the next one is read.
"""

from __future__ import annotations

import os
import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import chain, pairwise
from typing import Any, NamedTuple

import msgspec

from briefing.content import codes
from briefing.content.checks.registry import Setting, check_record
from briefing.content.finding import FieldPath, Finding
from briefing.content.layout import Tree
from briefing.content.library import File
from briefing.content.marks import Lines, Mark, Marks
from briefing.content.problem import Problem
from briefing.content.sanitise import sanitise_line
from briefing.content.schema import convert, shown
from briefing.content.text import Unreadable, read_text
from briefing.content.tree import Fault, Item, read_items
from briefing.model.records import TYPES, Actor, AnyRecord, Briefing
from briefing.model.ref import SHARED
from briefing.model.vocabulary import Kind

# A list that is empty on purpose.
_EMPTY_LIST = re.compile(r"^\s*\[\s*\]", re.MULTILINE)

# The way out where YAML's own words do not name it, by how they begin.
_WAYS_OUT = {
    "mapping values are not allowed": 'a text that holds ": " needs quotes; a record has one column of keys',
    "did not find expected key": "a record has one column of keys, and quotes stand around the whole text",
    "did not find expected '-'": "each record starts with a hyphen and a space, its keys stand in one column",
    "did not find expected <document start>": "the list ended above; if with [], take that out",
    "did not find expected node content": "a value is missing, or a bracket is closed twice",
    "found character that cannot start": "a text that begins with this character needs quotes",
    "found a tab character": "indent with spaces",
    "found unknown escape": "within double quotes a backslash is written twice",
    "block sequence entries are not allowed": 'a text that begins with "- " needs quotes',
    "did not find expected alphabetic": "a text that begins with & or * needs quotes",
    "did not find expected ','": "a comma and a space part the entries within brackets",
    "the quote opened here is never": "a text that begins with this mark needs the other kind around it",
    "anchors are refused": "a text that begins with & needs quotes",
    "aliases are refused": "a text that begins with * needs quotes",
    "tag ": "a text that begins with ! needs quotes",
    "could not find expected ':'": 'a key ends in ": "; a text of several lines needs >- before it',
}
# Spaces of web pages and word processors, where only YAML's own one counts: before a key and after its colon.
_ODD_SPACE = re.compile("(?:^[ -]*|:)[\u00a0\u2000-\u200a\u202f\u3000]")
# Ends of lines that nobody sees, as they come with what is copied from a web page.
_ODD_BREAKS = ("\x85", "\u2028", "\u2029")
_TAB = re.compile("[ -]*\t")
# What looks like words of a text and is a comment: people put a space after the # of one. Few files have any.
_GLUED = re.compile(r" #[^\s#]")
_ALL_GLUED = re.compile(r"(?::|^ *-)[ ]+#[^\s#]")
_CUT_SHORT = re.compile(r"^(?![ ]*#)(.*?[^\s#])[ ]+(#[^\s#].*)$", re.MULTILINE)
# What git writes at the edge of each side, where it leaves it to the editor which one is right.
_MERGE_MARKS = ("<<<<<<< ", "=======", ">>>>>>> ")


# Gives the shared actor of an id.
Shared = Callable[[str], Actor | None]


class Marked(NamedTuple):
    """A record and where its entry starts in the file; line and column count from 1."""

    record: AnyRecord | Briefing
    line: int
    column: int


class Loaded(NamedTuple):
    """What one file holds."""

    records: list[Marked]
    problems: list[Problem]


def load_file(
    file: File,
    *,
    display: str,
    shared: Shared | None = None,
    briefing: Briefing | None = None,
) -> Loaded:
    """The records of FILE and every problem in it; DISPLAY is how problems name the file.

    SHARED gives the library's shared actors by id: an actor that a briefing lists under the same id
    needs only the fields it changes, the rest is taken from there. BRIEFING is the record of
    briefing.yaml, with whose dates those of the other files are compared.
    """
    loaded = Loaded([], [])
    for found in iter_file(file, display=display, shared=shared, briefing=briefing):
        if isinstance(found, Marked):
            loaded.records.append(found)
        else:
            loaded.problems.append(found)
    return loaded


def iter_file(
    file: File,
    *,
    display: str,
    shared: Shared | None = None,
    briefing: Briefing | None = None,
) -> Iterator[Marked | Problem]:
    """As `load_file`, one by one in the order of the file, so that a large file needs no room."""
    try:
        text = read_text(file.path)
    except Unreadable as error:
        yield codes.problem(
            error.code, error.message, file=display, line=error.line, column=1 if error.line else 0
        )
        return
    yield from _Loader(file, text, display, shared, Setting.of(file.briefing, briefing)).run()


class Places:
    """Where fields of a file's records stand; for diagnostics found after loading."""

    def __init__(self, path: os.PathLike[str]) -> None:
        try:
            text = read_text(path)
        except Unreadable:
            text = ""
        self._lines = Lines(text)
        self._marks: tuple[int, int, Marks] | None = None

    def find(self, line: int, column: int, field: FieldPath, *, on_key: bool = False) -> tuple[Mark, str]:
        """The mark of FIELD in the record that starts at LINE and COLUMN, and the text of its line."""
        if self._marks is None or self._marks[:2] != (line, column):
            self._marks = (line, column, Marks(self._lines, line, column))
        marks = self._marks[2]
        mark = marks.key(field) if on_key else marks.value(field)
        return mark, self._lines.excerpt(mark.line)


class _Loader:
    """Loads the text of one file."""

    def __init__(self, file: File, text: str, display: str, shared: Shared | None, setting: Setting) -> None:
        self._file = file
        self._text = text
        self._display = display
        self._setting = setting
        self._shared = shared if file.kind is Kind.ACTOR and file.briefing != SHARED else None
        self._lines = Lines(text)

    def run(self) -> Iterator[Marked | Problem]:
        kind = self._file.kind
        listed = kind is not Kind.BRIEFING
        shared = self._shared
        empty = True
        cut = self._cut_short() if _GLUED.search(self._text) else []
        for item, following in pairwise(chain(read_items(self._text, listed=listed), (None,))):
            assert item is not None  # only what follows the last one is
            empty = False
            tree = item.tree
            for fault in item.faults:
                yield self._fault(fault, self._name(tree) or self._named(item.broken))
            if item.column == 0 or (item.faults and tree is None):  # its faults alone
                continue
            common = shared(str(tree.get("id"))) if shared is not None and isinstance(tree, dict) else None
            # What the entry leaves out is taken from the shared actor of its id.
            whole = {**_tree_of(common), **tree} if common is not None and isinstance(tree, dict) else tree
            value, findings = convert(whole, TYPES[kind])
            if value is not None:
                findings.extend(check_record(value, self._setting))
                if cut:
                    findings.extend(self._comments(cut, item, following))
                if common is not None and isinstance(tree, dict):
                    findings.extend(_overrides(tree, value, common))
            if findings:
                yield from self._findings(findings, item, tree)
            if value is not None and not item.faults and not any(map(codes.is_error, findings)):
                yield Marked(value, item.line, item.column)
        if empty and _EMPTY_LIST.search(self._text) is None:
            yield codes.problem(codes.EMPTY_FILE, "the file holds nothing", file=self._display)

    def _cut_short(self) -> list[tuple[int, int, str]]:
        """Line, column and words of each comment that looks like the rest of a text."""
        found: list[tuple[int, int, str]] = []
        line, at = 1, 0
        for match in _CUT_SHORT.finditer(self._text):
            line += self._text.count("\n", at, match.start())
            at = match.start()
            found.append((line, match.end(1) - at + 1, match[2]))
        return found

    def _comments(
        self, cut: list[tuple[int, int, str]], item: Item, following: Item | None
    ) -> Iterator[Finding]:
        """Of CUT, those at which a text of ITEM ends that has no quotes."""
        end = sys.maxsize if following is None else following.line
        within = cut[bisect_left(cut, (item.line,)) : bisect_left(cut, (end,))]
        marks = Marks(self._lines, item.line, item.column) if within else None
        for line, column, words in within:
            path = marks.ending(line, column) if marks is not None else None
            if marks is not None and path is not None:
                start = self._lines.start(line) + marks.value(path).column - 1
                if self._text[start] not in "\"'|>":
                    ends = "there is no text" if self._text[start].isspace() else "the text ends"
                    message = f"{ends} before {shown(words)}, which YAML takes for a comment"
                    yield Finding(codes.CUT_SHORT, path, message, "put quotes around the whole text")

    def _name(self, tree: Tree) -> str:
        """The record as problems name it: KIND/ID as far as it is known."""
        name = tree.get("id") if isinstance(tree, dict) else None
        return self._named(name) if isinstance(name, str) else ""

    def _named(self, name: str) -> str:
        return f"{self._file.kind}/{sanitise_line(name[:64])}" if name else ""

    def _fault(self, fault: Fault, record: str) -> Problem:
        excerpt = self._lines.excerpt(fault.line)
        hint = next((way for words, way in _WAYS_OUT.items() if fault.message.startswith(words)), "")
        start = self._lines.start(fault.line)
        if fault.code == codes.SYNTAX and self._text[start - 1 : start] in _ODD_BREAKS:
            code = ord(self._text[start - 1])
            hint = f"U+{code:04X} stands before this, the end of a line to YAML: take it out"
        elif fault.code == codes.SYNTAX and _TAB.match(self._text, start):
            hint = "indent with spaces: YAML takes no tab there"
        elif excerpt.strip() == "[]":
            hint = "[] is the list that is empty: with records in the file, take it out"
        elif odd := _ODD_SPACE.search(excerpt):
            code = ord(odd[0][-1])
            hint = f"the space in column {odd.end()} is none that YAML knows (U+{code:04X}): type it anew"
        elif excerpt.startswith(_MERGE_MARKS):
            hint = "a merge was not finished here: keep one of the two sides, and take out its marks"
        return codes.problem(
            fault.code,
            fault.message,
            file=self._display,
            line=fault.line,
            column=fault.column,
            width=fault.width,
            record=record,
            excerpt=excerpt,
            hint=hint,
        )

    def _findings(self, findings: list[Finding], item: Item, tree: Tree) -> Iterator[Problem]:
        marks = Marks(self._lines, item.line, item.column)
        # What YAML's own faults left of a value is not told once more.
        faulty = {(fault.line, fault.column) for fault in item.faults}
        findings = [f for f in findings if not f.path or marks.value(f.path)[:2] not in faulty]
        placed = [(marks.key(f.path) if f.on_key else marks.value(f.path), f) for f in findings]
        for mark, finding in sorted(placed, key=lambda pair: pair[0][:2]):
            excerpt = self._lines.excerpt(mark.line)
            if finding.code in (codes.MISSING, codes.EMPTY_ITEM) and _ALL_GLUED.search(excerpt):
                finding = finding._replace(hint="YAML takes the # for a comment: put quotes around the text")
            yield codes.placed(finding, mark, file=self._display, record=self._name(tree), excerpt=excerpt)


def _tree_of(actor: Actor) -> dict[str, Tree]:
    """The actor as its entry would have been read: lists, mappings and texts."""
    return {key: _as_tree(value) for key, value in msgspec.to_builtins(actor).items()}


def _as_tree(value: Any) -> Tree:
    if isinstance(value, dict):
        return {key: _as_tree(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_as_tree(inner) for inner in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _overrides(tree: dict[str, Tree], own: Actor, shared: Actor) -> Iterator[Finding]:
    """That a briefing says of a shared actor what differs from the shared record."""
    changed = [key for key in tree if key != "id" and getattr(own, key) != getattr(shared, key)]
    if changed:
        message = f"overrides the shared actor's {', '.join(changed)}"
        yield Finding(codes.OVERRIDE, ("id",), message)
