"""`briefing serve` as an operator runs it: processes, a log, a metrics endpoint."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

PATIENCE = 60.0


class Server:
    """A running server and what it has logged."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, state: Path) -> None:
        self.process = process
        self.state = state
        self._log = log
        self.port = self.metrics_port = 0

    def events(self, name: str) -> list[dict[str, Any]]:
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        return [event for line in lines if (event := json.loads(line))["event"] == name]

    def wait_for(self, name: str, count: int = 1) -> dict[str, Any]:
        self.wait_until(lambda: len(self.events(name)) >= count)
        return self.events(name)[count - 1]

    def wait_until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self._log.read_text()
            time.sleep(0.02)

    def metrics(self, path: str = "/metrics") -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def number(self, name: str) -> float:
        """The metric NAME, which has no labels."""
        return self.total(name, " ")

    def total(self, name: str, after: str = "{") -> float:
        """The sum of the metric NAME over its labels."""
        lines = [line for line in self.metrics().splitlines() if line.startswith(f"briefing_{name}{after}")]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        found = []
        for pid in map(int, children.read_text().split()):
            with suppress(OSError):  # it may have ended meanwhile
                if b"briefing.ssh.worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(pid)
        return found

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def serve(
    content: Path, folder: Path, *options: str, workers: int = 2, cache: Path | None = None
) -> Iterator[Server]:
    """Run `briefing serve` on a free port of loopback until the block ends."""
    log, state = folder / "log.jsonl", folder / "state"
    who = [] if any(option in options for option in ("--authorized-keys", "--user-ca")) else ["--anonymous"]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "briefing", "serve", "--content", str(content), "--port", "0"),
            *("--state", str(state), "--metrics-port", "0", "--log", str(log)),
            *("--workers", str(workers), *who, "--drain", "1", *options),
        ],
        stdin=subprocess.DEVNULL,
        env={**os.environ, "XDG_CACHE_HOME": str(cache or folder / "cache")},
    )
    server = Server(process, log, state)
    try:
        deadline = time.monotonic() + PATIENCE
        while not server.events("listening"):
            assert process.poll() is None, log.read_text() if log.exists() else "ended at once"
            assert time.monotonic() < deadline
            time.sleep(0.05)
        listening = server.events("listening")[0]
        server.port, server.metrics_port = listening["port"], listening["metrics_port"]
        yield server
    finally:
        server.stop()
