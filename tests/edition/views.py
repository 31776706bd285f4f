"""All that an edition answers, as plain values that can be compared."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import tantivy

from briefing.cli.search import newest
from briefing.edition.core import Core
from briefing.edition.edition import Edition, _Library
from briefing.edition.index import IndexWriter
from briefing.edition.opening import Opened, Opener
from briefing.edition.searched import span_of
from briefing.edition.survey import Survey
from briefing.edition.view import View
from briefing.model.vocabulary import Kind


class RecordingWriter(IndexWriter):
    """Keeps beside the index what it was given, so that two can be compared document by document."""

    def __init__(self, folder: Path | None, **options: Any) -> None:
        super().__init__(folder, **options)
        assert folder is not None
        self._kept = folder / "documents.json"
        self._documents: dict[str, Any] = json.loads(self._kept.read_text()) if self._kept.exists() else {}

    def add(self, document: str) -> None:
        super().add(document)
        plain = json.loads(document)
        self._documents[str(plain["number"])] = plain

    def remove(self, numbers: Collection[int]) -> None:
        super().remove(numbers)
        for number in numbers:
            self._documents.pop(str(number), None)

    def close(self) -> None:
        super().close()
        self._kept.write_text(json.dumps(self._documents))


def view_of(core: Core, seen: Survey) -> Edition:
    """The face of an edition that stands anywhere."""
    root = Path(seen.root)
    return Edition(_Library(root, Opener(root, None), Opened(core, seen.states, seen.trouble), root))


def everything(edition: Edition, folder: Path) -> dict[str, Any]:
    """What EDITION, which stands in FOLDER, says: for the whole library and for each briefing."""
    views: dict[str | None, Edition] = {
        None: edition,
        **{card.briefing.id: edition.only(card.briefing.id) for card in edition.briefings()},
    }
    said: dict[str, Any] = {
        str(name): {**_panes(view), **_found(view), **_rest(view)} for name, view in views.items()
    }
    return {**said, "index": _index(edition, folder)}


def _panes(view: Edition) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for kind in Kind:
        entries = view.page(kind, 0, 1000)
        said[kind.value] = entries
        said[f"{kind} links"] = [view.links(entry.ref) for entry in entries]
        said[f"{kind} positions"] = [view.position(entry.ref) for entry in entries]
        said[f"{kind} places"] = [view.place_of(entry.ref) for entry in entries]
    return said


def _index(edition: Edition, folder: Path) -> dict[str, Any]:
    """Every document of the index, by the record it is of; labels of issues may differ, their order not."""
    searcher = edition._core.index.searcher()
    hits = searcher.search(
        tantivy.Query.all_query(), 10_000, order_by_field="sort", order=tantivy.Order.Asc
    ).hits
    numbers = [
        str(number) for number in searcher.fast_field_values("number", [address for _, address in hits])
    ]
    documents = json.loads((folder / "index/documents.json").read_text())
    assert sorted(numbers) == sorted(documents)
    view = View(edition._core)
    refs = {number: str(view.entries([int(number)])[0].ref) for number in numbers}
    plain = {refs[n]: {k: v for k, v in documents[n].items() if k not in ("number", "sort")} for n in numbers}
    # Keys order records of one kind; of equal ones the index keeps no order.
    places = {n: (documents[n]["kind"], documents[n]["sort"], refs[n]) for n in numbers}
    order = [refs[n] for n in sorted(numbers, key=places.__getitem__)]
    return {"order": order, "documents": plain}


def _found(view: Edition) -> dict[str, Any]:
    """What a search finds; of the dated ones in their order, as what has no date comes as it is kept."""
    hits = view.search("kataib or men or strike or talks or saad")
    dated = [hit for hit in newest(hits) if span_of(hit.entry.record) is not None]
    return {
        "counts": dict(hits.counts),
        "scores": sorted((str(hit.entry.ref), hit.score) for hit in hits.ranked(0, 1000)),
        "newest": [(str(hit.entry.ref), hit.score) for hit in dated],
        "facets": [(facet.field, sorted(facet.values, key=str)) for facet in hits.facets(1000)],
    }


def _rest(view: Edition) -> dict[str, Any]:
    return {"problems": sorted(map(str, view.problems)), "days": view.days(), "cards": view.briefings()}
