"""`briefing serve` end to end: OpenSSH's client, tmux, ssh-audit; workers, metrics, content, stopping."""

from __future__ import annotations

import asyncio
import fcntl
import os
import resource
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from benchmarks.generate import generate
from benchmarks.ssh.seat import Seat, connect, sit_down
from benchmarks.ssh.server import Server, serve
from benchmarks.terminal import Terminal
from briefing.edition.edition import open_edition, standing_edition
from briefing.ssh.keys import HostKeyError, host_key
from briefing.ssh.session import LAST_SECONDS
from briefing.ssh.settings import Serve
from briefing.ssh.watcher import FILES, Watcher, Worker, _may_open_many
from briefing.ssh.wire import Last, Ready, Wire
from tests.ssh.accounts import ssh_command
from tests.ssh.serving import damage

pytestmark = pytest.mark.xdist_group("serve")
SAMPLE = Path(__file__).parents[2] / "content"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(SAMPLE, tmp_path_factory.mktemp("serve"), "--drain", "1") as server:
        yield server


def run(server: Server, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ssh_command(server.port, "anna", *arguments)
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=90)


@pytest.mark.needs("ssh")
@pytest.mark.parametrize("options", [(), ("-C",)])
@pytest.mark.parametrize("term", ["xterm-256color", "xterm", "linux"])
def test_openssh_s_client_reads(server: Server, options: tuple[str, ...], term: str) -> None:
    with Terminal(ssh_command(server.port, "anna", "-tt", *options, "127.0.0.1"), term=term) as terminal:
        terminal.until("1 Brief")
        terminal.send("5")
        terminal.until("Quote by")
        terminal.send("/hamidawi")
        terminal.until("/ hamidawi")
        ended = len(server.events("session ended"))
        terminal.send("\x03")
        server.wait_until(lambda: terminal._read(0.02) or len(server.events("session ended")) > ended)


@pytest.mark.needs("ssh")
def test_openssh_s_client_runs_commands(server: Server) -> None:
    found = run(server, "127.0.0.1", "search", "hamidawi", "--format", "csv")
    assert (found.returncode, found.stderr) == (0, b"")
    assert b"hamidawi" in found.stdout
    assert run(server, "127.0.0.1", "search", "zzzzqqqq").returncode == 1
    refused = run(server, "127.0.0.1", "sh")
    assert (refused.returncode, refused.stdout) == (2, b"")
    on_terminal = run(server, "-tt", "127.0.0.1", "list actor")
    assert on_terminal.returncode == 0
    assert b"\r\n" in on_terminal.stdout
    assert b"QUOTES" in run(server, "127.0.0.1", "briefing --plain").stdout


@pytest.mark.needs("ssh", "tmux")
def test_within_tmux(server: Server, tmp_path: Path) -> None:
    tmux = ["tmux", "-L", f"briefing-{os.getpid()}", "-f", "/dev/null"]
    command = " ".join(f"'{word}'" for word in ssh_command(server.port, "anna", "-tt", "127.0.0.1"))
    subprocess.run([*tmux, "new-session", "-d", "-x", "80", "-y", "24", f"{command}; sleep 60"], check=True)

    def screen() -> str:
        return subprocess.run(
            [*tmux, "capture-pane", "-p"], check=True, capture_output=True, text=True
        ).stdout

    try:
        server.wait_until(lambda: "1 Brief" in screen())
        subprocess.run([*tmux, "send-keys", "5"], check=True)
        server.wait_until(lambda: "Quote by" in screen())
        subprocess.run([*tmux, "resize-window", "-x", "110", "-y", "30"], check=True)
        server.wait_until(lambda: "─" * 110 in screen())
        subprocess.run([*tmux, "send-keys", "q"], check=True)
        server.wait_until(lambda: "1 Brief" not in screen())
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)


