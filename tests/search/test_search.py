"""Searching: what is found, in which order, and why."""

from __future__ import annotations

import datetime as dt
import statistics
import string
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.edition.edition import Edition, open_edition
from briefing.edition.hits import Hits
from briefing.edition.search import Hit
from briefing.edition.searched import span_of, texts_of, titles_of
from briefing.edition.words import beginnings, stem
from briefing.model.records import RECORDS, Actor
from briefing.model.vocabulary import Kind
from tests.edition.libraries import write_library
from tests.search.hostile import HOSTILE
from tests.search.judged import (
    Judged,
    NamePair,
    Verdict,
    is_right,
    judged_queries,
    name_pairs,
    ndcg,
)
from tests.search.queries import refs

ENOUGH_PAIRS, ENOUGH_MISSES, ENOUGH_QUERIES = 150, 60, 60
GOOD_RECALL, GOOD_NDCG, POOR_NDCG = 0.97, 0.9, 0.6


def hit_of(hits: Hits, ref: str) -> Hit:
    return next(hit for hit in hits.ranked(0, hits.total) if hit.entry.ref.short == ref)


def test_names_are_found_however_they_are_spelled(names: Edition) -> None:
    pairs = [pair for pair in name_pairs() if pair.verdict is Verdict.FINDS]
    assert len(pairs) >= ENOUGH_PAIRS
    wrong = [pair for pair in pairs if not is_right(names, pair)]
    assert 1 - len(wrong) / len(pairs) >= GOOD_RECALL, wrong


def test_other_names_are_not_found() -> None:
    assert sum(pair.verdict is Verdict.MISSES for pair in name_pairs()) >= ENOUGH_MISSES


@pytest.mark.parametrize("pair", [pair for pair in name_pairs() if pair.verdict is not Verdict.FINDS])
def test_no_name_is_found_by_another(names: Edition, pair: NamePair) -> None:
    assert is_right(names, pair)


def test_what_ought_to_come_first_does(edition: Edition) -> None:
    queries = judged_queries()
    assert len(queries) >= ENOUGH_QUERIES
    scores = {judged.query: ndcg(edition, judged) for judged in queries}
    assert statistics.mean(scores.values()) >= GOOD_NDCG, sorted(scores.items(), key=lambda item: item[1])[:9]


@pytest.mark.parametrize("judged", judged_queries(), ids=lambda judged: judged.query)
def test_no_query_is_answered_badly(edition: Edition, judged: Judged) -> None:
    known = {
        f"{kind}/{entry.ref.id}" for kind in Kind for entry in edition.page(kind, 0, edition.count(kind))
    }
    assert set(judged.grades) <= known
    assert ndcg(edition, judged) >= POOR_NDCG


def test_a_name_finds_what_is_linked_to_it_and_says_so(edition: Edition) -> None:
    hits = edition.search("hizballah brigades")
    assert hit_of(hits, "actor/kataib-hezbollah").reasons == ('alias "Hezbollah Brigades"',)
    said_by_its_leader = hit_of(hits, "quote/q-hamidawi-1")
    assert said_by_its_leader.reasons == ("linked to Kataib Hezbollah", 'alias "Hezbollah Brigades"')
    assert not said_by_its_leader.typo


def test_so_does_what_a_quote_is_about(edition: Edition) -> None:
    about = hit_of(edition.search("teheran"), "quote/q-maliki-4")
    assert about.reasons == ("linked to Iran", 'alias "Teheran"')


def test_a_question_is_no_alias(edition: Edition) -> None:
    assert hit_of(edition.search("join"), "briefing/iraq-militias-2025-06").reasons == ()


def test_a_word_that_only_folds_alike_is_no_reason(edition: Edition) -> None:
    found = hit_of(edition.search("by"), "position/p-hamidawi-embassy")
    assert found.reasons == ("linked to Should the US embassy in Baghdad be closed?",)


