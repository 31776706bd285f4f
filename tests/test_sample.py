"""The sample briefing keeps the rules it is there to show."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

from briefing.content.checks.run import check_library
from briefing.content.library import find_library
from briefing.content.load import load_file
from briefing.content.verdict import Standing
from briefing.content.verified import read_marks
from briefing.model.links import links
from briefing.model.records import (
    RECORDS,
    Actor,
    AnyRecord,
    Briefing,
    Incident,
    Position,
    Quote,
    Source,
    many,
)
from briefing.model.ref import Ref
from briefing.model.vocabulary import DateBasis, IncidentStatus, Kind
from briefing.model.when import When, parse_date

NAME = "iraq-militias-2025-06"
FOLDER = Path(__file__).parent.parent / "content" / NAME
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
R = TypeVar("R")


@cache
def everything() -> list[AnyRecord | Briefing]:
    """The sample's records as the program loads them, and the briefing itself."""
    files = find_library(FOLDER).files
    return [marked.record for file in files for marked in load_file(file, display=file.path.name).records]


def briefing() -> Briefing:
    (found,) = (record for record in everything() if isinstance(record, Briefing))
    return found


@cache
def records() -> dict[Ref, AnyRecord]:
    found: dict[Ref, AnyRecord] = {}
    for record in everything():
        if not isinstance(record, Briefing):
            ref = Ref(NAME, record.KIND, record.id)
            assert ref not in found, f"{ref} is there twice"
            found[ref] = record
    return found


def of_kind(record_type: type[R]) -> list[R]:
    return [record for record in records().values() if isinstance(record, record_type)]


def dated() -> list[tuple[str, When]]:
    return [(r.id, r.when) for r in records().values() if isinstance(r, Position | Incident | Quote)]


def test_check_finds_nothing() -> None:
    assert list(map(str, check_library(find_library(FOLDER.parent)))) == []


def test_every_quote_was_compared_with_its_source_as_it_stands() -> None:
    marks = read_marks(FOLDER / "verified.yaml", NAME)
    checksums = {Ref(NAME, Kind.SOURCE, source.id): source.sha256 for source in of_kind(Source)}
    assert None not in checksums.values()
    for quote in of_kind(Quote):
        verdict = marks.verdict(quote, checksums.get)
        assert verdict is not None and verdict.standing is Standing.VERBATIM, quote.id
    assert len(list(marks)) == len(of_kind(Quote))


def test_every_kind_is_there() -> None:
    assert {ref.kind for ref in records()} == set(RECORDS)
    assert briefing().id == NAME == FOLDER.name


def test_every_record_rests_on_a_paragraph_of_a_source() -> None:
    sources = {ref.id: record for ref, record in records().items() if ref.kind is Kind.SOURCE}
    skipped = {id_: getattr(source, "skip_lines", ()) for id_, source in sources.items()}
    for ref, record in records().items():
        if ref.kind is Kind.SOURCE:
            continue
        assert record.sources, f"{ref} has no source"
        for locator in record.sources:
            assert locator.para is not None, f"{ref} names no paragraph"
            assert locator.para not in skipped[locator.source], f"{ref} rests on a line that is not text"


def test_no_quote_without_speaker_and_paragraph() -> None:
    for quote in of_kind(Quote):
        assert Ref(NAME, Kind.ACTOR, quote.speaker) in records(), f"{quote.id}: nobody is {quote.speaker}"
        assert len(quote.sources) == 1 and quote.sources[0].para, quote.id
        assert not quote.text.startswith(('"', "“")) and not quote.text.endswith(('"', "”")), quote.id


def test_no_position_without_issue_and_source() -> None:
    issues_with_positions = set()
    for position in of_kind(Position):
        assert Ref(NAME, Kind.ISSUE, position.issue) in records(), position.id
        assert position.sources, position.id
        issues_with_positions.add(position.issue)
    assert issues_with_positions == {ref.id for ref in records() if ref.kind is Kind.ISSUE}


