"""A sheet: the blocks of one document being written, with what every kind of record says alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.document.document import Block, Document, Field, Heading, Line, Paragraph, Quotation, Run, Style
from briefing.document.words import STANDINGS, Said, date_in_words, start, when_in_words
from briefing.model.records import Issue, Position, Quote, Record, Source
from briefing.model.ref import Ref
from briefing.model.vocabulary import DateBasis, Kind
from briefing.model.when import When

if TYPE_CHECKING:
    from briefing.edition.edition import Edition
    from briefing.edition.entry import Entry

# Languages a newsroom meets often; others are named by their tag.
LANGUAGES = {
    "ar": "Arabic",
    "ckb": "Central Kurdish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "he": "Hebrew",
    "ku": "Kurdish",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}


class Sheet:
    """Collects the blocks of the document of `ref`; empty values leave no trace."""

    def __init__(self, edition: Edition, ref: Ref) -> None:
        self.edition = edition
        self.ref = ref
        self.blocks: list[Block] = []

    def document(self, title: str) -> Document:
        return Document(self.ref, title, tuple(self.blocks))

    def resolve(self, reference: str, kind: Kind | None) -> Ref:
        return Ref.resolve(reference, briefing=self.ref.briefing, kind=kind)

    def link(self, ref: Ref) -> Run:
        """A link that says what REF is in full, where a list would cut it."""
        entry = self.edition.get(ref)
        record = None if entry is None else entry.record
        match record:
            case Issue():
                text = record.question
            case Source():
                text = record.title
            case Position():
                text = record.summary
            case Quote():
                text = f"“{start(record.text)}”"
            case _:
                text = self.edition.name(ref)
        return Run(text, target=ref)

    def heading(self, text: str, level: int = 2) -> None:
        self.blocks.append(Heading(text, level))

    def paragraph(self, text: str | None, style: Style = "plain") -> None:
        if text:
            self.blocks.append(Paragraph((Run(text, style),)))

    def field(self, label: str, value: str | None, style: Style = "plain") -> None:
        if value:
            self.blocks.append(Field(label, (Run(value, style),)))

    def said(self, label: str, value: Said) -> None:
        """A fact by sign and word."""
        self.field(label, str(value), value.style)

    def links(self, label: str, references: str | tuple[str, ...] | None, kind: Kind | None) -> None:
        """The records a field names, on one line."""
        if not references:
            return
        names = (references,) if isinstance(references, str) else references
        self.blocks.append(Field(label, listed([self.link(self.resolve(name, kind)) for name in names])))

    def web(self, label: str, url: str | None, text: str = "") -> None:
        """A link out of the briefing, to http and https only."""
        if not url:
            return
        target = url if url.startswith(("http://", "https://")) else None
        self.blocks.append(Field(label, (Run(text or url, target=target),)))

    def original(self, label: str, text: str, lang: str | None) -> None:
        """Words in their own script, on a line of their own: no terminal mixes directions well."""
        self.field(label, f"in {LANGUAGES.get(lang, lang)}" if lang else "in the original")
        self.blocks.append(Quotation((Run(text, "original"),), lang))

    def when(self, when: When) -> None:
        """The date and, apart from it, how it is known."""
        if when.date is None:
            self.field("Date", f"{when_in_words(when)}: no source gives a date", "warning")
            if when.date_text:
                self.field("Date basis", f"the source says “{when.date_text}”")
            return
        self.field("Date", when_in_words(when))
        basis = {
            DateBasis.STATED: "stated by the source",
            DateBasis.INFERRED: "inferred, not printed in the source",
            DateBasis.REPORTED: "reported by others",
            None: "basis not given",
        }[when.date_basis]
        if when.date_text:
            basis += f"; the source says “{when.date_text}”"
        self.field("Date basis", basis, "warning" if when.inferred else "plain")

    def retraction(self, record: Record) -> None:
        """What a reader must see first: that the record no longer holds."""
        if record.retracted is not None:
            date = date_in_words(record.retracted.date)
            self.paragraph(f"x RETRACTED {date}: {record.retracted.why}", "bad")

    def sources(self, entry: Entry) -> None:
        """Where the record comes from, and whether its words were compared with the source."""
        record = entry.record
        if not isinstance(record, Record) or not record.sources:
            return
        self.heading("Taken from")
        paragraphs: dict[str, list[int]] = {}
        for locator in record.sources:
            where = paragraphs.setdefault(locator.source, [])
            if locator.para is not None and locator.para not in where:
                where.append(locator.para)
        for source, where in paragraphs.items():
            self._source(source, where)
            for locator in record.sources:
                # A quote's own locator says its text again.
                if (
                    locator.source == source
                    and locator.text
                    and locator.text != getattr(record, "text", None)
                ):
                    self.blocks.append(Quotation((Run(f"“{locator.text}”", "quote"),)))
        if entry.verification is not None:
            standing, checksum = entry.verification
            against = f"checked against sha256 {checksum[:16]}…" if checksum else ""
            said = STANDINGS[standing]
            self.said("Words", said._replace(word=f"{said.word}, {against}") if against else said)

    def _source(self, source: str, paragraphs: list[int]) -> None:
        line: Line = (self.link(self.resolve(source, Kind.SOURCE)),)
        if paragraphs:
            line += (Run(f", par. {', '.join(map(str, sorted(paragraphs)))}"),)
        self.blocks.append(Field("Source", line))

    def remarks(self, record: Record) -> None:
        """What the editors add: confidence, note, tags, and the ids it had."""
        if record.confidence is not None:
            self.field("Confidence", f"{record.confidence} (the editors')")
        self.field("Note", record.note)
        self.field("Tags", ", ".join(record.tags))
        self.field("Formerly", ", ".join(record.formerly))
        self.field("Ref", str(self.ref), "muted")


def listed(runs: list[Run], separator: str = ", ") -> Line:
    """RUNS with the SEPARATOR between them."""
    return tuple(part for run in runs for part in (Run(separator), run))[1:]
