"""Citations: what is copied of a record, enough to quote it and to find it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.document.words import CERTAINTIES, STANCES, date_in_words, when_in_words, words
from briefing.model.records import (
    Actor,
    Briefing,
    Incident,
    Issue,
    Locator,
    Position,
    Quote,
    Record,
    Source,
)
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind, QuoteForm

if TYPE_CHECKING:
    from briefing.edition.edition import Edition


def citation(edition: Edition, ref: Ref) -> str:
    """Quote, speaker, role, date, source and ref as one line; empty when there is no such record.

    One line of plain text, so that pasting it into a shell or a chat cannot run or send half of it.
    """
    entry = edition.get(ref)
    if entry is None:
        return ""
    record = entry.record
    parts = [*_what(edition, ref, record)]
    if isinstance(record, Record):
        parts += [_source(edition, ref, locator) for locator in record.sources]
        if record.retracted is not None:
            parts.append(f"RETRACTED {date_in_words(record.retracted.date)}: {record.retracted.why}")
    sentence = ". ".join(" ".join(part.split()).rstrip(".") for part in parts if part)
    return f"{sentence}. [{ref}]"


def _what(edition: Edition, ref: Ref, record: object) -> list[str]:
    def name(reference: str) -> str:
        return edition.name(Ref.resolve(reference, briefing=ref.briefing, kind=Kind.ACTOR))

    match record:
        case Quote():
            fragment = " (fragment)" if record.form is QuoteForm.FRAGMENT else ""
            role = record.role or _role(edition, ref, record.speaker)
            speaker = f"{name(record.speaker)}, {role}" if role else name(record.speaker)
            return [f"“{record.text}”{fragment} — {speaker}", when_in_words(record.when)]
        case Position():
            said = (
                f"{name(record.actor)} {STANCES[record.stance].word} ({words(record.act)}): {record.summary}"
            )
            return [said, when_in_words(record.when)]
        case Incident():
            certainty = CERTAINTIES[record.status].word
            return [f"{record.title} ({certainty})", record.place.name, when_in_words(record.when)]
        case Actor():
            return [f"{record.name}, {record.role}" if record.role else record.name]
        case Issue():
            return [record.question]
        case Source():
            return [_source_title(record), record.url or ""]
        case Briefing():
            return [record.title, record.question, f"As of {date_in_words(record.as_of)}"]
    return []


def _role(edition: Edition, ref: Ref, speaker: str) -> str:
    entry = edition.get(Ref.resolve(speaker, briefing=ref.briefing, kind=Kind.ACTOR))
    return (entry.record.role or "") if entry is not None and isinstance(entry.record, Actor) else ""


def _source(edition: Edition, ref: Ref, locator: Locator) -> str:
    source = Ref.resolve(locator.source, briefing=ref.briefing, kind=Kind.SOURCE)
    entry = edition.get(source)
    title = (
        _source_title(entry.record) if entry and isinstance(entry.record, Source) else edition.name(source)
    )
    return f"{title}, par. {locator.para}" if locator.para else title


def _source_title(source: Source) -> str:
    published = date_in_words(source.published) if source.published else ""
    return ", ".join(part for part in (source.title, source.by, source.outlet, published) if part)