@pytest.mark.parametrize("typed", ["hamidavi", "al-hamidavi", "el-hamidavi", "al-hamdawi", "alhamidavi"])
def test_a_typing_error_is_forgiven_and_marked(edition: Edition, typed: str) -> None:
    right, wrong = edition.search("hamidawi"), edition.search(typed)
    assert set(refs(right)) == set(refs(wrong)) == set(refs(edition.search(typed, typing=True)))
    assert all(hit.typo and f"~ typo: {typed}" in hit.reasons for hit in wrong.ranked(0, 9))
    assert edition.search(f"actor:{typed}").total == edition.search("actor:hamidawi").total
    assert wrong.highlight("Abu Hussein al-Hamidawi")
    said_by_him = hit_of(wrong, "quote/q-hamidawi-1").reasons
    assert said_by_him == ("linked to Abu Hussein al-Hamidawi", f"~ typo: {typed}")
    assert not any(hit.typo for hit in right.ranked(0, 9))


@pytest.mark.parametrize(
    ("query", "ref", "reasons"),
    [
        ("speaker:maliki", "quote/q-maliki-1", ("speaker Nouri al-Maliki",)),
        ("speaker:=maliki", "quote/q-maliki-1", ("speaker Nouri al-Maliki",)),
        ("speaker:malki", "quote/q-maliki-1", ("speaker Nouri al-Maliki", 'alias "Nouri al-Malki"')),
        ("actor:maliki", "quote/q-maliki-1", ("linked to Nouri al-Maliki",)),
        ("actor:maliki", "actor/maliki", ()),
        ("actor:malki", "actor/maliki", ('alias "Nouri al-Malki"',)),
        ("by:maliki or speaker:maliki", "position/p-maliki-victory", ("by Nouri al-Maliki",)),
        ("target:us", "position/p-hamidawi-us-intervention", ("target United States", 'alias "US"')),
        (
            "issue:embassy",
            "position/p-hamidawi-embassy",
            ("issue Should the US embassy in Baghdad be closed?",),
        ),
        ("source:june", "quote/q-maliki-1", ("source ARTICLE",)),
        ("source:article", "quote/q-maliki-1", ("source ARTICLE", 'id "article"')),
        ("source:article", "source/article", ('id "article"',)),
        ("actor+:hezbollah", "actor/hamidawi", ("member of Kataib Hezbollah",)),
        ("actor+:hezbollah", "position/p-kataib-hezbollah-attacks", ("linked to Kataib Hezbollah",)),
        (
            "speaker+:iran-aligned",
            "quote/q-hamidawi-1",
            ("speaker Abu Hussein al-Hamidawi", "member of Iran-aligned armed groups in Iraq"),
        ),
        (
            'actor+:"hezbollah brigades"',
            "quote/q-hamidawi-1",
            ("linked to Abu Hussein al-Hamidawi", "member of Kataib Hezbollah", 'alias "Hezbollah Brigades"'),
        ),
        ('country:"united states"', "actor/us-armed-forces", ("country US",)),
        ("country:us", "actor/us-armed-forces", ()),
        ('country:"united states" or kind:actor', "actor/iran", ()),
        ("briefing:conflict", "actor/iran", ("briefing Iraqi militias and the Iran-Israel conflict",)),
        ("briefing:militias", "actor/iran", ()),
        ("-speaker:maliki kind:quote", "quote/q-hamidawi-1", ()),
        (
            "text:government",
            "incident/government-holds-us-responsible",
            ('id "government-holds-us-responsible"',),
        ),
        ("al iraqi", "issue/iraqi-airspace", ('id "iraqi-airspace"',)),
        (
            '"factions"',
            "actor/kataib-hezbollah",
            ("linked to Iran-aligned armed groups in Iraq", 'alias "pro-Iran factions"'),
        ),
    ],
)
def test_a_hit_of_a_field_says_what_has_that_value(
    edition: Edition, query: str, ref: str, reasons: tuple[str, ...]
) -> None:
    article = "News report on Iraq and the war between Iran and Israel, June 2025"
    found = hit_of(edition.search(query), ref).reasons
    assert found == tuple(reason.replace("ARTICLE", article) for reason in reasons)


