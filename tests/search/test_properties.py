"""What holds of every query, whatever its form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from briefing.edition.edition import Edition, open_edition
from briefing.edition.hits import Hits
from briefing.edition.query.parser import parse, parse_typed
from briefing.edition.query.printer import write
from briefing.edition.query.problem import QueryError
from briefing.edition.query.tree import And, Node
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from tests.edition.libraries import write_library
from tests.search.queries import LIBRARY, leaves, trees


@pytest.fixture(scope="session")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    folder = tmp_path_factory.mktemp("varied")
    return open_edition(write_library(folder / "content", LIBRARY), cache=folder / "cache")


def parts_of(library: Edition) -> Iterator[Edition]:
    """All of LIBRARY, and each briefing alone."""
    yield library
    yield from (library.only(name) for name in ("east", "west"))


def refs(hits: Hits) -> set[Ref]:
    return {hit.entry.ref for hit in hits.ranked(0, hits.total)}


def asked(node: Node) -> str:
    """NODE as a query; some that are made up say nothing, or ask for what cannot be."""
    text = write(node)
    try:
        parse(text)
    except QueryError:
        assume(False)
    return text


@given(trees())
def test_reading_writing_and_reading_any_form_again_is_the_identity(node: Node) -> None:
    typed = parse_typed(write(node))
    assert parse_typed(write(typed) + " ") == typed
    finished = parse(asked(node))
    assert parse(write(finished)) == finished


@given(trees())
@settings(deadline=None)
def test_any_query_and_its_negation_part_the_library(varied: Edition, node: Node) -> None:
    text = asked(node)
    for library in parts_of(varied):
        found, others = library.search(text), library.search(f"-({text})")
        assume(others.problem is None)  # it may be too deep
        assert len(refs(found)) == found.total
        assert not refs(found) & refs(others)
        assert found.total + others.total == sum(library.count(kind) for kind in Kind)


@given(trees(), leaves())
@settings(deadline=None)
def test_any_word_or_field_more_never_finds_more(varied: Edition, node: Node, more: Node) -> None:
    before, after = asked(node), asked(And((node, more)))
    for library in parts_of(varied):
        assert refs(library.search(after)) <= refs(library.search(before))


@given(trees(), st.booleans())
@settings(deadline=None, max_examples=30)
def test_all_that_is_said_of_hits_agrees(varied: Edition, node: Node, typing: bool) -> None:
    text = write(node) if typing else asked(node)
    for library in parts_of(varied):
        hits = library.search(text, typing=typing)
        found = refs(hits)
        assert found == {hit.entry.ref for hit in hits.newest(0, hits.total)}
        for kind in Kind:
            page = [hit.entry.ref for hit in hits.page(kind, 0, hits.total)]
            assert set(page) == {ref for ref in found if ref.kind is kind}
            assert [hits.position(ref) for ref in page] == list(range(hits.counts.get(kind, 0)))
        for hit in hits.ranked(0, hits.total):
            assert hit.typo <= any(reason.startswith("~") for reason in hit.reasons)
            hits.highlight(hits.snippet(hit))
        for value in (value for facet in hits.facets() for value in facet.values):
            narrowed = library.search(hits.narrowed(value), typing=typing)
            assert (narrowed.problem, narrowed.total) == (None, value.count), value
