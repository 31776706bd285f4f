"""The query language: trees, messages, and that no text is too strange for it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.edition.query.fields import FIELDS
from briefing.edition.query.parser import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_PREFIXES,
    MAX_REPEATS,
    MAX_TERMS,
    parse,
    parse_typed,
)
from briefing.edition.query.printer import write
from briefing.edition.query.problem import QueryError
from briefing.edition.query.tree import And, Everything, Field, Node, Not, Or, Phrase, Word, walk
from briefing.edition.query.values import Counts, Days, counts_of, days_of, typed_counts, typed_days
from briefing.edition.words import edits_allowed
from briefing.model.records import COUNT_MAX
from tests.search.hostile import HOSTILE

TREES: list[tuple[str, Node]] = [
    ("hamidawi", Word("hamidawi")),
    ("abu hussein", And((Word("abu"), Word("hussein")))),
    ("abu and hussein", And((Word("abu"), Word("hussein")))),
    ("hami*", Word("hami", prefix=True)),
    ('"american enemy"', Phrase("american enemy")),
    ("“american enemy”", Phrase("american enemy")),
    ("-drone", Not(Word("drone"))),
    ("--drone", Not(Not(Word("drone")))),
    ("-or", Not(Word("or"))),
    ("us-led", Word("us-led")),
    ("drone or missile", Or((Word("drone"), Word("missile")))),
    ("a b or c", Or((And((Word("a"), Word("b"))), Word("c")))),
    ("a (b or c)", And((Word("a"), Or((Word("b"), Word("c")))))),
    ("-(a b)", Not(And((Word("a"), Word("b"))))),
    ("(a (b c))", And((Word("a"), Word("b"), Word("c")))),
    ("speaker:hamidawi", Field("speaker", "hamidawi")),
    ('Speaker:"abu hussein"', Field("speaker", "abu hussein", quoted=True)),
    ('actor+:"popular mobilization"', Field("actor", "popular mobilization", quoted=True, more=True)),
    ("kind:quotes", Field("kind", "quotes")),
    ("date:2025-06-13..2025-06-15", Field("date", "2025-06-13..2025-06-15")),
    ("deaths:>0", Field("deaths", ">0")),
    ("-kind:quote", Not(Field("kind", "quote"))),
    ("12:30", Word("12:30")),
    ("https://example.org/a", Word("https://example.org/a")),
    ("+++ iran", Word("iran")),
]


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_a_query_has_its_tree(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_a_finished_query_reads_the_same_while_typing(text: str, tree: Node) -> None:
    assert parse_typed(text + " ") == tree


UNFINISHED: list[tuple[str, Node]] = [
    ("", Everything()),
    ("   ", Everything()),
    ("-", Everything()),
    ("(", Everything()),
    (")", Everything()),
    ('"', Everything()),
    ("or", Everything()),
    ("*", Everything()),
    ("date:", Everything()),
    ("hami", Word("hami", prefix=True)),
    ("hami ", Word("hami")),
    ("abu hami", And((Word("abu"), Word("hami", prefix=True)))),
    ('"american en', Phrase("american en", prefix=True)),
    ('"american enemy"', Phrase("american enemy")),
    ("drone or", Word("drone")),
    ("drone or (", Word("drone")),
    ("drone -", Word("drone")),
    ("drone -- ", Word("drone")),
    ("(drone or miss", Or((Word("drone"), Word("miss", prefix=True)))),
    ("drone) iran ", And((Word("drone"), Word("iran")))),
    ("stance:opp", Field("stance", "opp", prefix=True)),
    ('speaker:"abu hu', Field("speaker", "abu hu", quoted=True, prefix=True)),
    ("kind: drone ", Word("drone")),
    ("knid:quote ", And((Word("knid"), Word("quote")))),
    ("is+:verified ", Field("is", "verified")),
    ("a\x00b\ud800 ", And((Word("a"), Word("b")))),
]


@pytest.mark.parametrize(("text", "tree"), UNFINISHED)
def test_typing_does_its_best(text: str, tree: Node) -> None:
    assert parse_typed(text) == tree


MESSAGES = [
    ("", 1, "nothing to search for"),
    ("+ &", 1, "nothing to search for"),
    ("iran -", 6, "minus"),
    ("iran - iraq", 6, "minus"),
    ('iran "zionist entity', 6, "never closed"),
    ("iran (iraq", 6, "never closed"),
    ("iran iraq)", 10, "closes none"),
    ("iran ()", 6, "nothing between"),
    ("or iran", 1, "both sides"),
    ("iran or", 6, "both sides"),
    ("iran or or iraq", 6, "both sides"),
    ("speker:hamidawi", 1, "did you mean speaker:?"),
    ("xyzzy:1", 1, "the fields are kind, actor"),
    ("date:", 1, "date: needs a value right after it, for example date:2025-06-13..2025-06-15"),
    ("iran date:2025-02-30", 11, "does not exist: February 2025 has 28 days"),
    ("date:yesterday", 6, "is not a date"),
    ("date:..", 6, "one side"),
    ("date:2025-06..2024", 6, "ends before it begins"),
    ("deaths:many", 8, '"many" is not a number'),
    ("deaths:5..2", 8, "ends before it begins"),
    ("before:0001", 8, "no date is before the year 1"),
    ("date:<0001-01-01", 6, "no date is before the year 1"),
    ("after:9999-12", 7, "no date is after the year 9999"),
    ("date:>9999", 6, "no date is after the year 9999"),
    ("stance:oposes", 8, 'did you mean "opposes"?'),
    ("kind:person", 6, 'cannot be "person"; did you mean type:person?'),
    ("is:confirmed", 4, "did you mean status:confirmed?"),
    ('kind:"qote"', 7, 'did you mean "quote"?'),
    ("is:zzz", 4, "it can be verified, unverified"),
    ("kind+:quote", 1, "only fields that name actors"),
    ("iran\x1b", 5, "control character (U+001B)"),
    ("\ud800", 1, "half of a character (U+D800)"),
]


@pytest.mark.parametrize(("text", "column", "message"), MESSAGES)
def test_a_wrong_query_says_where_and_what_was_meant(text: str, column: int, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert message in caught.value.message
    assert caught.value.column == column
    assert str(caught.value).startswith(f"column {column}: ")


def test_nodes_know_where_they_stand() -> None:
    text = 'iran -(speaker:"al sudani" or drone*)'
    pieces = [text[node.start : node.end] for node in walk(parse(text))]
    assert pieces == [
        'iran -(speaker:"al sudani" or drone*',
        "iran",
        '-(speaker:"al sudani" or drone*',
        'speaker:"al sudani" or drone*',
        'speaker:"al sudani"',
        "drone*",
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_read_while_typing_and_refused_or_read_when_finished(text: str) -> None:
    tree = parse_typed(text)
    assert sum(isinstance(node, Word | Phrase | Field) for node in walk(tree)) <= MAX_TERMS
    try:
        parse(text)
    except QueryError as error:
        assert error.message
        assert len(str(error)) < 400


def test_limits_are_named() -> None:
    with pytest.raises(QueryError, match=r"100,000 characters; at most 1,000"):
        parse("x" * 100_000)
    for text in (
        "a " * (MAX_TERMS + 1),
        f'"{"a " * (MAX_TERMS + 1)}"',
        f'place:"{"a " * MAX_TERMS}"',
        "ﷺ" * 30,
    ):
        with pytest.raises(QueryError, match="more than 64 words"):
            parse(text)
    for text in (
        f'"{"The thé " * 9}"',
        f'place:"{"a " * (MAX_REPEATS + 1)}"',
        "-".join(["a"] * (MAX_REPEATS + 1)),
    ):
        with pytest.raises(QueryError, match=r'"(the|a)" stands in this phrase more than 16 times'):
            parse(text)
        assert parse_typed(f"{text} ") == Everything()
    assert parse(f'"{"a " * MAX_REPEATS}"') == Phrase("a " * MAX_REPEATS)
    with pytest.raises(QueryError, match="more than 8 words with a star"):
        parse("a* " * (MAX_PREFIXES + 1))
    for text in (f"date:{'x' * 900}", f"deaths:{'x' * 900}", f"{'x' * 900}:1", f"deaths:5{'0' * 900}..2"):
        with pytest.raises(QueryError) as caught:
            parse(text)
        assert len(str(caught.value)) < 400
    with pytest.raises(QueryError, match="at most 20 parentheses"):
        parse("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1))
    assert parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH) == Word("a")
    assert parse("x" * MAX_LENGTH) == Word("x" * MAX_LENGTH)


PIECES = st.sampled_from(
    [
        "iran",
        "al-asad",
        "hami*",
        '"',
        "(",
        ")",
        "-",
        " ",
        "or",
        " or ",
        " and ",
        "*",
        ":",
        "+",
        "“",
        "..",
        "é",
        "ن",
    ]
    + [f"{name}:" for name in FIELDS]
    + ["quote", "2025-06", "2025-06-13..2025-06-15", ">0", "opposes", "is:verified", "\x07", "\u200c"]
)
QUERIES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join))


@given(QUERIES)
def test_any_text_is_a_query_while_typing(text: str) -> None:
    for node in walk(parse_typed(text)):
        assert 0 <= node.start <= node.end <= len(text)


@given(QUERIES)
def test_reading_writing_and_reading_again_is_the_identity(text: str) -> None:
    typed = parse_typed(text)
    assert parse_typed(write(typed) + " ") == typed
    try:
        finished = parse(text)
    except QueryError:
        return
    assert parse(write(finished)) == finished


@given(st.lists(st.sampled_from(["iran", "drone", '"a b"', "-x", "kind:quote"]), min_size=1, max_size=8))
def test_side_by_side_is_all_of_them(terms: list[str]) -> None:
    tree = parse(" ".join(terms))
    assert (len(tree.parts) if isinstance(tree, And) else 1) == len(terms)


@pytest.mark.parametrize(
    ("name", "value", "earliest", "latest"),
    [
        ("date", "2025-06-13", "2025-06-13", "2025-06-13"),
        ("date", "2025-06", "2025-06-01", "2025-06-30"),
        ("date", "2025", "2025-01-01", "2025-12-31"),
        ("date", "2025-06-13..2025-06-15", "2025-06-13", "2025-06-15"),
        ("date", "2025-06-13/2025-06-15", "2025-06-13", "2025-06-15"),
        ("date", "2025-06..", "2025-06-01", "9999-12-31"),
        ("date", "..2025-06", "0001-01-01", "2025-06-30"),
        ("date", ">2025-06", "2025-07-01", "9999-12-31"),
        ("date", ">=2025-06", "2025-06-01", "9999-12-31"),
        ("date", "<2025-06", "0001-01-01", "2025-05-31"),
        ("date", "<=2025-06", "0001-01-01", "2025-06-30"),
        ("before", "2025-06-13", "0001-01-01", "2025-06-12"),
        ("after", "2025-06", "2025-07-01", "9999-12-31"),
    ],
)
def test_dates(name: str, value: str, earliest: str, latest: str) -> None:
    assert days_of(name, value) == Days(dt.date.fromisoformat(earliest), dt.date.fromisoformat(latest))


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [("3", 3, 3), ("=3", 3, 3), (">0", 1, COUNT_MAX), (">=2", 2, COUNT_MAX), ("<5", 0, 4), ("<=5", 0, 5),
     ("3..10", 3, 10), ("..10", 0, 10), ("3..", 3, COUNT_MAX), (f"{10**30}..", 10**30, 10**30)],
)  # fmt: skip
def test_counts(value: str, low: int, high: int) -> None:
    assert counts_of(value) == Counts(low, high)


@pytest.mark.parametrize(
    ("value", "counts"),
    [
        ("5..2", Counts(5, COUNT_MAX)),
        ("5..20", Counts(5, 20)),
        ("3x", Counts(3, 3)),
        (">", None),
        ("x", None),
    ],
)
def test_a_number_that_is_being_typed_is_read_as_far_as_it_goes(value: str, counts: Counts | None) -> None:
    assert typed_counts(value) == counts


@pytest.mark.parametrize(
    ("name", "value", "earliest", "latest"),
    [
        ("date", "202", "2020-01-01", "2029-12-31"),
        ("date", "2025-", "2025-01-01", "2025-12-31"),
        ("date", "2025-0", "2025-01-01", "2025-09-30"),
        ("date", "2025-06-1", "2025-06-10", "2025-06-19"),
        ("date", "2025-06-13", "2025-06-13", "2025-06-13"),
        ("date", "2025-06-13x", "2025-06-13", "2025-06-13"),
        ("date", "2025-06-13..", "2025-06-13", "9999-12-31"),
        ("date", "2025-06-13..2025-06-1", "2025-06-13", "2025-06-19"),
        ("after", "2025-06-1", "2025-06-11", "9999-12-31"),
        ("before", "2025-06-1", "0001-01-01", "2025-06-18"),
        ("before", "2025-1", "0001-01-01", "2025-11-30"),
    ],
)
def test_a_date_that_is_being_typed_is_any_that_it_may_become(
    name: str, value: str, earliest: str, latest: str
) -> None:
    assert typed_days(name, value) == Days(dt.date.fromisoformat(earliest), dt.date.fromisoformat(latest))
    assert typed_days(name, "20") is None


@pytest.mark.parametrize("character", ["\n", "\x0b", "\x0c", "\x85", "\u2028", "\u202e"])
def test_a_message_repeats_nothing_that_a_terminal_obeys(character: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(f'after:"a{character}b"')
    assert str(caught.value).isprintable()


def test_typing_errors_are_looked_for_in_words_of_a_length_that_words_have() -> None:
    lengths = {3: 0, 4: 1, 7: 1, 8: 2, 63: 2, 64: 0, 900: 0}
    assert {length: edits_allowed("x" * length) for length in lengths} == lengths
