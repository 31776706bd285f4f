"""From the tree of a query to the two queries it is for the index: what matches, and what it is worth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tantivy import Occur, Query

from briefing.edition.matching import (
    Reading,
    all_of,
    any_of,
    matching,
    none_of,
    phrase_matching,
    phrase_weighing,
    weighing,
)
from briefing.edition.query.fields import FIELDS, Sort
from briefing.edition.query.tree import And, Everything, Field, Node, Not, Or, Phrase, Word, wanted
from briefing.edition.words import Meaning, meaning_of

if TYPE_CHECKING:
    from briefing.edition.narrowing import Entries


class Compiler:
    """Compiles queries against one state of an index."""

    def __init__(self, reading: Reading, library: Entries, text: str, typing: bool) -> None:
        self._reading = reading
        self._library = library
        self._text = text
        self._typing = typing

    def matching(self, node: Node) -> Query:
        """What NODE asks for. A word asks for the same wherever it stands, so that a query and its
        negation share nothing and leave nothing out."""
        reading = self._reading
        match node:
            case Everything():
                return Query.all_query()
            case Word(text, prefix):
                meaning = reading.meaning(text, prefix)
                return Query.all_query() if meaning is None else matching(reading, meaning)
            case Phrase(text, prefix):
                phrase = meaning_of(text, prefix)
                return Query.all_query() if phrase is None else phrase_matching(reading, phrase)
            case Field():
                from briefing.edition.narrowing import field_matching

                return field_matching(reading, self._library, node, self._typing)
            case Not(part):
                return none_of(self.matching(part))
            case And(parts):
                return self._all(parts)
            case Or(parts):
                return any_of([self.matching(part) for part in dict.fromkeys(parts)])

    def _all(self, asked: tuple[Node, ...]) -> Query:
        parts = dict.fromkeys(asked)  # what is said again asks for nothing more
        without = [self.matching(part.part) for part in parts if isinstance(part, Not)]
        having = [self.matching(part) for part in parts if not isinstance(part, Not)]
        if not without:
            return all_of(having)
        clauses = [(Occur.Must, query) for query in having or [Query.all_query()]]
        return Query.boolean_query([*clauses, *((Occur.MustNot, query) for query in without)])

    def weighing(self, node: Node) -> list[Query]:
        """What the words and phrases of NODE are worth; no record must have any of them."""
        worth = []
        for leaf in dict.fromkeys(wanted(node)):
            if isinstance(leaf, Word) and (meaning := self._reading.meaning(leaf.text, leaf.prefix)):
                worth.append(weighing(self._reading, meaning))
            elif isinstance(leaf, Phrase) and (phrase := meaning_of(leaf.text, leaf.prefix)):
                worth.append(phrase_weighing(self._reading, phrase))
        worth += [phrase_weighing(self._reading, phrase) for phrase in _side_by_side(node, self._text)]
        return worth


def vague_dates(compiler: Compiler, reading: Reading, node: Node) -> Query | None:
    """What NODE would find if dates that do not tell counted; None when it asks for no date."""
    parts = node.parts if isinstance(node, And) else (node,)
    dates = [part for part in parts if isinstance(part, Field) and FIELDS[part.name].sort is Sort.DATE]
    if not dates:
        return None
    from briefing.edition.narrowing import possibly

    others = [compiler.matching(part) for part in parts if part not in dates]
    possible = [query for date in dates if (query := possibly(reading, date)) is not None]
    return all_of([*others, *possible, none_of(compiler.matching(node))])


def _side_by_side(node: Node, text: str) -> Iterator[Meaning]:
    """Words of NODE next to each other in TEXT: found so, or as a whole name, they are worth more."""
    run: list[Word] = []
    for part in (*(node.parts if isinstance(node, And) else (node,)), None):
        if isinstance(part, Word):
            run.append(part)
            continue
        if run:
            phrase = meaning_of(text[run[0].start : run[-1].end], False)
            if phrase is not None:
                yield phrase
        run = []
