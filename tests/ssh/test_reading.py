"""Reading over SSH: the reader on a terminal, commands on both streams, nothing else."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import resource
import sys
import weakref
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from asyncssh.constants import MSG_IGNORE
from asyncssh.packet import String

from benchmarks.ssh.seat import LEFT, Seat, connect, sit_down
from briefing.ssh import commands
from briefing.ssh.connection import UNPACKED
from briefing.ssh.driver import WAITING_KEYS, Line, LineDriver
from briefing.ssh.reader import RemoteReader, reader_of
from briefing.ssh.session import LAST_SECONDS
from briefing.ssh.settings import Limits
from tests.ssh.serving import edition_of, serving

COLOURED = re.compile(rb"\x1b\[(\d*;)*([349][0-7]|[34]8;5;\d+)(;\d+)*m")


@pytest.mark.parametrize(("key", "status"), [("q", 0), ("\x03", 130)])
async def test_the_reader_opens_searches_follows_and_leaves_the_terminal_as_it_was(
    sample: Path, tmp_path: Path, key: str, status: int
) -> None:
    async with serving(sample, tmp_path) as served:
        seat = await sit_down(served.port)
        await seat.until("1 Brief")
        seat.type("5")
        await seat.until("Quote by")
        seat.type("/hamidawi")
        await seat.until(lambda text: "/ hamidawi" in text and "Enter Keep" in text)
        seat.type("\r")
        await seat.until(lambda text: "Enter Keep" not in text)
        seat.type(key)
        await asyncio.wait_for(seat.ended.wait(), 20)
        assert seat.status == status
        assert LEFT in seat.raw
        (ended,) = served.log.events("session ended")
        assert ended["user"] == "reader"
        assert ended["kind"] == "reader"
        assert len(served.guests) == 0


async def test_where_there_is_no_other_screen_nothing_of_before_stays(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served, await connect(served.port) as connection:
        seat = Seat()  # its emulator has one screen
        seat.data_received(b"#" * 80 * 24, None)
        await connection.create_session(lambda: seat, term_type="screen", term_size=(80, 24), encoding=None)
        await seat.until("1 Brief")
        assert "#" not in seat.text


async def test_bytes_are_counted_while_a_session_lasts(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served:
        seat = await sit_down(served.port)
        await seat.until("1 Brief")
        seat.type("5")
        await seat.until("Quote by")
        await seat.quiet()
        counted = served.house.metrics.sample()
        assert (counted["sent_bytes_total"], counted["received_bytes_total"]) == (seat.bytes, 1)
        await seat.leave()


async def test_readers_do_not_see_each_other(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served:
        one, two = await sit_down(served.port), await sit_down(served.port, size=(120, 40))
        await one.until("1 Brief")
        await two.until("1 Brief")
        one.type("/sudani")
        await one.until("sudani")
        two.type("/maliki")
        await two.until("maliki")
        await one.quiet()
        assert "maliki" not in one.text.splitlines()[2]
        assert "sudani" not in two.text.splitlines()[2]
        await one.leave()
        await two.leave()


async def test_a_resize_is_drawn_anew(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served:
        seat = await sit_down(served.port)
        await seat.until("1 Brief")
        assert seat.channel is not None
        seat.screen.resize(30, 110)
        seat.channel.change_terminal_size(110, 30)
        await seat.until(lambda text: "─" * 110 in text and "1 Brief" in text)
        seat.channel.change_terminal_size(4_000_000, 4_000_000)  # drawn within reason, and survived
        seat.screen.resize(24, 80)
        seat.channel.change_terminal_size(80, 24)
        seat.type("2")
        await seat.until("2 Actors")
        await seat.leave()


async def test_whoever_changes_the_window_without_end_holds_up_nobody(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell, told = LineDriver._tell_size, 0

    def counted(driver: LineDriver) -> None:
        nonlocal told
        told += 1
        tell(driver)

    monkeypatch.setattr(LineDriver, "_tell_size", counted)
    async with serving(sample, tmp_path) as served:
        seat = await sit_down(served.port)
        assert seat.channel is not None
        for number in range(1000):  # from before the first screen on
            seat.channel.change_terminal_size(60 + number % 200, 20 + number % 100)
            await asyncio.sleep(0)
        seat.screen.resize(30, 110)
        seat.channel.change_terminal_size(110, 30)
        await seat.until(lambda text: "─" * 110 in text and "1 Brief" in text)
        assert told < 100
        await seat.leave()


@pytest.mark.parametrize("term", ["xterm", "xterm-256color", "screen", "tmux-256color", "linux", "vt100"])
async def test_terminals_get_colours_they_have(sample: Path, tmp_path: Path, term: str) -> None:
    async with serving(sample, tmp_path) as served:
        seat = await sit_down(served.port, term=term)
        await seat.until("1 Brief")
        seat.type("/hamidawi")
        await seat.until(lambda text: "/ hamidawi" in text and "Enter Keep" in text)
        await seat.quiet()
        # The terminal's own colours, not what Textual takes them for.
        assert b"38;2;" not in seat.raw
        assert b"38;5;" not in seat.raw
        if term == "vt100":
            assert not COLOURED.search(seat.raw)
        await seat.leave()


async def test_a_terminal_that_cannot_be_drawn_on_gets_plain_text(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served, await connect(served.port) as connection:
        for term in ("dumb", "evil\x1b[2J", None):
            result = await connection.run(term_type=term, timeout=60)
            assert result.exit_status == 0
            assert "\x1b" not in str(result.stdout)
            assert "QUOTES" in str(result.stdout)


async def test_commands_have_their_exit_status_and_both_streams(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served, await connect(served.port) as connection:
        found = await connection.run("search hamidawi --format json", timeout=60)
        assert found.exit_status == 0
        assert '"ref"' in str(found.stdout)
        assert found.stderr == ""
        nothing = await connection.run("search zzzzqqqq", timeout=60)
        assert nothing.exit_status == 1
        assert nothing.stdout == ""
        wrong = await connection.run("show no/such/record", timeout=60)
        assert wrong.exit_status in (1, 2)
        assert wrong.stderr
        assert wrong.stdout == ""


async def test_on_a_terminal_commands_do_as_under_openssh(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served, await connect(served.port) as connection:
        seat = await sit_down(served.port, command="briefing", connection=connection)
        await seat.until("1 Brief")
        found = await connection.run("search hamidawi", term_type="xterm", term_size=(60, 24), timeout=60)
        assert (found.exit_status, found.stderr) == (0, "")
        first, end, _ = str(found.stdout).partition("\r\n")
        assert "\x1b[1mAbu Hussein" in first
        assert len(re.sub(r"\x1b\[\d*m", "", first)) <= 60
        assert end
        nothing = await connection.run("search zzzzqqqq", term_type="xterm", timeout=60)
        assert (nothing.exit_status, nothing.stdout) == (1, "briefing: nothing matches\r\n")
        seat = await sit_down(served.port, command="briefing --plain", connection=connection)
        seat.type("\x03")
        await asyncio.wait_for(seat.ended.wait(), 20)
        assert seat.status == 130
        assert seat.raw.endswith(b"^C\r\n")  # as on a terminal of OpenSSH's: there is one stream
        assert not seat.errors


@pytest.mark.parametrize(
    "command",
    [
        "sh",
        "bash -i",
        "search x; id",
        "search $(id)",
        "/bin/sh -c id",
        "check",
        "serve --anonymous",
        "search x --content /etc",
        "search x --cont=/etc",
        "fmt",
        "scp -f /etc/passwd",
        "search 'unbalanced",
        "x" * 5000,
        "search \x1b[31m",
    ],
)
async def test_nothing_else_is_run(sample: Path, tmp_path: Path, command: str) -> None:
    async with serving(sample, tmp_path) as served, await connect(served.port) as connection:
        result = await connection.run(command, timeout=60)
        assert "uid=" not in str(result.stdout) + str(result.stderr)
        # What looks like a shell's syntax is only words of a query.
        assert result.exit_status in ((1, 0) if command.startswith("search x; ") or "$(" in command else (2,))


async def test_no_forwarding_no_agent_no_subsystem_no_environment(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served, await connect(served.port) as connection:
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_connection("127.0.0.1", 22)
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_unix_connection("/tmp/x")
        with pytest.raises((asyncssh.ChannelListenError, asyncssh.ChannelOpenError)):
            await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", 22)
        with pytest.raises((asyncssh.ChannelListenError, asyncssh.ChannelOpenError)):
            await connection.forward_remote_path("/tmp/x", "/tmp/y")
        assert served.house.metrics.sample()['refused_total{why="forwarding"}'] == 4
        assert [fields["why"] for fields in served.log.events("refused")] == ["forwarding"] * 4
        with pytest.raises(asyncssh.Error):
            await connection.start_sftp_client()
        assert served.house.metrics.sample()['refused_total{why="subsystem"}'] == 1
        seat = Seat()
        await connection.create_session(
            lambda: seat, "search hamidawi", env={"BRIEFING_CONTENT": "/etc"}, encoding=None
        )
        await asyncio.wait_for(seat.ended.wait(), 60)
        assert seat.status == 0


async def test_a_session_opens_where_no_descriptor_is_free(sample: Path, tmp_path: Path) -> None:
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with serving(sample, tmp_path) as served, await connect(served.port) as connection:
        before = Seat()
        await connection.create_session(lambda: before, term_type="xterm", term_size=(80, 24), encoding=None)
        await before.until("1 Brief")
        lowest = os.open(os.devnull, os.O_RDONLY)
        os.close(lowest)
        seat = Seat()
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, most))
            with pytest.raises(OSError, match="Too many open files"):
                os.open(os.devnull, os.O_RDONLY)
            await connection.create_session(
                lambda: seat, term_type="xterm", term_size=(80, 24), encoding=None
            )
            await seat.until("1 Brief")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (now, most))
        seat.type("q")
        await asyncio.wait_for(seat.ended.wait(), 20)
        assert seat.status == 0


async def test_a_reader_that_fails_ends_alone_and_is_logged(sample: Path, tmp_path: Path) -> None:
    edition = edition_of(sample)
    readers: list[RemoteReader] = []

    def reader(line: Line) -> RemoteReader:
        app = reader_of(edition, line)
        readers.append(app)
        return app

    async with serving(sample, tmp_path, reader=reader) as served:
        one, two = await sit_down(served.port), await sit_down(served.port)
        await one.until("1 Brief")
        await two.until("1 Brief")

        def fail() -> None:
            raise RuntimeError("a secret of the program")

        readers[0].call_later(fail)
        await asyncio.wait_for(one.ended.wait(), 20)
        assert one.status == 70
        assert b"log" in one.raw
        assert b"secret" not in one.raw
        assert "a secret of the program" in str(served.log.errors[0].exc_info)
        two.type("5")
        await two.until("Quote by")
        await two.leave()


async def test_a_dropped_line_leaves_nothing_behind(sample: Path, tmp_path: Path) -> None:
    edition = edition_of(sample)
    readers: list[weakref.ref[RemoteReader]] = []

    def reader(line: Line) -> RemoteReader:
        app = reader_of(edition, line)
        readers.append(weakref.ref(app))
        return app

    async with serving(sample, tmp_path, reader=reader) as served:
        before = len(asyncio.all_tasks())
        for keys in ("", "5j", "/hami", "5\r?"):
            seat = await sit_down(served.port)
            await seat.until("1 Brief")
            seat.type(keys)
            await seat.quiet(0.1)
            assert seat.connection is not None
            seat.connection.abort()
            while served.house.sessions:
                await asyncio.sleep(0.01)
        assert len(served.guests) == 0
        for _ in range(500):
            gc.collect()
            if len(asyncio.all_tasks()) <= before and not any(ref() for ref in readers):
                break
            await asyncio.sleep(0.01)
        assert [ref() for ref in readers] == [None] * 4
        assert len(asyncio.all_tasks()) <= before


async def test_forged_and_endless_input_harms_nobody(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served:
        seat = await sit_down(served.port)
        await seat.until("1 Brief")
        for forged in (
            b"\x1b[48;999999;999999;9;9t",
            b"\x1b[?2026;2$y\x1b[?2048;1$y",
            b"\x1b[99999999999999u\x1b[1114112;5u",
            b"\x1b[<0;999999;999999M\x1b[<0;-5;-5m\x1b[M\xff\xff\xff",
            b"\x1b[I\x1b[O\x1b[999;999R",
            b"\x1b[200~" + b"A" * 200_000,
            b"\x1b[201~\xff\xfe\x00\x1b\x1b\x1b[",
            b"\x1b]52;c;aGFsbG8=\x07\x1bP+q\x1b\\\x1b[?64;1;9q",
            b"j" * 50_000,
        ):
            seat.type(forged)
            await seat.quiet(0.05)
        seat.type("\x1b\x1b\x1b")
        await seat.quiet(0.3)
        assert "leads the coalition again" not in seat.text
        seat.type("2")
        await seat.until("leads the coalition again")
        assert seat.screen.columns == 80
        await seat.leave()
        assert not served.log.errors


async def test_a_packet_that_unpacks_to_no_end_ends_its_connection(sample: Path, tmp_path: Path) -> None:
    packed = ["zlib@openssh.com"]
    async with serving(sample, tmp_path) as served:
        seat = await sit_down(served.port, compression_algs=packed)
        await seat.until("1 Brief")
        seat.type("5")
        await seat.until("Quote by")
        hostile = await connect(served.port, compression_algs=packed)
        hostile.send_packet(MSG_IGNORE, String(bytes(4 * UNPACKED)))
        await asyncio.wait_for(hostile.wait_closed(), 20)
        seat.type("2")
        await seat.until("2 Actors")
        await seat.leave()


async def test_a_held_key_ends_when_it_is_released(sample: Path, tmp_path: Path) -> None:
    edition = edition_of(sample)
    held: list[RemoteReader] = []

    def reader(line: Line) -> RemoteReader:
        held.append(reader_of(edition, line))
        return held[-1]

    async with serving(sample, tmp_path, reader=reader) as served:
        seat = await sit_down(served.port)
        await seat.until("1 Brief")
        seat.type("5")
        await seat.until("Quote by")
        seat.type("j" * 20_000)
        await seat.quiet(0.5)
        assert held[0].keys_waiting <= WAITING_KEYS
        await seat.leave()


class Deaf(Seat):
    """A client that takes nothing, and has room for next to nothing."""

    def connection_made(self, chan: Any) -> None:
        super().connection_made(chan)
        chan.pause_reading()


@pytest.mark.parametrize("command", ["--plain", "rm"])
async def test_a_command_s_client_that_does_not_read_holds_up_nobody(
    sample: Path, tmp_path: Path, command: str, caplog: pytest.LogCaptureFixture
) -> None:
    limits = Limits(command=1.5, commands=1)
    async with serving(sample, tmp_path, limits=limits) as served, await connect(served.port) as connection:
        deaf = await connect(served.port)
        await deaf.create_session(Deaf, command, encoding=None, window=4)
        other = await connection.run("search hamidawi", timeout=60)
        assert other.exit_status == 0
        async with asyncio.timeout(30):
            await deaf.wait_closed()
            while len(served.guests):
                await asyncio.sleep(0.01)
        # Nor is there anything in the log that an operator should see to.
        gc.collect()
        assert not [record for record in caplog.records if record.name == "asyncio"]


@pytest.mark.parametrize("program", ["while 1: print('x' * 1000)", "print('x' * 100_000)"])
async def test_more_than_a_client_reads_holds_up_nobody(
    sample: Path, tmp_path: Path, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = commands.START
    monkeypatch.setattr(commands, "START", (sys.executable, "-c", program))
    limits = Limits(command=4, commands=1)
    async with serving(sample, tmp_path, limits=limits) as served:
        open_before = len([*Path("/proc/self/fd").iterdir()])
        deaf = await connect(served.port)
        await deaf.create_session(Deaf, "list quote", encoding=None, window=4)
        while not served.log.events("session started"):
            await asyncio.sleep(0.01)
        monkeypatch.setattr(commands, "START", start)
        async with await connect(served.port) as connection, asyncio.timeout(30):
            assert (await connection.run("search hamidawi")).exit_status == 0
        async with asyncio.timeout(30):
            await deaf.wait_closed()
            while len([*Path("/proc/self/fd").iterdir()]) > open_before:
                await asyncio.sleep(0.01)


async def test_a_session_that_does_not_read_its_end_takes_no_other_with_it(
    sample: Path, tmp_path: Path
) -> None:
    async with serving(sample, tmp_path) as served:
        seat = await sit_down(served.port)
        await seat.until("1 Brief")
        assert seat.connection is not None
        deaf = Deaf(parse=False)
        await seat.connection.create_session(lambda: deaf, "rm", encoding=None, window=4)
        async with asyncio.timeout(30):
            while not served.log.events("session ended"):
                await asyncio.sleep(0.01)
        await asyncio.sleep(LAST_SECONDS + 0.5)
        seat.type("5")
        await seat.until("Quote by")
        await seat.leave()


async def test_a_command_that_takes_too_long_says_so(sample: Path, tmp_path: Path) -> None:
    limits = Limits(command=0.01)
    async with serving(sample, tmp_path, limits=limits) as served, await connect(served.port) as connection:
        result = await connection.run("search hamidawi", timeout=60)
        assert (result.exit_status, result.stderr) == (124, "Stopped after 0.01 seconds.\n")


async def test_a_client_that_does_not_read_gets_no_heap_of_frames(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served:
        other = await sit_down(served.port)
        await other.until("1 Brief")
        seat = await sit_down(served.port, parse=False)
        await seat.news()
        assert seat.channel is not None
        assert seat.connection is not None
        seat.channel.pause_reading()
        transport = seat.connection.get_extra_info("socket")
        assert transport is not None
        (connection,) = [
            session._connection
            for session in served.house.sessions
            if session._connection.get_extra_info("peername")[1] == transport.getsockname()[1]
        ]
        seat.connection._transport.pause_reading()  # type: ignore[union-attr]
        for _ in range(300):
            seat.type("23456")
            await asyncio.sleep(0)
            waits = connection._transport.get_write_buffer_size()  # type: ignore[union-attr]
            assert waits < 64 * 1024
        other.type("5")
        await other.until("Quote by")
        seat.connection._transport.resume_reading()  # type: ignore[union-attr]
        seat.channel.resume_reading()
        await seat.leave()
        await other.leave()
