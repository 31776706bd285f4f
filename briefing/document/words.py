"""The words and signs in which a record's facts are said, the same in rows and documents.

Each sign is ASCII, so that a Linux console and a screen reader have it too, and always stands beside
its word: a colour or a sign alone never carries a meaning.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import NamedTuple

from briefing.content.isolates import closed
from briefing.document.document import Style
from briefing.model.vocabulary import (
    ActorKind,
    ByStatus,
    DateBasis,
    IncidentStatus,
    IncidentType,
    Likelihood,
    PlacePrecision,
    PositionStatus,
    Reliability,
    Stance,
)
from briefing.model.when import Span, When, parse_date

# Before a date in a row; in a document the word "inferred" stands beside it.
INFERRED_SIGN = "~"
UNDATED = "undated"


class Said(NamedTuple):
    """A fact as a sign, a word and a style."""

    sign: str
    word: str
    style: Style = "plain"

    def __str__(self) -> str:
        return f"{self.sign} {self.word}"


STANCES: dict[Stance, Said] = {
    Stance.STRONGLY_SUPPORTS: Said("++", "strongly supports", "good"),
    Stance.SUPPORTS: Said("+", "supports", "good"),
    Stance.NEUTRAL: Said("=", "neutral"),
    Stance.OPPOSES: Said("-", "opposes", "bad"),
    Stance.STRONGLY_OPPOSES: Said("--", "strongly opposes", "bad"),
    Stance.UNCLEAR: Said("?", "unclear", "warning"),
}
# A stance in one short word, beside its sign, where a list has no room for more.
SIDES: dict[Stance, str] = {
    Stance.STRONGLY_SUPPORTS: "for",
    Stance.SUPPORTS: "for",
    Stance.NEUTRAL: "neutral",
    Stance.OPPOSES: "against",
    Stance.STRONGLY_OPPOSES: "against",
    Stance.UNCLEAR: "unclear",
}
# A type whose word is longer than all others, where a list has no room for it.
SHORT_TYPES: dict[IncidentType, str] = {IncidentType.AIRSPACE_VIOLATION: "airspace"}
CERTAINTIES: dict[IncidentStatus, Said] = {
    IncidentStatus.CONFIRMED: Said("++", "confirmed", "good"),
    IncidentStatus.REPORTED: Said("+", "reported"),
    IncidentStatus.SUSPECTED: Said("?", "suspected", "warning"),
    IncidentStatus.CLAIMED: Said("?", "claimed", "warning"),
    IncidentStatus.INFERRED: Said("~", "inferred", "warning"),
    IncidentStatus.DISPUTED: Said("+-", "disputed", "warning"),
    IncidentStatus.DENIED: Said("-", "denied", "bad"),
    IncidentStatus.PLANNED: Said(">", "planned", "muted"),
    IncidentStatus.CANCELLED: Said("x", "cancelled", "muted"),
}
AUTHORSHIPS: dict[ByStatus, Said] = {
    ByStatus.STATED: Said("+", "stated"),
    ByStatus.SUSPECTED: Said("?", "suspected", "warning"),
    ByStatus.CLAIMED: Said("?", "claimed", "warning"),
    ByStatus.UNKNOWN: Said("?", "unknown", "warning"),
}
HOW_REACHED: dict[PositionStatus, Said] = {
    PositionStatus.STATED: Said("+", "stated by the actor"),
    PositionStatus.REPORTED: Said("+", "reported by the source"),
    PositionStatus.CLAIMED: Said("?", "only claimed by others", "warning"),
    PositionStatus.DENIED: Said("-", "denied by the actor", "bad"),
}
# Kinds of actors as the headings of their groups.
ACTOR_KINDS: dict[ActorKind, str] = {
    ActorKind.PERSON: "People",
    ActorKind.STATE: "States",
    ActorKind.GOVERNMENT_BODY: "Government bodies",
    ActorKind.ARMED_GROUP: "Armed groups",
    ActorKind.PARTY: "Parties",
    ActorKind.COALITION: "Coalitions",
    ActorKind.ORGANISATION: "Organisations",
    ActorKind.MEDIA: "Media",
    ActorKind.COLLECTIVE: "Groups of people",
    ActorKind.UNNAMED_SOURCE: "Unnamed sources",
}
# What comparing a record's words with its source's text found, by the standing of `verified.yaml`.
STANDINGS: dict[str, Said] = {
    "verbatim": Said("=", "verbatim", "good"),
    "differs": Said("!", "differs from the source's text", "bad"),
    "stale": Said("!", "stale: the words or the source's text changed since they were compared", "warning"),
    "unverified": Said("?", "not compared with the source's text", "warning"),
}
# ICD 203, terms of likelihood and the percentages they stand for.
LIKELIHOODS: dict[Likelihood, str] = {
    Likelihood.ALMOST_NO_CHANCE: "almost no chance, 1 to 5 percent",
    Likelihood.VERY_UNLIKELY: "very unlikely, 5 to 20 percent",
    Likelihood.UNLIKELY: "unlikely, 20 to 45 percent",
    Likelihood.ROUGHLY_EVEN_CHANCE: "roughly even chance, 45 to 55 percent",
    Likelihood.LIKELY: "likely, 55 to 80 percent",
    Likelihood.VERY_LIKELY: "very likely, 80 to 95 percent",
    Likelihood.ALMOST_CERTAIN: "almost certain, 95 to 99 percent",
}
PRECISIONS: dict[PlacePrecision, str] = {
    PlacePrecision.SITE: "the site itself",
    PlacePrecision.NEAR_SITE: "near the site",
    PlacePrecision.CITY: "known to the city",
    PlacePrecision.DISTRICT: "known to the district",
    PlacePrecision.REGION: "known to the region",
    PlacePrecision.COUNTRY: "known to the country only",
    PlacePrecision.NONE: "where exactly is not given",
}
# The Admiralty code, first letter.
RELIABILITIES: dict[Reliability, str] = {
    Reliability.A: "completely reliable",
    Reliability.B: "usually reliable",
    Reliability.C: "fairly reliable",
    Reliability.D: "not usually reliable",
    Reliability.E: "unreliable",
    Reliability.F: "cannot be judged",
}


def words(slug: str) -> str:
    """A vocabulary's word as people write it: ``air-strike`` is ``air strike``."""
    return slug.replace("-", " ")


