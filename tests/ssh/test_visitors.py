"""Who is let in, how many, how often and how long."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from asyncssh.constants import MSG_IGNORE
from asyncssh.packet import String

from benchmarks.ssh.seat import connect, sit_down
from briefing.ssh import connection
from briefing.ssh.connection import CHANNELS, HEARD
from briefing.ssh.keys import KeyRing
from briefing.ssh.listener import bind, listen
from briefing.ssh.settings import Limits, Serve
from tests.conftest import leave_out
from tests.ssh.serving import new_key, public_line, serving


async def test_a_key_that_is_listed_opens_and_another_does_not(sample: Path, tmp_path: Path) -> None:
    key, stranger = new_key(), new_key()
    listed = tmp_path / "keys"
    listed.write_text(f"# the desk\n{public_line(key)}\nnot a key at all\n")
    async with serving(sample, tmp_path, authorized_keys=listed) as served:
        async with await connect(served.port, keys=[key], user="anna") as connection:
            assert (await connection.run("search hamidawi", timeout=60)).exit_status == 0
        with pytest.raises(asyncssh.PermissionDenied):
            await connect(served.port, keys=[stranger])
        with pytest.raises(asyncssh.PermissionDenied):
            await connect(served.port)
        (started,) = served.log.events("session started")
        assert started["user"] == "anna"
        assert started["key"] == key.get_fingerprint()
        assert served.log.events("not a key that opens")


async def test_no_password_is_ever_asked_for(sample: Path, tmp_path: Path) -> None:
    listed = tmp_path / "keys"
    listed.write_text(public_line(new_key()))
    async with serving(sample, tmp_path, authorized_keys=listed) as served:
        methods = await asyncssh.get_server_auth_methods("127.0.0.1", served.port, config=None)
        assert list(methods) == ["publickey"]


async def test_a_folder_of_keys_and_keys_that_come_and_go_without_a_restart(
    sample: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    first, second = new_key(), new_key()
    (folder / "anna.pub").write_text(public_line(first))
    async with serving(sample, tmp_path, authorized_keys=folder) as served:
        (await connect(served.port, keys=[first])).close()
        with pytest.raises(asyncssh.PermissionDenied):
            await connect(served.port, keys=[second])
        (folder / "ben.pub").write_text(public_line(second))
        (folder / "anna.pub").rename(folder / "anna.pub~")  # as editors keep what was there before
        (await connect(served.port, keys=[second])).close()
        with pytest.raises(asyncssh.PermissionDenied):
            await connect(served.port, keys=[first])


async def test_a_key_file_that_cannot_be_read_opens_for_nobody(sample: Path, tmp_path: Path) -> None:
    key = new_key()
    listed = tmp_path / "keys"
    listed.write_text(public_line(key))
    async with serving(sample, tmp_path, authorized_keys=listed) as served:
        (await connect(served.port, keys=[key])).close()
        listed.unlink()
        with pytest.raises(asyncssh.PermissionDenied):
            await connect(served.port, keys=[key])
        assert served.log.events("keys unreadable, nobody is let in")


async def test_a_key_file_exchanged_for_one_as_old_and_as_long_is_read_again(
    sample: Path, tmp_path: Path
) -> None:
    key, other = new_key(), new_key()
    listed = tmp_path / "keys"
    listed.write_text(public_line(key))
    before = listed.stat()
    async with serving(sample, tmp_path, authorized_keys=listed) as served:
        (await connect(served.port, keys=[key])).close()
        listed.write_text(public_line(other))
        os.utime(listed, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert listed.stat().st_size == before.st_size
        with pytest.raises(asyncssh.PermissionDenied):
            await connect(served.port, keys=[key])
        (await connect(served.port, keys=[other])).close()


def test_a_key_file_that_is_made_readable_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = tmp_path / "keys"
    listed.write_text(public_line(new_key()))
    ring = KeyRing(Serve(content=tmp_path, state=tmp_path, authorized_keys=listed))

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError("not yours")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_text", refuse)
        assert ring.keys is None
    listed.chmod(0o640)
    assert ring.keys is not None


async def test_a_certificate_opens_for_its_holder_until_it_is_revoked(sample: Path, tmp_path: Path) -> None:
    authority, other, key = new_key(), new_key(), new_key()
    (tmp_path / "ca").write_text(public_line(authority))
    revoked = tmp_path / "revoked"
    revoked.write_text("")

    def holder(signer: asyncssh.SSHKey, *names: str, **options: Any) -> tuple[object, ...]:
        return key, signer.generate_user_certificate(key, "anna-laptop", principals=names, **options)

    async with serving(sample, tmp_path, user_ca=tmp_path / "ca", revoked_keys=revoked) as served:
        async with await connect(served.port, keys=[holder(authority, "anna")], user="anna") as connection:
            assert (await connection.run("search hamidawi", timeout=60)).exit_status == 0
        (started,) = served.log.events("session started")
        assert started["certificate"] == "anna-laptop"
        forced = holder(authority, "anna", force_command="briefing --restricted")
        async with await connect(served.port, keys=[forced], user="anna") as connection:
            assert (await connection.run("search zzzzqqqq", timeout=60)).exit_status == 1
        for who in (
            holder(authority, "ben"),
            holder(authority),
            holder(other, "anna"),
            holder(authority, "anna", valid_before="20200101"),
            holder(authority, "anna", force_command="/usr/bin/rsync"),
            (key,),
        ):
            with pytest.raises(asyncssh.PermissionDenied):
                await connect(served.port, keys=[who if len(who) > 1 else who[0]], user="anna")
        revoked.write_text(public_line(key))
        with pytest.raises(asyncssh.PermissionDenied):
            await connect(served.port, keys=[holder(authority, "anna")], user="anna")
        revoked.write_text(public_line(authority))
        with pytest.raises(asyncssh.PermissionDenied):
            await connect(served.port, keys=[holder(authority, "anna")], user="anna")
        revoked.write_text("rubbish")
        with pytest.raises(asyncssh.PermissionDenied):
            await connect(served.port, keys=[holder(authority, "anna")], user="anna")


@pytest.mark.parametrize("taken", ["revoked", "removed"])
async def test_a_key_that_is_taken_away_opens_no_more_sessions_of_its_connections(
    sample: Path, tmp_path: Path, taken: str
) -> None:
    key = new_key()
    listed, revoked = tmp_path / "keys", tmp_path / "revoked"
    listed.write_text(public_line(key))
    revoked.write_text("")
    async with (
        serving(sample, tmp_path, authorized_keys=listed, revoked_keys=revoked) as served,
        await connect(served.port, keys=[key]) as connection,
    ):
        assert (await connection.run("--version", timeout=60)).exit_status == 0
        if taken == "revoked":
            revoked.write_text(public_line(key))
        else:
            listed.write_text(public_line(new_key()))
        with pytest.raises(asyncssh.ChannelOpenError, match="opens nothing"):
            await connection.run("--version", timeout=60)


async def test_sessions_asked_for_in_one_go_are_counted_like_others(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served, await connect(served.port) as connection:
        opened = await asyncio.gather(
            *(connection.create_session(asyncssh.SSHClientSession, "--version") for _ in range(2 * CHANNELS)),
            return_exceptions=True,
        )
        refused = [error for error in opened if isinstance(error, asyncssh.ChannelOpenError)]
        assert len(refused) == CHANNELS


@pytest.mark.parametrize(
    ("options", "opens"),
    [
        ('command="briefing --restricted",restrict', True),
        ('restrict,pty,command="/opt/briefing/bin/python -I -m briefing --restricted"', True),
        ('command="/usr/bin/rsync"', False),
        ('expiry-time="20200101"', False),
        ('from="10.1.2.3"', False),
        ('from="127.0.0.0/8"', True),
        ('environment="A=b"', False),
        ("verify-required", False),
        ('From="10.1.2.3"', False),
        ("No-Pty", False),
    ],
)
async def test_options_of_a_key_are_kept_to_or_the_key_opens_nothing(
    sample: Path, tmp_path: Path, options: str, opens: bool
) -> None:
    key = new_key()
    listed = tmp_path / "keys"
    listed.write_text(public_line(key, options))
    async with serving(sample, tmp_path, authorized_keys=listed) as served:
        if opens:
            async with await connect(served.port, keys=[key]) as connection:
                assert (await connection.run("search hamidawi", timeout=60)).exit_status == 0
        else:
            with pytest.raises(asyncssh.PermissionDenied):
                await connect(served.port, keys=[key])


@pytest.mark.parametrize(
    ("options", "terminal"),
    [
        ("restrict", False),
        ("no-pty", False),
        ("pty,restrict", False),
        ("restrict,pty", True),
        ('restrict,pty,command="briefing --restricted"', True),
    ],
)
async def test_a_key_that_may_have_no_terminal_gets_plain_text(
    sample: Path, tmp_path: Path, options: str, terminal: bool
) -> None:
    key = new_key()
    listed = tmp_path / "keys"
    listed.write_text(public_line(key, options))
    async with (
        serving(sample, tmp_path, authorized_keys=listed) as served,
        await connect(served.port, keys=[key]) as connection,
    ):
        if terminal:
            seat = await sit_down(served.port, connection=connection)
            await seat.until("1 Brief")
        else:
            with pytest.raises(asyncssh.ChannelOpenError, match="PTY request failed"):
                await sit_down(served.port, connection=connection)
            assert "QUOTES" in str((await connection.run(timeout=60)).stdout)


@pytest.mark.parametrize(("option", "opens"), [('from="127.0.0.0/8"', True), ('from="!127.0.0.1,*"', False)])
async def test_addresses_are_matched_on_a_socket_for_both_families(
    sample: Path, tmp_path: Path, option: str, opens: bool
) -> None:
    key = new_key()
    listed = tmp_path / "keys"
    listed.write_text(public_line(key, option))
    async with serving(sample, tmp_path, authorized_keys=listed) as served:
        try:
            both = bind("::", 0)
        except OSError:
            leave_out("needs IPv6")
        server = await listen(served.house, both)
        port = both.getsockname()[1]
        if opens:
            async with await connect(port, keys=[key]) as connection:
                assert (await connection.run("search hamidawi", timeout=60)).exit_status == 0
            assert served.log.events("session started")[0]["address"] == "127.0.0.1"
        else:
            with pytest.raises(asyncssh.PermissionDenied):
                await connect(port, keys=[key])
        server.close()


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