def test_no_algorithm_fails_an_audit(server: Server) -> None:
    result = subprocess.run(
        [
            Path(sys.executable).with_name("ssh-audit"),
            "--skip-rate-test",
            "-p",
            str(server.port),
            "127.0.0.1",
        ],
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert "(gen) banner" in result.stdout
    assert "[fail]" not in result.stdout


@pytest.mark.needs("ssh")
def test_whoever_takes_a_command_s_output_late_gets_it_all(tmp_path: Path) -> None:
    generate(tmp_path / "content", 3000)
    with serve(tmp_path / "content", tmp_path, workers=1) as server:
        command = ssh_command(server.port, "anna", "127.0.0.1", "list quote --format json --limit 0")
        whole = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=90)
        assert len(whole.stdout) > 256 * 1024  # more than a pipe takes
        late = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        assert late.stdout is not None
        assert late.stdout.read(1)
        time.sleep(LAST_SECONDS + 1)
        assert len(late.stdout.read()) + 1 == len(whole.stdout)
        assert late.wait(20) == 0


async def test_workers_share_a_port_and_a_count(server: Server) -> None:
    seats = [await sit_down(server.port) for _ in range(12)]
    for seat in seats:
        await seat.until("1 Brief")
    for worker in server.workers():
        os.kill(worker, signal.SIGHUP)  # `systemctl kill` tells all processes of a service
    assert await asyncio.to_thread(server.number, "sessions") == 12
    used = {event["worker"] for event in server.events("session started")}
    assert used == set(server.workers())
    assert "briefing_first_screen_seconds_bucket" in await asyncio.to_thread(server.metrics)
    for seat in seats:
        await seat.leave()
    await asyncio.to_thread(server.wait_until, lambda: server.number("connections") == 0)
    await asyncio.to_thread(server.wait_until, lambda: server.number("sessions") == 0)


def test_metrics_are_on_loopback_and_only_metrics(server: Server) -> None:
    assert server.metrics("/ready") == "ready\n"
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    assert f"0100007F:{server.metrics_port:04X}" in listening
    with pytest.raises(OSError, match="404"):
        server.metrics("/etc/passwd")


def test_the_head_of_a_page_is_answered_without_it(server: Server) -> None:
    for path, least in (("/ready", 6), ("/metrics", 1000)):
        url = f"http://127.0.0.1:{server.metrics_port}{path}"
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=10) as answer:
            assert (answer.status, answer.read()) == (200, b"")
            assert int(answer.headers["Content-Length"]) >= least


