"""One folding of names, for the index and for queries alike, so that a name is found however it is spelled.

Folding serves search and "did you mean", never identity: two records are not the same because their
names fold alike. A folded word is a key and is shown to nobody. Folding a word means, in this order:

1.  Case, accents, apostrophes, half-rings and a possessive 's go: ``Kataʾib`` is ``kataib``.
2.  The article goes, alone or joined: al-, el-, ul-, with sun letters too (``ash-Shia``, ``Alsudani``);
    ``Abdul Mahdi``, ``Abd al-Mahdi`` and ``Abdulmahdi`` are the two words ``abd mahdi``.
3.  Consonants that Latin spellings confuse: q is k; dh and z are d; gh is g; dj and dsch are j; sch is sh;
    tch and tsch are ch; x is ks.
4.  Vowels: aa is a; o, ou, oo are u; oy is oi; ee, ie, final y are i; ai, ay, ei, ey, ae are ay;
    iya, ya are ia.
5.  Endings: -ah and -eh are -a; -ullah, -ollah, -allah are -ala.
6.  e is i, or a where the shape of an Arabic word asks for it (``Ahmed``, ``Mohammed``, ``Haider``).
7.  Doubled letters are one, apart from spellings that usage keeps apart (``Assad`` and ``Asad``).

In Arabic script: alef, yeh, kaf and heh variants are one letter each, teh marbuta is heh, hamzas,
harakat and tatweel go, and so does the article. Nothing is transliterated from one script to the
other: the names in another script are aliases, which the content brings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from briefing.model.rules import Rule, rewrite

_APOSTROPHES = "'’‘ʼʻʾʿ`´ʹʽˈ"
# Letters with the marks and apostrophes inside them. An underscore, a hyphen and a zero-width
# non-joiner separate words (Persian writes حزب‌الله and حزب الله).
_MARK_RANGES = ("\u0300\u036f", "\u0591\u05c7", "\u0610\u061a", "\u064b\u065f", "\u06d6\u06ed")
_MARKS = "".join(f"{ends[0]}-{ends[1]}" for ends in _MARK_RANGES) + "\u0670\u200d"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}{_APOSTROPHES}](?=[\w{_MARKS}{_APOSTROPHES}])|[{_MARKS}])*")
_ACCENT = re.compile("[\u0300-\u036f]")
_POSSESSIVES = tuple(apostrophe + s for apostrophe in _APOSTROPHES for s in "sS")
_DROPPED = str.maketrans("", "", _APOSTROPHES + "\u0640\u200d\u0621")
_LETTERS = str.maketrans(
    {
        "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th",
        "ə": "e", "ى": "ي", "ی": "ي", "ے": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ٱ": "ا",
        **dict(zip("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2, strict=True)),
        **{chr(mark): "" for ends in _MARK_RANGES for mark in range(ord(ends[0]), ord(ends[1]) + 1)},
        "\u0670": "",
    }
)  # fmt: skip

_ARTICLES = frozenset({"al", "el", "ul", "ol"})
_SUN_LETTERS = "sh|th|dh|t|d|r|z|s|n"
_SUN_ARTICLE = re.compile(rf"[ae]({_SUN_LETTERS})")
_JOINED_ARTICLE = re.compile(r"[ae]l(?=[^iyl].{3})")
_JOINED_SUN_ARTICLE = re.compile(rf"[ae]({_SUN_LETTERS})(?=\1)(?!syria)(?=.{{5}})")
_SERVANT_OF = re.compile(rf"(abd)[aeuo](?:l|({_SUN_LETTERS})(?=\2))(?!l?lah?$|l?ahi)(.{{4,}})")
_SERVANT_WITH_ARTICLE = re.compile(r"abd[aeuo][lrnst]")

# Spellings whose doubled letter tells two names apart: Assad the man, Asad the base; Allawi, Alawi.
_KEPT_APART = frozenset({"assad", "allawi"})

_CONSONANTS = "bcdfghjklmnpqrstvwxz"


def _rule(has: str, pattern: str, there: str) -> Rule:
    """A rule in whose pattern ``C`` is a consonant, as Latin script writes it."""
    return Rule(has, pattern.replace("C", f"(?:[skct]h|[{_CONSONANTS}])"), there)


_LETTER_RULES = (
    # as German and French write them
    _rule("dsch", "dsch", "j"),
    _rule("tsch", "tsch", "ch"),
    _rule("tch", "tch", "ch"),
    _rule("sch", "sch", "sh"),
    _rule("dj", "dj", "j"),
    _rule("gh", "gh", "g"),
    _rule("q", "q", "k"),
    _rule("dh", "dh", "d"),
    _rule("z", "z", "d"),
    _rule("h", r"([skct]h)\1", r"\1"),
    _rule("", rf"([{_CONSONANTS}y])\1+", r"\1"),
    _rule("x", "x", "ks"),
    _rule("o", "o[uo]?|ow$", "u"),
    _rule("uu", "uu+", "u"),
    _rule("awu", "awu", "au"),
    _rule("", "ee|ii+", "i"),
    _rule("aa", "aa+", "a"),
    _rule("", "[ae][iye]+", "ay"),
    _rule("y", rf"(?<=[{_CONSONANTS}u])y(?![aeiou]|$)", "i"),
)
_ENDING_RULES = (
    _rule("eh", "^(CaC)eh$", r"\1ih"),  # Saleh, Fateh: a letter of the root, not an ending
    _rule("h", "[ae]h$", "a"),
    _rule("la", "[au]la$", "ala"),
    _rule("", "(?<!a)(?:iy|ie|y)$", "i"),
    # the last vowel of the word shapes af'al, mufa''al, fay'al and fa'lal is an a
    _rule("e", "^(aCC|muCaC|CaCC)e(C)$", r"\1a\2"),
    _rule("e", "(ayC)e(C)$", r"\1a\2"),
)
_VOWEL_RULES = (
    _rule("e", "e", "i"),
    _rule("ii", "ii+", "i"),
    _rule("", "(?<=[^au])[iy]+(?=[au])", "i"),
    # names whose vowels every newspaper writes in its own way
    _rule("ham", "^m[aiu]ham[aiu]d", "muhamad"),
    _rule("yus", "^yus[iu]f", "yusuf"),
    _rule("yun", "^yun[iu]s", "yunus"),
    _rule("hdi", "^m[ai]hdi", "mahdi"),
    _rule("lah", "^abd[aiu]lah", "abdalah"),
    _rule("rbil", "^[ai]rbil", "irbil"),
    _rule("rb", "^k[ai]rb[ai]la", "karbala"),
    _rule("n", "^h[ui]s(?:ay|i)n", "husayn"),
)
# Letters that German and French write with several, while these are typed.
_BEGUN_LETTERS = {"dsc": "j", "tsc": "c", "tc": "c", "sc": "s"}
_BEGUN_LETTER = re.compile(f"({'|'.join(_BEGUN_LETTERS)})$")
_ARABIC = re.compile("[\u0600-\u06ff]")
_ARABIC_ARTICLE = re.compile("[وف]?(?:[بك]?ال|لل)(?=.{3})")

# The same while they are typed, when too little of the name is there to tell them from a word.
_BEGUN_ARTICLE = re.compile(rf"(?:[ae](?=$)|[ae]l(?![iyl])|[uo]l|[ae]({_SUN_LETTERS})(?=\1|-|$))-?(.{{0,3}})")
_BEGUN_SERVANT = re.compile(rf"abd[aeuo](?:l|{_SUN_LETTERS})?(?!l?lah?$|l?ahi).{{0,3}}")
_BEGUN_ARABIC_ARTICLE = re.compile("[وف]?(?:[بك]?ال|لل)(.{0,2})")


class FoldedWord(NamedTuple):
    """A word's key and where the word stands in the text; one word may give two keys."""

    key: str
    start: int
    end: int


