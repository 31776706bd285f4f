"""Backlinks: the records that name a record, in the words of its side of the link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.document.document import Item, Line, Run
from briefing.document.sheet import Sheet
from briefing.document.words import CERTAINTIES, STANCES, count, date_in_words, start, when_in_row, words
from briefing.model.records import Actor, Briefing, Incident, Issue, Position, Quote, Record, Source
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

if TYPE_CHECKING:
    from briefing.edition.entry import Entry, LinkGroup

# At most so many of a group are listed; a search finds the rest.
LISTED = 20
LISTED_ON_SOURCE = 200

# What a record is told of those that name it, by their kind and the field they name it in.
HEADINGS: dict[tuple[Kind, str], str] = {
    (Kind.ACTOR, "aligned_with.actor"): "Those who side with it",
    (Kind.ACTOR, "member_of"): "Members",
    (Kind.ACTOR, "roles.of"): "Holders of an office in it",
    (Kind.POSITION, "actor"): "Positions held",
    (Kind.POSITION, "issue"): "Positions on it",
    (Kind.POSITION, "target"): "Positions directed at it",
    (Kind.POSITION, "on_behalf_of"): "Positions taken on its behalf",
    (Kind.POSITION, "attributed_by"): "Positions it ascribes to others",
    (Kind.POSITION, "quotes"): "Positions it supports",
    (Kind.POSITION, "supersedes"): "Superseded by",
    (Kind.INCIDENT, "by"): "Incidents it brought about",
    (Kind.INCIDENT, "target"): "Incidents aimed at it",
    (Kind.INCIDENT, "intercepted_by"): "Incidents in which it intercepted",
    (Kind.INCIDENT, "claimed_by"): "Incidents it claims",
    (Kind.INCIDENT, "denied_by"): "Incidents it denies",
    (Kind.INCIDENT, "reported_by"): "Incidents it reported",
    (Kind.INCIDENT, "related"): "Incidents related to it",
    (Kind.INCIDENT, "quotes"): "Incidents in which it was said",
    (Kind.QUOTE, "speaker"): "Quotes by it",
    (Kind.QUOTE, "via"): "Quotes it passed on",
    (Kind.QUOTE, "to"): "Quotes addressed to it",
    (Kind.QUOTE, "about"): "Quotes about it",
    (Kind.BRIEFING, "judgements.basis"): "Judgements that rest on it",
}
_SOURCE_ROLE = "sources.source"
# The search field that finds all of a group, where there is one.
_QUERY_FIELDS = {
    "speaker": "speaker",
    "issue": "issue",
    "by": "by",
    "target": "target",
    "actor": "actor",
    _SOURCE_ROLE: "source",
}


def add_backlinks(sheet: Sheet) -> None:
    """List what names the sheet's record, by kind and role, newest first; a source's by paragraph."""
    limit = LISTED_ON_SOURCE if sheet.ref.kind is Kind.SOURCE else LISTED
    for group in sheet.edition.links(sheet.ref, limit=limit).into:
        _add_group(sheet, group)


def _add_group(sheet: Sheet, group: LinkGroup) -> None:
    rests = group.role == _SOURCE_ROLE
    title = (
        f"{group.kind.plural.capitalize()} that rest on it"
        if rests
        else HEADINGS.get(
            (group.kind, group.role), f"{group.kind.plural.capitalize()} that name it as {words(group.role)}"
        )
    )
    sheet.heading(f"{title} ({group.total:,})")
    entries = sheet.edition.get_many(group.refs)
    if rests:
        entries = sorted(entries, key=lambda entry: _paragraph(sheet, entry) or 0)
    for entry in entries:
        if isinstance(entry.record, Briefing):
            sheet.blocks += _judgements(sheet, entry.ref, entry.record)
            continue
        paragraph = _paragraph(sheet, entry) if rests else None
        sheet.blocks.append(item(sheet, entry, aside=f"par. {paragraph}" if paragraph else ""))
    if group.total > len(entries):
        more = f"and {count(group.total - len(entries), group.kind)} more"
        field = _QUERY_FIELDS.get(group.role)
        find = f"; search kind:{group.kind} {field}:{sheet.ref.id} finds all" if field else ""
        sheet.blocks.append(Item((Run(more + find, "muted"),)))


def _judgements(sheet: Sheet, ref: Ref, briefing: Briefing) -> list[Item]:
    return [
        Item((Run(judgement.text, target=ref),))
        for judgement in briefing.judgements
        if any(Ref.resolve(b, briefing=ref.briefing, kind=None) == sheet.ref for b in judgement.basis)
    ]


def _paragraph(sheet: Sheet, entry: Entry) -> int | None:
    """The first paragraph of the sheet's source that ENTRY rests on."""
    record = entry.record
    if not isinstance(record, Record):
        return None
    return min(
        (
            locator.para
            for locator in record.sources
            if locator.para and sheet.resolve(locator.source, Kind.SOURCE).id == sheet.ref.id
        ),
        default=None,
    )


def item(sheet: Sheet, entry: Entry, *, aside: str = "") -> Item:
    """ENTRY as one line of a list of links: its sign, what it says, its date (or ASIDE)."""
    record, ref = entry.record, entry.ref
    if isinstance(record, Record) and record.retracted is not None:
        return Item((Run("[retracted] ", "bad"), *_line(sheet, ref, record)), aside, "x")
    sign = ""
    if isinstance(record, Position):
        sign = STANCES[record.stance].sign
    elif isinstance(record, Incident):
        sign = CERTAINTIES[record.status].sign
    if not aside and isinstance(record, Position | Incident | Quote):
        aside = when_in_row(record.when)
    elif not aside and isinstance(record, Source) and record.published:
        aside = date_in_words(record.published)
    return Item(_line(sheet, ref, record), aside, sign)


def _line(sheet: Sheet, ref: Ref, record: object) -> Line:
    """What a link to RECORD says; a name that the sheet itself bears is not repeated."""
    match record:
        case Quote():
            speaker = sheet.resolve(record.speaker, Kind.ACTOR)
            fragment = (Run("[fragment] ", "muted"),) if record.form == "fragment" else ()
            said = Run(f"“{start(record.text)}”", "quote", ref)
            return (
                *fragment,
                said,
                *(() if speaker == sheet.ref else (Run(f" {sheet.edition.name(speaker)}"),)),
            )
        case Position():
            actor = sheet.resolve(record.actor, Kind.ACTOR)
            issue = sheet.resolve(record.issue, Kind.ISSUE)
            stance = STANCES[record.stance]
            # A stance says nothing without the question it is on.
            question = () if issue == sheet.ref else (Run(", on “"), sheet.link(issue), Run("”"))
            return (
                *(() if actor == sheet.ref else (Run(f"{sheet.edition.name(actor)} "),)),
                Run(stance.word, stance.style),
                *question,
                Run(": "),
                Run(f"{words(record.act)}. {record.summary}", target=ref),
            )
        case Incident():
            certainty = CERTAINTIES[record.status]
            return (Run(record.title, target=ref), Run(f" ({certainty.word})", certainty.style))
        case Actor():
            return (Run(record.name, target=ref), *((Run(f", {record.role}"),) if record.role else ()))
        case Issue():
            return (Run(record.question, target=ref),)
        case Source():
            return (Run(record.title, target=ref), *((Run(f", {record.outlet}"),) if record.outlet else ()))
    return (sheet.link(ref),)