@pytest.mark.parametrize(
    ("query", "marked", "others"),
    [
        ("hamidavi", {"hamidavi": 6}, 0),
        ("hamidavi drone", {}, 0),
        ("drone or hamidavi", {"hamidavi": 6}, 10),
        ("hamidavi or pezeshkiam", {"hamidavi": 6, "pezeshkiam": 8}, 0),
        ("speaker:hamidavi", {"hamidavi": 2}, 0),
        ("speaker:hamidavi or kind:issue", {"hamidavi": 2}, 15),
        ("actor+:hezbolla", {}, 8),
        ("text:hamidavi", {"hamidavi": 5}, 0),
        ("-hamidavi kind:issue", {}, 15),
        ("--hamidavi", {"hamidavi": 6}, 0),
    ],
)
def test_only_what_a_corrected_word_finds_is_marked(
    edition: Edition, query: str, marked: dict[str, int], others: int
) -> None:
    hits = edition.search(query)
    found = [hit for hit in hits.ranked(0, hits.total) if hit.typo]
    assert hits.total - len(found) == others
    said = Counter(reason for hit in found for reason in hit.reasons if reason.startswith("~"))
    assert said == {f"~ typo: {word}": count for word, count in marked.items()}


def test_every_hit_shows_or_says_why_it_is_one(edition: Edition) -> None:
    names = {
        name
        for entry in edition.page(Kind.ACTOR, 0, edition.count(Kind.ACTOR))
        for name in titles_of(entry.record)
    }
    words = {word for name in names for word in name.split()}
    asked = [f'{field}:"{name}"' for name in names for field in ("actor", "speaker+", "target")]
    for query in (*map(_plain, (*names, *words)), *asked):
        hits = edition.search(query)
        for hit in hits.ranked(0, hits.total):
            record = hit.entry.record
            shown = [*titles_of(record), *texts_of(record), getattr(record, "type", "")]
            assert hit.reasons or any(map(hits.highlight, shown)), (query, hit.entry.ref)


@pytest.mark.parametrize("query", ["d", "u", "na", "al-c", "al-ca", "ash-sh", "nu", "ن"])
def test_a_letter_or_two_show_or_say_why_they_find(edition: Edition, query: str) -> None:
    hits = edition.search(query, typing=True)
    assert hits.total
    for hit in hits.ranked(0, hits.total):
        record = hit.entry.record
        shown = [*titles_of(record), *texts_of(record), getattr(record, "type", "")]
        assert hit.reasons or any(map(hits.highlight, shown)), hit.entry.ref


def test_a_word_behind_an_article_is_no_typing_error(edition: Edition) -> None:
    hits = edition.search("al-call")
    assert refs(hits) == refs(edition.search("call"))
    assert not any(hit.typo for hit in hits.ranked(0, hits.total))
    wrong = edition.search("al-hamidavi").ranked(0, 9)
    assert wrong and all(hit.typo and "~ typo: al-hamidavi" in hit.reasons for hit in wrong)


def test_what_a_ref_has_before_the_id_is_no_reason(edition: Edition) -> None:
    hits = edition.search("acto", typing=True)
    said = [reason for hit in hits.ranked(0, hits.total) for reason in hit.reasons]
    assert "~ typo: acto" in said and not any(reason.startswith("id ") for reason in said)


def test_words_of_one_stem_and_both_spellings(edition: Edition) -> None:
    assert set(refs(edition.search("text:attacking"))) == set(refs(edition.search("text:attack")))
    assert set(refs(edition.search("defense"))) == set(refs(edition.search("defence")))


@pytest.mark.parametrize("typing", [True, False])
@pytest.mark.parametrize(
    ("words", "other"),
    [
        ("give giving gives", "quote/q-numan-1"),  # giving
        ("sky skies sky's", "incident/ina-source-speaks"),  # skies
        ("group's GROUP’S groups", "incident/earlier-warnings"),  # group
    ],
)
def test_each_word_of_a_stem_finds_the_others(edition: Edition, words: str, other: str, typing: bool) -> None:
    for word in words.split():
        found = refs(edition.search(f"text:{word}", typing=typing))
        assert len(found) > 1
        assert other in found, word


