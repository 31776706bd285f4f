"""The Brief: what a briefing asks, what it answers, and from how much."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from briefing.document.document import Bar, Block, Document, Field, Heading, Item, Paragraph, Run
from briefing.document.sheet import listed
from briefing.document.words import LIKELIHOODS, count, date_in_words
from briefing.model.records import RECORDS, Briefing, Judgement
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.model.when import parse_date

if TYPE_CHECKING:
    from briefing.edition.edition import Edition

# As many days as the strip shows: about a month still reads as a shape.
DAYS_SHOWN = 31


def brief(edition: Edition) -> Document:
    """The Brief of the briefing that EDITION is restricted to, or of the whole library."""
    briefing = edition.briefing
    if briefing is None:
        return _library(edition)
    ref = Ref(briefing.id, Kind.BRIEFING, briefing.id)
    blocks: list[Block] = [
        Heading(briefing.title, 1),
        Paragraph((Run(briefing.question, "strong"),)),
        *_header(briefing),
    ]
    if briefing.summary:
        blocks += [Heading("Summary"), Paragraph((Run(briefing.summary),))]
    if briefing.judgements:
        blocks.append(Heading("Judgements"))
        for number, judgement in enumerate(briefing.judgements, 1):
            blocks += _judgement(edition, ref, number, judgement)
    blocks += _numbers(edition)
    blocks += _days(edition, _year(briefing))
    return Document(ref, briefing.title, tuple(blocks))


def _header(briefing: Briefing) -> list[Block]:
    fields = [("As of", date_in_words(briefing.as_of))]
    if briefing.window:
        fields.append(("Covers", date_in_words(briefing.window)))
    if briefing.authors:
        fields.append(("By", ", ".join(briefing.authors)))
    if briefing.tlp != "clear":
        fields.append(("Sharing", f"TLP:{briefing.tlp.upper()}"))
    return [Field(label, (Run(value),)) for label, value in fields]


def _judgement(edition: Edition, ref: Ref, number: int, judgement: Judgement) -> list[Block]:
    """The sentence, how sure it is, and a link to each record it rests on."""
    sure = []
    if judgement.likelihood is not None:
        sure.append(LIKELIHOODS[judgement.likelihood])
    if judgement.confidence is not None:
        sure.append(f"{judgement.confidence} confidence")
    line = (Run(judgement.text),) + ((Run(f" [{'; '.join(sure)}]", "strong"),) if sure else ())
    blocks: list[Block] = [Item(line, sign=f"{number}.")]
    basis = [Ref.resolve(reference, briefing=ref.briefing, kind=None) for reference in judgement.basis]
    if basis:
        links = [Run(edition.name(target), target=target) for target in basis]
        blocks.append(Field("Rests on", listed(links, "; ")))
    return blocks


def _numbers(edition: Edition) -> list[Block]:
    numbers = [count(edition.count(kind), kind) for kind in RECORDS]
    return [
        Heading("In numbers so far" if edition.partial else "In numbers"),
        Paragraph((Run(", ".join(numbers)),)),
    ]


def _days(edition: Edition, year: int) -> list[Block]:
    """A bar for each day; days without an incident between two with some are shown as empty."""
    days = dict(edition.days())
    if not days:
        return []
    last = max(days)
    first = max(min(days), last - dt.timedelta(days=DAYS_SHOWN - 1))
    most = max(days.values())
    shown = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    title = "Incidents by day, dates stated or inferred"
    blocks: list[Block] = [Heading(title if first == min(days) else f"{title}; the last {len(shown)} days")]
    for day in shown:
        label = f"{day:%a} {day.day} {day:%b}" + ("" if day.year == year else f" {day.year}")
        blocks.append(Bar(label, days.get(day, 0), most))
    return blocks


def _library(edition: Edition) -> Document:
    """The whole library read together: its briefings and its numbers."""
    cards = edition.briefings()
    blocks: list[Block] = [Heading("All briefings", 1)]
    for card in cards:
        ref = Ref(card.briefing.id, Kind.BRIEFING, card.briefing.id)
        line = (Run(card.briefing.title, "strong", ref), Run(f" {card.briefing.question}"))
        blocks.append(Item(line, date_in_words(card.briefing.as_of)))
    if not cards:
        blocks.append(Paragraph((Run("There is no briefing here yet; `briefing new DIR` starts one."),)))
    blocks += _numbers(edition)
    year = max((_year(card.briefing) for card in cards), default=0)
    blocks += _days(edition, year)
    ref = (
        Ref(cards[0].briefing.id, Kind.BRIEFING, cards[0].briefing.id)
        if cards
        else Ref("", Kind.BRIEFING, "")
    )
    return Document(ref, "All briefings", tuple(blocks))


def _year(briefing: Briefing) -> int:
    return parse_date(briefing.as_of).latest.year
