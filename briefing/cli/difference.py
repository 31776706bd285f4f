"""Two texts in one line, told apart as git does for words: [-the one's-]{+the other's+}."""

from __future__ import annotations

from collections.abc import Sequence

from briefing.document.document import Line, Run

# How much of what agrees is shown on each side of a difference.
_AROUND = 32


def difference(segments: Sequence[tuple[str, str]]) -> Line:
    """The line for SEGMENTS, stretches of two texts side by side; long stretches that agree are cut."""
    line = []
    for place, (old, new) in enumerate(segments):
        if old == new:
            line.append(Run(_shortened(old, first=place == 0, last=place == len(segments) - 1)))
            continue
        if old:
            line.append(Run(f"[-{old}-]", "bad"))
        if new:
            line.append(Run(f"{{+{new}+}}", "good"))
    return tuple(line)


def _shortened(text: str, *, first: bool, last: bool) -> str:
    """TEXT that agrees, cut to what stands beside a difference."""
    start = "" if first else text[:_AROUND]
    end = "" if last else text[-_AROUND:]
    return text if len(start) + len(end) >= len(text) else f"{start}…{end}"
