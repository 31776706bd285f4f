"""Whose keys open the door: authorized keys, authorities and revocations, read anew when changed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import asyncssh

from briefing.ssh.log import problem
from briefing.ssh.settings import Serve

# Options of a key that are kept to. Another (an expiry time, a command) narrows what its owner may do in
# a way that this server could not keep to, so that key opens nothing.
_KEPT = frozenset(
    {
        "cert-authority",
        "from",
        "no-agent-forwarding",
        "no-port-forwarding",
        "no-pty",
        "no-touch-required",
        "no-user-rc",
        "no-x11-forwarding",
        "principals",
        "pty",
        "restrict",
    }
)
LARGEST_FILE = 8 * 1024 * 1024


class KeyRing:
    """The keys of one server. A file that cannot be read opens for nobody, and is named in the log."""

    def __init__(self, serve: Serve) -> None:
        self._authorized = serve.authorized_keys
        self._authority = serve.user_ca
        self._revoked_path = serve.revoked_keys
        self._stamp: object = None
        self._keys: asyncssh.SSHAuthorizedKeys | None = None
        self._revoked: frozenset[bytes] | None = frozenset()

    @property
    def keys(self) -> asyncssh.SSHAuthorizedKeys | None:
        """The keys and authorities that open; None where there is none."""
        self._read_if_changed()
        return None if self._revoked is None else self._keys

    def revoked(self, *keys: asyncssh.SSHKey | None) -> bool:
        """Whether one of KEYS (a key, the authority that signed it) is not to be trusted any more."""
        self._read_if_changed()
        revoked = self._revoked
        return revoked is None or any(key is not None and key.public_data in revoked for key in keys)

    def _files(self) -> Iterator[Path]:
        if self._authorized is not None and self._authorized.is_dir():
            yield from sorted(
                path
                for path in self._authorized.iterdir()
                if path.is_file() and path.name[0] not in ".#" and not path.name.endswith("~")
            )
        elif self._authorized is not None:
            yield self._authorized

    def _read_if_changed(self) -> None:
        try:
            paths = [*self._files(), *filter(None, (self._authority, self._revoked_path))]
            stamp: object = [(str(path), *_identity(path)) for path in paths]
        except OSError as error:
            stamp = str(error)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        self._keys, self._revoked = None, None
        if isinstance(stamp, str):
            problem("keys unreadable, nobody is let in", why=stamp)
            return
        with contextlib.suppress(_Unreadable):
            self._revoked = self._read_revoked()
            self._keys = self._read_keys()

    def _read_keys(self) -> asyncssh.SSHAuthorizedKeys | None:
        lines = [(path, line) for path in self._files() for line in _lines(path)]
        if self._authority is not None:
            lines += [(self._authority, f"cert-authority {line}") for line in _lines(self._authority)]
        keys = asyncssh.SSHAuthorizedKeys()
        for path, line in lines:
            try:  # one at a time: a line that is no key must not close the door to all others
                entry = _entry(line)
            except ValueError as error:
                problem("not a key that opens", file=str(path), line=line[:60], why=str(error))
                continue
            keys._user_entries += entry._user_entries
            keys._ca_entries += entry._ca_entries
        return keys if keys._user_entries or keys._ca_entries else None

    def _read_revoked(self) -> frozenset[bytes]:
        if self._revoked_path is None:
            return frozenset()
        revoked = set()
        for line in _lines(self._revoked_path):
            try:
                revoked.add(asyncssh.import_public_key(line).public_data)
            except asyncssh.KeyImportError as error:
                problem("not a key to revoke, nobody is let in", line=line[:60], why=str(error))
                raise _Unreadable from error
        return frozenset(revoked)


def done_anyway(command: object) -> bool:
    """Whether no COMMAND is forced, or one that was written for OpenSSH and means what this server does."""
    return command is None or "--restricted" in str(command)


class _Unreadable(Exception):
    """A file of keys cannot be trusted to say what its owner meant."""


def _entry(line: str) -> asyncssh.SSHAuthorizedKeys:
    """One line; ValueError where it is no key, or asks for what this server does not keep to."""
    keys = asyncssh.import_authorized_keys(line)
    if keys._x509_entries:
        raise ValueError("X.509 certificates are not accepted")
    for entry in [*keys._user_entries, *keys._ca_entries]:
        if done_anyway(entry.options.get("command")):
            entry.options.pop("command", None)
        # AsyncSSH keeps to names in small letters alone: of `From="..."` it would take no notice.
        if unkept := entry.options.keys() - _KEPT:
            raise ValueError(f"option not supported: {', '.join(sorted(unkept))}")
        entry.options["no-pty"] = not _may_have_terminal(entry.options)
    return keys


def _may_have_terminal(options: Iterable[str]) -> bool:
    """Whether a key's OPTIONS leave it a terminal; of `restrict`, which takes it, AsyncSSH knows nothing."""
    may = True
    for name in options:
        if name in ("no-pty", "restrict", "pty"):
            may = name == "pty"
    return may


def _identity(path: Path) -> tuple[int, int, int]:
    about = path.stat()
    # The time of any change, of a file's mode too; the other time is whatever a copying program sets it to.
    return about.st_ctime_ns, about.st_size, about.st_ino


def _lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise OSError("larger than 8 MiB")
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig", errors="replace").splitlines()]
    except OSError as error:
        problem("keys unreadable, nobody is let in", file=str(path), why=str(error))
        raise _Unreadable from error
    return [line for line in lines if line and not line.startswith("#")]


class HostKeyError(Exception):
    """There is no host key to serve with; says why."""


def host_key(path: Path) -> asyncssh.SSHKey:
    """The server's own key: read from PATH, or made there at the first start, for its owner alone."""
    try:
        return _read_host_key(path) or _make_host_key(path)
    except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise HostKeyError(f"host key {path}: {why}") from error


def _read_host_key(path: Path) -> asyncssh.SSHKey | None:
    try:
        if path.stat().st_mode & 0o077:
            raise HostKeyError(f"{path}: others can read the host key; chmod 600 it")
        return asyncssh.import_private_key(path.read_bytes())
    except FileNotFoundError:
        return None


def _make_host_key(path: Path) -> asyncssh.SSHKey:
    key = asyncssh.generate_private_key("ssh-ed25519", comment="briefing")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.export_private_key())
        os.link(draft, path)  # the first to start wins; a second reads what the first made
    except FileExistsError:
        return host_key(path)
    finally:
        draft.unlink(missing_ok=True)
    path.with_name(f"{path.name}.pub").write_bytes(key.export_public_key())
    return key
