"""``python -m tests.fuzz TARGET [SECONDS]``: fuzz by hand, guided by coverage; needs atheris."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

with atheris.instrument_imports(include=["briefing", "yaml"]):
    from tests.fuzz.targets import TARGETS, seeds


def main() -> None:
    target = sys.argv[1] if len(sys.argv) > 1 else ""
    if target not in TARGETS:
        raise SystemExit(f"usage: python -m tests.fuzz {{{','.join(TARGETS)}}} [SECONDS]")
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    corpus = Path(tempfile.mkdtemp(prefix=f"briefing-fuzz-{target}-"))
    for number, seed in enumerate(seeds(target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", "-rss_limit_mb=1024", "-timeout=10", "-max_len=4096"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], TARGETS[target])
    atheris.Fuzz()


main()
