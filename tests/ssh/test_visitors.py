"""Who is let in, how many, how often and how long."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from asyncssh.constants import MSG_IGNORE
from asyncssh.packet import String

from benchmarks.ssh.seat import connect, sit_down
from briefing.ssh import connection
from briefing.ssh.connection import HEARD
from briefing.ssh.settings import Limits
from tests.ssh.serving import new_key, public_line, serving


async def test_a_full_server_says_so(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path, limits=Limits(sessions=2)) as served:
        seats = [await sit_down(served.port) for _ in range(2)]
        for seat in seats:
            await seat.until("1 Brief")
        late = await sit_down(served.port)
        await asyncio.wait_for(late.ended.wait(), 20)
        assert b"full" in late.raw
        assert late.status == 75
        await seats[0].leave()
        while len(served.guests) > 1:
            await asyncio.sleep(0.01)
        again = await sit_down(served.port)
        await again.until("1 Brief")
        for seat in (again, seats[1]):
            await seat.leave()


async def test_an_address_and_a_key_have_their_share(sample: Path, tmp_path: Path) -> None:
    key = new_key()
    listed = tmp_path / "keys"
    listed.write_text(public_line(key))
    limits = Limits(per_key=1, per_address=5)
    async with serving(sample, tmp_path, limits=limits, authorized_keys=listed) as served:
        one = await sit_down(served.port, keys=[key])
        await one.until("1 Brief")
        two = await sit_down(served.port, keys=[key])
        await asyncio.wait_for(two.ended.wait(), 20)
        assert b"your key" in two.raw
        await one.leave()
    async with serving(sample, tmp_path, limits=Limits(per_address=1)) as served:
        one = await sit_down(served.port)
        await one.until("1 Brief")
        two = await sit_down(served.port, connection=one.connection)
        await asyncio.wait_for(two.ended.wait(), 20)
        assert b"your address" in two.raw
        await one.leave()


@pytest.mark.parametrize(
    ("addresses", "together"),
    [
        (("2001:db8::1", "2001:db8::2:3"), True),
        (("2001:db8:0:1::1", "2001:db8:0:2::1"), False),
        (("::ffff:192.0.2.1", "::ffff:192.0.2.2"), False),
    ],
)
async def test_whoever_has_one_address_of_ipv6_has_its_neighbours(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, str], together: bool
) -> None:
    written, peers = connection._written, iter(addresses)
    monkeypatch.setattr(connection, "_written", lambda _: written(next(peers)))
    async with serving(sample, tmp_path, limits=Limits(per_address=1)) as served:
        one = await sit_down(served.port)
        await one.until("1 Brief")
        two = await sit_down(served.port)
        if together:
            await asyncio.wait_for(two.ended.wait(), 20)
            assert b"your address" in two.raw
        else:
            await two.until("1 Brief")
        for seat in (one, two):
            await seat.leave()


async def test_whoever_tries_key_after_key_is_turned_away(sample: Path, tmp_path: Path) -> None:
    listed = tmp_path / "keys"
    good = new_key()
    listed.write_text(public_line(good))
    limits = Limits(attempts=3, failures=2)
    async with serving(sample, tmp_path, limits=limits, authorized_keys=listed) as served:
        with pytest.raises(asyncssh.DisconnectError, match="Too many keys"):
            await connect(served.port, keys=[new_key() for _ in range(6)])
        with pytest.raises(asyncssh.DisconnectError):
            await connect(served.port, keys=[new_key() for _ in range(6)])
        with pytest.raises((asyncssh.DisconnectError, ConnectionError), match=r"wait|lost|closed"):
            await connect(served.port, keys=[good])
        refused = served.log.events("refused")
        assert refused[-1]["why"] == "failures"
        assert refused[0]["user"] == "reader"


async def test_whoever_begins_with_a_key_is_counted_too(sample: Path, tmp_path: Path) -> None:
    class Forward(asyncssh.SSHClient):
        """Does not ask first what there is."""

        def connection_made(self, conn: Any) -> None:
            conn._auth_methods = [b"publickey"]

    listed = tmp_path / "keys"
    listed.write_text(public_line(new_key()))
    async with serving(sample, tmp_path, limits=Limits(failures=2), authorized_keys=listed) as served:
        for _ in range(2):
            with pytest.raises(asyncssh.Error):
                await connect(served.port, keys=[new_key()], client_factory=Forward, login_timeout=5)
        with pytest.raises((asyncssh.DisconnectError, ConnectionError), match=r"wait|lost|closed"):
            await connect(served.port, keys=[new_key()], client_factory=Forward, login_timeout=5)
        assert [fields["why"] for fields in served.log.events("refused")][-1] == "failures"


async def test_too_many_strangers_at_the_door(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path, limits=Limits(connecting=4)) as served:
        silent = [await asyncio.open_connection("127.0.0.1", served.port) for _ in range(12)]
        refused = 0
        for reader, _ in silent:
            data = await reader.read(256)
            if b"logging in" in data + (await _rest(reader) if b"SSH-2.0" in data else b""):
                refused += 1
        assert refused >= 8
        for _, writer in silent:
            writer.close()
        while served.house.metrics.sample()["connections"]:
            await asyncio.sleep(0.01)
        seat = await sit_down(served.port)
        await seat.until("1 Brief")
        await seat.leave()


async def test_a_connection_without_a_session_does_not_stay(sample: Path, tmp_path: Path) -> None:
    limits = Limits(login=1.0, connecting=3, per_address=2)
    async with serving(sample, tmp_path, limits=limits) as served:
        seat = await sit_down(served.port)
        await seat.until("1 Brief")
        vacant = [await connect(served.port) for _ in range(4)]
        assert (await vacant[0].run("--version", timeout=60)).exit_status == 0
        with pytest.raises(asyncssh.DisconnectError, match="from your address"):
            await connect(served.port)
        for connection in vacant:
            await asyncio.wait_for(connection.wait_closed(), 20)
        seat.type("5")
        await seat.until("Quote by")
        await seat.leave()


async def _rest(reader: asyncio.StreamReader) -> bytes:
    try:
        return await asyncio.wait_for(reader.read(4096), 0.5)
    except TimeoutError:
        return b""


async def test_an_idle_reader_is_told_and_then_shown_out(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path, limits=Limits(idle=4.0, notice=3.8)) as served:
        seat = await sit_down(served.port)
        await seat.until("This session closes in")
        await asyncio.wait_for(seat.ended.wait(), 20)
        assert b"without a key pressed" in seat.raw
        assert seat.status == 0


async def test_nobody_stays_for_ever(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path, limits=Limits(total=1.0, notice=0.5)) as served:
        seat = await sit_down(served.port)
        await seat.until("1 Brief")
        while not seat.ended.is_set():
            seat.type("j")
            await asyncio.sleep(0.02)
        assert b"altogether" in seat.raw


async def test_readers_are_told_of_a_restart_and_nobody_new_is_let_in(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served:
        seat = await sit_down(served.port)
        await seat.until("1 Brief")
        draining = asyncio.create_task(served.house.drain(1.0))
        await seat.until("The server is restarting")
        with pytest.raises((asyncssh.Error, ConnectionError)):
            await connect(served.port)
        await draining
        await asyncio.wait_for(seat.ended.wait(), 20)
        assert b"connect again" in seat.raw
    heard: list[str] = []

    class Client(asyncssh.SSHClient):
        def connection_lost(self, exc: Exception | None) -> None:
            heard.append(str(exc))

    async with serving(sample, tmp_path) as served:
        connection = await connect(served.port, client_factory=Client)
        await served.house.drain(0)
        await asyncio.wait_for(connection.wait_closed(), 20)
    assert "restarting" in heard[0]


async def test_a_command_is_told_of_a_restart_too(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served, await connect(served.port) as connection:
        running = await connection.create_process("search hamidawi")
        while not served.house.sessions:
            await asyncio.sleep(0.01)
        await served.house.drain(0)
        result = await running.wait(timeout=20)
        assert "connect again" in str(result.stderr)


async def test_hostile_names_are_harmless_in_the_log(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served:
        async with await connect(served.port, user="a" * 900) as connection:
            await connection.run("search \u202eevil", timeout=60)
        (started,) = served.log.events("session started")
        assert started["kind"] == "command"


async def test_whoever_sends_fast_is_read_in_small_pieces(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces: list[int] = []
    take = asyncssh.SSHServerConnection.data_received

    def taken(self: asyncssh.SSHServerConnection, data: bytes, datatype: Any = None) -> None:
        pieces.append(len(data))
        take(self, data, datatype)

    monkeypatch.setattr(asyncssh.SSHServerConnection, "data_received", taken)
    async with serving(sample, tmp_path) as served, await connect(served.port) as connection:
        for _ in range(300):
            connection.send_packet(MSG_IGNORE, String(bytes(1000)))
        assert (await connection.run("--version", timeout=60)).exit_status == 0
    assert sum(pieces) > 300_000
    assert max(pieces) <= HEARD


async def test_whoever_asks_and_does_not_read_the_answers_is_not_heard_until_they_are_read(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("briefing.ssh.connection.UNREAD", 8192)
    async with serving(sample, tmp_path) as served:
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
        line.connect(("127.0.0.1", served.port))
        line.setblocking(False)
        async with await connect(served.port, sock=line) as connection:
            (there,) = served.house._connections
            assert connection._transport is not None
            assert there._transport is not None
            connection._transport.pause_reading()
            ask, asked = connection._make_global_request, []
            async with asyncio.timeout(25):
                while there._transport.is_reading():
                    asked += [asyncio.create_task(ask(b"keepalive@openssh.com")) for _ in range(500)]
                    await asyncio.sleep(0.01)
            connection._transport.resume_reading()
            answers = await asyncio.wait_for(asyncio.gather(*asked), 60)
            assert len(answers) == len(asked)


async def test_a_line_that_goes_dead_is_noticed_by_the_kernel(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served, await connect(served.port):
        (there,) = served.house._connections
        line = there.get_extra_info("socket")
        assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        silent, again, times = (
            line.getsockopt(socket.IPPROTO_TCP, option)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
        )
        assert silent + again * times == 120


async def test_strangers_who_hang_up_are_cleared_away_too(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served:
        left = asyncio.Event()
        served.house.when_ended = left.set
        _, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.close()
        async with asyncio.timeout(30):
            await left.wait()
        assert not served.log.events("session ended")
