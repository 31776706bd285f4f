"""Where a query matches in a text, and the piece of a text that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from operator import itemgetter

from briefing.content.isolates import closed
from briefing.edition.compounds import otherwise
from briefing.edition.matching import Reading
from briefing.edition.query.fields import FIELDS, Sort
from briefing.edition.query.tree import Field, Node, Phrase, Word, wanted
from briefing.edition.words import Forms, Meaning, forms_of, phrase_of
from briefing.model.names import folded_words, words_in

Spans = list[tuple[int, int]]
_Found = list[tuple[Forms, int, int]]
_SNIPPET, _BEFORE = 160, 50
_WORDS_KEPT, _FORMS_KEPT, _RESPELLED_KEPT = 2_048, 16_384, 1_024


class Highlighter:
    """Finds what a query matches: its words in every form, its phrases, and names of what it names."""

    def __init__(self, reading: Reading, node: Node, names: Callable[[], Iterable[str]]) -> None:
        """NAMES gives other names of actors that the query names by one; asked for when first needed."""
        self.words: list[Meaning] = []
        self._runs: list[Meaning] = []
        for leaf in wanted(node):
            self._add(reading, leaf)
        self._names = names
        # The rows of a list have most of their words in common.
        self._matches = lru_cache(maxsize=_WORDS_KEPT)(self._match)

    def spans(self, text: str) -> Spans:
        """What of TEXT the query matches, in order, nothing twice."""
        words, respelled = words_in(text), _respelled(text)
        spans = [(start, end) for word, start, end in (*words, *respelled) if self._matches(word)]
        if self._runs:
            for either in (words, respelled):
                found = [(_forms_in_text(word), start, end) for word, start, end in either]
                for run in self._runs:
                    spans += _runs_of(run, found)
        named = self._named_in
        if named and not named.isdisjoint(key for word, _, _ in words for key in forms_of(word).keys):
            spans += self._named(text)
        return _merged(spans)

    def _match(self, word: str) -> bool:
        forms = _forms_in_text(word)
        for meaning in self.words:  # noqa: SIM110 (a generator costs more than what it goes through)
            if meaning.matches(forms):
                return True
        return False

    @cached_property
    def _keys(self) -> list[tuple[str, ...]]:
        """The other names, word by word."""
        names = (tuple(word.key for word in folded_words(name)) for name in self._names())
        return [keys for keys in names if keys]

    @cached_property
    def _named_in(self) -> frozenset[str]:
        """What one of the other names begins with; most texts hold none of them."""
        return frozenset(keys[0] for keys in self._keys)

    def snippet(self, texts: Iterable[str]) -> str:
        """The piece of the first of TEXTS that matches, or else how the first begins."""
        first = ""
        for text in texts:
            first = first or text
            spans = self.spans(text)
            if spans:
                return _around(text, spans[0][0])
        return _around(first, 0)

    def _add(self, reading: Reading, leaf: Word | Phrase | Field) -> None:
        match leaf:
            case Word(text, prefix):
                meaning = reading.meaning(text, prefix)
            case Phrase(text, prefix):
                meaning = phrase_of(text, prefix)
            case Field(value=text, prefix=prefix, quoted=quoted, name=name):
                if FIELDS[name].sort not in (Sort.NAME, Sort.WORDS):
                    return
                if not quoted or name != "text":
                    words = text.removeprefix("=").split()
                    for place, word in enumerate(words, 1):
                        self._add(reading, Word(word, prefix and place == len(words)))
                    return
                meaning = phrase_of(text, prefix)
        if meaning is None:
            return
        for one in (meaning, *meaning.others):
            alone = isinstance(leaf, Word) and len(one.plain) == len(one.tokens) == 1
            (self.words if alone else self._runs).append(one)

    def _named(self, text: str) -> Spans:
        found = list(folded_words(text))
        spans = []
        for keys in self._keys:
            spans += [
                (found[at].start, found[at + len(keys) - 1].end)
                for at in range(len(found) - len(keys) + 1)
                if all(found[at + place].key == key for place, key in enumerate(keys))
            ]
        return spans


@lru_cache(maxsize=_FORMS_KEPT)
def _forms_in_text(word: str) -> Forms:
    """The forms of a word as they are found in a text: only what may be a name is found folded."""
    forms = forms_of(word)
    return forms._replace(keys=("",)) if word[0].islower() else forms


@lru_cache(maxsize=_RESPELLED_KEPT)
def _respelled(text: str) -> list[tuple[str, int, int]]:
    """The words of TEXT with those in their other spelling that have one; none if nothing has."""
    others = [(word, start, end) for spelled, start, end in otherwise(text) for word in spelled.split()]
    if not others:
        return []
    same = (one for one in words_in(text) if not any(start <= one[1] < end for _, start, end in others))
    return sorted([*same, *others], key=itemgetter(1))


def is_in(meaning: Meaning, text: str, *, name: bool = True, typos: bool = False) -> bool:
    """Whether TEXT, all of it a NAME or not, has a word or phrase in any form, with TYPOS even misspelled."""
    # A letter or two begin nothing that is folded but names (`indexed._forms`).
    forms_here = forms_of if name and meaning.begun == meaning.starts else _forms_in_text
    for words in (words_in, _respelled):  # mostly the first will do
        found = [(forms_here(word), start, end) for word, start, end in words(text)]
        if meaning.stems:
            if any(meaning.matches(forms, typos=typos) for forms, _, _ in found):
                return True
        elif _runs_of(meaning, found):  # it is a phrase, or several words
            return True
    return any(is_in(other, text, name=name, typos=typos) for other in meaning.others)


def _runs_of(meaning: Meaning, found: _Found) -> Spans:
    """Where the words of MEANING stand side by side, as they are or folded."""
    spans = _sequences(
        meaning.plain, [(forms.plain, start, end) for forms, start, end in found], meaning.prefix
    )
    keys = [(key, start, end) for forms, start, end in found for key in forms.keys]
    return spans + _sequences(meaning.keys, keys, meaning.prefix)


def _sequences(words: Sequence[str], found: Sequence[tuple[str, int, int]], prefix: bool) -> Spans:
    spans: Spans = []
    for at in range(len(found) - len(words) + 1) if words else ():
        here = found[at : at + len(words)]
        *whole, last = zip(words, here, strict=True)
        ends = last[1][0].startswith(last[0]) if prefix else last[1][0] == last[0]
        if ends and all(word == place[0] for word, place in whole):
            spans.append((here[0][1], here[-1][2]))
    return spans


def _merged(spans: Spans) -> Spans:
    merged: Spans = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _around(text: str, place: int) -> str:
    """About _SNIPPET letters of TEXT around PLACE, whole words, on one line."""
    if len(text) <= _SNIPPET:
        return " ".join(text.split())
    start = max(0, min(place - _BEFORE, len(text) - _SNIPPET))
    end = min(len(text), start + _SNIPPET)
    if start:
        start = text.find(" ", start, place) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", place, end), start) if " " in text[place:end] else end
    piece = " ".join(text[start:end].split())
    return ("… " if start else "") + closed(piece) + (" …" if end < len(text) else "")
