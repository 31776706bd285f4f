"""What is fuzzed: each target takes any bytes and raises only when a promise is broken."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from briefing.content.changes import compare, version
from briefing.content.format import NotFormattedError, format_text, key_order
from briefing.content.library import File
from briefing.content.load import load_file
from briefing.content.sanitise import is_plain, sanitise, sanitise_line
from briefing.content.tree import NESTING_MAX, read_items
from briefing.edition.query.fields import FIELDS
from briefing.edition.query.parser import MAX_DEPTH, MAX_TERMS, parse, parse_typed
from briefing.edition.query.printer import write
from briefing.edition.query.problem import QueryError
from briefing.edition.query.tree import walk
from briefing.model.names import folded_words
from briefing.model.records import RECORDS, Briefing
from briefing.model.vocabulary import Kind
from tests.content.cases import BASE, read_cases

_KINDS = list(Kind)
_FOLDER = Path(tempfile.mkdtemp(prefix="briefing-fuzz-"))
_BREAKS = "\r\n\x85\u2028\u2029"  # as YAML knows them
# More problems than this for one byte of content would fill a terminal, or the memory.
_PROBLEMS_PER_BYTE = 1


def loader(data: bytes) -> None:
    """Any file gives records and problems that can be shown; the first byte chooses the kind."""
    path = _FOLDER / "fuzzed.yaml"
    path.write_bytes(data[1:])
    loaded = load_file(File(str(path), _KINDS[(data or b"\0")[0] % len(_KINDS)], "x"), display="fuzzed.yaml")
    assert len(loaded.problems) <= 10 + _PROBLEMS_PER_BYTE * len(data)
    text = data[1:].decode(errors="replace")
    last = 1 + sum(map(text.count, _BREAKS))
    for problem in loaded.problems:
        assert 0 <= problem.line <= last
        assert (problem.line == 0) == (problem.column == 0)
        shown = problem.message + problem.record + problem.excerpt + problem.hint
        assert sanitise(shown) == shown
        assert "\n" not in shown
    kind = _KINDS[(data or b"\0")[0] % len(_KINDS)]
    for item in read_items(text, listed=kind is not Kind.BRIEFING):
        assert _depth(item.tree) <= NESTING_MAX
        if isinstance(item.tree, dict):
            record = version(item.tree, kind)
            assert compare(record, record) == ()
            assert all(line == sanitise_line(line) for line in _strings(record))


def _inner(tree: Any) -> list[Any]:
    return [*tree, *tree.values()] if isinstance(tree, dict) else tree if isinstance(tree, list) else []


def _depth(tree: Any) -> int:
    return 1 + max(map(_depth, _inner(tree)), default=0) if isinstance(tree, list | dict) else 0


def _strings(tree: Any) -> Iterator[str]:
    """The texts in TREE, line by line."""
    if isinstance(tree, str):
        yield from tree.split("\n")
    for inner in _inner(tree):
        yield from _strings(inner)


def formatter(data: bytes) -> None:
    """Any text is formatted once for all, or left alone."""
    kind = _KINDS[(data or b"\0")[0] % len(_KINDS)]
    try:
        once = format_text(data[1:].decode(errors="replace"), kind)
    except NotFormattedError:
        return
    assert format_text(once, kind) == once


def sanitiser(data: bytes) -> None:
    """Any text becomes one that can be shown, and stays it."""
    wide = data[: len(data) // 2 * 2]
    for text in (data.decode(errors="surrogateescape"), wide.decode("utf-16-le", errors="surrogatepass")):
        shown = sanitise(text)
        shown.encode()
        assert sanitise(shown) == shown
        assert shown == text or not is_plain(text)
        assert len(shown) <= 9 * len(text)  # a stand-in at most for each character
        assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in shown)


def query(data: bytes) -> None:
    """Any text is a query while it is typed, and a query or one message when it is entered; names fold."""
    text = data.decode(errors="surrogateescape")
    typed = parse_typed(text)
    assert all(0 <= node.start <= node.end <= len(text) for node in walk(typed))
    # Beyond the limits a query is read in part, and words that a colon joined count as several.
    within = len(text) < MAX_TERMS and sum(map(text.count, "-(")) < MAX_DEPTH
    assert not within or parse_typed(write(typed) + " ") == typed
    assert all(0 <= word.start < word.end <= len(text) for word in folded_words(text))
    try:
        tree = parse(text)
    except QueryError as error:
        assert 1 <= error.column <= len(text) + 1
        assert error.message == sanitise_line(error.message)
        return
    assert not within or parse(write(tree)) == tree


TARGETS: dict[str, Callable[[bytes], None]] = {
    "loader": loader,
    "formatter": formatter,
    "sanitiser": sanitiser,
    "query": query,
}


def seeds(target: str) -> list[bytes]:
    """What to begin with: content for what reads content, queries for the query parser."""
    if target == "query":
        return [
            b'speaker:"al-Maliki" -type:drone (a or "b c") date:2025-06-13..2025-06-15',
            b"is:verified before:2025 deaths:>0 actor+:x",
            'كتائب "حزب الله"'.encode(),
        ]
    cases = [
        text for folder in ("broken", "sound") for case in read_cases(folder) for text in case.files.values()
    ]
    prefix = range(len(_KINDS))
    return [bytes([n % len(prefix)]) + text.encode() for n, text in enumerate([*BASE.values(), *cases])]


def words(target: str) -> set[str]:
    """Pieces of syntax that chance would hardly make."""
    if target == "query":
        return {f"{field}:" for field in FIELDS} | {" or ", " and ", '"', "..", ">", "-("}
    if target == "sanitiser":
        return {"\x1b", "\x9b", "\u200d", "\u2066", "\u2069", "\u202e", "\ufe0f", "\U000e0041", "\u0301"}
    keys = {field for record in (Briefing, *RECORDS.values()) for field in key_order(record)}
    syntax = {
        "- ",
        "\n  ",
        "{",
        "}",
        "[",
        "]",
        "|\n",
        ">-\n",
        "&a ",
        "*a",
        "!!x ",
        "<<: ",
        "\n---\n",
        '"\\e"',
    }
    return {f"{key}: " for key in keys} | syntax
