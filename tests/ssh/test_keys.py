"""Whose keys open the door, and what is kept to of their options."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from benchmarks.ssh.seat import connect, sit_down
from briefing.ssh.connection import CHANNELS
from briefing.ssh.keys import KeyRing, host_key
from briefing.ssh.listener import bind, listen
from briefing.ssh.settings import Serve
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
        (other,) = served.log.events("not a key that opens")
        assert (other["file"], other["line"]) == (str(listed), "not a key at all")


async def test_a_file_of_keys_may_begin_with_a_byte_order_mark(sample: Path, tmp_path: Path) -> None:
    key = new_key()
    listed = tmp_path / "keys"
    listed.write_text(public_line(key), encoding="utf-8-sig")
    async with serving(sample, tmp_path, authorized_keys=listed) as served:
        (await connect(served.port, keys=[key])).close()


async def test_no_password_is_ever_asked_for(sample: Path, tmp_path: Path) -> None:
    listed = tmp_path / "keys"
    listed.write_text(public_line(new_key()))
    async with serving(sample, tmp_path, authorized_keys=listed) as served:
        methods = await asyncssh.get_server_auth_methods("127.0.0.1", served.port, config=None)
        assert list(methods) == ["publickey"]


@pytest.mark.parametrize("copy", ["anna.pub~", "#anna.pub#", ".anna.pub.swp"])
async def test_a_folder_of_keys_and_keys_that_come_and_go_without_a_restart(
    sample: Path, tmp_path: Path, copy: str
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
        (folder / "anna.pub").rename(folder / copy)  # as editors keep what was there before
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
        (refused,) = served.log.events("refused")
        assert (refused["key"], refused["why"]) == (key.get_fingerprint(), "The key opens nothing any more")


async def test_sessions_asked_for_in_one_go_are_counted_like_others(sample: Path, tmp_path: Path) -> None:
    async with serving(sample, tmp_path) as served, await connect(served.port) as connection:
        opened = await asyncio.gather(
            *(connection.create_session(asyncssh.SSHClientSession, "--version") for _ in range(2 * CHANNELS)),
            return_exceptions=True,
        )
        refused = [error for error in opened if isinstance(error, asyncssh.ChannelOpenError)]
        assert len(refused) == len(served.log.events("refused")) == CHANNELS
        assert served.house.metrics.sample()['refused_total{why="full"}'] == CHANNELS


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
        server = await listen(served.house, both, host_key(served.house.serve.host_key))
        port = both.getsockname()[1]
        if opens:
            async with await connect(port, keys=[key]) as connection:
                assert (await connection.run("search hamidawi", timeout=60)).exit_status == 0
            assert served.log.events("session started")[0]["address"] == "127.0.0.1"
        else:
            with pytest.raises(asyncssh.PermissionDenied):
                await connect(port, keys=[key])
        server.close()