def test_words_begin_as_is_known_of_their_stem() -> None:
    words = "fire firing deny denies skies die dying die using possible possibility relational happily news"
    for word in words.split():
        assert word.startswith(tuple(beginnings(stem(word)))), word


def test_phrases_are_words_side_by_side(edition: Edition) -> None:
    assert refs(edition.search('"justice of its cause"')) == ["quote/q-maliki-5"]
    assert not edition.search('"cause its of justice"').total
    assert edition.search("cause its of justice").total


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind:quote speaker:hamidawi", {"quote/q-hamidawi-1", "quote/q-hamidawi-2"}),
        ("kind:quote speaker:=hamidawi", {"quote/q-hamidawi-1", "quote/q-hamidawi-2"}),
        ("kind:quote speaker:=hamidaw", set()),
        ("kind:actor type:armed-group hezbollah", {"actor/kataib-hezbollah"}),
        ("status:planned", {"incident/parliament-session"}),
        ("place:arbil", {"incident/erbil-drone-1", "incident/erbil-drone-2"}),
        ('tag:airspace kind:quote "zionist aggression"', set()),
        (
            "kind:quote text:zionist -by:iran -speaker:maliki -speaker:sudani",
            {"quote/q-council-1", "quote/q-government-1"},
        ),
        ("date:2025-06-13", {"incident/israeli-strikes-on-iran", "incident/ain-al-asad-drone"}),
        ("kind:incident after:2025-06-16", {"incident/parliament-session"}),
        ("kind:incident date:2025-06-17..", {"incident/parliament-session"}),
        (
            "speaker:hamidawi or speaker:abbasi",
            {"quote/q-hamidawi-1", "quote/q-hamidawi-2", "quote/q-abbasi-1"},
        ),
        ("kind:actor country:iran", {"actor/iran", "actor/pezeshkian"}),
        ("briefing:militias kind:source", {"source/article"}),
        ("kind:quote is:verified speaker:numan", {"quote/q-numan-1", "quote/q-numan-2"}),
    ],
)
def test_fields(edition: Edition, query: str, expected: set[str]) -> None:
    hits = edition.search(query)
    assert hits.problem is None
    assert set(refs(hits)) == expected


def test_a_plus_takes_the_members_in(edition: Edition) -> None:
    alone, members = (
        edition.search("kind:quote speaker:hezbollah"),
        edition.search("kind:quote speaker+:hezbollah"),
    )
    assert alone.total == 0
    assert set(refs(members)) == {"quote/q-hamidawi-1", "quote/q-hamidawi-2"}


def test_a_wrong_query_has_one_message_and_no_hits(edition: Edition) -> None:
    hits = edition.search("iran stance:oposes")
    assert hits.problem == 'column 13: stance: cannot be "oposes"; did you mean "opposes"?'
    assert (hits.total, hits.ranked(0, 9), hits.page(Kind.ACTOR, 0, 9), hits.nearest) == (0, [], [], None)
    assert edition.search("iran stance:oposes", typing=True).problem is None


@pytest.mark.parametrize("query", ["quote/q-hamidawi-1", "Quote/q-hamidawi-1", "speaker:=actor/hamidawi"])
def test_a_ref_may_lack_its_briefing(edition: Edition, query: str) -> None:
    hits = edition.search(query)
    assert "quote/q-hamidawi-1" in refs(hits)
    assert all(hit.reasons and not hit.typo for hit in hits.ranked(0, hits.total))
    assert set(refs(hits)) == set(refs(edition.search(query, typing=True)))
    assert edition.search("incident/q-hamidawi-1").total == 0


