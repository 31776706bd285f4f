"""Evidence: the claims of a library's records and the texts of their sources, read as they are needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from briefing.content.claims import Claim, claims
from briefing.content.library import TEXTS_FOLDER, File, Folder, Library
from briefing.content.load import Marked, iter_file
from briefing.content.problem import Severity
from briefing.content.sourcetext import SourceText, find_source, read_source
from briefing.content.text import Unreadable
from briefing.content.verified import Marks, marks_in
from briefing.content.verify import Finding, verify
from briefing.model.records import Actor, AnyRecord, Briefing, Source
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

# Texts kept at a time; a library's records mostly come in the order of their sources.
_TEXTS = 1000


class Found(NamedTuple):
    """A finding and the line of the file where its record begins."""

    finding: Finding
    file: Path
    line: int


class Evidence:
    """A library's sources, and in TEXTS (a folder) or the briefings' own folders the texts of them.

    `errors` counts what could not be read and so was not compared, and `incomplete` are the briefings that
    it is of; `unreadable` says of sources which text is there and why it cannot be read.
    """

    def __init__(self, library: Library, texts: Path | None = None) -> None:
        self.errors = sum(problem.severity is Severity.ERROR for problem in library.problems)
        self.incomplete = {briefing for briefing, _ in library.unread}
        self.unreadable: dict[Ref, str] = {}
        self.sources: dict[Ref, Source] = {}
        self._texts = texts
        self._root = library.root.resolve()
        self._folders = {folder.id: folder for folder in library.briefings}
        self._shared: dict[str, Actor] = {}
        for record, _, _ in self._records(library.shared, only=Kind.ACTOR):
            assert isinstance(record, Actor)
            self._shared.setdefault(record.id, record)
        for folder in library.briefings:
            for record, _, _ in self._records(folder.files, only=Kind.SOURCE):
                assert isinstance(record, Source)
                self.sources[Ref(folder.id, Kind.SOURCE, record.id)] = record
        self.text = lru_cache(maxsize=_TEXTS)(self._text)

    def _text(self, ref: Ref) -> SourceText | None:
        """The text of the source REF, or None when it is not at hand."""
        source = self.sources.get(ref)
        folder = self._folders.get(ref.briefing)
        if source is None or folder is None:
            return None
        given = [] if self._texts is None else [self._texts / ref.briefing, self._texts]
        own = folder.path / TEXTS_FOLDER
        path = find_source(source, [*given, own])
        if path is None:
            return None
        if path.parent == own and not path.resolve().is_relative_to(self._root):
            self.unreadable[ref] = f"{path}: the link leads out of the library; it is not followed"
            return None
        try:
            return read_source(path, source)
        except Unreadable as error:
            self.unreadable[ref] = f"{path}: {error.message}"
            return None

    def marks(self, folder: Folder) -> Marks:
        """What verified.yaml of a briefing says."""
        return marks_in(folder)

    def findings(self, folder: Folder, marks: Marks) -> Iterator[Found]:
        """The finding on each claim of a briefing's records, in the order of its files."""
        for record, file, line in self._records(folder.files):
            for finding in verify(claims(record, folder.id), self._text_of, marks, self.declared):
                yield Found(finding, file.path, line)

    def records(self, folder: Folder) -> Iterator[AnyRecord]:
        """Every record of a briefing."""
        return (record for record, _, _ in self._records(folder.files))

    def declared(self, ref: Ref) -> str | None:
        """The checksum of its text that the source REF declares."""
        source = self.sources.get(ref)
        return None if source is None else source.sha256

    def _text_of(self, claim: Claim) -> SourceText | None:
        return self.text(claim.source)

    def _records(
        self, files: Iterable[File], *, only: Kind | None = None
    ) -> Iterator[tuple[AnyRecord, File, int]]:
        for file in files:
            if file.kind is Kind.BRIEFING or only not in (None, file.kind):
                continue
            for found in iter_file(file, display=str(file.path), shared=self._shared.get):
                if not isinstance(found, Marked):
                    # Sources are read once more with all others; shared actors are not compared.
                    if only is None and found.severity is Severity.ERROR:
                        self.errors += 1
                        self.incomplete.add(file.briefing)
                elif not isinstance(found.record, Briefing):
                    yield found.record, file, found.line
