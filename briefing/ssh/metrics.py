"""What an operator watches, as plain numbers that workers send and Prometheus reads."""

from __future__ import annotations

import os
import resource
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

# A name with its labels, as Prometheus writes it.
Sample = dict[str, float]

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_HELP = {
    "sessions": ("gauge", "Sessions open now."),
    "connections": ("gauge", "Connections open now, those that have not logged in yet among them."),
    "started_total": ("counter", "Sessions started, by what they do."),
    "refused_total": ("counter", "Visitors turned away, or refused what they asked for, by why."),
    "failed_total": ("counter", "Sessions that ended by an error of the program."),
    "sent_bytes_total": ("counter", "Bytes of screens and command output sent."),
    "received_bytes_total": ("counter", "Bytes typed."),
    "late_frames_total": ("counter", "Frames that waited because the client had not read the one before."),
    "key_to_paint_seconds": ("histogram", "From a key to its answer leaving the server."),
    "first_screen_seconds": ("histogram", "From a session's start to its first screen leaving the server."),
    "processor_seconds_total": ("counter", "Processor time of each worker."),
    "tasks": ("gauge", "Tasks of each worker: some for each session, and a few."),
    "resident_bytes": ("gauge", "Memory of each worker."),
    "worker_starts_total": ("counter", "Workers started: at first, for one that died, for one grown large."),
    "worker_deaths_total": ("counter", "Workers that died."),
}
# Said before they happen: of a count that begins with 1, Prometheus sees no increase, and no alert comes.
_FROM_ZERO = (
    *("failed_total", "late_frames_total", "worker_deaths_total"),
    *(
        f'refused_total{{why="{why}"}}'
        for why in ("attempts", "busy", "closing", "failures", "forwarding", "full", "key", "subsystem")
    ),
)


class Metrics:
    """The numbers of one process."""

    def __init__(self) -> None:
        self._values: Sample = defaultdict(float, dict.fromkeys(_FROM_ZERO, 0.0))

    def add(self, name: str, amount: float = 1, **labels: str) -> None:
        """Count AMOUNT more (or fewer, of a gauge) of NAME."""
        self._values[_name(name, labels)] += amount

    def observe(self, name: str, value: float) -> None:
        """Put VALUE into the histogram NAME."""
        for bound in BUCKETS:
            self.add(f"{name}_bucket", value <= bound, le=f"{bound:g}")
        self.add(f"{name}_bucket", le="+Inf")
        self.add(f"{name}_sum", value)
        self.add(f"{name}_count")

    def sample(self, tasks: int = 0) -> Sample:
        """Everything so far, with what this process costs and its number of TASKS."""
        worker = {"worker": str(os.getpid())}
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return {
            **self._values,
            _name("processor_seconds_total", worker): usage.ru_utime + usage.ru_stime,
            _name("tasks", worker): tasks,
            _name("resident_bytes", worker): memory()[0],
        }


def memory() -> tuple[int, int]:
    """The bytes of this process in memory, and those among them that are no file's; 0 where nobody says."""
    try:
        resident, shared = Path("/proc/self/statm").read_text().split()[1:3]
    except OSError:
        return 0, 0
    return int(resident) * resource.getpagesize(), (int(resident) - int(shared)) * resource.getpagesize()


def lasting(sample: Sample) -> Sample:
    """What of SAMPLE still holds when its process is gone: what was counted, not what is."""
    return {
        name: value
        for name, value in sample.items()
        if _HELP[_family(name)][0] != "gauge" and 'worker="' not in name
    }


def _name(name: str, labels: dict[str, str]) -> str:
    inside = ",".join(f'{label}="{value}"' for label, value in sorted(labels.items()))
    return f"{name}{{{inside}}}" if inside else name


def added(samples: Iterable[Sample]) -> Sample:
    """The sum of SAMPLES, name by name."""
    total: Sample = defaultdict(float)
    for sample in samples:
        for name, value in sample.items():
            total[name] += value
    return total


def exposition(samples: Iterable[Sample]) -> str:
    """The sum of SAMPLES in Prometheus' text format."""
    total = added(samples)
    lines = []
    for family, (kind, says) in _HELP.items():
        members = [name for name in total if _family(name) == family]
        if members:
            lines += [f"# HELP briefing_{family} {says}", f"# TYPE briefing_{family} {kind}"]
            lines += [f"briefing_{name} {total[name]:.12g}" for name in sorted(members, key=_order)]
    return "\n".join(lines) + "\n"


def _family(name: str) -> str:
    bare = name.partition("{")[0]
    for suffix in ("_bucket", "_sum", "_count"):
        if bare.removesuffix(suffix) in _HELP:
            return bare.removesuffix(suffix)
    return bare


def _order(name: str) -> tuple[str, float, str]:
    bound = name.partition('le="')[2].partition('"')[0]
    return name.partition("{")[0], float(bound) if bound else 0.0, name
