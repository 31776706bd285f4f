"""The search index: what of a record is searched, as documents of tantivy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import tantivy

from briefing.edition.keys import KIND_NUMBERS
from briefing.model.links import links
from briefing.model.records import Actor, AnyRecord, Briefing, Issue, many
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

# Finds a linked actor or issue by the ref a record resolves to; None when it dangles.
Resolve = Callable[[Ref], AnyRecord | Briefing | None]


class Indexed(NamedTuple):
    """A record with what of it the index needs beside its fields."""

    number: int
    ref: Ref
    sort: int
    verdict: str | None
    record: AnyRecord | Briefing


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", indexed=True, fast=True)
    builder.add_unsigned_field("sort", indexed=True, fast=True)
    builder.add_unsigned_field("kind", indexed=True, fast=True)
    builder.add_text_field("briefing", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("names", tokenizer_name="words")
    builder.add_text_field("text", tokenizer_name="words")
    builder.add_text_field("linked", tokenizer_name="words")
    return builder.build()


def register(index: tantivy.Index) -> None:
    """Give INDEX the analysers that its schema names; needed after every opening."""
    index.register_tokenizer(
        "words",
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .build(),
    )


def prepare(item: Indexed, resolve: Resolve) -> str:
    """The document of one record, as JSON. RESOLVE gives the actors and issues it names.

    Runs in the processes that parse, so it opens nothing.
    """
    record = item.record
    names = list(record.names) if isinstance(record, Actor | Issue) else [getattr(record, "title", "")]
    document: dict[str, Any] = {
        "number": item.number,
        "sort": item.sort,
        "kind": KIND_NUMBERS[item.ref.kind],
        "briefing": item.ref.briefing,
        "names": names,
        "text": [*_texts(msgspec.to_builtins(record)), item.ref.id],
        "linked": _linked_names(item, resolve),
    }
    return msgspec.json.encode(document).decode()


def _linked_names(item: Indexed, resolve: Resolve) -> list[str]:
    """The names of the actors and issues a record names, and of the groups those belong to."""
    names: list[str] = []
    for mention in links(item.record):
        if mention.kind not in (Kind.ACTOR, Kind.ISSUE, None):
            continue
        found = resolve(Ref.resolve(mention.reference, briefing=item.ref.briefing, kind=mention.kind))
        if isinstance(found, Actor | Issue):
            names += found.names
        if isinstance(found, Actor):
            for group in many(found.member_of):
                member_of = resolve(Ref.resolve(group, briefing=item.ref.briefing, kind=Kind.ACTOR))
                names += member_of.names if isinstance(member_of, Actor) else ()
    return list(dict.fromkeys(names))


def _texts(value: object) -> Iterator[str]:
    """Every text inside a record's plain form."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for held in value.values():
            yield from _texts(held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _texts(held)


class IndexWriter:
    """Writes an index into FOLDER, or into memory when there is none."""

    def __init__(self, folder: Path | None, *, threads: int = 1, heap: int = 64_000_000) -> None:
        self.index = tantivy.Index(schema(), path=None if folder is None else str(folder))
        register(self.index)
        self._writer = self.index.writer(heap, threads)

    def add(self, document: str) -> None:
        """Add what `prepare` made."""
        self._writer.add_json(document)

    def remove(self, number: int) -> None:
        self._writer.delete_documents_by_term("number", number)

    def close(self) -> None:
        """Make everything searchable and wait until it is on disk."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self.index.reload()
