"""One SSH connection: who it is, what it may ask for, and how much waits to be read by it."""

from __future__ import annotations

import asyncio
import socket
import zlib
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any

import asyncssh
from asyncssh.compression import Decompressor
from asyncssh.packet import SSHPacket
from asyncssh.public_key import SSHOpenSSHCertificate, decode_ssh_certificate, decode_ssh_public_key

from briefing.ssh.house import House
from briefing.ssh.keys import done_anyway

if TYPE_CHECKING:
    from briefing.ssh.session import Session

# Sent but not yet taken by the network; more would be frames that are old when they arrive.
UNSENT = 16 * 1024
# What a client may send before it is read: keys, not files.
WINDOW = 32 * 1024
PACKET = 16 * 1024
CHANNELS = 8
# A line that went dead without a word is noticed after two minutes, as in docs/serving/briefing-sshd.conf:
# the kernel asks after so many silent seconds, again after as many, and so often in vain.
SILENT, IN_VAIN = 30, 3
# What of it is dealt with at a turn: of the smallest packets, which cost no less, a read holds hundreds.
HEARD = 4 * 1024
# Answers that may wait for a client that asks and asks (is the line alive?) and does not read them.
UNREAD = 256 * 1024
# No packet is as long, unless somebody sends nothing but zeros: those, unpacked, are a thousand times more.
UNPACKED = 256 * 1024


class Unpacker(Decompressor):
    """zlib that refuses a packet grown beyond measure, before it has grown."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj()

    def decompress(self, data: bytes) -> bytes | None:
        try:
            unpacked = self._zlib.decompress(data, UNPACKED)
        except zlib.error:
            return None
        return None if self._zlib.unconsumed_tail else unpacked


class Channel(asyncssh.SSHServerChannel[bytes]):
    """A session's channel that takes no environment from the client."""

    def _process_env_request(self, packet: SSHPacket) -> bool:
        packet.get_string()
        packet.get_string()
        packet.check_end()
        return False


