"""From the tree of a query to queries of tantivy: which records match, and how well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import tantivy
from msgspec import Struct
from msgspec.structs import replace
from tantivy import Occur, Query

from briefing.edition.compounds import spellings
from briefing.edition.keys import KIND_NUMBERS
from briefing.edition.words import (
    SHORT,
    Meaning,
    beginnings,
    edits_allowed,
    meaning_of,
    stem,
    without_possessive,
)
from briefing.model.names import plain_word, words_in
from briefing.model.vocabulary import Kind

if TYPE_CHECKING:
    from briefing.edition.entry import Entry
    from briefing.edition.view import View

# What a word is worth by where and how it is found; the best one counts. All are whole eighths: then sums
# are exact, and one record's is the same in whatever order its parts are added.
_TITLE, _TITLE_FOLDED, _TITLE_STEM = 12.0, 10.0, 9.0
_LINKED, _LINKED_FOLDED = 7.0, 6.0
_TEXT, _TEXT_STEM, _TEXT_FOLDED = 5.0, 4.0, 3.0
_BESIDE = 0.125  # of what else is found
# What each word of a phrase is worth beside that when it is found whole; and a whole name.
_PHRASE_IN_TITLE, _PHRASE_IN_TEXT, _PHRASE_LINKED, _WHOLE_NAME = 10.0, 8.0, 7.0, 8.0
# Of a longer prefix only so much is looked at: tantivy bounds the size of its automata.
_LONGEST = 64
# All punctuation but < and >: escaped, those two are the edges of words to the engine's expressions.
_SPECIAL = re.compile(r"[!-/:;=?@\[-`{-~]")
_STEM_FAMILY = 400
_MEANINGS_KEPT = 4_096
# So many terms are asked for one by one, which skips; of more, all records are gathered first.
_FEW = 8
# A word of so many records is taken to be left in some, whatever was updated.
_SURELY_LEFT = 1_000


class Reading:
    """One look into the index of a view: makes its queries, and says what words mean in it."""

    def __init__(self, view: View) -> None:
        """Made by `scope.reading_of`, which says what `part` of the index the view is (nothing: all)."""
        index = view.core.index
        self.view = view
        self.schema = index.schema
        self.searcher = index.searcher()
        self.part: list[Query] = []
        # The keys of what names stand for (`narrowing.named_itself`), for finding and for explaining.
        self.named: dict[tuple[Kind, str, bool], list[int]] = {}

    def term(self, field: str, value: str | int) -> Query:
        return Query.term_query(self.schema, field, value)

    def terms(self, field: str, values: Sequence[str | int]) -> Query:
        if len(values) <= _FEW:
            return any_of([self.term(field, value) for value in values])
        return Query.term_set_query(self.schema, field, list(values))

    def starting(self, field: str, start: str) -> Query:
        """What has a term in FIELD that begins with START."""
        # No typing error forgiven, and whatever follows: an automaton that costs nothing to make, where
        # that of a regular expression takes longer than most searches.
        return Query.fuzzy_term_query(self.schema, field, start[:_LONGEST], 0, prefix=True)

    def phrase(self, field: str, words: Sequence[str], prefix: bool = False) -> Query:
        """What has WORDS side by side in FIELD, the last one as a prefix or not."""
        if len(words) == 1:
            return self.starting(field, words[0]) if prefix else self.term(field, words[0])
        if prefix and len(words[-1]) <= SHORT:
            # Too many words begin so to look at the places of them all: it need not follow directly.
            return all_of([self.phrase(field, words[:-1]), self.term("edge", plain_word(words[-1]))])
        if prefix:
            patterns = [*map(_escaped, words[:-1]), _escaped(words[-1][:_LONGEST]) + ".*"]
            return Query.regex_phrase_query(self.schema, field, list(patterns))
        return Query.phrase_query(self.schema, field, list(words))

    def identified(self, ref: str, prefix: bool = False) -> Query:
        """What has REF, its id or KIND/ID or all of its ref; of the longer ones, a PREFIX will do."""
        kind, slash, identifier = ref.casefold().partition("/")
        if not slash:
            return self.term("ref", kind)
        beginning = self.starting if prefix else self.term
        if kind in KIND_NUMBERS and "/" not in identifier:
            return all_of([self.term("kind", KIND_NUMBERS[Kind(kind)]), beginning("ref", identifier)])
        return beginning("ref", ref.casefold())

    def between(self, field: str, low: int | None, high: int | None) -> Query:
        return Query.range_query(self.schema, field, tantivy.FieldType.Unsigned, low, high)

    def above(self, field: str, low: float) -> Query:
        """What has more than LOW of a field of fractions."""
        return Query.range_query(self.schema, field, tantivy.FieldType.Float, low, None, include_lower=False)

    def finds(self, query: Query) -> bool:
        return bool(self.searcher.search(query, 1, count=False).hits)

    def has(self, field: str, word: str) -> bool:
        """Whether any record has WORD in FIELD.

        The dictionary still has words that all records lost in an update; hardly such frequent ones.
        """
        frequency = self.searcher.doc_freq(field, word)
        return frequency > _SURELY_LEFT or (frequency > 0 and self.finds(self.term(field, word)))

    def count(self, query: Query) -> int:
        return int(self.searcher.search(query, 1).count)  # type: ignore[attr-defined]

    def addresses(self, query: Query, most: int) -> list[tantivy.DocAddress]:
        """Where the first MOST records that QUERY finds stand in the index."""
        return [address for _, address in self.searcher.search(query, most, count=False).hits]

    def entries(self, query: Query, most: int) -> list[Entry]:
        """The first MOST records that QUERY finds."""
        return self.view.entries(self.numbers(self.addresses(query, most)))

    def numbers(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        """The store's numbers of the records at ADDRESSES."""
        if not addresses:
            return []
        return [int(n) for n in self.searcher.fast_field_values("number", addresses) if n is not None]

    def meaning(self, word: str, prefix: bool) -> Meaning | None:
        """What WORD stands for here; the same wherever it stands in a query."""
        key = (self.view.serial, self.view.only_briefing, word, prefix)
        try:  # not whether it is there first: another thread may clear them in between
            return _meanings[key]
        except KeyError:
            meaning = self._meaning(word, prefix)
        if len(_meanings) >= _MEANINGS_KEPT:
            _meanings.clear()
        _meanings[key] = meaning
        return meaning

    def _meaning(self, word: str, prefix: bool) -> Meaning | None:
        # Whose it is is no part of it: the index has "group" and "s" apart.
        word = without_possessive(word) or word
        meaning = self._as_spelled(word, prefix)
        if meaning is None:
            return None
        if len(meaning.tokens) > 1:
            others = (self._as_spelled(other, prefix) for other in spellings(word))
            meaning = replace(meaning, others=tuple(filter(None, others)))
        # Of a name and its article ("al-Sudani") the name is what may be begun, misspelled or no name.
        name = meaning if len(meaning.plain) == 1 else None
        if meaning.alone and name is None:
            name = self._as_spelled(words_in(word)[-1][0], prefix)
            if name is not None and prefix and len(name.plain[0]) <= SHORT:
                return replace(meaning, others=(*meaning.others, name))
        edits = edits_allowed(name.plain[0]) if name is not None else 0
        if name is not None and edits and not self._is_known(meaning):
            wrong = name is meaning or not self._is_known(name)
            meaning = replace(name, word=word, edits=edits if wrong else 0)
        return meaning

    def _as_spelled(self, word: str, prefix: bool) -> Meaning | None:
        """What WORD means here without its other spellings, and without typing errors."""
        meaning = meaning_of(word, prefix)
        return meaning and replace(meaning, same=tuple(self._family(meaning)) if meaning.stems else ())

    def _family(self, meaning: Meaning) -> list[str]:
        """The words of the index that have the stem of a word, in British or American spelling."""
        family: set[str] = set()
        for one in meaning.stems:
            for start in beginnings(one):
                if meaning.prefix and start.startswith(meaning.tokens[0]):
                    continue  # whatever begins so begins as the prefix does
                found = self.searcher.terms_with_prefix("text", start, limit=_STEM_FAMILY)
                family.update(word for word, _ in found if stem(word) == one)
        return sorted(family - {meaning.tokens[0]})

    def _is_known(self, meaning: Meaning) -> bool:
        """Whether a word is found as it is written; of all, the dictionary is asked before the records."""
        if self.part or len(meaning.plain) > 1:
            return self.finds(all_of([matching(self, meaning), *self.part]))
        plain = meaning.plain[0]
        for field, others in (("text", meaning.same), ("linked", ())):
            begun = self.searcher.terms_with_prefix(field, plain, limit=1) if meaning.prefix else []
            if any(self.has(field, word) for word in (plain, *others, *(word for word, _ in begun))):
                return True
        return self.finds(matching(self, meaning))


