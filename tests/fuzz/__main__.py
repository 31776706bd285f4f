"""``python -m tests.fuzz TARGET [SECONDS]``: fuzz by hand, guided by coverage; needs atheris.

What breaks a promise is kept in the folder that is named at the end, and ``python -m tests.fuzz TARGET FILE``
breaks it once more.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

with atheris.instrument_imports(include=["briefing", "yaml"]):
    from tests.fuzz.targets import TARGETS, seeds, words


def main() -> None:
    target = sys.argv[1] if len(sys.argv) > 1 else ""
    if target not in TARGETS:
        raise SystemExit(f"usage: python -m tests.fuzz {{{','.join(TARGETS)}}} [SECONDS or FILE]")
    given = sys.argv[2] if len(sys.argv) > 2 else "600"
    if not given.isdecimal():
        TARGETS[target](Path(given).read_bytes())
        return
    folder = Path(tempfile.mkdtemp(prefix=f"briefing-fuzz-{target}-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds(target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    dictionary = folder / "words"
    dictionary.write_text("".join(f'"{_escaped(word)}"\n' for word in words(target)), encoding="ascii")
    options = [
        f"-max_total_time={given}",
        "-rss_limit_mb=1024",
        "-timeout=10",
        "-max_len=4096",
        f"-dict={dictionary}",
        f"-artifact_prefix={folder}/",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], TARGETS[target])
    atheris.Fuzz()


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


main()
