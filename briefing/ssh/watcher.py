"""The process that watches over the workers: places, the metrics endpoint, new content, stopping."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from briefing.content.library import folder_at
from briefing.edition.edition import Edition, standing_edition
from briefing.ssh.guests import Guests
from briefing.ssh.keys import KeyRing, host_key
from briefing.ssh.listener import bind
from briefing.ssh.log import problem, say
from briefing.ssh.metrics import Metrics, Sample, added, exposition, lasting
from briefing.ssh.settings import Serve, packed
from briefing.ssh.wire import (
    Answer,
    Ask,
    Count,
    Counted,
    Drain,
    Grown,
    Last,
    Leave,
    Ready,
    Refresh,
    Retire,
    Wire,
)

LONGEST_REQUEST = 4096
# A worker that dies at once is started again, but not in a circle.
AGAIN = (0.5, 30.0)
BUILD = """
import sys, pathlib, briefing.edition.edition as edition
try:
    edition.open_edition(pathlib.Path(sys.argv[1]))
except edition.LibraryError as error:
    sys.exit(str(error))
"""
# Files and connections that a process may have open, if the system lets it: sessions, and what they run.
FILES = 8192
# How soon (seconds) another folder in the place of the content is noticed.
LOOK = 2.0
# How often (seconds) to look at content that cannot be watched.
LOOK_AGAIN = 30.0


class Worker:
    """One worker process, seen from outside."""

    def __init__(self, process: asyncio.subprocess.Process, wire: Wire) -> None:
        self.process, self.wire = process, wire
        self.group = str(process.pid)
        self.ready, self.grown = asyncio.Event(), asyncio.Event()
        self.retired = False
        # Its numbers as it said them last, and the count that they answered.
        self.sample: Sample = {}
        self.counted = 0

    def retire(self) -> None:
        """Let its readers finish, and nobody else begin."""
        self.retired = True
        self.wire.send(Retire())

    @classmethod
    async def start(cls, serve: Serve, key: bytes, door: socket.socket, last: Last | None) -> Worker:
        """Start one that takes who comes to DOOR. KEY is the host key; LAST is what others show, or did."""
        ours, theirs = socket.socketpair()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-m", "briefing.ssh.worker", str(theirs.fileno()), str(door.fileno())),
            *(() if last is None else (last.root, last.mark)),
            pass_fds=[theirs.fileno(), door.fileno()],
            stdin=asyncio.subprocess.DEVNULL,
            # Read by Textual when it is imported: half the frames of a local terminal, no animation.
            env={**os.environ, "TEXTUAL_FPS": "30", "TEXTUAL_ANIMATIONS": "none", "MALLOC_ARENA_MAX": "2"},
            start_new_session=True,  # Ctrl-C at the watcher's terminal is for the watcher
        )
        theirs.close()
        for part in (packed(serve), key):
            ours.sendall(len(part).to_bytes(4, "big") + part)
        return cls(process, await Wire.over(ours))


class Watcher:
    """Runs a server until it is told to stop."""

    def __init__(self, serve: Serve) -> None:
        self.serve = serve
        self.guests = Guests(serve.limits)
        self.metrics = Metrics()
        self.workers: set[Worker] = set()
        self.metrics_port = 0
        # Read once: by another, which the file may have meanwhile, half of the readers would be warned.
        self._key = b""
        self._doors: list[socket.socket] = []
        self._last: Last | None = None
        self._standing: Edition | None = None
        self._past: Sample = {}
        self._stopping = asyncio.Event()
        self._drain = serve.limits.drain
        self._refresh = asyncio.Event()
        self._numbers = 0

    async def run(self) -> int:
        """Serve; the exit status."""
        _may_open_many()
        key = host_key(self.serve.host_key)
        self._key = key.export_private_key()
        if not self.serve.anonymous and KeyRing(self.serve).keys is None:
            problem("no key opens, nobody is let in")
        # Workers share the port, and another server that is there already would get half of the readers.
        bind(self.serve.host, self.serve.port, shared=False).close()
        first = bind(self.serve.host, self.serve.port)
        host, port = first.getsockname()[:2]
        self.serve = _with_port(self.serve, port)
        self._doors = [first, *(bind(host, port) for _ in range(self.serve.workers - 1))]
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        loop.add_signal_handler(signal.SIGHUP, self._refresh.set)
        async with self._endpoint(), asyncio.TaskGroup() as group:
            keepers = [group.create_task(self._keep(number, group)) for number in range(self.serve.workers)]
            helpers = [group.create_task(self._watch_content()), group.create_task(self._refresh_on_demand())]
            ready = asyncio.create_task(self._all_ready())
            stopping = asyncio.create_task(self._stopping.wait())
            await asyncio.wait({ready, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if ready.done():
                say(
                    "listening",
                    host=host,
                    port=port,
                    metrics_port=self.metrics_port,
                    workers=self.serve.workers,
                    host_key=key.get_fingerprint(),
                    access="anonymous" if self.serve.anonymous else "keys",
                )
                _tell_systemd(f"READY=1\nMAINPID={os.getpid()}")
            await self._stopping.wait()
            ready.cancel()
            _tell_systemd("STOPPING=1")
            for door in self._doors:
                door.close()
            self._drain_all()
            for helper in helpers:
                helper.cancel()
            await asyncio.wait(keepers)
        say("stopped")
        return 0

    def _stop(self) -> None:
        """Let readers finish and then end; whoever says so again does not want to wait for them."""
        if self._stopping.is_set():
            self._drain = 0.0
            self._drain_all()
        self._stopping.set()

    def _drain_all(self) -> None:
        say("stopping", sessions=len(self.guests), seconds=self._drain)
        for worker in self.workers:
            worker.wire.send(Drain(self._drain))

    async def _all_ready(self) -> None:
        while len(self.workers) < self.serve.workers or not all(w.ready.is_set() for w in self.workers):
            await asyncio.sleep(0.02)

    # -- workers

    async def _keep(self, number: int, lives: asyncio.TaskGroup) -> None:
        """Have one worker that takes connections, until the server stops.

        One that has grown hands its door over to a fresh one, so that nobody finds it shut, and lives on
        until its readers have left.
        """
        pause = AGAIN[0]
        grown: Worker | None = None
        while not self._stopping.is_set():
            try:
                worker = await Worker.start(self.serve, self._key, self._doors[number], self._last)
            except OSError as error:  # no memory, no more processes: those that run go on
                problem("worker not started", error)
                pause = min(pause * 2, AGAIN[1])
                await self._stopping_within(pause)
                continue
            life = lives.create_task(self._live(worker))
            await _first(life, worker.ready)
            if grown is not None and worker.ready.is_set():
                grown.retire()
                grown = None
            await _first(life, worker.grown)
            if not life.done():
                grown = worker
                continue
            if self._stopping.is_set():
                return
            self._change_door(number)
            pause = AGAIN[0] if worker.ready.is_set() else min(pause * 2, AGAIN[1])
            await self._stopping_within(pause)

    def _change_door(self, number: int) -> None:
        """Shut a dead worker's door: whoever comes now is better off at another's than waiting."""
        try:
            door = bind(self.serve.host, self.serve.port)
        except OSError as error:  # no more files, an address that is away for a while: they wait
            problem("a dead worker's door stays open", error)
            return
        self._doors[number].close()
        self._doors[number] = door

    async def _stopping_within(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _live(self, worker: Worker) -> None:
        """Be there for WORKER until its process ends."""
        self.workers.add(worker)
        self.metrics.add("worker_starts_total")
        if self._stopping.is_set():  # while it was starting
            worker.wire.send(Drain(self._drain))
        try:
            await self._listen_to(worker)
            status = await worker.process.wait()
        finally:
            worker.wire.close()
            self.workers.discard(worker)
            self.guests.leave_all(worker.group)
            self._past = added([self._past, lasting(worker.sample)])
        if worker.retired:
            say("worker replaced", pid=worker.process.pid, status=status)
        elif not self._stopping.is_set():
            self.metrics.add("worker_deaths_total")
            problem("worker died", pid=worker.process.pid, status=status)

    async def _listen_to(self, worker: Worker) -> None:
        while (message := await worker.wire.receive()) is not None:
            match message:
                case Ask(number, address, key):
                    place = self.guests.admit(address, key, worker.group)
                    worker.wire.send(Answer(number, place))
                case Leave(ticket):
                    self.guests.leave(ticket)
                case Ready():
                    worker.ready.set()
                case Last():
                    self._stand(message)
                case Counted(number, sample):
                    worker.counted, worker.sample = max(number, worker.counted), sample
                case Grown(more):
                    if not worker.grown.is_set():
                        say("worker has grown", pid=worker.process.pid, megabytes=round(more / 1e6))
                    worker.grown.set()
                case _:
                    problem("not a message for the watcher", message=type(message).__name__)

    # -- content

    def _stand(self, last: Last) -> None:
        """Keep what workers show from being removed, also while none of them lives."""
        if last != self._last:
            self._last, self._standing = last, standing_edition(Path(os.fsdecode(last.root)), last.mark)

    async def _watch_content(self) -> None:
        """Notice changes of the content, and another folder in its place, of which no event tells."""
        from watchfiles import awatch

        content, wrong = self.serve.content, ""
        folder = folder_at(content)
        while not self._stopping.is_set():
            try:
                async for changes in awatch(
                    content,
                    stop_event=self._stopping,
                    debounce=400,
                    step=100,
                    rust_timeout=int(LOOK * 1000),
                    yield_on_timeout=True,
                ):
                    wrong = ""
                    if changes:
                        self._refresh.set()
                    if folder_at(content) != folder:
                        break
            except (OSError, RuntimeError, UnicodeError) as error:
                if wrong != str(error):
                    wrong = str(error)
                    problem("the content is not watched", why=wrong)
                if isinstance(error, FileNotFoundError):
                    await asyncio.sleep(LOOK)
                else:
                    # What the system lets a user watch, in all programs together, may be used up, and a
                    # name that is no text in UTF-8 is not taken.
                    await asyncio.sleep(LOOK_AGAIN)
                    self._refresh.set()
            before, folder = folder, folder_at(content)
            if folder not in (None, before):
                self._refresh.set()

    async def _refresh_on_demand(self) -> None:
        """Build the new edition apart, so that no reader waits for it, and tell the workers."""
        while True:
            await self._refresh.wait()
            self._refresh.clear()
            try:
                status, why = await self._build()
            except OSError as error:
                problem("the new edition was not built, the last one stays", error)
                continue
            if status:
                problem("the new edition was not built, the last one stays", status=status, why=why)
                continue
            for worker in self.workers:
                worker.wire.send(Refresh())

    async def _build(self) -> tuple[int | None, str]:
        """Build the edition of the content in a process of its own; its status, and what it said last."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-c", BUILD, str(self.serve.content)),
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, errors = await process.communicate()
        except asyncio.CancelledError:  # the server stops, and nobody would see to it any more
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate()
            raise
        return process.returncode, errors.decode(errors="replace").strip().rpartition("\n")[2]

    # -- metrics

    async def sample(self) -> list[Sample]:
        """Everybody's numbers, those of workers that are gone too, so that no count ever falls.

        Of a worker that does not answer they are those that it said last.
        """
        self._numbers += 1
        number = self._numbers
        for worker in self.workers:
            worker.wire.send(Count(number))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2.0):
                while any(worker.counted < number for worker in self.workers):
                    await asyncio.sleep(0.005)
        return [self.metrics.sample(), self._past, *(worker.sample for worker in self.workers)]

    @contextlib.asynccontextmanager
    async def _endpoint(self) -> AsyncIterator[None]:
        if self.serve.metrics_port is None:
            yield
            return
        sock = bind("127.0.0.1", self.serve.metrics_port, shared=False)
        server = await asyncio.start_server(self._answer_http, sock=sock, limit=LONGEST_REQUEST)
        self.metrics_port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()  # who has connected and says nothing is not waited for

    async def _page(self, path: bytes) -> tuple[str, str]:
        """The status and text of what is at PATH."""
        if path == b"/metrics":
            return "200 OK", exposition(await self.sample())
        if path != b"/ready":
            return "404 Not Found", "see /metrics and /ready\n"
        if self._stopping.is_set() or not any(worker.ready.is_set() for worker in self.workers):
            return "503 Service Unavailable", "not ready\n"
        return "200 OK", "ready\n"

    async def _answer_http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Prometheus' side of the endpoint: /metrics, and /ready for a load balancer."""
        try:
            async with asyncio.timeout(5):
                method, path, _ = (await reader.readuntil(b"\r\n\r\n") + b"  ").split(b" ", 2)
                status, body = await self._page(path if method in (b"GET", b"HEAD") else b"")
                size = len(body.encode())
                head = (
                    f"HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close\r\n"
                )
                shown = "" if method == b"HEAD" else body
                writer.write(f"{head}Content-Length: {size}\r\n\r\n{shown}".encode())
                await writer.drain()
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()


def _may_open_many() -> None:
    """Let this process, and those it starts, have open what many readers take; by itself that may be 256."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(most, FILES)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


async def _first(life: asyncio.Task[None], event: asyncio.Event) -> None:
    """Come back when LIFE is over or EVENT has come."""
    coming = asyncio.create_task(event.wait())
    try:
        await asyncio.wait({life, coming}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        coming.cancel()


def _with_port(serve: Serve, port: int) -> Serve:
    from msgspec.structs import replace

    return replace(serve, port=port)


def _tell_systemd(state: str) -> None:
    """sd_notify(3), where systemd started us with Type=notify."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.sendto(state.encode(), f"\0{address[1:]}" if address.startswith("@") else address)