_meanings: dict[tuple[int, str | None, str, bool], Meaning | None] = {}


def any_of(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return (
        Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else Query.empty_query()
    )


def all_of(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Must, query) for query in queries]) if queries else Query.all_query()


def none_of(query: Query) -> Query:
    return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, query)])


def _worth(query: Query, score: float) -> Query:
    return Query.const_score_query(query, score)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


OWN = ("title_folded", "folded")
ALL = (*OWN, "linked")


def matching(reading: Reading, meaning: Meaning, folded: Sequence[str] = ALL, text: str = "text") -> Query:
    """What matches a word: in the words of TEXT, or in the names of the FOLDED fields."""
    parts: list[Query] = []
    linked = "linked" in folded
    if len(meaning.tokens) == 1:
        token = meaning.tokens[0]
        parts.append(reading.terms(text, sorted({token, *meaning.same})))
        if meaning.prefix and (len(token) > SHORT or not linked):
            parts.append(reading.starting(text, token))
    else:
        # What follows an apostrophe begins no word: "won't".
        begins = meaning.prefix and (len(meaning.plain) > 1 or len(meaning.tokens[-1]) > SHORT)
        parts.append(reading.phrase(text, meaning.tokens, begins))
    if meaning.prefix and len(meaning.plain) == 1 and len(start := meaning.plain[0]) <= SHORT:
        parts.append(reading.term("edge", start) if linked else reading.starting(text, start))
    if linked and len(meaning.plain) == 1:
        parts.append(reading.terms("linked", sorted({*meaning.plain, *meaning.same})))
        if meaning.prefix and len(meaning.plain[0]) > SHORT:
            parts.append(reading.starting("linked", meaning.plain[0]))
    elif linked:
        parts.append(reading.phrase("linked", meaning.plain, meaning.prefix))
    if "/" in meaning.word or "-" in meaning.word:
        parts.append(reading.identified(meaning.word, meaning.prefix))
    for field in folded:
        if (meaning.keys and meaning.keys != meaning.plain) or (meaning.keys and field != "linked"):
            parts.append(reading.phrase(field, meaning.keys, meaning.prefix and len(meaning.keys) > 1))
        parts += [
            reading.starting(field, start)
            for start in meaning.starts
            if start and not (field == "linked" and start == meaning.plain[0])
        ]
    if meaning.edits:
        parts += _near(reading, meaning, folded, text)
    parts += (matching(reading, other, folded, text) for other in meaning.others)
    return any_of(parts)


