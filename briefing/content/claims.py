"""Claims: what records say stands in a source to the character."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from briefing.model.records import AnyRecord, Briefing, Quote
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind


class Claim(NamedTuple):
    """RECORD says that TEXT stands in SOURCE, in PARA if given; without a text, that PARA exists."""

    record: Ref
    source: Ref
    para: int | None
    text: str | None

    @property
    def hash(self) -> str:
        """Of the text; enough of SHA-256 to see that an editor changed it."""
        return hashlib.sha256((self.text or "").encode()).hexdigest()[:16]


def claims(record: AnyRecord | Briefing, briefing: str) -> Iterator[Claim]:
    """Every claim that a record of BRIEFING makes, in the order of its locators."""
    if isinstance(record, Briefing):
        return
    ref = Ref(briefing, record.KIND, record.id)
    for locator in record.sources:
        source = Ref.resolve(locator.source, briefing=briefing, kind=Kind.SOURCE)
        said = _words(record)
        if said is not None:
            yield Claim(ref, source, locator.para, said)
        if locator.text is not None and locator.text != said:
            yield Claim(ref, source, locator.para, locator.text)
        if said is None and locator.text is None and locator.para is not None:
            yield Claim(ref, source, locator.para, None)


def _words(record: AnyRecord) -> str | None:
    """The words that a quote must have from its source: the original ones where the editors translated."""
    if not isinstance(record, Quote):
        return None
    if record.translation is not None and record.original is not None:
        return record.original.text
    return record.text