async def test_what_leads_to_a_worker_that_is_gone_is_closed(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    worker = Worker(await asyncio.create_subprocess_exec("true"), await Wire.over(ours))
    theirs.close()
    await Watcher(Serve(tmp_path, tmp_path))._live(worker)
    await asyncio.sleep(0)
    assert ours.fileno() == -1


async def test_half_a_message_of_a_worker_that_was_killed_is_none(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    wire = await Wire.over(ours)
    theirs.sendall(b'{"type":"Ready"}\n{"type":"Le')
    theirs.close()
    assert [await wire.receive(), await wire.receive()] == [Ready(), None]
    wire.close()


async def test_a_worker_that_dies_is_replaced_and_its_places_are_free(tmp_path: Path) -> None:
    with serve(SAMPLE, tmp_path, "--sessions", "1", workers=1) as server:
        seat = await sit_down(server.port)
        await seat.until("1 Brief")
        (worker,) = server.workers()
        os.kill(worker, signal.SIGKILL)
        await asyncio.wait_for(seat.ended.wait(), 20)
        await asyncio.to_thread(server.wait_until, lambda: server.workers() not in ([], [worker]))
        await asyncio.to_thread(server.wait_until, lambda: len(server.events("edition")) == 2)
        again = await _patiently(server)
        await again.until("1 Brief")
        await again.leave()
        assert server.events("worker died")


async def test_a_worker_that_starts_afresh_shows_the_host_key_that_others_do(tmp_path: Path) -> None:
    with serve(SAMPLE, tmp_path, workers=1) as server:
        before = await asyncssh.get_server_host_key("127.0.0.1", server.port)
        (server.state / "host_key").unlink()
        (worker,) = server.workers()
        os.kill(worker, signal.SIGKILL)
        seat = await _patiently(server)
        await seat.until("1 Brief")
        await seat.leave()
        after = await asyncssh.get_server_host_key("127.0.0.1", server.port)
        assert before is not None
        assert after == before
        assert server.workers() != [worker]


async def test_that_no_key_opens_is_said_at_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mistyped = tmp_path / "raeders"
    serve = Serve(content=SAMPLE, state=tmp_path, host="192.0.2.1", authorized_keys=mistyped)
    with pytest.raises(OSError, match="assign"):
        await Watcher(serve).run()
    assert "no key opens, nobody is let in" in caplog.text


async def test_a_worker_that_cannot_be_started_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, refused = asyncio.create_subprocess_exec, 0

    async def scarce(*arguments: Any, **named: Any) -> Any:
        nonlocal refused
        refused += 1
        if refused == 1:
            raise BlockingIOError("no more processes")
        return await start(*arguments, **named)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", scarce)
    watcher = Watcher(Serve(content=SAMPLE, state=tmp_path, port=0, anonymous=True))
    running = asyncio.create_task(watcher.run())
    async with asyncio.timeout(60):
        while not any(worker.ready.is_set() for worker in watcher.workers):
            assert not running.done()
            await asyncio.sleep(0.02)
    os.kill(os.getpid(), signal.SIGTERM)
    assert await asyncio.wait_for(running, 60) == 0


async def test_a_server_that_stops_leaves_no_builder_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = tmp_path / "begun"
    build = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1], 'begun').write_text(str(os.getpid()))"
    monkeypatch.setattr("briefing.ssh.watcher.BUILD", f"{build}; time.sleep(100)")
    watcher = Watcher(Serve(content=tmp_path, state=tmp_path))
    watcher._refresh.set()
    refreshing = asyncio.create_task(watcher._refresh_on_demand())
    async with asyncio.timeout(60):
        while not (begun.exists() and begun.read_text()):
            await asyncio.sleep(0.02)
        refreshing.cancel()
        await asyncio.wait([refreshing])
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text()), 0)


async def test_a_worker_that_died_is_replaced_where_there_is_no_new_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    watcher = Watcher(Serve(content=SAMPLE, state=tmp_path, port=0, anonymous=True))
    running = asyncio.create_task(watcher.run())

    async def ready(but: object = None) -> Any:
        async with asyncio.timeout(60):
            while not (found := [one for one in watcher.workers if one.ready.is_set() and one is not but]):
                assert not running.done()
                await asyncio.sleep(0.02)
        return found[0]

    def away(*_: object, **__: object) -> None:
        raise OSError("the address is away")

    first = await ready()
    monkeypatch.setattr("briefing.ssh.watcher.bind", away)
    first.process.kill()
    await ready(first)
    assert "a dead worker's door stays open" in caplog.text
    seat = await sit_down(watcher.serve.port)
    await seat.until("1 Brief")
    await seat.leave()
    os.kill(os.getpid(), signal.SIGTERM)
    assert await asyncio.wait_for(running, 60) == 0


async def test_a_worker_that_grew_is_replaced_and_nobody_finds_the_door_shut(tmp_path: Path) -> None:
    with serve(SAMPLE, tmp_path, "--keep-memory", "0.001", workers=1) as server:
        (grown,) = server.workers()
        first = await sit_down(server.port)
        await first.until("1 Brief")
        await first.leave()
        await asyncio.to_thread(server.wait_until, lambda: len(server.workers()) == 2)
        late = await sit_down(server.port)
        await late.until("1 Brief")
        visitors = 2
        while len(server.events("edition")) < 2:
            seat = await sit_down(server.port)
            await seat.until("1 Brief")
            await seat.leave()
            visitors += 1
        late.type("5")
        await late.until("Quote by")
        await late.leave()
        await asyncio.to_thread(server.wait_until, lambda: grown not in server.workers())
        await asyncio.to_thread(server.wait_for, "worker replaced")
        assert not server.events("worker died")
        assert await asyncio.to_thread(server.total, "started_total") == visitors


