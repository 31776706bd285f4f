"""What each command imports: nothing that another command needs, so that each starts at once."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.cli.process import PATIENCE

# Runs a command line and then says which modules are there.
SCRIPT = """
import io, json, sys
from briefing.cli.main import run
real, sys.stdout = sys.stdout, io.StringIO()
code = run(sys.argv[1:])
sys.stdout = real
print(json.dumps([code, sorted(sys.modules)]))
"""
READER = {"textual", "rich", "asyncio", "asyncssh", "watchfiles"}
CONTENT = {"yaml", "ruamel", "shtab", "multiprocessing", "subprocess", "hypothesis"}
# What only building an edition needs, and what costs more to define or compile than reading takes.
BUILDING = CONTENT | {"tempfile", "shutil", "difflib", "dataclasses"}
BUILDING |= {"briefing.edition.build", "briefing.edition.indexed", "briefing.content.sanitise"}
# What others bring along unless it is kept out: OpenSSL with hashlib, and what typing_extensions imports.
BROUGHT = {"_hashlib", "typing_extensions", "inspect", "bisect", "copy"}
# What a query of nothing but words does without.
OF_FIELDS = {"briefing.edition.narrowing", "briefing.edition.query.values", "briefing.edition.suggesting"}
OF_FIELDS |= {"briefing.edition.facets", "briefing.edition.completion"}
OF_QUERIES = {"tantivy", "briefing.model.names", "briefing.edition.query.parser"}


def modules(*arguments: str) -> set[str]:
    """The modules that `briefing ARGUMENTS` leaves behind, once an edition is there."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    code, names = json.loads(done.stdout.decode().splitlines()[-1])
    assert code == 0
    return set(names)


@pytest.fixture(autouse=True)
def _edition_is_built(_sample_and_cache: None) -> None:
    """Building imports what reading does not."""
    modules("list", "sources")


@pytest.mark.parametrize(
    ("line", "lacks"),
    [
        ("--version", READER | CONTENT | BROUGHT | {"tantivy", "sqlite3", "msgspec", "argparse", "typing"}),
        ("--help", READER | CONTENT | {"tantivy", "sqlite3"}),
        ("search hamidawi", READER | BUILDING | BROUGHT | OF_FIELDS),
        ("search hamidawi --format json", READER | BUILDING | BROUGHT | {"csv"}),
        ("list quotes", READER | BUILDING | BROUGHT | OF_QUERIES),
        ("list quotes --format csv", READER | BUILDING | OF_QUERIES),
        ("show hamidawi", READER | BUILDING | OF_QUERIES),
        ("show hamidawi --format json", READER | BUILDING | OF_QUERIES | {"briefing.document.layout"}),
        ("--plain", READER | BUILDING | OF_QUERIES),
        ("completion bash", READER - {"asyncio"} | {"tantivy", "sqlite3", "yaml"}),
        # The caret under a wide letter needs its width, and no more of Rich than that.
        ("check", READER - {"rich"} | {"rich.console", "tantivy"}),
    ],
)
def test_a_command_imports_only_what_it_needs(line: str, lacks: set[str]) -> None:
    assert modules(*line.split()) & lacks == set()
