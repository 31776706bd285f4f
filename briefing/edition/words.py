"""What a word of a query stands for: itself, words of its stem, spellings of the same name, near misses."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import tantivy
from msgspec import Struct
from msgspec.structs import replace

from briefing.edition import index
from briefing.edition.compounds import spellings
from briefing.model.names import composed, fold, fold_starts, folded_words, plain_word, words_in
from briefing.model.rules import Rule

# Typing errors are looked for in words of so many letters: one edit, two edits, and none: what is longer
# than any word takes the engine a second.
ONE_EDIT, TWO_EDITS, NO_EDITS = 4, 8, 64
# Prefixes of one or two letters are found as they stand (`edge`); from three letters names fold.
SHORT = 2
_POSSESSIVES = ("'s", "’s", "ʼs", "'S", "’S", "ʼS")
# English in both spellings: what the one writes and the other.
_SPELLINGS = (
    Rule("enc", "enc(e|es|eless)$", r"ens\1"),
    Rule("ens", "ens(e|es|eless)$", r"enc\1"),
    Rule("our", "([bdlmv])our", r"\1or"),
    Rule("or", "([bdlmv])or(s|ed|ing|able|ite|hood|y)?$", r"\1our\2"),
    Rule("is", "([ainlrtym])is(e|es|ed|er|ers|ing|ation|ations)$", r"\1iz\2"),
    Rule("iz", "([ainlrtym])iz(e|es|ed|er|ers|ing|ation|ations)$", r"\1is\2"),
    Rule("re", "([bt])re(s|d)?$", r"\1er\2"),
    Rule("er", "(cent|met|theat|fib|lit)er(s|ed)?$", r"\1re\2"),
    Rule("ll", "ll(ed|ing|er|ers)$", r"l\1"),
    Rule("l", "([aei])l(ed|ing|er|ers)$", r"\1ll\2"),
    Rule("ogue", "ogue(s?)$", r"og\1"),
    Rule("og", "og(s?)$", r"ogue\1"),
    Rule("ramme", "ramme(s?)$", r"ram\1"),
    Rule("ram", "ram(s?)$", r"ramme\1"),
)
# What words may have in place of the end of their stem: "deni" of deny, "fire" of firing, "sky" of skies,
# "die" of dying, "possibl" of possibility.
_BEGINNINGS = (("i", "y"), ("e", "ing"), ("y", "ie"), ("ie", "ying"), ("bl", "bili"))


class Forms(NamedTuple):
    """A word of a text in the forms it can be matched by."""

    plain: str
    keys: tuple[str, ...]
    stem: str


class Meaning(Struct, frozen=True):
    """What one word of a query stands for in one index.

    `tokens` is the word as the index cuts words (``us-led`` is two), `plain` as names are kept,
    `keys` its folded keys, `starts` the keys it may begin while it is a `prefix` (`begun`: also where
    it is too short to be looked for by them), `same` the words
    of the index with its stem, `stems` its stems in British and American spelling, and `edits` how
    many typing errors are forgiven: none unless nothing is found otherwise. `others` is what several words
    mean in their other spellings, as without the hyphens in them.
    """

    word: str
    prefix: bool
    tokens: tuple[str, ...]
    plain: tuple[str, ...]
    keys: tuple[str, ...]
    starts: tuple[str, ...]
    begun: tuple[str, ...]
    stems: frozenset[str]
    same: tuple[str, ...] = ()
    edits: int = 0
    others: tuple[Meaning, ...] = ()

    @property
    def alone(self) -> bool:
        """Whether it is one word, or an article and one (``al-Sudani``)."""
        return len(self.plain) == 1 or len(self.keys) == 1

    def matches(self, forms: Forms, *, typos: bool = True) -> bool:
        """Whether a word of a text matches, also by a typing error if TYPOS; for a meaning of one word."""
        plain = self.plain[0]
        if (
            forms.plain == plain
            or (self.prefix and forms.plain.startswith(plain))
            or forms.stem in self.stems
            or forms.keys == self.keys
            or (self.begun and any(key.startswith(self.begun) for key in forms.keys))
        ):
            return True
        if not (typos and self.edits):
            return False
        spelled = (plain, forms.plain), (" ".join(self.keys), " ".join(forms.keys))
        return any(is_near(typed, found, self.edits, self.prefix) for typed, found in spelled)


def meaning_of(word: str, prefix: bool) -> Meaning | None:
    """What WORD means before any index is asked; None when it has nothing to search for."""
    word = composed(word)
    tokens = tuple(_words().analyze(word))
    plains = tuple(filter(None, (forms_of(one).plain for one, _, _ in words_in(word))))
    if not tokens or not plains:
        return None
    folded = list(folded_words(word))
    keys = tuple(one.key for one in folded)
    single, last = len(plains) == 1, plains[-1]
    alone = len({one.start for one in folded}) == 1
    starts = fold_starts(word[folded[-1].start :]) if prefix and alone and len(last) > SHORT else ()
    if alone and len(last) > 1:
        # What folds to one letter ("zzzz") is nobody's name, and would be half of them.
        keys, starts = (tuple(key for key in found if len(key) > 1) for found in (keys, starts))
    stems = frozenset(map(stem, in_english(plains[0]))) if single and len(tokens) == 1 else frozenset[str]()
    begun = plains if prefix and single and len(last) <= SHORT else starts
    return Meaning(word, prefix, tokens, plains, keys, starts, begun, stems)


def phrase_of(text: str, prefix: bool) -> Meaning | None:
    """What TEXT means in quotes: its words as they are or (names) folded, and no others of their stems."""
    meaning = meaning_of(text, prefix)
    if meaning is None:
        return None
    spelled = spellings(text) if len(meaning.tokens) > 1 else ()
    others = [replace(other, stems=frozenset()) for one in spelled if (other := meaning_of(one, prefix))]
    return replace(meaning, stems=frozenset(), others=tuple(others))


@lru_cache(maxsize=16_384)
def forms_of(word: str) -> Forms:
    bare = plain_word(without_possessive(word))
    return Forms(bare, tuple(fold(word).split()), stem(bare))


def without_possessive(word: str) -> str:
    return word[:-2] if word.endswith(_POSSESSIVES) else word


def stem(word: str) -> str:
    """The English stem of one plain word."""
    return "".join(_stems().analyze(word))


def beginnings(stem: str) -> list[str]:
    """How the words of a STEM begin: mostly as it does itself, but not all."""
    others = [stem.removesuffix(end) + other for end, other in _BEGINNINGS if stem.endswith(end)]
    return [stem, *others]


def in_english(word: str) -> set[str]:
    """WORD in British and American spelling; some that no dictionary has, which does no harm."""
    return {word, *(rule.apply(word) for rule in _SPELLINGS)}


def edits_allowed(word: str) -> int:
    """How many typing errors a word of this length may have."""
    if not word.isalpha() or not ONE_EDIT <= len(word) < NO_EDITS:
        return 0
    return 2 if len(word) >= TWO_EDITS else 1


def is_near(typed: str, word: str, edits: int, prefix: bool = False) -> bool:
    """Whether WORD (or, for a PREFIX, how it begins) is at most EDITS typing errors away from TYPED.

    Edits are those of tantivy's automaton: a letter too many, too few, another, or two swapped.
    """
    if not prefix and abs(len(typed) - len(word)) > edits:
        return False
    if len(set(typed).difference(word)) > edits:  # each letter that WORD does not have at all is an error
        return False
    before: list[int] = []
    row = list(range(len(word) + 1))
    for at, letter in enumerate(typed):
        older, before, row = before, row, [at + 1]
        for place, other in enumerate(word):
            cost = min(before[place] + (letter != other), before[place + 1] + 1, row[place] + 1)
            if at and place and letter == word[place - 1] and typed[at - 1] == other:
                cost = min(cost, older[place - 1] + 1)
            row.append(cost)
        if min(row) > edits:
            return False
    return (min(row) if prefix else row[-1]) <= edits


@cache
def _words() -> tantivy.TextAnalyzer:
    return index.words()


@cache
def _stems() -> tantivy.TextAnalyzer:
    return index.stems()
