"""Checks of what is held to be certain: who did it, on what a record rests, how a judgement is worded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.content.checks.lookup import Lookup
from briefing.content.checks.registry import Setting, library_check, record_check
from briefing.content.codes import declare
from briefing.content.finding import Finding
from briefing.content.verdict import Standing
from briefing.model.records import Briefing, Incident, Position, Quote
from briefing.model.ref import Ref
from briefing.model.vocabulary import ByStatus, Kind

NO_BY_STATUS = declare(
    "E216",
    "who did it is not said apart",
    "Where force is used, what happened and who did it are two certainties: `by_status` says the second "
    "(stated, suspected, claimed or unknown).",
    "- id: erbil-drone\n  type: drone\n  status: confirmed  # that it happened; by_status is missing",
)
NO_SOURCE = declare(
    "E217",
    "record without a source",
    "No position, incident or quote stands without a source.",
    "sources: []",
)
NO_PARAGRAPH = declare(
    "E218",
    "quote without a paragraph",
    "A quote's source says in which paragraph it stands, so that it can be verified.",
    "- id: q-1\n  sources: [{source: article}]",
)
BY_UNKNOWN = declare(
    "W201",
    "doer named while unknown",
    "`by` names who did it while `by_status` says unknown. Either a source names or suspects somebody, and "
    "by_status says so, or `by` stays empty.",
    "by: iran\nby_status: unknown",
)
BY_MISSING = declare(
    "W202",
    "doer not named while known",
    "`by_status` says that the doer is stated, suspected or claimed, and `by` names nobody.",
    "by_status: stated",
)
UNCARRIED = declare(
    "W203",
    "position that nothing carries",
    "A position rests on a quote, or on a paragraph or span of a source; the source's name alone does not "
    "show where it is said.",
    "- id: p-1\n  sources: [{source: article}]",
)
MIXED_JUDGEMENT = declare(
    "W204",
    "likelihood and confidence in one sentence",
    "A likelihood says how probable something is, a confidence how good the evidence; in one sentence a "
    "reader takes them for one another (ICD 203). Write two judgements, or two sentences.",
    "text: We judge with high confidence that an attack is unlikely.",
)
BASELESS = declare(
    "W205",
    "judgement without a basis",
    "A judgement names the records it rests on.",
    "judgements:\n  - text: An attack is unlikely.\n    likelihood: unlikely",
)
UNGRADED = declare(
    "W206",
    "judgement without likelihood or confidence",
    "A judgement says how probable it is, or how sure its authors are.",
    "judgements:\n  - text: The militias will wait.\n    basis: [position/p-1]",
)
STALE = declare(
    "W213",
    "changed since it was verified",
    "verified.yaml says that the record's words stand in the source, and since then the words, the paragraph "
    "or the source's text changed. Run `briefing verify --write` once more.",
    "# verified.yaml knows other words for q-1\n- id: q-1\n  text: We shall not.",
)
DIFFERS = declare(
    "W214",
    "not verbatim",
    "verified.yaml says that the record's words differ from the source's. `briefing verify` shows where.",
    "# the source: We will not.\n- id: q-1\n  text: We won't.",
)

_LIKELIHOOD = re.compile(
    r"\b(?:almost (?:no chance|certain(?:ly)?)|nearly certain|remote(?: chance)?|(?:very |highly )?"
    r"(?:un)?likely|(?:highly )?(?:im)?probabl[ey]|roughly even (?:chance|odds))\b",
    re.IGNORECASE,
)
_CONFIDENCE = re.compile(r"\b(?:low|moderate|high) confidence\b|\bconfiden(?:t|ce)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")


@record_check(Kind.INCIDENT)
def doer(incident: Incident, _: Setting) -> Iterator[Finding]:
    """Who did it is said apart where force is used, and agrees with how certain it is."""
    if incident.by_status is None:
        if incident.type.armed:
            message = f'"by_status" is required for the type {incident.type}: how certain is it who did it?'
            yield Finding(NO_BY_STATUS, ("type",), message)
    elif incident.by_status is ByStatus.UNKNOWN:
        if incident.by:
            message = "names who did it, but by_status says unknown"
            yield Finding(BY_UNKNOWN, ("by",), message, on_key=True)
    elif not incident.by and not (incident.by_status is ByStatus.CLAIMED and incident.claimed_by):
        message = f"says that the doer is {incident.by_status}, but by names nobody"
        yield Finding(BY_MISSING, ("by_status",), message)


@record_check(Kind.POSITION, Kind.INCIDENT, Kind.QUOTE)
def sourced(record: Position | Incident | Quote, _: Setting) -> Iterator[Finding]:
    """Nothing stands without a source."""
    if not record.sources:
        yield Finding(NO_SOURCE, ("sources",), "names no source", on_key=True)


@record_check(Kind.QUOTE)
def paragraph(quote: Quote, _: Setting) -> Iterator[Finding]:
    """A quote can be found in its source."""
    for position, locator in enumerate(quote.sources):
        if locator.para is None:
            message = "the quote's source names no paragraph (para)"
            yield Finding(NO_PARAGRAPH, ("sources", position), message)


@record_check(Kind.POSITION)
def carried(position: Position, _: Setting) -> Iterator[Finding]:
    """A quote or a place in a source carries the position."""
    located = any(locator.para is not None or locator.text is not None for locator in position.sources)
    if position.sources and not position.quotes and not located:
        message = "no quote, paragraph or span carries this position"
        yield Finding(UNCARRIED, ("sources",), message, on_key=True)


@record_check(Kind.BRIEFING)
def judgements(briefing: Briefing, _: Setting) -> Iterator[Finding]:
    """Judgements are graded, founded, and worded as ICD 203 asks."""
    for position, judgement in enumerate(briefing.judgements):
        path = ("judgements", position)
        if judgement.likelihood is not None and judgement.confidence is not None:
            message = "one judgement has both a likelihood and a confidence; make two of it"
            yield Finding(MIXED_JUDGEMENT, (*path, "confidence"), message, on_key=True)
        elif any(
            _LIKELIHOOD.search(sentence) and _CONFIDENCE.search(sentence)
            for sentence in _SENTENCE.split(judgement.text)
        ):
            message = "a likelihood and a confidence stand in one sentence"
            yield Finding(MIXED_JUDGEMENT, (*path, "text"), message)
        if judgement.likelihood is None and judgement.confidence is None:
            yield Finding(UNGRADED, path, "the judgement has neither a likelihood nor a confidence")
        if not judgement.basis:
            yield Finding(BASELESS, path, "the judgement names no record that it rests on")


@library_check
def verified(lookup: Lookup) -> Iterator[tuple[Ref, Finding]]:
    """What was verified still stands."""
    for ref, standing in lookup.doubtful():
        path = ("text",) if ref.kind is Kind.QUOTE else ("sources",)
        if standing is Standing.STALE:
            yield ref, Finding(STALE, path, "the words or their paragraph changed since they were verified")
        else:
            yield ref, Finding(DIFFERS, path, "the words differ from the source's")
