"""Refs: the name of a record anywhere, ``BRIEFING/KIND/ID``."""

from __future__ import annotations

import re
from typing import NamedTuple

from briefing.model.vocabulary import Kind

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
SLUG_PATTERN = f"^{SLUG}$"
SLUG_MAX = 64
# The folder whose actors every briefing of a library may use.
SHARED = "_shared"

_BRIEFING = f"(?:{SHARED}|{SLUG})"
_KINDS = "|".join(kind.value for kind in Kind)
_REF = f"({_BRIEFING})/({_KINDS})/({SLUG})"
# As records write it: an id alone where the field says the kind, else KIND/ID or a whole ref.
REFERENCE_PATTERN = f"^(?:(?:{_BRIEFING}/)?(?:{_KINDS})/)?{SLUG}$"


def slug_of(text: str) -> str:
    """The id that TEXT would be; empty when nothing of it can stand in one."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")


class Ref(NamedTuple):
    """The name of one record in a library, for example ``iraq-2025/quote/q-hamidawi-1``.

    The briefing itself is named ``iraq-2025/briefing/iraq-2025``.
    """

    briefing: str
    kind: Kind
    id: str

    def __str__(self) -> str:
        return f"{self.briefing}/{self.kind}/{self.id}"

    @property
    def short(self) -> str:
        """The ref inside its own briefing: ``quote/q-hamidawi-1``."""
        return f"{self.kind}/{self.id}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read a whole ref; raises ValueError when TEXT is not ``BRIEFING/KIND/ID``."""
        match = re.fullmatch(_REF, text)
        if match is None:
            raise ValueError(f"{text!r} is not a ref of the form BRIEFING/KIND/ID")
        return cls(match[1], Kind(match[2]), match[3])

    @classmethod
    def resolve(cls, text: str, *, briefing: str, kind: Kind | None) -> Ref:
        """Read a reference as a record of BRIEFING writes it; KIND is what its field names.

        Raises ValueError when TEXT says no kind and the field names none.
        """
        parts = text.split("/")
        if len(parts) == 1 and kind is not None:
            return cls(briefing, kind, text)
        if len(parts) == 2:
            return cls(briefing, Kind(parts[0]), parts[1])
        return cls.parse(text)