def composed(text: str) -> str:
    """TEXT with each accent in its letter; an accent that no letter has goes."""
    return text if text.isascii() else _ACCENT.sub("", unicodedata.normalize("NFC", text))


def plain(text: str) -> str:
    """TEXT without case, accents, apostrophes and letter variants; still readable."""
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_LETTERS)
    return text.translate(_DROPPED)


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The key of one word: spellings of the same name have the same key.

    A word that stands for two (``Abdulmahdi``) gives both, separated by a space.
    """
    word = plain_word(word[:-2] if word.endswith(_POSSESSIVES) else word)
    if _ARABIC.search(word):
        return _ARABIC_ARTICLE.sub("", word, count=1) if _ARABIC_ARTICLE.match(word) else word
    if _SERVANT_WITH_ARTICLE.fullmatch(word):
        return "abd"
    if servant := _SERVANT_OF.fullmatch(word):
        return f"abd {_fold_latin(servant[3])}"
    return _fold_latin(word)


def _fold_latin(word: str) -> str:
    word = _without_joined_article(word)
    return word if word in _KEPT_APART else rewrite(_LETTER_RULES + _ENDING_RULES + _VOWEL_RULES, word)


def _without_joined_article(word: str) -> str:
    article = _JOINED_ARTICLE.match(word) or _JOINED_SUN_ARTICLE.match(word)
    return word[article.end() :] if article else word


@lru_cache(maxsize=1024)
def fold_starts(word: str) -> tuple[str, ...]:
    """The keys with which a word that is still being typed may begin.

    Endings are not yet there, and a last vowel may turn out another: ``hizbu`` begins ``hizballah``.
    """
    word = _without_joined_article(plain_word(word))
    if _ARABIC.search(word) or word in _KEPT_APART:
        return (fold(word),)
    word = rewrite(_LETTER_RULES, _BEGUN_LETTER.sub(lambda begun: _BEGUN_LETTERS[begun[0]], word))
    if word.endswith("iy"):
        word = word[:-1]  # "Haniy" goes on to "Haniya", which is "hania"
    if len(word) > 1 and word.endswith("e"):
        starts = [f"{word[:-1]}a", f"{word[:-1]}i"]
    elif open_vowel := re.search("u(l?a?)$", word):
        starts = [word, f"{word[: open_vowel.start()]}a{open_vowel[1]}"]
    else:
        starts = [word]
    return tuple(dict.fromkeys(rewrite(_VOWEL_RULES, start) for start in starts))


def after_begun_article(word: str) -> str | None:
    """What WORD, still being typed, has of a name if it begins with an article that cannot be told yet.

    That may be nothing so far. None when it does not begin so.
    """
    word = plain_word(word)
    if _BEGUN_SERVANT.fullmatch(word):
        return "abd"
    begun = _BEGUN_ARABIC_ARTICLE.fullmatch(word) or _BEGUN_ARTICLE.fullmatch(word)
    return begun[begun.re.groups] if begun else None


def plain_word(word: str) -> str:
    """One word plain; a ligature that stands for several words stays one."""
    return plain(word).replace(" ", "")


def words_in(text: str) -> list[tuple[str, int, int]]:
    """The words of TEXT as they are, apostrophes inside them included, each with its place."""
    return [(match[0], *match.span()) for match in _WORD.finditer(text)]


def plain_name(name: str) -> str:
    """The words of NAME without case and accents, separated by spaces; nothing is folded."""
    return " ".join(map(plain_word, _WORD.findall(name)))


def folded_words(text: str) -> Iterator[FoldedWord]:
    """The keys of the words of TEXT in their order, without articles, each with its place."""
    words = words_in(text)
    for index, (word, start, end) in enumerate(words):
        if index + 1 < len(words) and is_article(word, words[index + 1][0]):
            continue
        for key in fold(word).split():
            yield FoldedWord(key, start, end)


def is_article(word: str, following: str) -> bool:
    """Whether WORD is the article of the word FOLLOWING it."""
    word = plain(word)
    if word in _ARTICLES:
        return True
    sun = _SUN_ARTICLE.fullmatch(word)
    return sun is not None and plain(following).startswith(sun[1])


@lru_cache(maxsize=16384)
def fold_name(name: str) -> str:
    """The keys of the words of NAME: ``Abu Hussein al-Hamidawi`` is ``abu husayn hamidawi``."""
    return " ".join(word.key for word in folded_words(name))
