"""The search index: its fields, the analysers of their words, and writing it.

Words are indexed in two ways, so that a query can tell how well it matches: `title` and `text` have
them as they are (but for case and accents), `title_folded` and `folded` have the names among them,
folded as `model.names` does. `linked` holds the names of the actors and issues that a record is
linked to, plain and folded; `edge` how all of those words begin. Everything else is a keyword or a
number for one field of the query language, or what the panes are ordered by.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import tantivy

from briefing.edition.store import DamageError

# Values of these are counted for facets and completion, so they are columns beside the index too.
COUNTED = ("stance", "act", "status", "type", "place", "country", "tag")
_NO_THREAD = "the system lets the search engine start no thread (see ulimit -u)"
_KEYWORDS = ("ref", "name", "briefing", "is", "dated")
# Records that a record is linked to, as `indexed.ref_key` numbers them; `self` is its own.
_LINKS = ("self", "actor", "speaker", "by", "target", "issue", "source", "member_of")
_NUMBERS = ("number", "kind", "sort", "day", "from_day", "to_day", "deaths", "injured")


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in ("title", "text"):
        builder.add_text_field(field, tokenizer_name="words")
    for field in ("title_folded", "folded", "linked"):
        builder.add_text_field(field, tokenizer_name="keys")
    for field in ("place_folded", "edge"):
        builder.add_text_field(field, tokenizer_name="keys", index_option="basic")
    for field in _KEYWORDS:
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for field in COUNTED:
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic", fast=True)
    for field in _LINKS:
        builder.add_unsigned_field(field, indexed=True, fast=True)
    for field in _NUMBERS:
        builder.add_unsigned_field(field, indexed=field in ("number", "kind"), fast=True)
    builder.add_float_field("recency", fast=True)
    return builder.build()


def register(index: tantivy.Index) -> None:
    """Give INDEX the analysers that its schema names; needed after every opening."""
    index.register_tokenizer("words", words())
    index.register_tokenizer("keys", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


def words() -> tantivy.TextAnalyzer:
    """Text to its words, without case and accents."""
    return _words().build()


def stems() -> tantivy.TextAnalyzer:
    """Text to the English stems of its words; the index holds words, and a query finds those of one stem."""
    return _words().filter(tantivy.Filter.stemmer("english")).build()


def _words() -> tantivy.TextAnalyzerBuilder:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    return builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())


class IndexWriter:
    """Writes an index into FOLDER, or into memory when there is none.

    A context manager: when it is left, also by an error, no thread writes into FOLDER any more.
    """

    def __init__(self, folder: Path | None, *, heap: int = 64_000_000) -> None:
        with _starting_threads():
            self.index = tantivy.Index(schema(), path=None if folder is None else str(folder))
            register(self.index)
            self._writer = self.index.writer(heap, num_threads=1)

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):  # it was closed, or fails as what it wrote has failed
            self._writer.wait_merging_threads()

    def add(self, document: str) -> None:
        """Add what `indexed.prepare` made."""
        self._writer.add_json(document)

    def remove(self, numbers: Collection[int]) -> None:
        """Remove the documents of NUMBERS that were added before."""
        if numbers:  # by a query: deleting by a term finds no number
            found = tantivy.Query.term_set_query(self.index.schema, "number", list(numbers))
            self._writer.delete_documents_by_query(found)

    def close(self) -> None:
        """Make everything searchable and wait until it is on disk."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self.index.reload()


@contextmanager
def _starting_threads() -> Iterator[None]:
    """The engine cannot do without threads of its own, and says so in several ways, by panics too."""
    try:
        yield
    except BaseException as error:
        if "Failed to spawn" in str(error) or os.strerror(errno.EAGAIN) in str(error):
            raise OSError(errno.EAGAIN, _NO_THREAD) from error
        raise


def open_index(folder: Path) -> tantivy.Index:
    """Open the index of an edition; raises DamageError when its files are not what was written."""
    try:
        with _starting_threads():
            index = tantivy.Index.open(str(folder))
    except ValueError as error:
        raise DamageError(str(error)) from error
    register(index)
    return index