def name_matching(reading: Reading, meaning: Meaning) -> Query:
    """What has a word in a name, its own or that of what it is linked to, however it is spelled."""
    parts = [reading.starting(field, start) for field in ALL for start in meaning.starts]
    if meaning.keys:
        parts += [reading.phrase(field, meaning.keys) for field in ALL]
    if meaning.prefix and len(meaning.plain[-1]) <= SHORT:
        parts.append(reading.term("edge", meaning.plain[-1]))
    if meaning.edits:
        parts += _near(reading, meaning, ALL, "title")
    return any_of(parts)


def _near(reading: Reading, meaning: Meaning, folded: Sequence[str], text: str) -> list[Query]:
    """What is a typing error or two away from a word or from its key."""

    def fuzzy(field: str, word: str, edits: int) -> Query:
        return Query.fuzzy_term_query(reading.schema, field, word, edits, True, meaning.prefix)

    plain = meaning.plain[0]
    keys = {word: edits for word in (plain, *meaning.keys) if (edits := edits_allowed(word))}
    return [
        fuzzy(text, plain, meaning.edits),
        *(fuzzy(field, key, edits) for field in folded for key, edits in keys.items()),
    ]


def weighing(reading: Reading, meaning: Meaning) -> Query:
    """The worth of a word by where it is found; what only a correction finds is worth nothing more."""
    parts = [_worth(query, score) for query, score in _worths(reading, meaning)]
    parts += (weighing(reading, other) for other in meaning.others)
    return Query.disjunction_max_query(parts, _BESIDE)


class Titled(Struct, frozen=True):
    """A word where it is in the title: `query` finds and weighs that, `beside` adds what else is found of it.

    Together they weigh as `weighing` does, since nothing else is worth as much as a title; `others` is
    the most that it is worth to a record that does not have it there.
    """

    query: Query
    beside: list[Query]
    others: float


