"""Checks of utterances: the parts of one utterance, which a "said X" broke, belong together."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.content.checks.lookup import Fact, Lookup
from briefing.content.checks.registry import Setting, group_check, record_check, says
from briefing.content.codes import declare
from briefing.content.finding import Finding
from briefing.model.links import UTTERANCE, utterance_key
from briefing.model.records import Quote
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

MISSING_PART = declare(
    "W305",
    "utterance with a missing part",
    "The parts of an utterance are numbered from 1 by `seq` without a gap, each number once, and there are "
    "at least two.",
    "- {id: q-1a, utterance: u-1, seq: 1}\n- {id: q-1c, utterance: u-1, seq: 3}",
)
TWO_SPEAKERS = declare(
    "W306",
    "utterance of two speakers",
    "Parts of one utterance have one speaker and one date.",
    "- {id: q-1a, utterance: u-1, seq: 1, speaker: iran}\n- {id: q-1b, utterance: u-1, seq: 2, speaker: usa}",
)
HALF = declare(
    "W207",
    "part of an utterance half given",
    "`utterance` and `seq` go together: which utterance, and which part of it.",
    "- {id: q-1a, utterance: u-1}",
)


@record_check(Kind.QUOTE)
def both_given(quote: Quote, _: Setting) -> Iterator[Finding]:
    if quote.utterance is not None and quote.seq is None:
        yield Finding(HALF, ("utterance",), "utterance without seq: which part is it?", on_key=True)
    if quote.seq is not None and quote.utterance is None:
        yield Finding(HALF, ("seq",), "seq without utterance: a part of what?", on_key=True)


@says(Kind.QUOTE)
def parts(quote: Quote, ref: Ref) -> Iterator[Fact]:
    if quote.utterance is not None and quote.seq is not None and quote.retracted is None:
        value = f"{quote.seq} {quote.speaker} {quote.when.date or ''}"
        yield Fact(UTTERANCE, utterance_key(ref.briefing, quote.utterance), ref, value)


@group_check(UTTERANCE)
def whole(key: str, facts: list[Fact], lookup: Lookup) -> Iterator[tuple[Ref, Finding]]:
    """Every part is there once, said by one speaker on one date."""
    name = key.rpartition("/")[2]
    seen: dict[int, Fact] = {}
    first: tuple[Fact, list[str]] | None = None
    for fact in facts:
        number, *said = fact.value.split(" ")
        if int(number) in seen:
            message = f'part {number} of utterance "{name}" is also {seen[int(number)].ref.id}'
            yield fact.ref, Finding(MISSING_PART, ("seq",), message)
        seen.setdefault(int(number), fact)
        if lookup.get(Ref.resolve(said[0], briefing=fact.ref.briefing, kind=Kind.ACTOR)) is None:
            continue  # what is misspelled differs from everything
        first = first or (fact, said)
        pairs = zip(("speaker", "date"), said, first[1], strict=True)
        differs = [what for what, own, other in pairs if own != other]
        if differs:
            what = f"{differs[0]} differs" if len(differs) == 1 else "speaker and date differ"
            message = f'{what} from {first[0].ref.id}, a part of the same utterance "{name}"'
            yield fact.ref, Finding(TWO_SPEAKERS, ("utterance",), message)
    if len(seen) < len(facts) or lookup.incomplete(facts[0].ref.briefing, Kind.QUOTE):
        return  # the missing part may be the one that is reported
    numbers = sorted(seen)
    gap = next((n for n, number in enumerate(numbers, 1) if n != number), None)
    if gap is not None:
        message = f'part {gap} of utterance "{name}" is missing'
        yield seen[numbers[gap - 1]].ref, Finding(MISSING_PART, ("seq",), message)
    elif len(numbers) == 1:
        message = f'utterance "{name}" has this part only; where is the other?'
        yield seen[1].ref, Finding(MISSING_PART, ("utterance",), message)
