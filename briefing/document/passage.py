"""The paragraph a quote stands in, where the text of its source is at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from briefing.document.document import Line, Run
from briefing.model.records import Locator, Quote, Source
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

if TYPE_CHECKING:
    from briefing.edition.edition import Edition

_TEXTS = "texts"


def passage(edition: Edition, ref: Ref, quote: Quote, locator: Locator) -> Line | None:
    """The paragraph LOCATOR names with the quote's words set off; None without text or match."""
    source = Ref.resolve(locator.source, briefing=ref.briefing, kind=Kind.SOURCE)
    folder = _texts(edition, source)
    if folder is None or locator.para is None:
        return None
    entry = edition.get(source)
    paragraph = _paragraph(folder, entry.record, locator.para) if entry is not None else None
    if paragraph is None or quote.text not in paragraph:
        return None
    before, words, after = paragraph.partition(quote.text)
    return Run(before, "muted"), Run(words, "quote"), Run(after, "muted")


def _texts(edition: Edition, source: Ref) -> Path | None:
    """The folder of texts beside the file, or folder of files, in which SOURCE is written."""
    place = edition.place_of(source)
    if place is None:
        return None
    folder = place[0].parent
    folders = (folder / _TEXTS, folder.parent / _TEXTS)
    return next((texts for texts in folders if texts.is_dir()), None)


def _paragraph(folder: Path, source: object, para: int) -> str | None:
    # Reading texts needs the YAML machinery, which a library without texts never loads.
    from briefing.content.sourcetext import find_source, read_source
    from briefing.content.text import Unreadable

    if not isinstance(source, Source):
        return None
    path = find_source(source, [folder])
    # A link out of the library could show a reader what its author may not see.
    if path is None or not path.resolve().is_relative_to(folder.parent.resolve()):
        return None
    try:
        return read_source(path, source).line(para)
    except Unreadable:
        return None
