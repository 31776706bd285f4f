"""Documents as lines: what stands where, before any colour."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from rich.cells import cell_len

from briefing.document.document import Bar, Block, Field, Heading, Item, Paragraph, Quotation, Run
from briefing.document.layout import lay_out
from briefing.edition.edition import Edition
from briefing.model.records import RECORDS, Source
from briefing.model.vocabulary import Kind
from briefing.tui.flow import MEASURE, Flow, flow
from tests.tui.reading import ref

ACTOR = ref(Kind.ACTOR, "hamidawi")


def drawn(blocks: Sequence[Block], width: int = 40) -> list[str]:
    return ["".join(piece.text for piece in line).rstrip() for line in flow(blocks, width).lines]


def test_fields_align_and_their_values_hang() -> None:
    blocks = (
        Field("Speaker", (Run("Abu Hussein al-Hamidawi"),)),
        Field("As", (Run("secretary-general of Kataib Hezbollah, an armed group"),)),
    )
    assert drawn(blocks, 36) == [
        "Speaker  Abu Hussein al-Hamidawi",
        "As       secretary-general of Kataib",
        "         Hezbollah, an armed group",
    ]


def test_sections_are_apart_and_headings_stay_with_them() -> None:
    blocks = (
        Heading("Title", 1),
        Paragraph((Run("One."),)),
        Heading("Sources"),
        Item((Run("First"),), aside="15 Jun", sign="+"),
        Item((Run("Second"),), sign="--"),
    )
    assert drawn(blocks) == ["Title", "", "One.", "", "Sources", "+  15 Jun  First", "--         Second"]


def test_a_field_after_an_item_stands_under_its_text() -> None:
    blocks = (
        Item((Run("Judgement"),), sign="1."),
        Field("Rests on", (Run("a quote"),)),
        Item((Run("Next"),), sign="2."),
    )
    assert drawn(blocks) == ["1. Judgement", "   Rests on  a quote", "", "2. Next"]


def test_a_quotation_is_marked_on_every_line() -> None:
    assert drawn((Quotation((Run("we will act directly against its interests"),)),), 24) == [
        "│ we will act directly",
        "│ against its interests",
    ]


def test_bars_share_a_scale_and_anything_shows() -> None:
    lines = drawn((Bar("Fri 13 Jun", 1, 100), Bar("Sat 14 Jun", 100, 100), Bar("Sun 15 Jun", 0, 100)), 60)
    assert [line.count("■") for line in lines] == [1, 32, 0]
    assert [line.split("■")[0].split()[-1] for line in lines] == ["1", "100", "0"]


def test_links_and_matches_know_their_lines() -> None:
    line = (Run("said by "), Run("Abu Hussein al-Hamidawi", target=ACTOR), Run(" in a statement"))
    laid = flow(
        (Heading("Title", 1), Paragraph(line)),
        20,
        lambda text: [(text.find("al-H"), len(text))] * ("al-H" in text),
    )
    assert laid.links == [(ACTOR, 2)]
    assert laid.matches == [3]
    matched = "".join(piece.text for row in laid.lines for piece in row if piece.match is not None)
    assert matched.replace(" ", "") == "al-Hamidawiinastatement"
    linked = " ".join(piece.text for row in laid.lines for piece in row if piece.link == 0)
    assert linked.split() == ["Abu", "Hussein", "al-Hamidawi"]


@pytest.mark.parametrize("kind", [*RECORDS, Kind.BRIEFING])
@pytest.mark.parametrize("width", [20, 56, 80, 200])
def test_every_record_fits_its_width_and_loses_no_word(edition: Edition, kind: Kind, width: int) -> None:
    for entry in edition.page(kind, 0, edition.count(kind)):
        blocks = lay_out(edition, entry.ref).blocks
        laid = flow(blocks, width)
        assert max(_widths(laid)) <= min(width, MEASURE)
        assert len(laid.links) == sum(run.target is not None for block in blocks for run in _runs(block))


def _widths(laid: Flow) -> list[int]:
    return [sum(cell_len(piece.text) for piece in line) for line in laid.lines]


def _runs(block: Block) -> tuple[Run, ...]:
    if isinstance(block, Bar):
        return (Run(block.label, target=block.target),)
    return () if isinstance(block, Heading) else block.line


def test_links_of_the_sample_lead_to_records(edition: Edition) -> None:
    for kind in RECORDS:
        for entry in edition.page(kind, 0, edition.count(kind)):
            for target, _ in flow(lay_out(edition, entry.ref).blocks, 80).links:
                assert isinstance(target, str) or edition.get(target) is not None


def test_a_checksum_is_whole_on_80_columns(edition: Edition) -> None:
    source = edition.page(Kind.SOURCE, 0, 1)[0]
    assert isinstance(source.record, Source)
    assert source.record.sha256
    assert any(source.record.sha256 in line for line in drawn(lay_out(edition, source.ref).blocks, width=76))