def start(text: str, most: int = 160) -> str:
    """The first words of TEXT on one line, cut between words."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return closed(text[:most].rsplit(" ", 1)[0]) + " …"


def count(number: int, what: str) -> str:
    """``1 quote``, ``12 quotes``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def day(date: dt.date) -> str:
    """``15 Jun 2025``."""
    return f"{date.day} {calendar.month_abbr[date.month]} {date.year}"


def date_in_words(text: str) -> str:
    """A date of any precision: ``15 Jun 2025``, ``Jun 2025``, ``2025``, ``13 to 16 Jun 2025``."""
    first, slash, second = text.partition("/")
    if not slash:
        return _one(parse_date(first))
    start, end = _one(parse_date(first)), _one(parse_date(second))
    # "13 Jun 2025" to "16 Jun 2025": what both end with is said once.
    shared = 0
    left, right = start.split(), end.split()
    while shared < min(len(left), len(right)) - 1 and left[-1 - shared] == right[-1 - shared]:
        shared += 1
    return f"{' '.join(left[: len(left) - shared])} to {end}"


def _one(span: Span) -> str:
    if span.precision == "year":
        return str(span.earliest.year)
    if span.precision == "month":
        return f"{calendar.month_abbr[span.earliest.month]} {span.earliest.year}"
    return day(span.earliest)


def when_in_words(when: When) -> str:
    """The date, time and basis as one phrase: ``15 Jun 2025, 05:30 (inferred)``."""
    if when.date is None:
        return f"{UNDATED}, {when.time}" if when.time else UNDATED
    phrase = date_in_words(when.date)
    if when.time:
        phrase += f", {when.time}"
    if when.time and when.tz:
        phrase += f" {when.tz}"
    if when.date_basis in (DateBasis.INFERRED, DateBasis.REPORTED):
        phrase += f" ({when.date_basis})"
    return phrase


def when_in_row(when: When, *, year: int | None = None) -> str:
    """The date as a list shows it: ``~15 Jun``; the year only where it is not YEAR, the briefing's own."""
    if when.date is None:
        return UNDATED
    return (INFERRED_SIGN if when.inferred else "") + date_in_row(when.date, year=year)


def date_in_row(date: str, *, year: int | None = None) -> str:
    """A date as a list shows it, the year only where it is not YEAR."""
    said = date_in_words(date).replace(" to ", "-")
    span = parse_date(date)
    if span.precision in ("day", "interval") and span.earliest.year == span.latest.year == year:
        said = said.removesuffix(f" {year}")
    return said
