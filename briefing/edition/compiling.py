"""From the tree of a query to the two queries it is for the index: what matches, and what it is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace
from tantivy import Occur, Query

from briefing.edition.matching import (
    Reading,
    all_of,
    any_of,
    matching,
    name_matching,
    none_of,
    phrase_matching,
    phrase_weighing,
    weighing,
)
from briefing.edition.query.fields import FIELDS, Sort
from briefing.edition.query.lexer import readable
from briefing.edition.query.tree import And, Field, Node, Not, Or, Phrase, Word, wanted
from briefing.edition.words import Meaning, meaning_of, phrase_of
from briefing.model.names import after_begun_article, is_article

# Written apart these are words before they are articles: "at Tehran".
_ENGLISH = frozenset({"an", "as", "at"})


class Compiler:
    """Compiles queries against one state of an index."""

    def __init__(self, reading: Reading, text: str, typing: bool) -> None:
        self._reading = reading
        self._text = readable(text, strict=False)
        self._typing = typing

    def going_on(self, node: Node, part: Sequence[Query]) -> Node:
        """NODE, being typed; without the article that its last word may turn out to begin with, if PART of
        the library has nothing otherwise, or only by a correction of that word."""
        *before, last = _parts(node)
        if not isinstance(last, Word | Phrase) and not (isinstance(last, Field) and _is_of_names(last)):
            return node
        where = "value" if isinstance(last, Field) else "text"
        *words, word = getattr(last, where).split()
        rest = after_begun_article(word)
        if rest is None or (rest and not last.prefix):
            return node
        meaning = self._reading.meaning(word, last.prefix)
        if meaning is not None and not meaning.edits and self.finds(node, part):
            return node
        if rest or words:
            before.append(replace(last, **{where: " ".join(filter(None, (*words, rest)))}))
        further = And(tuple(before)) if len(before) > 1 else before[0] if before else node
        return further if self.finds(further, part) else node

    def finds(self, node: Node, part: Sequence[Query]) -> bool:
        return self._reading.finds(all_of([self.matching(node), *part]))

    def matching(self, node: Node) -> Query:
        """What NODE asks for. A word asks for the same wherever it stands, so that a query and its
        negation share nothing and leave nothing out."""
        query, without = self._signed(node)
        return none_of(query) if without else query

    def _signed(self, node: Node) -> tuple[Query, bool]:
        """A query and whether NODE asks for all records without its hits.

        All records are gone through at most once, at the root, however minuses and parentheses are nested.
        """
        match node:
            case Not(part):
                query, without = self._signed(part)
                return query, not without
            case And(parts):
                return self._joined(parts, False)
            case Or(parts):
                # What has one of the parts is not without them all.
                query, without = self._joined(parts, True)
                return query, not without
            case _:
                return self._leaf(node), False

    def _joined(self, parts: tuple[Node, ...], negated: bool) -> tuple[Query, bool]:
        """All of PARTS at once; when NEGATED, none of them."""
        if not negated:
            parts = _without_articles(parts)
        named = {} if negated else _after_articles(parts)
        signed = []
        for part in dict.fromkeys(parts):  # what is said again asks for no more
            query, without = self._signed(part)
            # An article need not stand before the name, nor apart from it.
            names = [self._reading.meaning(word.text, word.prefix) for word in named.get(part, ())]
            found = [name_matching(self._reading, name) for name in names if name is not None]
            signed.append((any_of([query, *found]), without))
        having = [query for query, without in signed if without == negated]
        lacking = [query for query, without in signed if without != negated]
        if not having:
            return any_of(lacking), True
        if not lacking:
            return all_of(having), False
        must = [(Occur.Must, query) for query in having]
        return Query.boolean_query([*must, *((Occur.MustNot, query) for query in lacking)]), False

    def _leaf(self, node: Node) -> Query:
        reading = self._reading
        match node:
            case Word(text, prefix):
                meaning = reading.meaning(text, prefix)
                return Query.all_query() if meaning is None else matching(reading, meaning)
            case Phrase(text, prefix):
                phrase = phrase_of(text, prefix)
                return Query.all_query() if phrase is None else phrase_matching(reading, phrase)
            case Field():
                from briefing.edition.narrowing import field_matching

                return field_matching(reading, node, self._typing)
            case _:
                return Query.all_query()

    def weighing(self, node: Node) -> list[Query]:
        """What the words and phrases of NODE are worth; no record must have any of them."""
        worth = []
        for leaf in dict.fromkeys(wanted(node)):
            if isinstance(leaf, Word) and (meaning := self._reading.meaning(leaf.text, leaf.prefix)):
                worth.append(weighing(self._reading, meaning))
            elif isinstance(leaf, Phrase) and (phrase := phrase_of(leaf.text, leaf.prefix)):
                worth.append(phrase_weighing(self._reading, phrase))
        worth += [phrase_weighing(self._reading, phrase) for phrase in _side_by_side(node, self._text)]
        return worth


def dates_in(node: Node) -> list[Field]:
    """The dates that NODE asks of what it finds."""
    return [leaf for leaf in wanted(node) if isinstance(leaf, Field) and FIELDS[leaf.name].sort is Sort.DATE]


def vague_dates(compiler: Compiler, reading: Reading, node: Node) -> Query:
    """What NODE would find if dates that do not tell counted."""
    return all_of([_possible(compiler, reading, node), none_of(compiler.matching(node))])


def _possible(compiler: Compiler, reading: Reading, node: Node) -> Query:
    """What NODE finds, and what it may find by dates that do not tell."""
    from briefing.edition.narrowing import possibly

    dated = [part for part in _parts(node) if dates_in(part)]
    match node:
        case And(parts):
            possible = [_possible(compiler, reading, part) for part in dated]
            others = tuple(part for part in parts if part not in dated)
            return all_of([*possible, compiler.matching(And(others))] if others else possible)
        case Or(parts):
            return any_of([_possible(compiler, reading, part) for part in parts])
        case Field() if dated and (query := possibly(reading, node)) is not None:
            return query
        case _:
            return compiler.matching(node)


def _parts(node: Node) -> tuple[Node, ...]:
    """What must all match."""
    return node.parts if isinstance(node, And) else (node,)


def _without_articles(parts: tuple[Node, ...]) -> tuple[Node, ...]:
    """PARTS without the words that are articles whatever follows, as long as anything else is left.

    The last one too: what follows it is not typed yet, and must not find more than it.
    """
    return (
        tuple(part for part in parts if not (isinstance(part, Word) and is_article(part.text, ""))) or parts
    )


def _after_articles(parts: Sequence[Node]) -> dict[Node, list[Word]]:
    """The words among PARTS that are articles, with the words that follow them."""
    found: dict[Node, list[Word]] = {}
    for part, following in pairwise(parts):
        if (
            isinstance(part, Word)
            and isinstance(following, Word)
            and part.text.casefold() not in _ENGLISH
            and is_article(part.text, following.text)
        ):
            found.setdefault(part, []).append(following)
    return found


def _is_of_names(field: Field) -> bool:
    return FIELDS[field.name].sort is Sort.NAME or field.name == "place"


def _side_by_side(node: Node, text: str) -> Iterator[Meaning]:
    """Words of NODE next to each other in TEXT: found so, or as a whole name, they are worth more."""
    run: list[Word] = []
    for part in (*_parts(node), None):
        if isinstance(part, Word):
            run.append(part)
            continue
        if run:
            phrase = meaning_of(text[run[0].start : run[-1].end], False)
            if phrase is not None:
                yield phrase
        run = []
