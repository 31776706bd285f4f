"""What is fuzzed: each target takes any bytes and raises only when a promise is broken."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from briefing.content.format import NotFormattedError, format_text
from briefing.content.library import File
from briefing.content.load import load_file
from briefing.content.sanitise import sanitise
from briefing.edition.query.parser import parse, parse_typed
from briefing.edition.query.printer import write
from briefing.edition.query.problem import QueryError
from briefing.model.vocabulary import Kind
from tests.content.cases import BASE, read_cases

_KINDS = list(Kind)
_FOLDER = Path(tempfile.mkdtemp(prefix="briefing-fuzz-"))
# More problems than this for one byte of content would fill a terminal, or the memory.
_PROBLEMS_PER_BYTE = 1


def loader(data: bytes) -> None:
    """Any file gives records and problems that can be shown; the first byte chooses the kind."""
    path = _FOLDER / "fuzzed.yaml"
    path.write_bytes(data[1:])
    loaded = load_file(File(path, _KINDS[(data or b"\0")[0] % len(_KINDS)], "x"), display="fuzzed.yaml")
    assert len(loaded.problems) <= 10 + _PROBLEMS_PER_BYTE * len(data)
    for problem in loaded.problems:
        shown = problem.message + problem.record + problem.excerpt + problem.hint
        assert sanitise(shown) == shown
        assert "\n" not in shown


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
        assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in shown)


def query(data: bytes) -> None:
    """Any text is a query while it is typed, and a query or one message when it is entered."""
    text = data.decode(errors="surrogateescape")
    parse_typed(text)
    try:
        tree = parse(text)
    except QueryError:
        return
    assert write(parse(write(tree))) == write(tree)


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
