"""Searching while a query is typed: each letter on the way to it."""

from __future__ import annotations

import re

import pytest

from briefing.edition.edition import Edition
from briefing.model.records import Actor
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from tests.search.judged import (
    Verdict,
    name_pairs,
)
from tests.search.queries import refs

TYPED = [
    "hamidawi",
    "kata'ib hizballah",
    "al-sudani",
    "السوداني",
    "mas'ud pezeshkian",
    "air defence",
    '"true victory"',
]


@pytest.mark.parametrize("query", TYPED)
def test_every_letter_on_the_way_finds_what_the_whole_finds(edition: Edition, query: str) -> None:
    whole = set(refs(edition.search(query)))
    assert whole
    for length in range(1, len(query) + 1):
        assert whole <= set(refs(edition.search(query[:length], typing=True))), query[:length]


@pytest.mark.parametrize(
    ("query", "from_letter"),
    [
        ("el-sudani", 4),
        ("el sudani", 4),
        ("ul maliki", 4),
        ("sulaymaniyyah", 1),
        ("sulaimaniyya", 1),
        ("abd al-mahdi", 9),
        ("abdel-mahdi", 7),
        ("an-nujaba", 4),
        ("أبو حسين", 1),
        ("ʿAdil", 1),
    ],
)
def test_a_name_is_found_by_every_letter_after_its_article(
    names: Edition, query: str, from_letter: int
) -> None:
    whole = set(refs(names.search(query)))
    assert whole
    for length in range(from_letter, len(query) + 1):
        assert whole <= set(refs(names.search(query[:length], typing=True))), query[:length]


def test_every_letter_of_every_name_finds_its_actor(edition: Edition, names: Edition) -> None:
    for library in (edition, names):
        named: dict[str, set[Ref]] = {}
        for entry in library.page(Kind.ACTOR, 0, library.count(Kind.ACTOR)):
            assert isinstance(entry.record, Actor)
            for name in entry.record.names:
                # Of a longer word the first letters tell.
                for letter in re.finditer(r"(?<!\w{4})\w", name):
                    typed = name[: letter.end()]
                    named.setdefault(typed.casefold(), set()).add(entry.ref)
        for typed, actors in named.items():
            hits = library.search(typed, typing=True, kinds=[Kind.ACTOR])
            assert actors <= {hit.entry.ref for hit in hits.page(Kind.ACTOR, 0, 99)}, typed


# What is not found by a letter or two: they are taken as they are written, or are an article and no more.
_UNTOLD = re.compile(r"(.* )?([^\W_]{1,2}|[ae](sh|[lns])[- ]?)")
# Letters on the way that are known to find nothing: those of a name that usage writes in another way.
_LOST = {
    "arb",
    "dsc",
    "dsch",
    "khands",
    "araghts",
    "adel abdul meh",
    "muhannad ghaleb al-assad",
}


def test_every_letter_on_the_way_to_a_name_finds_something(names: Edition) -> None:
    queries = {
        pair.query for pair in name_pairs() if pair.verdict is Verdict.FINDS and not pair.query.endswith("*")
    }
    queries = {query for query in queries if not any(hit.typo for hit in names.search(query).ranked(0, 9))}
    beginnings = {query[:end] for query in queries for end in range(1, len(query))}
    lost = {typed for typed in beginnings if not names.search(typed, typing=True).total}
    assert {typed for typed in lost if not _UNTOLD.fullmatch(typed)} == _LOST


@pytest.mark.parametrize(
    ("query", "from_letter"),
    [
        ("alsudani", 1),
        ("shia as-sudani", 1),
        ('"shia alsudani"', 1),
        ("السوداني", 1),
        ("speaker:alsudani", 12),
        ("place:alasad", 9),
    ],
)
def test_so_does_an_article_that_cannot_be_told_yet(edition: Edition, query: str, from_letter: int) -> None:
    for length in range(from_letter, len(query) + 1):
        assert edition.search(query[:length], typing=True).total, query[:length]


@pytest.mark.parametrize(
    ("query", "from_letter"),
    [
        ("place:al-asad", 10),
        ('place:"ain al-asad airbase"', 8),
        ('place:"ein el-asad"', 13),
        ("speaker:el-maliki", 12),
        ("place:=Erbil", 8),
        ("speaker:=hamidawi", 9),
        ("actor:=iraq-militias-2025-06/actor/iran", 8),
        ('country:"united states"', 10),
    ],
)
def test_a_value_is_found_while_it_is_typed(edition: Edition, query: str, from_letter: int) -> None:
    whole = edition.search(query)
    assert whole.total
    for length in range(from_letter, len(query)):
        assert edition.search(query[:length], typing=True).total, query[:length]
    assert edition.search(query, typing=True).total == whole.total
