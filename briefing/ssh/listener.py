"""Listening for SSH: the algorithms that are offered, and the socket that workers share."""

from __future__ import annotations

import asyncio
import socket

import asyncssh
from asyncssh.kex import get_kex_algs

from briefing.ssh.connection import PACKET, WINDOW, Connection, Visitor
from briefing.ssh.house import House

# What OpenSSH itself prefers since 2014. No Diffie-Hellman over large primes: one stranger asking for it
# again and again keeps a core busy (DHEat, CVE-2002-20001).
KEY_EXCHANGE = ("mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org")
CIPHERS = (
    "chacha20-poly1305@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-gcm@openssh.com",
    "aes256-ctr",
    "aes192-ctr",
    "aes128-ctr",
)
MACS = ("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com")
SIGNATURES = (
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "rsa-sha2-256",
    "rsa-sha2-512",
)
BACKLOG = 256


def bind(host: str, port: int, *, shared: bool = True) -> socket.socket:
    """A socket on HOST and PORT; SHARED with other processes, the kernel shares out connections."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.bind(address)
    except OSError as error:
        raise OSError(error.errno, f"{host}, port {port}: {error.strerror}") from error
    sock.setblocking(False)
    return sock


async def listen(house: House, sock: socket.socket, key: asyncssh.SSHKey) -> asyncio.Server:
    """Take connections on SOCK for HOUSE, which shows that it is the server by KEY."""
    loop = asyncio.get_running_loop()
    known = set(get_kex_algs())  # the newest needs a recent cryptography library
    options = asyncssh.SSHServerConnectionOptions(
        server_factory=Visitor,
        server_host_keys=[key],
        server_version="briefing",
        kex_algs=[name for name in KEY_EXCHANGE if name.encode() in known],
        encryption_algs=list(CIPHERS),
        mac_algs=list(MACS),
        signature_algs=list(SIGNATURES),
        login_timeout=house.serve.limits.login,
        password_auth=False,
        kbdint_auth=False,
        host_based_auth=False,
        gss_host=None,
        agent_forwarding=False,
        x11_forwarding=False,
        allow_scp=False,
        line_editor=False,
        encoding=None,
        window=WINDOW,
        max_pktsize=PACKET,
    )
    return await loop.create_server(lambda: Connection(loop, options, house), sock=sock, backlog=BACKLOG)