def weighing_titles(reading: Reading, meaning: Meaning) -> Titled:
    worths = list(_worths(reading, meaning))
    titled = [_worth(query, score) for query, score in worths if score >= _TITLE_STEM]
    beside = [_worth(query, score * _BESIDE) for query, score in worths if score < _TITLE_STEM]
    scores = [score for _, score in worths if score < _TITLE_STEM]
    most = max(scores)
    others = most + (sum(scores) - most) * _BESIDE
    return Titled(Query.disjunction_max_query(titled, _BESIDE), beside, others)


def adding(query: Query, parts: Iterable[Query]) -> Query:
    """QUERY, and what PARTS add to the worth of what it finds.

    One inside the other, so that each part is looked for at those records only: several at once would
    be gathered over all records first.
    """
    for part in parts:
        query = Query.boolean_query([(Occur.Must, query), (Occur.Should, part)])
    return query


def _worths(reading: Reading, meaning: Meaning) -> Iterator[tuple[Query, float]]:
    """What a word may be found by, and what it is worth there."""
    keys, plain = meaning.keys, meaning.plain
    if len(meaning.tokens) == 1:
        token = meaning.tokens[0]
        yield reading.term("title", token), _TITLE
        yield reading.term("text", token), _TEXT
        if meaning.same:
            yield reading.terms("title", meaning.same), _TITLE_STEM
            yield reading.terms("text", meaning.same), _TEXT_STEM
        if meaning.prefix and len(token) > 1:
            yield reading.starting("title", token), _TITLE_FOLDED
        if meaning.prefix and len(token) > SHORT:
            yield reading.starting("text", token), _TEXT_STEM
            yield reading.starting("linked", plain[0]), _LINKED_FOLDED
    else:
        yield reading.phrase("title", meaning.tokens), _TITLE
        yield reading.phrase("text", meaning.tokens), _TEXT
    yield reading.phrase("linked", plain), _LINKED
    for start in filter(None, meaning.starts):
        if start != plain[0]:
            yield reading.starting("linked", start), _LINKED_FOLDED
        yield reading.starting("title_folded", start), _TITLE_STEM
    if keys:
        yield reading.phrase("title_folded", keys), _TITLE_FOLDED
        yield reading.phrase("folded", keys), _TEXT_FOLDED
    if keys and keys != plain:
        yield reading.phrase("linked", keys), _LINKED_FOLDED


def phrase_matching(reading: Reading, phrase: Meaning, folded: Sequence[str] = ALL) -> Query:
    """What has the words of a phrase side by side, as they are or (names) folded."""
    parts = [reading.phrase("text", phrase.tokens, phrase.prefix)]
    if "linked" in folded:
        parts.append(reading.phrase("linked", phrase.plain, phrase.prefix))
    if phrase.keys:
        parts += [reading.phrase(field, phrase.keys, phrase.prefix) for field in folded]
    parts += (phrase_matching(reading, other, folded) for other in phrase.others)
    return any_of(parts)


def phrase_weighing(reading: Reading, phrase: Meaning) -> Query:
    """The worth of a phrase where it is found as a whole."""
    if len(phrase.tokens) < 2:
        return name_weighing(reading, phrase)
    return any_of([phrase_weighed(reading, phrase), name_weighing(reading, phrase)])


def phrase_weighed(reading: Reading, phrase: Meaning) -> Query:
    """A phrase by its worth where it is found as a whole; of one that is no prefix, all that it matches."""
    words = len(phrase.tokens)
    parts = [
        _worth(reading.phrase("title", phrase.tokens), words * _PHRASE_IN_TITLE),
        _worth(reading.phrase("text", phrase.tokens), words * _PHRASE_IN_TEXT),
        _worth(reading.phrase("linked", phrase.plain), words * _PHRASE_LINKED),
    ]
    if phrase.keys:
        parts += [
            _worth(reading.phrase("title_folded", phrase.keys), words * _PHRASE_IN_TITLE),
            _worth(reading.phrase("linked", phrase.keys), words * _PHRASE_LINKED),
            _worth(reading.phrase("folded", phrase.keys), words * _PHRASE_LINKED),
        ]
    parts += (phrase_weighed(reading, other) for other in phrase.others)
    return Query.disjunction_max_query(parts, _BESIDE)


def name_weighing(reading: Reading, words: Meaning) -> Query:
    """The worth of words that are the whole name of an actor, and not only part of one."""
    names = sorted({" ".join(words.plain), " ".join(words.keys)} - {""})
    return _worth(reading.terms("name", names), _WHOLE_NAME)
