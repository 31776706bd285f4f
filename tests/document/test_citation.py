"""Citations: quote, speaker, role, date, source, ref on one line."""

from __future__ import annotations

from briefing.document.citation import citation
from briefing.edition.edition import Edition
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from tests.document.conftest import Library, ref

SAMPLE = "iraq-militias-2025-06"


def test_a_quote_is_cited_whole(edition: Edition) -> None:
    name = ref("quote/q-hamidawi-2", SAMPLE)
    cited = citation(edition, name)
    assert cited.startswith("“If America intervenes in the war, we will act directly")
    for part in (
        "Abu Hussein al-Hamidawi, secretary-general of Kataib Hezbollah",
        "15 Jun 2025 (inferred)",
        "par. 5",
    ):
        assert part in cited
    assert cited.endswith(f"[{name}]")


def test_a_fragment_is_cited_as_one(edition: Edition) -> None:
    assert "(fragment)" in citation(edition, ref("quote/q-maliki-1", SAMPLE))


def test_every_kind_can_be_cited_on_one_line(edition: Edition) -> None:
    for kind in Kind:
        for entry in edition.page(kind, 0, 1000):
            cited = citation(edition, entry.ref)
            assert str(entry.ref) in cited
            assert "\n" not in cited


def test_what_is_claimed_or_uncertain_is_said(edition: Edition) -> None:
    assert "(suspected)" in citation(edition, ref("incident/erbil-drone-2", SAMPLE))


def test_a_retraction_goes_with_the_citation(library: Library) -> None:
    edition = library(
        actors="- {id: anna, name: Anna, kind: person, retracted: {date: 2025-06-16, why: Two people}}\n"
    )
    assert "RETRACTED 16 Jun 2025: Two people" in citation(edition, ref("actor/anna"))


def test_no_record_no_citation(edition: Edition) -> None:
    assert citation(edition, Ref.parse(f"{SAMPLE}/quote/gone")) == ""
