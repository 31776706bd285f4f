"""Scanning: every quoted passage and every day of a text is covered by a record or listed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from briefing.content.scan import Gap, What, scan
from briefing.content.sourcetext import SourceText, split_text
from briefing.model.records import AnyRecord, Incident, Quote, Source
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

NAME = "harbour-2024"
SOURCE = Ref(NAME, Kind.SOURCE, "paper")


def gaps(text: str, *records: AnyRecord, skip: int | None = None) -> list[Gap]:
    skipped = frozenset() if skip is None else frozenset({skip})
    return scan(SourceText(split_text(text), "a" * 64, skipped), SOURCE, records)


def quote(text: str, para: int | None = 1, **fields: Any) -> Quote:
    whole = {
        "id": "q-1",
        "speaker": "holm",
        "text": text,
        "form": "full",
        "when": {"undated": True},
        "medium": "not-stated",
        "sources": [{"source": "paper"} | ({"para": para} if para else {})],
    }
    return msgspec.convert(whole | fields, Quote)


def incident(para: int = 1, source: str = "paper", **when: Any) -> Incident:
    return msgspec.convert(
        {
            "id": "i-1",
            "title": "Strike",
            "type": "protest",
            "when": when,
            "place": {"name": "Quay"},
            "status": "reported",
            "sources": [{"source": source, "para": para}],
        },
        Incident,
    )


# Quotations


def test_a_passage_without_a_quote_is_listed_where_it_stands() -> None:
    assert gaps('Then\nshe said "no deal" twice') == [Gap(2, 11, What.QUOTE, "no deal")]


@pytest.mark.parametrize("text", ["no deal,", "no deal"])
def test_a_passage_with_its_quote_is_covered_with_or_without_the_comma(text: str) -> None:
    assert gaps('"no deal," she said', quote(text)) == []


def test_what_a_quote_leaves_out_of_a_passage_is_listed() -> None:
    assert gaps('"no deal, and no talks," she said', quote("no deal")) == [
        Gap(1, 11, What.QUOTE, "and no talks")
    ]


def test_the_same_words_of_two_speakers_need_two_quotes() -> None:
    text = 'Both said "no deal": "no deal"'
    assert gaps(text, quote("no deal")) == [Gap(1, 23, What.QUOTE, "no deal")]
    assert gaps(text, quote("no deal"), quote("no deal")) == []


def test_a_fragment_does_not_take_the_place_of_the_sentence_that_holds_it() -> None:
    text = '"no deal today" and then "no deal"'
    assert gaps(text, quote("no deal"), quote("no deal today")) == []


def test_a_quote_of_another_paragraph_or_source_covers_nothing() -> None:
    text = '"no deal"\n"no talks"'
    assert len(gaps(text, quote("no deal", 2), quote("no talks", 1))) == 2
    assert gaps(text, quote("no deal", None), quote("no talks", None)) == []
    other = quote("no deal", sources=[{"source": "radio", "para": 1}])
    assert gaps('"no deal"', other) == [Gap(1, 2, What.QUOTE, "no deal")]


def test_a_quote_that_differs_from_the_passage_does_not_cover_it() -> None:
    assert gaps("“it’s off”", quote("it's off")) == [Gap(1, 2, What.QUOTE, "it’s off")]


def test_lines_that_are_not_the_source_are_not_scanned() -> None:
    assert gaps('"subscribe" on Friday', skip=1) == []


# Days


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Tuesday", What.WEEKDAY),
        ("14 May 2024", What.DATE),
        ("14th of May", What.DATE),
        ("May 14, 2024", What.DATE),
        ("Sept. 3", What.DATE),
        ("May 2024", What.DATE),
        ("2024-05-14", What.DATE),
        ("14/05/2024", What.DATE),
        ("5/14/2024", What.DATE),
        ("14.5.2024", What.DATE),
    ],
)
def test_a_day_without_a_record_is_listed(text: str, what: What) -> None:
    assert gaps(f"They met on {text}.") == [Gap(1, 13, what, text)]


@pytest.mark.parametrize(
    "text",
    [
        "They may march 5 by 5",
        "The second of them",
        "Sundays",
        "Mayor 2024",
        "14/14/2024 1.2.3.2024 a/1/2/2024/b",
    ],
)
def test_a_word_that_only_looks_like_a_day_is_none(text: str) -> None:
    assert gaps(text) == []


@pytest.mark.parametrize(
    "text", ["14 May 2024", "May 14", "2024-05-14", "May 2024", "14/05/2024", "05/14/2024", "14.5.2024"]
)
def test_a_date_is_covered_by_a_record_of_that_day(text: str) -> None:
    assert gaps(text, incident(date="2024-05-14")) == []
    assert [gap.text for gap in gaps(text, incident(date="2024-06-15"))] == [text]


def test_a_weekday_is_covered_by_a_record_that_repeats_it() -> None:
    assert gaps("On Tuesday they met", incident(date="2024-05-14", date_text="on tuesday")) == []
    assert gaps("On Tuesday they met", incident(date="2024-05-14")) == [Gap(1, 4, What.WEEKDAY, "Tuesday")]


def test_a_record_of_another_paragraph_or_source_dates_nothing() -> None:
    for elsewhere in (
        incident(2, date="2024-05-14", date_text="Tuesday"),
        incident(source="radio", date="2024-05-14", date_text="Tuesday"),
    ):
        assert len(gaps("On Tuesday they met", elsewhere)) == 1


def test_the_day_of_publication_is_covered_by_the_source() -> None:
    source = msgspec.convert(
        {"id": "paper", "kind": "article", "title": "T", "published": "2024-05-15"}, Source
    )
    assert gaps("Printed 15 May 2024", source) == []
    assert len(gaps("Printed 16 May 2024", source)) == 1