def test_nothing_found_offers_the_nearest_name(edition: Edition) -> None:
    assert edition.search("pezeshkian hamidawaway").nearest == "Abu Hussein al-Hamidawi"
    assert edition.search("kind:quote hamidawaway").nearest == "Abu Hussein al-Hamidawi"
    assert edition.search("qwertyuiop").nearest is None
    assert edition.search("source:shafaq").nearest is None  # no source; the prime minister is no answer
    assert (edition.search("source:artikel").nearest or "").startswith("News report")
    assert edition.search("issue:embasy").nearest == "Should the US embassy in Baghdad be closed?"
    assert edition.search("place:erbl").nearest == "Erbil"
    assert edition.search('kind:incident place:"ain al-assad"').nearest == "Ain al-Asad airbase"
    assert edition.search("hamidawi").nearest is None
    assert edition.search("country:iraqi kind:actor").nearest == "country:Iraq"
    assert edition.search('country:"united stets of amrica now"').nearest == 'country:"United States"'
    assert edition.search("country:hamidawi").nearest is None  # no state
    assert edition.search("briefing:irak").nearest == "briefing:iraq-militias-2025-06"


@pytest.mark.parametrize(
    "query", ["pezeshkian hamidawy", "speaker:maliki date:2025-06", "maliki -maliki", "maliki qwertyuiop"]
)
def test_a_name_that_was_understood_is_not_offered(edition: Edition, query: str) -> None:
    hits = edition.search(query)
    assert (hits.total, hits.nearest) == (0, None)


def test_pages_have_the_order_of_the_panes(edition: Edition) -> None:
    hits = edition.search("iraq")
    for kind in RECORDS:
        order = [entry.ref for entry in edition.page(kind, 0, edition.count(kind))]
        found = [hit.entry.ref for hit in hits.page(kind, 0, 999)]
        assert len(found) == hits.counts.get(kind, 0)
        assert all(order.index(one) < order.index(other) for one, other in pairwise(found))
        assert [hit.entry.ref for hit in hits.page(kind, 1, 3)] == found[1:3]
        places = [found.index(ref) if ref in found else None for ref in order]
        for read in (0, 2, 999):  # whatever part of the hits has been read before
            hits = edition.search("iraq")
            hits.page(kind, 0, read)
            assert [hits.position(ref) for ref in order] == places
    assert sum(hits.counts.values()) == hits.total == len(refs(hits))


def test_deep_pages_are_the_same_pages(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    hits = edition.search("iraq or iran or israel")
    near = [hit.entry.ref for hit in hits.page(Kind.POSITION, 0, 99)]
    monkeypatch.setattr("briefing.edition.search._NEAR_TOP", 0)
    for start in range(len(near)):
        assert [hit.entry.ref for hit in hits.page(Kind.POSITION, start, start + 3)] == near[
            start : start + 3
        ]


def test_actors_whose_names_begin_alike_stand_each_in_a_place_of_its_own(tmp_path: Path) -> None:
    names = ["Defence", "Foreign Affairs", "Health", "Interior", "Justice", "Oil", "Trade"]
    actors = "".join(
        f"- {{id: m-{n}, name: Ministry of {name}, kind: party}}\n" for n, name in enumerate(names)
    )
    library = write_library(
        tmp_path / "library",
        {"_shared/actors.yaml": actors, "east/actors.yaml": actors.splitlines(keepends=True)[0]},
    )
    edition = open_edition(library, cache=tmp_path / "cache")
    for view in (edition, edition.only("east")):
        hits = view.search("ministry")
        found = [hit.entry.ref for hit in hits.page(Kind.ACTOR, 0, 99)]
        assert len(found) == view.count(Kind.ACTOR)
        for read in (0, 2, 99):
            hits = view.search("ministry")
            hits.page(Kind.ACTOR, 0, read)
            assert [hits.position(ref) for ref in found] == list(range(len(found)))
        hits = view.search("ministry or interior or oil")
        best = hits.best(Kind.ACTOR)
        assert best is not None
        (hit,) = hits.page(Kind.ACTOR, best, best + 1)
        assert hit.entry.ref == hits.ranked(0, 1)[0].entry.ref


def test_the_best_hit_of_a_pane_is_known_by_its_place(edition: Edition) -> None:
    hits = edition.search("kataib hezbollah")
    best = hits.best(Kind.ACTOR)
    assert best is not None
    assert hits.page(Kind.ACTOR, best, best + 1)[0].entry.ref.id == "kataib-hezbollah"
    assert hits.best(Kind.SOURCE) is None


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("hizballah", "Kataib Hezbollah said", ["Hezbollah"]),
        ("hezbollah brigades", "Kataib Hezbollah said", ["Kataib Hezbollah"]),
        ("attacks", "They attacked; an attack", ["attacked", "attack"]),
        ("hamidavi", "al-Hamidawi", ["Hamidawi"]),
        ('"wider war"', "a war, a wider war", ["wider war"]),
        ("iraq -iran", "Iraq’s and Iran", ["Iraq’s"]),
        ("--iraq -(-iran)", "Iraq’s and Iran", ["Iraq’s", "Iran"]),
        ("speaker:sudani", "al-Sudani", ["Sudani"]),
        ("us-led", "the US-led force of us led", ["US-led", "us led"]),
        ("kind:quote", "quote", []),
        ("four", "a call for four days", ["four"]),
        ('"god side"', "a good size, the god side", ["god side"]),
        ("soudani", "al-Sudani", ["Sudani"]),
        ("ceasefire", "The cease-fire", ["cease-fire"]),
        ("cease-fire", "a ceasefire’s", ["ceasefire’s"]),
        ('"the war planes"', "The warplanes", ["The warplanes"]),
        ("strike", "Airstrikes, air strikes", ["Airstrikes", "strikes"]),
    ],
)
def test_highlights(edition: Edition, query: str, text: str, marked: list[str]) -> None:
    spans = edition.search(query).highlight(text)
    assert [text[start:end] for start, end in spans] == marked


