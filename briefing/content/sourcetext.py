"""The text of a source: its paragraphs, its checksum, and the spans it sets in quotation marks.

Texts are mostly others' copyright, so they live outside the library or in its `texts` folder, named
SOURCE-ID.txt. A paragraph is a line of that file, counted from 1, as locators count them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from briefing.content.sanitise import sanitise
from briefing.content.text import decoded, read_bytes
from briefing.model.records import Source


class SourceText(NamedTuple):
    """A text as records are compared with it; `skip` are the lines that are not the source's own."""

    lines: tuple[str, ...]
    sha256: str
    skip: frozenset[int] = frozenset()

    def line(self, para: int) -> str | None:
        """The paragraph PARA, or None when there is none or it is not the source's own text."""
        return None if para > len(self.lines) or para in self.skip else self.lines[para - 1]

    @property
    def paragraphs(self) -> Iterator[tuple[int, str]]:
        """Every paragraph of the source with its number."""
        return ((n, line) for n, line in enumerate(self.lines, 1) if n not in self.skip)


def split_text(text: str) -> tuple[str, ...]:
    """The lines of TEXT, sanitised as the strings of records are, so that the two can be compared."""
    # Lines may end as on old Macs; where any ends otherwise, a lone return is no end of one.
    text = text.replace("\r\n", "\n") if "\n" in text else text.replace("\r", "\n")
    return tuple(sanitise(text).split("\n"))


def read_source(path: Path, source: Source) -> SourceText:
    """The text of SOURCE in the file PATH; raises Unreadable."""
    # Read once: the checksum must be that of the text which is compared.
    return source_text(read_bytes(path), source)


def source_text(data: bytes, source: Source) -> SourceText:
    """The text of SOURCE that DATA is; raises Unreadable."""
    digest = hashlib.sha256(data).hexdigest()
    return SourceText(split_text(decoded(data)), digest, frozenset(source.skip_lines))


def find_source(source: Source, folders: Sequence[Path]) -> Path | None:
    """The file that holds the text of SOURCE, in the first of FOLDERS that has it."""
    names = [f"{source.id}.txt"]
    if source.file is not None and is_file_name(source.file):
        names.append(source.file)
    for folder in folders:
        for name in names:
            if (path := folder / name).exists():
                return path
    return None


def is_file_name(text: str) -> bool:
    """Whether TEXT names a file of the folder of texts, and none elsewhere."""
    return "/" not in text and text not in ("", ".", "..")


class Span(NamedTuple):
    """A passage in quotation marks: offsets of its first character and of the mark after it."""

    start: int
    end: int


# A mark that is never closed runs to the end of the paragraph, as speech over several of them does.
# Single marks open where no word goes before and close where none follows; the rest are apostrophes.
_QUOTED = re.compile(
    r'"(?P<straight>[^"]*)(?:"|$)'
    r"|“(?P<curly>[^”]*)(?:”|$)"
    r"|„(?P<low>[^“”]*)(?:[“”]|$)"
    r"|«(?P<angle>[^»]*)(?:»|$)"
    r"|‹(?P<small_angle>[^›]*)(?:›|$)"
    r"|「(?P<corner>[^」]*)(?:」|$)"
    r"|『(?P<white_corner>[^』]*)(?:』|$)"
    # German turns the angles; a French text that goes on with one puts a space beside it.
    r"|»(?=\S)(?P<turned>[^«»]*)(?<=\S)«"
    r"|(?<!\w)‘(?P<single>[^‘]*?)’(?!\w)"
)


def quoted_spans(paragraph: str) -> Iterator[Span]:
    """The passages in quotation marks, marks excluded; a passage inside another is part of it."""
    for match in _QUOTED.finditer(paragraph):
        assert match.lastgroup is not None
        start, end = match.span(match.lastgroup)
        if paragraph[start:end].strip():
            yield Span(start, end)