class Connection(asyncssh.SSHServerConnection):
    """A connection of one visitor, anonymous until a key is checked."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, options: asyncssh.SSHServerConnectionOptions, house: House
    ) -> None:
        super().__init__(loop, options)
        self.house = house
        self.address = self.counted_as = ""
        # The name the client gave; it opens nothing by itself, except with a certificate.
        self.user = ""
        self.fingerprint = ""
        self.certificate = ""
        self.full = False
        self.sessions: set[object] = set()
        self.when_free: set[Callable[[], None]] = set()
        self._inside = 0
        self._leaving: asyncio.TimerHandle | None = None
        self._authenticated = False
        self._refusals = 0
        self._key_refused = False
        self._opened_with = self._unheard = b""

    # -- the network's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        peer = str((transport.get_extra_info("peername") or ("",))[0])
        self.address, self.counted_as = _written(peer)
        sock = transport.get_extra_info("socket")
        # Frames that wait are dropped here; frames that wait in the kernel would still be sent.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
        # However fast a client sends, it is read in small pieces, and others get their turn between them.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, PACKET)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, SILENT)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, SILENT)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, IN_VAIN)
        transport.set_write_buffer_limits(high=1, low=0)
        super().connection_made(transport)
        self._peer_addr = self.address  # what `from=` and certificates are matched with
        refusal = self.house.arrives(self)
        if refusal:
            self.disconnect(asyncssh.DISC_TOO_MANY_CONNECTIONS, refusal)

    def connection_lost(self, exc: Exception | None = None) -> None:
        self._stay()
        self.house.leaves(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes, datatype: int | None = None) -> None:  # noqa: ARG002
        self._unheard += data
        self._hear()

    def _hear(self) -> None:
        """Deal with a piece of what came, and with the next when others had their turn."""
        piece, self._unheard = self._unheard[:HEARD], self._unheard[HEARD:]
        super().data_received(piece)
        if self._unheard:
            self._loop.call_soon(self._hear)
        self._listen()

    def _listen(self) -> None:
        """Read on, unless there is enough to deal with, or nobody reads the answers."""
        line = self._transport
        if line is None:
            self._unheard = b""
        elif self._unheard or line.get_write_buffer_size() > UNREAD:
            line.pause_reading()
        else:
            line.resume_reading()

    def pause_writing(self) -> None:
        self.full = True

    def resume_writing(self) -> None:
        self.full = False
        self._listen()
        for free in list(self.when_free):
            free()

    def send_newkeys(self, k: bytes, h: bytes) -> None:
        super().send_newkeys(k, h)
        if self._next_decompressor is not None:
            self._next_decompressor = Unpacker()

    # -- who it is

    @property
    def who(self) -> dict[str, str]:
        """The visitor, as the log has it."""
        return {
            "user": self.user,
            "key": self.fingerprint,
            "certificate": self.certificate,
            "address": self.address,
        }

    async def reload_config(self) -> None:
        """There is no OpenSSH configuration to read again now that the user is known."""

    async def validate_public_key(self, username: str, key_data: bytes, msg: bytes, signature: bytes) -> bool:
        signed_by, key, certificate = _told_apart(key_data)
        self.set_authorized_keys(self.house.keys.keys)
        good = (
            key is not None
            and not self.house.keys.revoked(key, signed_by)
            and await super().validate_public_key(username, key_data, msg, signature)
        )
        if key is None or not good:
            self._key_refused = True
        elif msg:
            self._opened_with = key_data
            self.fingerprint = key.get_fingerprint()
            self.certificate = certificate
        return good

    async def still_open(self) -> bool:
        """Whether what opened this connection would open it now."""
        key = self._opened_with
        return not key or await self.validate_public_key(self.user, key, b"", b"")

    def get_certificate_option(self, option: str, default: object = None) -> object:
        """What a certificate asks for; the command it may force is what is done anyway."""
        return default if option == "force-command" else super().get_certificate_option(option, default)

    def send_userauth_failure(self, partial_success: bool) -> None:
        self._refusals += 1
        if self._refusals > self.house.serve.limits.attempts:
            self.house.turns_away(self, "attempts", "too many keys tried")
            self.disconnect(asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "Too many keys tried")
            return
        super().send_userauth_failure(partial_success)

    def authenticated(self) -> None:
        """The visitor is known, or needs not be."""
        self._authenticated = True
        self.house.knows(self)
        self._leave_soon()

    def ended(self) -> None:
        """The connection is over; one that never said who it was counts against its address."""
        # A client begins by asking what there is, which is refused too; somebody hostile need not.
        if not self._authenticated and (self._key_refused or self._refusals > 1):
            self.house.stranger_left(self)

    # -- sessions, without which nobody stays

    @property
    def vacant(self) -> bool:
        """Whether no session is open."""
        return not self._inside

    def session_begins(self) -> None:
        """A session of this connection has a place."""
        self._inside += 1
        self._stay()

    def session_ends(self) -> None:
        self._inside -= 1
        if self.vacant and not self.is_closed():
            self._leave_soon()

    def _leave_soon(self) -> None:
        self._leaving = self._loop.call_later(self.house.serve.limits.login, self._leave)

    def _stay(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None

    def _leave(self) -> None:
        seconds = self.house.serve.limits.login
        self.disconnect(asyncssh.DISC_BY_APPLICATION, f"No session was open for {seconds:g} seconds")

    # -- what it may ask for

    def create_server_channel(self, *_: Any, **__: Any) -> Channel:
        """A channel for bytes; room for keys only."""
        self._update_recv_pktlen(PACKET)
        return Channel(self, self._loop, True, False, False, 0, 0, None, "strict", WINDOW, PACKET)


class Visitor(asyncssh.SSHServer):
    """Answers a connection's questions; what is not answered here is refused by AsyncSSH."""

    _connection: Connection

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        assert isinstance(conn, Connection)
        self._connection = conn

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._connection.ended()

    def begin_auth(self, username: str) -> bool:
        self._connection.user = username
        return not self._connection.house.serve.anonymous

    def auth_completed(self) -> None:
        self._connection.authenticated()

    def public_key_auth_supported(self) -> bool:
        return True

    def session_requested(self) -> Any:
        return self._connection.create_server_channel(), self._session()

    def _forwarding(self, *_: Any, **__: Any) -> bool:
        """Refused, as it would be anyway; whoever asks is counted."""
        self._connection.house.turns_away(self._connection, "forwarding", "forwarding")
        return False

    connection_requested = server_requested = _forwarding
    unix_connection_requested = unix_server_requested = _forwarding
    tun_requested = tap_requested = _forwarding

    async def _session(self) -> Session:
        conn = self._connection
        if not await conn.still_open():
            why, code = "The key opens nothing any more", asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED
            conn.house.turns_away(conn, "key", why)
            raise asyncssh.ChannelOpenError(code, why)
        # Asked for in one go, sessions are counted one by one: this one is, before the next comes here.
        if len(conn.sessions) >= CHANNELS:
            why, code = "Too many sessions are open on this connection", asyncssh.OPEN_RESOURCE_SHORTAGE
            conn.house.turns_away(conn, "full", why)
            raise asyncssh.ChannelOpenError(code, why)
        return conn.house.session(conn)


def _written(address: str) -> tuple[str, str]:
    """ADDRESS as people write it, and as limits count it.

    A socket for both families has an address of IPv4 as ::ffff:192.0.2.1. Of IPv6, whoever has one address
    has all that share its first 64 bits.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address, address
    if isinstance(parsed, IPv4Address):
        return address, address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped), str(parsed.ipv4_mapped)
    return address, str(IPv6Network((int(parsed), 64), strict=False))


def _told_apart(
    data: bytes,
) -> tuple[asyncssh.SSHKey | None, asyncssh.SSHKey | None, str]:
    """Who signed, the key itself, and a certificate's name for its holder."""
    try:
        certificate = decode_ssh_certificate(data)
    except asyncssh.KeyImportError:
        pass
    else:
        if not isinstance(certificate, SSHOpenSSHCertificate):
            return None, None, ""  # X.509 opens nothing
        if not certificate.principals:
            return None, None, ""  # nor does one that names nobody, and would do for any user
        if not done_anyway(certificate.options.get("force-command")):
            return None, None, ""
        return certificate.signing_key, certificate.key, getattr(certificate, "_key_id", "")
    try:
        return None, decode_ssh_public_key(data), ""
    except asyncssh.KeyImportError:
        return None, None, ""
