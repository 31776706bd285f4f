"""From the tree of a query to queries of tantivy: which records match, and how well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import tantivy
from tantivy import Occur, Query

from briefing.edition.words import SHORT, Meaning, edits_allowed, meaning_of

# What a word is worth by where and how it is found; the best one counts.
_TITLE, _TITLE_FOLDED, _TITLE_STEM = 12.0, 10.0, 9.0
_LINKED, _LINKED_FOLDED = 7.0, 6.0
_TEXT, _TEXT_STEM, _TEXT_FOLDED = 5.0, 4.0, 3.0
_ANYHOW = 1.0
_BESIDE = 0.1  # of what else is found
# What each word of a phrase is worth beside that when it is found whole; and a whole name.
_PHRASE_IN_TITLE, _PHRASE_IN_TEXT, _PHRASE_LINKED, _WHOLE_NAME = 10.0, 8.0, 7.0, 8.0
# Of a longer prefix only so much is looked at: tantivy bounds the size of its automata.
_LONGEST = 64
_SPECIAL = re.compile(r"[!-/:-@\[-`{-~]")
_STEM_FAMILY = 400


class Reading:
    """One look into an index: makes its queries, and says what words mean in it."""

    def __init__(self, index: tantivy.Index) -> None:
        self.schema = index.schema
        self.searcher = index.searcher()
        self._meanings: dict[tuple[str, bool], Meaning | None] = {}

    def term(self, field: str, value: str | int) -> Query:
        return Query.term_query(self.schema, field, value)

    def terms(self, field: str, values: Sequence[str | int]) -> Query:
        return self.term(field, values[0]) if len(values) == 1 else self._terms(field, values)

    def starting(self, field: str, start: str) -> Query:
        """What has a term in FIELD that begins with START."""
        return Query.regex_query(self.schema, field, _escaped(start[:_LONGEST]) + ".*")

    def phrase(self, field: str, words: Sequence[str], prefix: bool = False) -> Query:
        """What has WORDS side by side in FIELD, the last one as a prefix or not."""
        if len(words) == 1:
            return self.starting(field, words[0]) if prefix else self.term(field, words[0])
        if prefix and len(words[-1]) <= SHORT:
            # Too many words begin so to look at the places of them all: it need not follow directly.
            return all_of([self.phrase(field, words[:-1]), self.term("edge", words[-1])])
        if prefix:
            patterns = [*map(_escaped, words[:-1]), _escaped(words[-1][:_LONGEST]) + ".*"]
            return Query.regex_phrase_query(self.schema, field, list(patterns))
        return Query.phrase_query(self.schema, field, list(words))

    def between(self, field: str, low: int | None, high: int | None) -> Query:
        return Query.range_query(self.schema, field, tantivy.FieldType.Unsigned, low, high)

    def finds(self, query: Query) -> bool:
        return bool(self.searcher.search(query, 1, count=False).hits)

    def count(self, query: Query) -> int:
        return int(self.searcher.search(query, 1).count)  # type: ignore[attr-defined]

    def meaning(self, word: str, prefix: bool) -> Meaning | None:
        """What WORD stands for here; the same wherever it stands in a query."""
        found = self._meanings.get((word, prefix))
        if found is None and (word, prefix) not in self._meanings:
            found = self._meanings[word, prefix] = self._meaning(word, prefix)
        return found

    def _meaning(self, word: str, prefix: bool) -> Meaning | None:
        meaning = meaning_of(word, prefix)
        if meaning is None:
            return None
        if meaning.stems:
            meaning = replace(meaning, same=tuple(self._family(meaning.stems)))
        edits = edits_allowed(meaning.plain[0]) if len(meaning.plain) == 1 else 0
        if edits and not self.finds(matching(self, meaning)):
            meaning = replace(meaning, edits=edits)
        return meaning

    def _family(self, stems: Iterable[str]) -> list[str]:
        """The words of the index that have one of STEMS."""
        from briefing.edition.words import stem

        family = set()
        for one in stems:
            # "denied" and "deny" have the stem "deni"
            start = one.removesuffix("i") if len(one) > SHORT else one
            for word, _ in self.searcher.terms_with_prefix("text", start, limit=_STEM_FAMILY):
                if stem(word) == one:
                    family.add(word)
        return sorted(family)

    def _terms(self, field: str, values: Sequence[str | int]) -> Query:
        return Query.term_set_query(self.schema, field, list(values))


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
        if meaning.prefix and len(token) > SHORT:
            parts.append(reading.starting(text, token))
            parts += [reading.starting("linked", meaning.plain[0])] if linked else []
        elif meaning.prefix:
            parts.append(reading.term("edge", token) if linked else reading.starting(text, token))
    else:
        parts.append(reading.phrase(text, meaning.tokens, meaning.prefix))
    if linked and len(meaning.plain) == 1:
        parts.append(reading.terms("linked", sorted({*meaning.plain, *meaning.same})))
    elif linked:
        parts.append(reading.phrase("linked", meaning.plain, meaning.prefix))
    if "/" in meaning.word or "-" in meaning.word:
        parts.append(reading.term("ref", meaning.word.casefold()))
    for field in folded:
        if (meaning.keys and meaning.keys != meaning.plain) or (meaning.keys and field != "linked"):
            parts.append(reading.phrase(field, meaning.keys))
        parts += [reading.starting(field, start) for start in meaning.starts if start]
    if meaning.edits:
        parts += _near(reading, meaning, folded, text)
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
    """The worth of a word where it is found; every match of the word has one."""
    parts = [_worth(matching(reading, meaning), _ANYHOW)]
    keys, plain = meaning.keys, meaning.plain
    if len(meaning.tokens) == 1:
        token = meaning.tokens[0]
        parts += [_worth(reading.term("title", token), _TITLE), _worth(reading.term("text", token), _TEXT)]
        if meaning.same:
            parts.append(_worth(reading.terms("title", meaning.same), _TITLE_STEM))
            parts.append(_worth(reading.terms("text", meaning.same), _TEXT_STEM))
        if meaning.prefix:
            parts.append(_worth(reading.starting("title", token), _TITLE_FOLDED))
        if meaning.prefix and len(token) > SHORT:
            parts.append(_worth(reading.starting("text", token), _TEXT_STEM))
            parts.append(_worth(reading.starting("linked", plain[0]), _LINKED_FOLDED))
    else:
        parts.append(_worth(reading.phrase("title", meaning.tokens), _TITLE))
        parts.append(_worth(reading.phrase("text", meaning.tokens), _TEXT))
    parts.append(_worth(reading.phrase("linked", plain), _LINKED))
    for start in filter(None, meaning.starts):
        parts.append(_worth(reading.starting("title_folded", start), _TITLE_STEM))
        parts.append(_worth(reading.starting("linked", start), _LINKED_FOLDED))
    if keys:
        parts.append(_worth(reading.phrase("title_folded", keys), _TITLE_FOLDED))
        parts.append(_worth(reading.phrase("linked", keys), _LINKED_FOLDED))
        parts.append(_worth(reading.phrase("folded", keys), _TEXT_FOLDED))
    return Query.disjunction_max_query(parts, _BESIDE)


def phrase_matching(reading: Reading, phrase: Meaning, folded: Sequence[str] = ALL) -> Query:
    """What has the words of a phrase side by side, as they are or (names) folded."""
    parts = [reading.phrase("text", phrase.tokens, phrase.prefix)]
    if "linked" in folded:
        parts.append(reading.phrase("linked", phrase.plain, phrase.prefix))
    if phrase.keys:
        parts += [reading.phrase(field, phrase.keys, phrase.prefix) for field in folded]
    return any_of(parts)


def phrase_weighing(reading: Reading, phrase: Meaning) -> Query:
    """The worth of a phrase where it is found as a whole."""
    if len(phrase.tokens) < 2:
        return name_weighing(reading, phrase)
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
    return any_of([Query.disjunction_max_query(parts, _BESIDE), name_weighing(reading, phrase)])


def name_weighing(reading: Reading, words: Meaning) -> Query:
    """The worth of words that are the whole name of an actor, and not only part of one."""
    names = sorted({" ".join(words.plain), " ".join(words.keys)} - {""})
    return _worth(reading.terms("name", names), _WHOLE_NAME)