async def _patiently(server: Server) -> Seat:
    for _ in range(200):
        try:
            return await sit_down(server.port)
        except OSError:
            await asyncio.sleep(0.05)
    raise AssertionError("nobody answers")


async def test_the_limit_holds_for_all_workers_together(tmp_path: Path) -> None:
    with serve(SAMPLE, tmp_path, "--sessions", "3", workers=2) as server:
        seats = [await sit_down(server.port) for _ in range(10)]
        while not all(seat.ended.is_set() or "1 Brief" in seat.text for seat in seats):
            await asyncio.sleep(0.02)
        assert sum(not seat.ended.is_set() for seat in seats) == 3
        assert sum(b"full" in seat.raw for seat in seats) == 7
        for seat in seats:
            await seat.leave()


async def test_new_content_comes_without_a_restart(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(SAMPLE, content)
    with serve(content, tmp_path, workers=1) as server:
        earlier = await sit_down(server.port)
        await earlier.until("Iraqi militias")
        (path,) = content.glob("*/briefing.yaml")
        path.write_text(path.read_text().replace("title: Iraqi militias", "title: Iraqi factions", 1))
        await asyncio.to_thread(server.wait_for, "edition", 2)
        later = await sit_down(server.port)
        await later.until("Iraqi factions")
        for seat in (earlier, later):
            await seat.leave()


def found(server: Server) -> tuple[int, bool]:
    """Whether a command answers, and as the sample does."""
    result = run(server, "127.0.0.1", "search", "hamidawi")
    return result.returncode, b"hamidawi" in result.stdout


@pytest.mark.needs("ssh")
def test_what_was_saved_broken_is_not_shown_and_commands_read_what_readers_do(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(SAMPLE, content)
    with serve(content, tmp_path, workers=1) as server:
        (path,) = content.glob("*/briefing.yaml")
        whole = path.read_text()
        path.write_text(f"{whole}: [")
        assert "briefing.yaml" in server.wait_for("the new edition is broken, the last one stays")["why"]
        assert found(server) == (0, True)
        content.rename(tmp_path / "away")
        server.wait_for("the new edition was not built, the last one stays")
        assert found(server) == (0, True)
        (tmp_path / "away").rename(content)
        path.write_text(whole.replace("title: Iraqi militias", "title: Iraqi factions", 1))
        server.wait_for("edition", 2)
        assert b"Iraqi factions" in run(server, "127.0.0.1", "briefing --plain").stdout


async def test_folders_may_have_names_that_are_no_text(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"n\xfe\xffn")
    shutil.copytree(SAMPLE, folder / "content")
    with serve(folder / "content", folder, workers=1, cache=tmp_path / "cache") as server:
        await _replaced(server)
        seat = await sit_down(server.port)
        await seat.until("Iraqi militias")
        await seat.leave()
        found = await asyncio.to_thread(run, server, "127.0.0.1", "search", "hamidawi")
        assert (found.returncode, found.stderr) == (0, b"")
        assert server.events("the content is not watched")


async def test_a_worker_that_starts_afresh_shows_the_last_edition_that_was_not_broken(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(SAMPLE, content)
    with serve(content, tmp_path, workers=1) as server:
        (path,) = content.glob("*/briefing.yaml")
        path.write_text(f"{path.read_text()}: [")
        await asyncio.to_thread(server.wait_for, "the new edition is broken, the last one stays")
        await _replaced(server)
        seat = await sit_down(server.port)
        await seat.until("Iraqi militias")
        await seat.leave()
        # Nor need there be any content.
        content.rename(tmp_path / "away")
        await asyncio.to_thread(server.wait_for, "the new edition was not built, the last one stays")
        await _replaced(server)
        seat = await sit_down(server.port)
        await seat.until("Iraqi militias")
        await seat.leave()
        assert len({event["identity"] for event in server.events("edition")}) == 1


async def test_what_was_shown_is_kept_while_no_worker_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    content = tmp_path / "content"
    shutil.copytree(SAMPLE, content)
    good = open_edition(content)
    watcher = Watcher(Serve(content=content, state=tmp_path))
    last = Last(os.fsencode(good.root), good.mark)
    watcher._stand(last)
    del good
    (path,) = content.glob("*/briefing.yaml")
    for number in range(2):  # the second builder removes what nobody reads and is not the newest
        path.write_text(f"{path.read_text()}: [ # {number}")
        open_edition(content)
    assert standing_edition(content, last.mark) is not None


async def _replaced(server: Server) -> None:
    """Come back when a worker has died and another stands in its place."""
    editions = len(server.events("edition"))
    (worker,) = server.workers()
    os.kill(worker, signal.SIGKILL)
    await asyncio.to_thread(server.wait_for, "edition", editions + 1)
    await (await _patiently(server)).leave()


async def test_of_a_damaged_edition_the_log_alone_tells(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with serve(SAMPLE, tmp_path, workers=1) as server:
        seat = await sit_down(server.port)
        await seat.until("1 Brief")
        seat.type("/hamidawi")
        await seat.until("Quotes 2")
        damage(tmp_path)
        seat.type(" iraq")
        await asyncio.to_thread(server.wait_for, "the edition in the cache was damaged; it was built again")
        await seat.leave()
    assert capfd.readouterr().err == ""


@pytest.mark.needs("ssh")
def test_commands_do_not_wait_for_the_builder(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(SAMPLE, content)
    with serve(content, tmp_path, workers=1) as server:
        (building,) = (tmp_path / "cache").glob("briefing/*/building")
        with building.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            (path,) = content.glob("*/briefing.yaml")
            path.write_text(path.read_text().replace("title: Iraqi militias", "title: Iraqi factions", 1))
            assert found(server) == (0, True)
        server.wait_for("edition", 2)


async def test_another_folder_in_the_content_s_place_is_noticed(tmp_path: Path) -> None:
    one, two, link = tmp_path / "one", tmp_path / "two", tmp_path / "content"
    for folder, title in ((one, "Iraqi factions"), (two, "Iraqi parties")):
        shutil.copytree(SAMPLE, folder)
        (path,) = folder.glob("*/briefing.yaml")
        path.write_text(path.read_text().replace("title: Iraqi militias", f"title: {title}", 1))
    link.symlink_to(one)
    with serve(link, tmp_path, workers=1) as server:
        (tmp_path / "link").symlink_to(two)
        (tmp_path / "link").rename(link)
        await asyncio.to_thread(server.wait_for, "edition", 2)
        seat = await sit_down(server.port)
        await seat.until("Iraqi parties")
        await seat.leave()

        shutil.rmtree(two)
        missing = await asyncio.to_thread(
            server.wait_for, "the new edition was not built, the last one stays"
        )
        assert "no such folder" in missing["why"]
        one.rename(two)
        await asyncio.to_thread(server.wait_for, "edition", 3)
        seat = await sit_down(server.port)
        await seat.until("Iraqi factions")
        await seat.leave()
        # And is watched in its turn.
        (path,) = two.glob("*/briefing.yaml")
        path.write_text(path.read_text().replace("title: Iraqi factions", "title: Iraqi groups", 1))
        await asyncio.to_thread(server.wait_for, "edition", 4)


async def test_stopping_lets_readers_finish(tmp_path: Path) -> None:
    with serve(SAMPLE, tmp_path, "--drain", "4") as server:
        seat = await sit_down(server.port)
        await seat.until("1 Brief")
        server.process.send_signal(signal.SIGTERM)
        await seat.until("The server is restarting")
        late = await sit_down(server.port, connection=seat.connection)
        await asyncio.wait_for(late.ended.wait(), 20)
        assert (late.status, b"restarting" in late.raw) == (75, True)
        assert not seat.ended.is_set()
        assert await asyncio.to_thread(server.total, "refused_total") == 1
        seat.type("5")
        await seat.until("Quote by")
        with pytest.raises((asyncssh.Error, OSError)):
            await connect(server.port)
        await asyncio.wait_for(seat.ended.wait(), 20)
        assert b"connect again" in seat.raw
        assert await asyncio.to_thread(server.stop) == 0


async def test_whoever_stops_it_twice_does_not_wait_for_readers(tmp_path: Path) -> None:
    with serve(SAMPLE, tmp_path, "--drain", "300") as server:
        seat = await sit_down(server.port)
        await seat.until("1 Brief")
        server.process.send_signal(signal.SIGTERM)
        await seat.until("The server is restarting")
        server.process.send_signal(signal.SIGINT)
        await asyncio.wait_for(seat.ended.wait(), 20)
        assert b"connect again" in seat.raw
        assert await asyncio.to_thread(server.process.wait, 30) == 0


def test_a_server_that_stops_does_not_wait_for_a_scraper_that_says_nothing(tmp_path: Path) -> None:
    with (
        serve(SAMPLE, tmp_path, workers=1) as server,
        socket.create_connection(("127.0.0.1", server.metrics_port)),
    ):
        server.metrics()  # the silent one, who came before, is connected by now
        since = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - since < 4


def test_the_host_key_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    keys = set()
    for _ in range(2):
        with serve(SAMPLE, tmp_path, workers=1) as server:
            keys.add(server.events("listening")[-1]["host_key"])
    key = tmp_path / "state/host_key"
    assert len(keys) == 1
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(0o644)
    refused = subprocess.run(
        [
            *(sys.executable, "-m", "briefing", "serve", "--anonymous", "--port", "0"),
            *("--content", str(SAMPLE), "--state", str(tmp_path / "state")),
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert refused.returncode == 2
    assert "chmod 600" in refused.stderr


def test_two_servers_do_not_share_a_port(server: Server, tmp_path: Path) -> None:
    arguments = ("--anonymous", "--content", str(SAMPLE), "--state", str(tmp_path))
    second = subprocess.run(
        [sys.executable, "-m", "briefing", "serve", *arguments, "--port", str(server.port)],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert second.returncode == 2
    assert f"port {server.port}: Address already in use" in second.stderr


def test_a_server_may_open_as_much_as_the_system_lets_it() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, before[0]), before[1]))
        _may_open_many()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] in (FILES, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_of_two_ports_the_one_in_use_is_named(server: Server, tmp_path: Path) -> None:
    arguments = ("--anonymous", "--content", str(SAMPLE), "--state", str(tmp_path), "--port", "0")
    second = subprocess.run(
        [sys.executable, "-m", "briefing", "serve", *arguments, "--metrics-port", str(server.metrics_port)],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr == f"briefing: 127.0.0.1, port {server.metrics_port}: Address already in use\n"


def test_a_damaged_host_key_is_named(tmp_path: Path) -> None:
    key = tmp_path / "host_key"
    key.write_text("rubbish")
    key.chmod(0o600)
    with pytest.raises(HostKeyError, match=rf"{key}: Invalid private key"):
        host_key(key)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "who may read"),
        (["--anonymous", "--authorized-keys", "/x"], "who may read"),
        (["--anonymous", "--sessions", "0"], "--sessions"),
        (["--anonymous", "--total", "inf"], "--total"),
        (["--anonymous", "--idle", "nan"], "--idle"),
        (["--anonymous", "--workers", "-1"], "--workers"),
        (["--anonymous", "--port", "70000"], "--port"),
        (["--anonymous", "--port", "0", "--metrics-port", "70000"], "--metrics-port"),
        (["--anonymous", "--port", "0", "--state", f"{__file__}/state"], "host key"),
        (["--anonymous", "--content", "/nonexistent"], "/nonexistent"),
        (["--anonymous", "--port", "1", "--host", "192.0.2.1"], "192.0.2.1"),
    ],
)
def test_a_server_that_cannot_start_says_why(options: list[str], words: str, tmp_path: Path) -> None:
    content = [] if "--content" in options else ["--content", str(SAMPLE)]
    result = subprocess.run(
        [sys.executable, "-m", "briefing", "serve", "--state", str(tmp_path), *content, *options],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr
