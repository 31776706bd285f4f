"""What people type to name a kind, one or many (``quote`` or ``quotes``), and to name a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from briefing.cli.stop import Stop
from briefing.model.vocabulary import Kind

if TYPE_CHECKING:
    from briefing.model.ref import Ref

NAMES: dict[str, Kind] = {name: kind for kind in Kind for name in (kind.value, kind.plural)}


def parts(text: str) -> tuple[str | None, Kind | None, str]:
    """The briefing, the kind and the id in TEXT, as far as it says them; Stop when it is no ref."""
    *before, name = text.strip().split("/")
    if len(before) > 2 or (before and before[-1] not in NAMES):
        raise no_ref(text)
    return before[0] if len(before) == 2 else None, NAMES[before[-1]] if before else None, name


def no_ref(text: str) -> Stop:
    return Stop(f"“{text}” is no ref; write BRIEFING/KIND/ID, KIND/ID or ID")


def only(text: str, refs: Sequence[Ref]) -> Ref | None:
    """The one record that TEXT names, of REFS; Stop when these are several."""
    if len(refs) > 1:
        listed = "\n".join(f"  {ref}" for ref in refs[:20])
        raise Stop(f"“{text}” names {len(refs)} records; say which:\n{listed}")
    return refs[0] if refs else None
