"""Printing measurements as a table and keeping them as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    """One measured value beside what it is compared with.

    `peer` is the floor or peer measured in the same run, `bound` what `value / peer` (or `value`,
    where there is no peer) must not exceed; `least` says that the ratio peer / value must reach it.
    """

    what: str
    value: float
    unit: str
    peer_name: str = ""
    peer: float | None = None
    bound: float | None = None
    least: float | None = None

    @property
    def ratio(self) -> float | None:
        if not self.peer or not self.value:
            return None
        return self.peer / self.value if self.least is not None else self.value / self.peer

    @property
    def holds(self) -> bool | None:
        if self.least is not None:
            return self.ratio is not None and self.ratio >= self.least
        if self.bound is None:
            return None
        return (self.value if self.peer is None else self.value / self.peer) <= self.bound


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which SHARE (0 to 1) of VALUES lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def report(topic: str, title: str, figures: Sequence[Figure]) -> None:
    """Print FIGURES and write them to ``benchmarks/results/TOPIC.json``."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in ("what", "ours", "unit", "beside", "theirs", "ratio", "to reach", ""):
        table.add_column(heading, justify="right" if heading in ("ours", "theirs", "ratio") else "left")
    for figure in figures:
        holds = figure.holds
        target = (
            f">= {figure.least:g} x"
            if figure.least is not None
            else ""
            if figure.bound is None
            else f"<= {figure.bound:g}{' x' if figure.peer is not None else ''}"
        )
        table.add_row(
            figure.what,
            f"{figure.value:,.2f}",
            figure.unit,
            figure.peer_name,
            "" if figure.peer is None else f"{figure.peer:,.2f}",
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            target,
            "" if holds is None else "yes" if holds else "NO",
        )
    Console(width=150).print(table)
    RESULTS.mkdir(exist_ok=True)
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    rows = [{**asdict(figure), "ratio": figure.ratio, "holds": figure.holds} for figure in figures]
    (RESULTS / f"{topic}.json").write_text(
        json.dumps({"title": title, "machine": machine, "figures": rows}, indent=1) + "\n"
    )