def test_nothing_dangles() -> None:
    for record in (briefing(), *records().values()):
        for mention in links(record):
            ref = Ref.resolve(mention.reference, briefing=NAME, kind=mention.kind)
            assert ref in records(), f"{record.id}: {mention.role} names {ref}, which is not there"


def test_what_a_position_quotes_was_said_by_it_or_for_it() -> None:
    quotes = {quote.id: quote for quote in of_kind(Quote)}
    for position in of_kind(Position):
        for id_ in many(position.quotes):
            speaker = records()[Ref(NAME, Kind.ACTOR, quotes[id_].speaker)]
            groups = many(getattr(speaker, "member_of", ()))
            assert position.actor in (speaker.id, *groups), f"{position.id} rests on another's words"


def test_every_judgement_has_a_basis_and_one_measure() -> None:
    assert briefing().judgements
    for judgement in briefing().judgements:
        assert judgement.basis, judgement.text
        assert (judgement.likelihood is None) is not (judgement.confidence is None), judgement.text


def test_the_summary_has_three_to_six_sentences() -> None:
    assert 3 <= len(re.findall(r"\.(?:\s|$)", briefing().summary or "")) <= 6


def test_dates_lie_in_the_window_and_say_what_they_rest_on() -> None:
    window = parse_date(briefing().window or "")
    for id_, when in dated():
        if when.span is None:
            assert when.date_basis is None and when.date_text is None, id_
        else:
            assert window.earliest <= when.span.earliest <= when.span.latest <= window.latest, id_
            assert when.date_basis is DateBasis.INFERRED and when.date_text, id_


def test_weekdays_agree_with_dates() -> None:
    named = 0
    for id_, when in dated():
        for weekday in WEEKDAYS:
            if when.date and weekday in (when.date_text or ""):
                named += 1
                assert WEEKDAYS[dt.date.fromisoformat(when.date).weekday()] == weekday, id_
    assert named == sum(when.date is not None for _, when in dated())


def test_what_is_planned_lies_ahead_and_nothing_else_does() -> None:
    today = parse_date(briefing().as_of).latest
    for incident in of_kind(Incident):
        ahead = incident.when.span is not None and incident.when.span.earliest > today
        assert ahead is (incident.status is IncidentStatus.PLANNED), incident.id


def test_nobody_is_named_for_what_the_source_leaves_open() -> None:
    for incident in of_kind(Incident):
        if incident.type.armed:
            assert incident.by_status is not None, incident.id
            assert bool(incident.by) is (incident.by_status.value != "unknown"), incident.id


def test_broken_utterances_are_whole() -> None:
    parts = defaultdict(list)
    for quote in of_kind(Quote):
        assert (quote.utterance is None) is (quote.seq is None), quote.id
        if quote.utterance is not None:
            parts[quote.utterance].append(quote)
    assert parts
    for name, quotes in parts.items():
        assert sorted(quote.seq or 0 for quote in quotes) == list(range(1, len(quotes) + 1)), name
        assert len(quotes) > 1, f"{name} has one part only"
        assert len({(quote.speaker, quote.medium, quote.when, quote.sources) for quote in quotes}) == 1, name


def test_the_same_words_of_two_speakers_are_two_quotes() -> None:
    speakers = {q.speaker for q in of_kind(Quote) if q.text.rstrip(".") == "blatant Zionist aggression"}
    assert speakers == {"national-security-council", "sudani"}


def test_no_name_is_shared() -> None:
    owners = Counter(name.casefold() for actor in of_kind(Actor) for name in set(actor.names))
    assert [name for name, count in owners.items() if count > 1] == []


@pytest.mark.parametrize("stem", ["briefing", *(kind.plural for kind in RECORDS)])
def test_files_open_with_the_line_that_editors_read(stem: str) -> None:
    first = (FOLDER / f"{stem}.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema=../.schema/{stem}.json"


@pytest.mark.parametrize("record_type", [Position, Incident, Quote])
def test_records_stand_in_the_order_of_their_days(record_type: type[Position | Incident | Quote]) -> None:
    days = [record.when.date or "undated" for record in of_kind(record_type)]
    assert days == sorted(days)
