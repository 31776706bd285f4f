"""Checks of sources: that the file which is named is one that is looked for."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.content.checks.registry import Setting, record_check
from briefing.content.codes import declare
from briefing.content.finding import Finding
from briefing.content.schema import shown
from briefing.content.sourcetext import is_file_name
from briefing.model.records import Source
from briefing.model.vocabulary import Kind

FILE_ELSEWHERE = declare(
    "W216",
    "text file outside texts/",
    "`file` is the name of a file in the briefing's folder of texts, or in the folder that `verify --texts` "
    "names; a path that leads elsewhere is not followed.",
    "file: ../articles/gazette.txt",
)


@record_check(Kind.SOURCE)
def text_file(source: Source, _: Setting) -> Iterator[Finding]:
    """A text file is named, and no path to it."""
    if source.file is not None and not is_file_name(source.file):
        message = f"{shown(source.file)} is no name of a file in texts/, so it is not looked for"
        yield Finding(FILE_ELSEWHERE, ("file",), message)
