"""Who is in: counts of sessions for the whole server, each address and each key, and when it is full."""

from __future__ import annotations

from collections import Counter

from briefing.ssh.settings import Limits


class Guests:
    """The one list of sessions of a server; every session is admitted here and leaves here."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._inside: dict[int, tuple[str, str, str]] = {}
        self._addresses: Counter[str] = Counter()
        self._keys: Counter[str] = Counter()
        self._next = 1

    def __len__(self) -> int:
        return len(self._inside)

    def admit(self, address: str, key: str, group: str = "") -> int | str:
        """A ticket, or in one sentence why there is no place; GROUP is whom `leave_all` names."""
        limits = self._limits
        if len(self._inside) >= limits.sessions:
            return (
                f"The server is full: {limits.sessions} sessions are open. Please try again in a few minutes."
            )
        if self._addresses[address] >= limits.per_address:
            return f"{limits.per_address} sessions are open from your address, which is the limit."
        if key and self._keys[key] >= limits.per_key:
            return f"{limits.per_key} sessions are open with your key, which is the limit."
        ticket, self._next = self._next, self._next + 1
        self._inside[ticket] = (address, key, group)
        self._addresses[address] += 1
        self._keys[key] += 1
        return ticket

    def leave(self, ticket: int) -> None:
        """Give a place back; a ticket counts once."""
        who = self._inside.pop(ticket, None)
        if who is None:
            return
        for counts, name in ((self._addresses, who[0]), (self._keys, who[1])):
            counts[name] -= 1
            if not counts[name]:
                del counts[name]

    def leave_all(self, group: str) -> None:
        """Give back the places of a GROUP (a worker process that died)."""
        for ticket in [ticket for ticket, who in self._inside.items() if who[2] == group]:
            self.leave(ticket)


class Failures:
    """Addresses whose keys are refused again and again have to wait."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._since = 0.0
        self._counts: Counter[str] = Counter()

    def add(self, address: str, now: float) -> None:
        self._forget(now)
        self._counts[address] += 1

    def too_many(self, address: str, now: float) -> bool:
        self._forget(now)
        return self._counts[address] >= self._limits.failures

    def _forget(self, now: float) -> None:
        if now - self._since > self._limits.forget:
            self._since = now
            self._counts.clear()