def test_typing_marks_what_is_typed_so_far(edition: Edition) -> None:
    hits = edition.search("hezb", typing=True)
    assert hits.highlight("Kataib Hezbollah") == [(7, 16)]


def test_a_snippet_shows_the_match(edition: Edition) -> None:
    found = edition.search("embassy")
    for hit in found.ranked(0, 9):
        if not hit.reasons:
            assert "embassy" in found.snippet(hit).casefold()


@pytest.mark.parametrize("query", ["el sudani", 'speaker:"ul sudani"', 'actor:"el sudani"'])
def test_an_article_need_not_stand_before_a_name(edition: Edition, query: str) -> None:
    simply = query.replace("el ", "").replace("ul ", "")
    assert set(refs(edition.search(query))) == set(refs(edition.search(simply))) != set()
    dated, simply_dated = (edition.search(f"{one} date:2025-06-14") for one in (query, simply))
    assert dated.notes == simply_dated.notes


@pytest.mark.parametrize("typing", [True, False])
@pytest.mark.parametrize("article", ["al", "el", "ul"])
@pytest.mark.parametrize("name", ["sudani", "iran", "drone", "Kataib"])
def test_what_follows_an_article_never_finds_more(
    edition: Edition, name: str, article: str, typing: bool
) -> None:
    for before in ("iraq", "maliki", "kind:position"):
        begun = edition.search(f"{before} {article}", typing=typing)
        assert set(refs(edition.search(f"{before} {article} {name}", typing=typing))) <= set(refs(begun))


def test_a_record_is_found_by_its_id_its_title_and_every_alias(edition: Edition) -> None:
    for kind in RECORDS:
        for entry in edition.page(kind, 0, edition.count(kind)):
            for name in (entry.ref.id, str(entry.ref), *titles_of(entry.record)):
                found = edition.search(_plain(name))
                assert found.position(entry.ref) is not None, name
                if isinstance(entry.record, Actor):
                    assert (
                        edition.search(f'kind:actor actor:"{_plain(name)}"').position(entry.ref) is not None
                    )


def _plain(name: str) -> str:
    """NAME without what is a sign of the query language."""
    words = name.replace('"', " ").replace("(", " ").replace(")", " ").replace(":", " ").split()
    return " ".join(word.lstrip("-") for word in words if word not in ("or", "and"))


WORDS = st.sampled_from(
    ["iraq", "iran", "drone", "hamidawi", "kind:quote", "sudani", '"the government"', "airspace",
     "is:inferred", "date:2025-06", "stance:opposes", "attacks", "zionist", "us-led", "speaker:maliki",
     "الحميداوي", "q-numan-1"]
)  # fmt: skip


