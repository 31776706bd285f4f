"""Layout: a record as a document, every field in plain words, and its links both ways."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from briefing.document.backlinks import add_backlinks
from briefing.document.brief import brief
from briefing.document.document import Document, Field, Heading, Item, Line, Paragraph, Quotation, Run
from briefing.document.passage import passage
from briefing.document.sheet import LANGUAGES, Sheet
from briefing.document.words import (
    AUTHORSHIPS,
    CERTAINTIES,
    HOW_REACHED,
    PRECISIONS,
    RELIABILITIES,
    STANCES,
    date_in_words,
    words,
)
from briefing.model.records import (
    Actor,
    Alias,
    Incident,
    Issue,
    Place,
    Position,
    Quote,
    Record,
    Role,
    Source,
    Toll,
    many,
)
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind, Medium, QuoteForm

if TYPE_CHECKING:
    from briefing.edition.edition import Edition


def lay_out(edition: Edition, ref: Ref, *, backlinks: bool = True) -> Document:
    """The document of REF; a record that is not there says so instead of failing.

    BACKLINKS adds the records that name it; without them nothing is said twice in a print of all.
    """
    entry = edition.get(ref)
    if entry is None:
        return missing(ref, partial=edition.partial)
    if ref.kind is Kind.BRIEFING:
        return brief(edition.only(ref.briefing))
    sheet = Sheet(edition, ref)
    record = entry.record
    if isinstance(record, Record):
        _LAYOUTS[type(record)](sheet, record)
        sheet.remarks(record)
        _words_said(sheet, record)
        _other_parts(sheet, record)
        sheet.sources(entry)
        _in_its_paragraph(sheet, record)
    if backlinks:
        add_backlinks(sheet)
    return sheet.document(edition.name(ref))


def missing(ref: Ref, *, partial: bool) -> Document:
    """What is shown of a record that does not exist, or no longer; of a PARTIAL edition, or not yet."""
    where = "this library" if ref.kind is Kind.BRIEFING else ref.briefing
    said = f"There is no {ref.kind} “{ref.id}” in {where}"
    if partial:
        said += " so far"
        why = "Not all is read yet; it shows as soon as it is."
    else:
        why = "It was removed or renamed, or it has an error that keeps it out. The Problems view says which."
    return Document(
        ref, ref.id, (Heading(ref.id, 1), Paragraph((Run(f"{said}.", "warning"),)), Paragraph((Run(why),)))
    )


def _actor(sheet: Sheet, actor: Actor) -> None:
    sheet.heading(actor.name, 1)
    sheet.retraction(actor)
    sheet.field("Is", words(actor.kind) + (", name withheld by the source" if actor.anonymous else ""))
    offices = [_office(sheet, role) for role in actor.roles]
    # An office says where it leads too, and once is enough.
    if actor.role not in ["".join(run.text for run in office) for office in offices]:
        sheet.field("Role", actor.role)
    sheet.blocks += [Field("Office", office) for office in offices]
    sheet.links("Part of", actor.member_of, Kind.ACTOR)
    for alignment in actor.aligned_with:
        other = sheet.link(sheet.resolve(alignment.actor, Kind.ACTOR))
        how = (Run(f" ({alignment.how})"),) if alignment.how else ()
        sheet.blocks.append(Field("Sides with", (other, *how)))
    sheet.field("Country", actor.country)
    # With the other names, below what the few lines under a list have room for.
    if actor.name_original is not None:
        sheet.original("Name", actor.name_original.text, actor.name_original.lang)
    _aliases(sheet, actor.aliases)
    if actor.wikidata:
        sheet.web("Wikidata", f"https://www.wikidata.org/wiki/{actor.wikidata}", actor.wikidata)


def _office(sheet: Sheet, role: Role) -> Line:
    line = [Run(f"formerly {role.title}" if role.former else role.title)]
    if role.of is not None:
        line += [Run(" of "), sheet.link(sheet.resolve(role.of, Kind.ACTOR))]
    if role.since is not None:
        line.append(Run(f", from {date_in_words(role.since)}"))
    if role.to is not None:
        line.append(Run(f", to {date_in_words(role.to)}"))
    return tuple(line)


def _aliases(sheet: Sheet, aliases: tuple[str | Alias, ...]) -> None:
    """Latin spellings on one line; those in another script each on their own."""
    latin: list[str] = []
    for alias in aliases:
        text, lang = (alias, None) if isinstance(alias, str) else (alias.text, alias.lang)
        if all(_of_latin(letter) for letter in text):
            latin.append(text)
        else:
            sheet.original("Also", text, lang)
    sheet.field("Also" if len(latin) < 2 else "Also called", "; ".join(latin))


def _of_latin(letter: str) -> bool:
    """Whether Latin script is written with LETTER: also ṭ and ī of a transliteration, and any sign."""
    return letter < "\u0370" or not letter.isalpha() or unicodedata.name(letter, "").startswith("LATIN")


def _issue(sheet: Sheet, issue: Issue) -> None:
    sheet.heading(issue.question, 1)
    sheet.retraction(issue)
    _aliases(sheet, issue.aliases)


def _position(sheet: Sheet, position: Position) -> None:
    sheet.heading(position.summary, 1)
    sheet.retraction(position)
    sheet.links("Actor", position.actor, Kind.ACTOR)
    sheet.links("Issue", position.issue, Kind.ISSUE)
    sheet.said("Stance", STANCES[position.stance])
    sheet.field("Act", words(position.act))
    sheet.links("Directed at", position.target, Kind.ACTOR)
    sheet.field("Condition", position.condition)
    sheet.links("On behalf of", position.on_behalf_of, Kind.ACTOR)
    sheet.said("Known", HOW_REACHED[position.status])
    sheet.links("Claimed by", position.attributed_by, Kind.ACTOR)
    sheet.when(position.when)
    sheet.links("Supersedes", position.supersedes, Kind.POSITION)


def _incident(sheet: Sheet, incident: Incident) -> None:
    sheet.heading(incident.title, 1)
    sheet.retraction(incident)
    sheet.paragraph(incident.summary)
    sheet.field("Type", words(incident.type))
    # Whether it happened and who did it are two questions, and are answered apart.
    sheet.said("That it happened", CERTAINTIES[incident.status])
    if incident.by_status is not None:
        sheet.said("Who did it", AUTHORSHIPS[incident.by_status])
    sheet.links("By", incident.by, Kind.ACTOR)
    sheet.links("Target", incident.target, Kind.ACTOR)
    sheet.links("Stopped by", incident.intercepted_by, Kind.ACTOR)
    sheet.links("Claimed by", incident.claimed_by, Kind.ACTOR)
    sheet.links("Denied by", incident.denied_by, Kind.ACTOR)
    sheet.when(incident.when)
    _place(sheet, incident.place)
    sheet.field("Weapon", incident.weapon)
    sheet.field("Outcome", incident.outcome)
    sheet.field("Deaths", _toll(incident.deaths))
    sheet.field("Injured", _toll(incident.injured))
    sheet.links("Reported by", incident.reported_by, Kind.ACTOR)
    sheet.links("Related", incident.related, Kind.INCIDENT)


def _place(sheet: Sheet, place: Place) -> None:
    country = f", {place.country}" if place.country and place.country not in place.name else ""
    sheet.field("Place", f"{place.name}{country} ({PRECISIONS[place.precision]})")
    if place.lat is not None and place.lon is not None:
        where = f"{abs(place.lat):g}°{'N' if place.lat >= 0 else 'S'} "
        where += f"{abs(place.lon):g}°{'E' if place.lon >= 0 else 'W'}"
        sheet.field("Coordinates", f"{where}, from {place.coords_from or 'an unnamed source'}")


def _toll(toll: Toll | None) -> str | None:
    """The best figure with the bounds that are reported: ``2 to 5, best estimate 3``."""
    if toll is None:
        return None
    low, best, high = toll.low, toll.best, toll.high
    if low is not None and low == high:
        return f"{low:,}"
    if low is not None and high is not None:
        bounds = f"{low:,} to {high:,}"
        return bounds if best is None else f"{bounds}, best estimate {best:,}"
    bounds = f"at least {low:,}" if low is not None else f"at most {high:,}" if high is not None else ""
    return ", ".join(part for part in ("" if best is None else f"{best:,}", bounds) if part)


def _quote(sheet: Sheet, quote: Quote) -> None:
    sheet.heading(f"Quote by {sheet.edition.name(sheet.resolve(quote.speaker, Kind.ACTOR))}", 1)
    sheet.retraction(quote)
    sheet.blocks.append(Quotation((Run(f"“{quote.text}”", "quote"),)))
    if quote.original is not None:
        sheet.original("Said", quote.original.text, quote.original.lang)
    sheet.links("Speaker", quote.speaker, Kind.ACTOR)
    sheet.field("Speaking as", quote.role)
    if quote.form is QuoteForm.FRAGMENT:
        sheet.field("Form", "fragment: a few words set in the source's own sentence", "warning")
    medium = "how it was said is not stated" if quote.medium is Medium.NOT_STATED else words(quote.medium)
    sheet.field("Medium", medium)
    sheet.field("Attributed", quote.attribution)
    sheet.links("To", quote.to, Kind.ACTOR)
    sheet.links("Passed on by", quote.via, Kind.ACTOR)
    sheet.field("Translated by", quote.translation)
    sheet.when(quote.when)
    if quote.utterance is not None:
        part = f"part {quote.seq} of one utterance" if quote.seq is not None else "part of one utterance"
        sheet.field("Utterance", f"{part} ({quote.utterance})")
    sheet.links("About", quote.about, None)


def _words_said(sheet: Sheet, record: Record) -> None:
    """The quotes that a position or incident names, in full, each the link to its own document."""
    if not isinstance(record, Position | Incident) or not record.quotes:
        return
    sheet.heading("In the actor's words" if isinstance(record, Position) else "What was said")
    refs = [sheet.resolve(name, Kind.QUOTE) for name in many(record.quotes)]
    found = {entry.ref: entry.record for entry in sheet.edition.get_many(refs)}
    for ref in refs:
        quote = found.get(ref)
        if isinstance(quote, Quote):
            sheet.blocks.append(Quotation((Run(f"“{quote.text}”", "quote", ref),)))
        else:
            sheet.blocks.append(Field("Quote", (sheet.link(ref),)))


def _other_parts(sheet: Sheet, record: Record) -> None:
    """What the speaker said before and after in the same breath, in its order."""
    if not isinstance(record, Quote) or record.utterance is None:
        return
    parts = [
        (entry.record.seq or 0, entry.ref, entry.record.text)
        for entry in sheet.edition.utterance(sheet.ref.briefing, record.utterance)
        if isinstance(entry.record, Quote) and entry.ref != sheet.ref
    ]
    if parts:
        sheet.heading("The rest of the utterance")
    for seq, ref, text in sorted(parts):
        sheet.blocks.append(Item((Run(f"“{text}”", "quote", ref),), f"part {seq}"))


def _in_its_paragraph(sheet: Sheet, record: Record) -> None:
    """A quote's sentence among its neighbours, where the source's text is at hand."""
    if not isinstance(record, Quote):
        return
    for locator in record.sources:
        line = passage(sheet.edition, sheet.ref, record, locator)
        if line is not None:
            sheet.heading(f"In paragraph {locator.para}")
            sheet.blocks.append(Paragraph(line))


def _source(sheet: Sheet, source: Source) -> None:
    sheet.heading(source.title, 1)
    sheet.retraction(source)
    sheet.field("Is", words(source.kind))
    sheet.field("Outlet", source.outlet)
    sheet.field("By", source.by)
    sheet.field("Published", date_in_words(source.published) if source.published else "not dated")
    sheet.web("Address", source.url)
    sheet.field("Language", LANGUAGES.get(source.lang, source.lang) if source.lang else None)
    if source.reliability is not None:
        sheet.field("Reliability", f"{source.reliability}, {RELIABILITIES[source.reliability]}")
    sheet.field("Rights", source.rights)
    if source.sha256:
        # It fills a line of 80 columns; beside a label its last letter would stand alone.
        sheet.paragraph(f"Text sha256 {source.sha256}", "muted")


# Each function takes the record type it is listed under, which a dict cannot say.
_LAYOUTS: dict[type, Callable[[Sheet, Any], None]] = {
    Actor: _actor,
    Issue: _issue,
    Position: _position,
    Incident: _incident,
    Quote: _quote,
    Source: _source,
}
