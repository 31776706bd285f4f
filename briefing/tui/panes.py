"""What stands in a pane at a place: its rows, its words when empty, and the open record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from briefing.document.brief import brief
from briefing.document.document import Block, Paragraph, Run
from briefing.document.layout import lay_out
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.tui.places import PANES, TITLES, Place
from briefing.tui.rows import HitRows, NoRows, PaneRows, RankedRows, Rows

if TYPE_CHECKING:
    from briefing.edition.edition import Edition
    from briefing.edition.hits import Hits

# How far down the best hits a record is looked for when a place is returned to.
_RANKS_LOOKED_AT = 200


def rows_at(edition: Edition, hits: Hits | None, place: Place) -> tuple[Rows, int]:
    """The rows of PLACE's pane and where among them its record stands, or stood when PLACE was left."""
    pane, ref = place.pane, place.ref
    if pane is Kind.BRIEFING:
        if hits is None:
            return NoRows(), 0
        ranks = (hit.entry.ref for hit in hits.ranked(0, _RANKS_LOOKED_AT)) if ref else ()
        return RankedRows(edition, hits), next(
            (n for n, found in enumerate(ranks) if found == ref), place.row
        )
    if ref is not None and ref.kind is Kind.ISSUE:
        ref = _first_on_issue(edition, ref)
    found = None if ref is None else (hits or edition).position(ref)
    row = place.row if found is None else found
    if hits is None:
        return PaneRows(edition, pane, edition.count(pane)), row
    return HitRows(edition, hits, pane), row


def _first_on_issue(edition: Edition, issue: Ref) -> Ref | None:
    """The position on ISSUE that heads its group in the list."""
    for group in edition.links(issue, limit=1).into:
        if group.kind is Kind.POSITION and group.refs:
            return group.refs[0]
    return None


def empty_words(edition: Edition, hits: Hits | None, place: Place) -> tuple[str, ...]:
    """What is so where a list of EDITION is empty, and what to do."""
    title = TITLES[place.pane].lower()
    if hits is None and edition.partial:
        return (f"The {title} are not read yet.", "They show as soon as they are.")
    if hits is None:
        return (f"No {title} in this briefing.", "Editors add them to its YAML files.")
    elsewhere = [
        f"{hits.counts[kind]:,} in {TITLES[kind]}: {number}"
        for number, kind in enumerate(PANES, 1)
        if hits.counts.get(kind)
    ]
    so_far = " so far" if edition.partial else ""
    if elsewhere:
        return (f"No {title} found for “{place.query}”{so_far}. But there are", *elsewhere)
    nearest = f"Did you mean “{hits.nearest}”?" if hits.nearest else "Fewer or shorter words find more."
    if edition.partial:
        nearest = "Not all is read yet; the search goes on in what comes."
    return (f"Nothing found for “{place.query}”{so_far}.", nearest, "Esc brings back what was there.")


def blocks_at(edition: Edition, hits: Hits | None, place: Place, why: Sequence[str]) -> Sequence[Block]:
    """The blocks of the record open at PLACE, led by WHY the search found it."""
    if place.ref is None:
        # The title stands at the head of the screen already.
        return brief(edition).blocks[1:] if place.pane is Kind.BRIEFING and hits is None else ()
    blocks = lay_out(edition, place.ref).blocks
    if not why:
        return blocks
    return (blocks[0], Paragraph((Run(f"Found: {'; '.join(why)}", "muted"),)), *blocks[1:])