@given(words=st.lists(WORDS, min_size=1, max_size=3), more=WORDS)
@settings(deadline=None)
def test_a_word_more_never_finds_more(edition: Edition, words: list[str], more: str) -> None:
    query = " ".join(words)
    assert set(refs(edition.search(f"{query} {more}"))) <= set(refs(edition.search(query)))


@given(parts=st.lists(st.lists(WORDS, min_size=1, max_size=2).map(" ".join), min_size=1, max_size=3))
@settings(deadline=None)
def test_a_query_and_its_negation_part_the_library(edition: Edition, parts: list[str]) -> None:
    query = " or ".join(parts)
    found, others = edition.search(query), edition.search(f"-({query})")
    assert not set(refs(found)) & set(refs(others))
    assert found.total + others.total == sum(edition.count(kind) for kind in Kind)


@given(text=st.text(max_size=40))
@settings(deadline=None)
def test_any_text_can_be_searched_while_typing(edition: Edition, text: str) -> None:
    hits = edition.search(text, typing=True)
    assert hits.problem is None
    shown = hits.ranked(0, 3)
    assert len(shown) == min(3, hits.total)
    for hit in shown:
        hits.highlight(hits.snippet(hit))


@pytest.mark.parametrize("query", ["zzzz", "aaa", "ddd", "thththth", "speaker:zzzz", "actor:aaaa"])
@pytest.mark.parametrize("typing", [True, False])
def test_what_folds_to_one_letter_is_no_name(edition: Edition, query: str, typing: bool) -> None:
    assert edition.search(query, typing=typing).total == 0


@pytest.mark.parametrize("mark", string.punctuation)
def test_any_mark_can_stand_anywhere_in_a_word(edition: Edition, mark: str) -> None:
    for text in (mark, f"{mark}name", f"na{mark}me", f"name{mark}", f'"on {mark}name', f"source:{mark}name"):
        assert edition.search(text, typing=True).problem is None
        edition.search(text)


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("typing", [True, False])
def test_hostile_queries_are_answered(edition: Edition, query: str, typing: bool) -> None:
    hits = edition.search(query, typing=typing)
    assert len(hits.ranked(0, 5)) == min(5, hits.total)
    assert hits.problem is None or hits.problem.startswith("column ")
    assert hits.problem is None or not typing
    assert hits.nearest is None or hits.nearest
    hits.highlight("Iraq and Iran")


@pytest.mark.parametrize(
    ("query", "simple"),
    [
        ("---iraq", "-iraq"),
        ("-(-iraq or -iran)", "iraq iran"),
        ("-(-iraq -iran)", "iraq or iran"),
        ("-(iraq -(-iran or -(drone -(-embassy))))", "-(iraq iran drone embassy)"),
        ("iraq or -iran", "-(iran -iraq)"),
    ],
)
def test_however_minuses_are_nested_all_records_are_gone_through_once(
    edition: Edition, query: str, simple: str
) -> None:
    hits, simply = edition.search(query), edition.search(simple)
    assert hits.total and hits.counts == simply.counts
    assert hits._look(lambda found: str(found._matching)).count("AllQuery") <= 1


def test_the_newest_come_by_day_however_they_are_paged(edition: Edition) -> None:
    hits = edition.search("iraq")
    whole = hits.newest(0, hits.total)
    assert {hit.entry.ref for hit in whole} == {hit.entry.ref for hit in hits.ranked(0, hits.total)}
    spans = [span_of(hit.entry.record) for hit in whole]
    days = [span.earliest if span else dt.date.min for span in spans]
    assert len(set(days)) > 3 and days == sorted(days, reverse=True)
    pages = [hit for start in range(0, hits.total, 7) for hit in hits.newest(start, start + 7)]
    assert [hit.entry for hit in pages] == [hit.entry for hit in whole]
    scores = {hit.entry.ref: hit.score for hit in hits.ranked(0, hits.total)}
    assert {hit.entry.ref: hit.score for hit in whole} == pytest.approx(scores)
