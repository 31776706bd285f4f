"""Verification: verdicts, near misses by name, differences by the character, and marks that go stale."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.content.claims import Claim, claims
from briefing.content.differences import compare, find_whole, fold
from briefing.content.sanitise import sanitise
from briefing.content.sourcetext import SourceText, find_source, quoted_spans, read_source, split_text
from briefing.content.text import Unreadable
from briefing.content.verdict import Standing, Verdict
from briefing.content.verified import Mark, Marks, format_marks, read_marks
from briefing.content.verify import Finding, Outcome, mark, verify
from briefing.model.records import Position, Quote, Source
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

NAME = "harbour-2024"
SOURCE = Ref(NAME, Kind.SOURCE, "paper")
TEXT = """\
The harbour strike
"We won't sail before the wages – all of them – are paid," said Ada Holm, who speaks for the pilots.
The port’s director said the quay is “calm and open… for now” and that the port’s gates stay shut.
"It is a fair offer. It was made twice. Take it or leave it," she added at the gate of the yard.
The pilots met again on Tuesday, 14 May 2024, and the director called it a "step back".
Home | Contact
"""


def text_of(text: str = TEXT, *, skip: int | None = 6, sha256: str = "a" * 64) -> SourceText:
    return SourceText(split_text(text), sha256, frozenset() if skip is None else frozenset({skip}))


def claim(text: str | None, para: int | None = None, id_: str = "q-1") -> Claim:
    return Claim(Ref(NAME, Kind.QUOTE, id_), SOURCE, para, text)


def check(text: str | None, para: int | None = None, *, source: SourceText | None = None) -> Finding:
    found = source or text_of()
    (finding,) = verify([claim(text, para)], lambda _: found, Marks(NAME))
    return finding


def quote(**fields: Any) -> Quote:
    whole = {
        "id": "q-1",
        "speaker": "holm",
        "text": "step back",
        "form": "fragment",
        "when": {"undated": True},
        "medium": "not-stated",
        "sources": [{"source": "paper", "para": 5}],
    }
    return msgspec.convert(whole | fields, Quote)


# Verdicts


@pytest.mark.parametrize(
    ("text", "para", "offset"),
    [
        ("We won't sail before the wages – all of them – are paid,", 2, 1),
        ("calm and open… for now", 3, 38),
        ("step back", 5, 76),
    ],
)
def test_words_to_the_character_are_verbatim(text: str, para: int, offset: int) -> None:
    finding = check(text, para)
    assert (finding.outcome, finding.para, finding.offset) == (Outcome.VERBATIM, para, offset)
    assert (finding.near, finding.diff, finding.message) == ((), (), "")


def test_without_a_paragraph_the_words_are_looked_for_everywhere() -> None:
    assert check("step back").para == 5
    assert check("Home").outcome is Outcome.DIFFERS  # a line that is not the source's text


def test_a_source_that_is_not_at_hand_has_its_own_verdict() -> None:
    (finding,) = verify([claim("step back", 5)], lambda _: None, Marks(NAME))
    assert finding.outcome is Outcome.UNAVAILABLE


@pytest.mark.parametrize(
    ("text", "para", "near"),
    [
        ("We won’t sail before the wages – all of them – are paid,", 2, ("apostrophe",)),
        ("We won't sail before the wages - all of them - are paid,", 2, ("dash",)),
        ("We won't sail  before the wages – all of them – are paid,", 2, ("spaces",)),
        ("calm and open\u00a0… for now", 3, ("spaces",)),
        ("calm and\u00a0open… for now", 3, ("spaces",)),
        ("calm and open... for now", 3, ("ellipsis",)),
        ("it is a fair offer.", 4, ("capitals",)),
        ("It is a fair offer.", 3, ("another paragraph",)),
        ("We won’t sail before", 4, ("apostrophe", "another paragraph")),
        ("It is a fair offer. … Take it or leave it,", 4, ("ellipsis",)),
        ("It is a fair offer. [...] Take it or leave it,", 4, ("ellipsis",)),
        ("It is a fair offer; it was made twice.", 4, ("punctuation", "capitals")),
        ("It is a fair offer! It was made twice.", 4, ("punctuation",)),
        ("It is a fair order. It was made twice.", 4, ("words",)),
        ("tep back", 5, ("words",)),
        ("It is a fair offer", 6, ("another paragraph",)),
        ("It is a fair offer", 99, ("another paragraph",)),
    ],
)
def test_a_near_miss_is_named(text: str, para: int, near: tuple[str, ...]) -> None:
    finding = check(text, para)
    assert (finding.outcome, finding.near) == (Outcome.DIFFERS, near)


def test_another_paragraph_is_told_by_its_number() -> None:
    finding = check("step back", 3)
    assert finding.para == 5 and finding.message == "stands in paragraph 5, not 3"


def test_accents_written_in_another_way_are_named() -> None:
    finding = check("a cafe\u0301 in town", 1, source=text_of('"a caf\u00e9 in town"', skip=None))
    assert (finding.outcome, finding.near) == (Outcome.DIFFERS, ("accents",))


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("«قالَ إنَّهُ لَنْ يَقبَلَ»", "قال إنه لن يقبل"),  # vowel signs left out
        ("«لن نقبل أبداً»", "لن نقبل أبدًا"),  # and set on the other letter
        ("“Kata’ib al-Nujaba”", "Kata’ib al-Nujabā"),
    ],
)
def test_other_accents_and_vowel_signs_are_named(written: str, text: str) -> None:
    finding = check(text, 1, source=text_of(written, skip=None))
    assert (finding.outcome, finding.near) == (Outcome.DIFFERS, ("accents",))


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("لن نقبـــل أمس", "لن نقبل أمس", "tatweel"),
        ("لن نقبلـ", "لن نقبل", "tatweel"),
        ("نمی\u200cخواهیم", "نمیخواهیم", "joiner"),
        ("a \ufb01ne o\ufb00er", "a fine offer", "ligature"),
        ("\ufdf2 أكبر", "الله أكبر", "ligature"),
        ("\ufefb نقبل", "لا نقبل", "ligature"),
        ("لا ن\ufed8بل", "لا نقبل", "letter form"),
        ("\ufefb نقبـل", "لا نقبل", ("ligature", "tatweel")),
        ("the re\u00adgion, he said", "the region, he said", "hidden character"),
        ("لن\u200f نقبل", "لن نقبل", "hidden character"),
    ],
)
def test_what_only_shapes_letters_is_named(one: str, other: str, near: str | tuple[str, ...]) -> None:
    for text, written in ((one, other), (other, one)):
        finding = check(sanitise(text), 1, source=text_of(f"قال «{written}»", skip=None))
        assert finding.outcome is Outcome.DIFFERS
        assert finding.near == ((near,) if isinstance(near, str) else near)


def test_nothing_alike_is_said_to_be_nothing_alike() -> None:
    finding = check("Bananas grow on hills", 2)
    assert finding.message == "nothing like it stands in the source" and finding.diff == ()


def test_a_paragraph_that_is_none_is_named() -> None:
    assert check("Bananas", 99).message == "paragraph 99 does not exist"
    assert check("Bananas", 6).message == "paragraph 6 is not part of the source"
    assert check(None, 99).outcome is Outcome.DIFFERS
    assert check(None, 4).outcome is Outcome.VERBATIM


def test_the_difference_is_shown_by_the_character() -> None:
    diff = check("It is a fair ofer. It was made twice.", 4).diff
    assert [(s.record, s.source) for s in diff if not s.same] == [("", "f")]
    assert "".join(s.source for s in diff) == "It is a fair offer. It was made twice."


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("It is a fair ofer. It was made twice.", [("", "f")]),
        ("A is a fair offer. It was made twice.", [("A", "It")]),
        ("It is a fair offer. It was made once.", [("once", "twice")]),
        ("It is offer. It was made twice.", [("", " a fair")]),
        ("It is a very fair offer. It was made twice.", [(" very", "")]),
        ("It was a fair offer. It is made twice.", [("was", "is"), ("is", "was")]),
    ],
)
def test_the_passage_most_like_the_words_is_found_whole(text: str, changes: list[tuple[str, str]]) -> None:
    diff = check(text, 4).diff
    assert [(s.record, s.source) for s in diff if not s.same] == changes


def test_words_outside_the_quotation_marks_are_remarked_on() -> None:
    finding = check("the quay is", 3)
    assert finding.outcome is Outcome.VERBATIM
    assert finding.message == "outside the quotation marks of its paragraph"


@pytest.mark.parametrize("words", ["“stay calm”", '"stay calm"', "«stay calm»"])
def test_quotation_marks_taken_along_are_named(words: str) -> None:
    finding = check(words, 1, source=text_of(f"He said {words} twice", skip=None))
    assert finding.outcome is Outcome.VERBATIM
    assert finding.message == "with its quotation marks, which are no part of it: leave them out"


def test_words_in_the_marks_a_second_time_are_not_remarked_on() -> None:
    text = text_of('He said calm twice: "stay calm"', skip=None)
    assert check("calm", 1, source=text).message == ""


def test_a_word_is_never_cut() -> None:
    assert find_whole("the brain drain", "rain") is None
    assert find_whole("the brain and rain", "rain") == 14
    assert find_whole("東京で会談した", "会談") == 3  # no spaces between words


words = st.text(st.sampled_from("ab '’“–-….,é\u00a0"), min_size=1, max_size=30)


@given(words, words)
def test_a_comparison_holds_both_texts_whole(record: str, source: str) -> None:
    segments = compare(record, source)
    assert "".join(s.record for s in segments) == record
    assert "".join(s.source for s in segments) == source


@given(words, words, words)
def test_what_stands_in_a_text_is_found_verbatim(before: str, inner: str, after: str) -> None:
    line = f"{before} {inner.strip()} {after}"
    if inner.strip():
        assert check(inner.strip(), 1, source=text_of(line, skip=None)).outcome is Outcome.VERBATIM


@given(words, words)
def test_any_two_texts_get_a_verdict_with_a_reason(record: str, source: str) -> None:
    finding = check(record, 1, source=text_of(source, skip=None))
    assert (finding.outcome is Outcome.VERBATIM) is (find_whole(split_text(source)[0], record) is not None)
    assert finding.outcome is Outcome.VERBATIM or finding.message


@given(words)
def test_folding_remembers_where_each_character_stood(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.offsets)
    assert list(folded.offsets) == sorted(folded.offsets)
    assert all(0 <= offset < len(text) for offset in folded.offsets)


# Claims


def test_a_quote_claims_its_text_and_the_span_of_its_locator() -> None:
    record = quote(sources=[{"source": "paper", "para": 5, "text": 'a "step back"'}])
    assert [c.text for c in claims(record, NAME)] == ["step back", 'a "step back"']


def test_words_translated_by_the_editors_are_compared_in_the_original() -> None:
    record = quote(original={"text": "ein Rückschritt", "lang": "de"}, translation="the editors")
    assert [c.text for c in claims(record, NAME)] == ["ein Rückschritt"]
    assert [c.text for c in claims(quote(original={"text": "x", "lang": "de"}), NAME)] == ["step back"]


def test_other_records_claim_that_their_paragraph_is_there() -> None:
    position = msgspec.convert(
        {
            "id": "p-1",
            "actor": "holm",
            "issue": "wages",
            "stance": "supports",
            "act": "demands",
            "summary": "Wants wages.",
            "when": {"undated": True},
            "sources": [{"source": "paper", "para": 2}, {"source": "paper"}],
        },
        Position,
    )
    assert [(c.text, c.para) for c in claims(position, NAME)] == [(None, 2)]


# Sources' texts


def source(**fields: Any) -> Source:
    return msgspec.convert({"id": "paper", "kind": "article", "title": "T"} | fields, Source)


def test_a_text_is_found_by_the_id_of_its_source_and_then_by_its_file(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    (second / "scan-7.txt").write_text("x", encoding="utf-8")
    assert find_source(source(), [first, second]) is None
    assert find_source(source(file="scan-7.txt"), [first, second]) == second / "scan-7.txt"
    (first / "paper.txt").write_text("x", encoding="utf-8")
    assert find_source(source(file="scan-7.txt"), [first, second]) == first / "paper.txt"


def test_a_file_never_leads_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    inner = tmp_path / "texts"
    inner.mkdir()
    assert find_source(source(file="../secret.txt"), [inner]) is None


def test_a_text_is_read_with_its_checksum_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "paper.txt"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo\x0cpage\nthree")
    text = read_source(path, source(skip_lines=[2]))
    assert text.lines == ("one", "two␌page", "three")
    assert [n for n, _ in text.paragraphs] == [1, 3]
    assert text.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_lines_may_end_as_on_old_macs() -> None:
    assert split_text("one\rtwo\r") == ("one", "two", "")
    assert len(split_text("one\rtwo\nthree")) == 2


def test_the_checksum_is_that_of_the_text_that_was_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "paper.txt"
    path.write_bytes(b"before")
    opening = os.fdopen

    class Saved(io.BufferedReader):
        """What was opened, saved anew by an editor when it has been read."""

        def close(self) -> None:
            super().close()
            path.write_bytes(b"after")

    monkeypatch.setattr(os, "fdopen", lambda descriptor, _: Saved(opening(descriptor, "rb", 0)))
    text = read_source(path, source())
    assert (text.lines, text.sha256) == (("before",), hashlib.sha256(b"before").hexdigest())


def test_a_text_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(Unreadable, match="not UTF-8"):
        read_source(tmp_path / "paper.txt", source())


@pytest.mark.parametrize(
    ("paragraph", "spans"),
    [
        ('He said "yes" and "no."', ["yes", "no."]),
        ("He said “yes, ‘quite’ yes” and left", ["yes, ‘quite’ yes"]),
        ("Er sagte „ja“ und «oui».", ["ja", "oui"]),
        ("It's the port’s ‘own gate’ they’d shut", ["own gate"]),
        ('"This goes on', ["This goes on"]),
        ("‹ja› und »nein, ›nie‹«, 「はい」『いいえ』", ["ja", "nein, ›nie‹", "はい", "いいえ"]),
        ("» et plus. » Il dit « oui » et « non »", [" oui ", " non "]),
        ("彼は「『いいえ』と言え」と言った", ["『いいえ』と言え"]),
        ('Nothing "" here, 5\'11 tall', []),
    ],
)
def test_quoted_passages_are_found_in_every_style(paragraph: str, spans: list[str]) -> None:
    assert [paragraph[span.start : span.end] for span in quoted_spans(paragraph)] == spans


# Marks and what makes them stale


def marks_for(record: Quote, text: SourceText) -> list[Mark]:
    findings = verify(claims(record, NAME), lambda _: text, Marks(NAME))
    return [m for f in findings if (m := mark(f)) is not None]


def test_marks_come_back_from_their_file_as_they_were(tmp_path: Path) -> None:
    marks = marks_for(quote(), text_of()) + marks_for(quote(id="q-0", text="step backs"), text_of())
    path = tmp_path / "verified.yaml"
    path.write_text(format_marks(marks), encoding="utf-8")
    assert list(read_marks(path, NAME)) == sorted(marks, key=lambda m: m.record)
    assert format_marks(read_marks(path, NAME)) == path.read_text(encoding="utf-8")


def test_no_file_and_an_empty_one_hold_no_marks(tmp_path: Path) -> None:
    path = tmp_path / "verified.yaml"
    assert list(read_marks(path, NAME)) == []
    path.write_text(format_marks([]), encoding="utf-8")
    assert list(read_marks(path, NAME)) == []


def test_broken_lines_of_the_file_are_counted_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "verified.yaml"
    path.write_text(format_marks(marks_for(quote(), text_of())) + "- {record: quote/q-2}\n", encoding="utf-8")
    found = read_marks(path, NAME)
    assert (len(list(found)), found.broken) == (1, 1)


def none_declared(_: Ref) -> None:
    """The checksum of sources that declare none."""


def test_a_reader_without_the_text_is_told_what_was_found() -> None:
    marks = Marks(NAME, marks_for(quote(), text_of()))
    assert marks.verdict(quote(), {SOURCE: "a" * 64}.get) == Verdict(Standing.VERBATIM, "a" * 64)
    assert marks.verdict(quote(), none_declared) == Verdict(Standing.VERBATIM, "a" * 64)
    assert Marks(NAME).verdict(quote(), none_declared) == Verdict(Standing.UNVERIFIED)
    assert marks.verdict(source(), none_declared) is None


@pytest.mark.parametrize(
    "changed",
    [{"text": "step backs"}, {"sources": [{"source": "paper", "para": 4}]}],
    ids=["words", "paragraph"],
)
def test_a_mark_goes_stale_with_its_record(changed: dict[str, Any]) -> None:
    marks = Marks(NAME, marks_for(quote(), text_of()))
    assert marks.verdict(quote(**changed), none_declared) == Verdict(Standing.STALE)


def test_a_mark_goes_stale_with_its_source() -> None:
    marks = Marks(NAME, marks_for(quote(), text_of()))
    assert marks.verdict(quote(), {SOURCE: "b" * 64}.get) == Verdict(Standing.STALE, "a" * 64)


def test_the_worst_of_several_passages_counts() -> None:
    record = quote(sources=[{"source": "paper", "para": 5}, {"source": "paper", "para": 3}])
    verdict = Marks(NAME, marks_for(record, text_of())).verdict(record, none_declared)
    assert verdict is not None and verdict.standing is Standing.DIFFERS


@pytest.mark.parametrize(
    ("changed", "sha256", "stale"),
    [
        ({}, "a", ""),
        ({"text": "step"}, "a", "the words changed since"),
        ({"sources": [{"source": "paper"}]}, "a", ""),
        ({}, "b", "the source's text changed since"),
        ({"sources": [{"source": "paper", "para": 4}]}, "a", "the paragraph changed since"),
        ({"id": "q-2"}, "a", ""),
    ],
)
def test_verifying_finds_stale_marks(changed: dict[str, Any], sha256: str, stale: str) -> None:
    marks = Marks(NAME, marks_for(quote(), text_of()))
    text = text_of(sha256=sha256 * 64)
    (finding,) = verify(claims(quote(**changed), NAME), lambda _: text, marks)
    assert finding.stale == stale
