"""Documents: every field in plain words, and links both ways."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from briefing.document.document import Document, Field, Heading, Item, Line, Quotation
from briefing.document.layout import lay_out
from briefing.document.plain import plain
from briefing.edition.edition import Edition
from briefing.model.links import links
from briefing.model.records import Record
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from tests.document.conftest import Library, ref

SAMPLE = "iraq-militias-2025-06"
KINDS = (Kind.ACTOR, Kind.ISSUE, Kind.POSITION, Kind.INCIDENT, Kind.QUOTE, Kind.SOURCE)
ACTORS = "- {id: anna, name: Anna, kind: person}\n- {id: ben, name: Ben, kind: person}\n"
SOURCES = "sources: [{source: paper, para: 3}]"


def said(document: Document) -> str:
    return plain(document, width=None)


def field(document: Document, label: str) -> str:
    """The value of the field LABEL; empty when the document has none."""
    return "; ".join(
        "".join(run.text for run in block.line)
        for block in document.blocks
        if isinstance(block, Field) and block.label == label
    )


def targets(document: Document) -> set[Ref]:
    lines: list[Line] = [
        block.line for block in document.blocks if isinstance(block, Field | Item | Quotation)
    ]
    return {run.target for line in lines for run in line if isinstance(run.target, Ref)}


def every_ref(edition: Edition) -> list[Ref]:
    return [entry.ref for kind in KINDS for entry in edition.page(kind, 0, 10_000)]


def test_every_record_of_the_sample_links_to_all_that_it_names(edition: Edition) -> None:
    for name in every_ref(edition):
        entry = edition.get(name)
        assert entry is not None
        named = {
            Ref.resolve(reference, briefing=name.briefing, kind=kind)
            for _, reference, kind in links(entry.record)
        }
        assert named <= targets(lay_out(edition, name)), name


def test_every_record_of_the_sample_is_linked_back_to(edition: Edition) -> None:
    for name in every_ref(edition):
        document = lay_out(edition, name)
        for group in edition.links(name).into:
            if group.kind is not Kind.BRIEFING and group.total <= 20:
                assert set(group.refs) <= targets(document), (name, group)


def test_every_word_of_a_record_stands_in_its_document(edition: Edition) -> None:
    """Nothing an editor wrote is lost on the way to a reader (vocabulary words and dates are worded)."""
    for name in every_ref(edition):
        entry = edition.get(name)
        assert entry is not None and isinstance(entry.record, Record)
        shown = " ".join(said(lay_out(edition, name)).split())
        for text in free_text(msgspec.to_builtins(entry.record)):
            assert " ".join(text.split()) in shown, (name, text)


def free_text(value: object) -> list[str]:
    """The strings in VALUE that are sentences or names: those with a space."""
    if isinstance(value, str):
        return [value] if " " in value else []
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else []
    return [text for part in parts for text in free_text(part)]


def test_whether_and_who_are_two_answers(edition: Edition) -> None:
    document = lay_out(edition, ref("incident/erbil-drone-2", SAMPLE))
    assert field(document, "That it happened") == "? suspected"
    assert field(document, "Who did it") == "? unknown"


def test_an_inferred_date_says_so_and_what_the_source_says(edition: Edition) -> None:
    document = lay_out(edition, ref("quote/q-hamidawi-2", SAMPLE))
    assert field(document, "Date") == "15 Jun 2025 (inferred)"
    assert "“On Sunday”" in field(document, "Date basis")


def test_names_in_another_script_stand_on_lines_of_their_own(edition: Edition) -> None:
    document = lay_out(edition, ref("actor/hamidawi", SAMPLE))
    own = [block for block in document.blocks if isinstance(block, Quotation) and block.lang == "ar"]
    assert own and all(len(block.line) == 1 and block.line[0].style == "original" for block in own)
    # The few lines of a record under a list say first who that is.
    first = document.blocks[1:3]
    assert [block.label for block in first if isinstance(block, Field)] == ["Is", "Office"]


def test_a_position_shows_the_words_it_rests_on(edition: Edition) -> None:
    document = lay_out(edition, ref("position/p-hamidawi-us-intervention", SAMPLE))
    assert ref("quote/q-hamidawi-2", SAMPLE) in targets(document)
    assert "If America intervenes in the war" in said(document)


def test_a_source_lists_what_rests_on_it_by_paragraph(edition: Edition) -> None:
    document = lay_out(edition, ref("source/article", SAMPLE))
    paragraphs: list[int] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            assert paragraphs == sorted(paragraphs)
            paragraphs = []
        elif isinstance(block, Item) and block.aside.startswith("par. "):
            paragraphs.append(int(block.aside.removeprefix("par. ")))
    assert paragraphs == sorted(paragraphs) and paragraphs


def test_a_retracted_record_says_so_before_anything_else(library: Library) -> None:
    edition = library(
        actors="- {id: anna, name: Anna, kind: person, retracted: {date: 2025-06-16, why: Two people}}\n"
    )
    document = lay_out(edition, ref("actor/anna"))
    assert said(document).splitlines()[2] == "x RETRACTED 16 Jun 2025: Two people"


@pytest.mark.parametrize(
    ("toll", "words"),
    [
        ("{best: 3}", "3"),
        ("{low: 2, high: 5}", "2 to 5"),
        ("{low: 2, best: 3, high: 5}", "2 to 5, best estimate 3"),
        ("{low: 2}", "at least 2"),
        ("{high: 1200}", "at most 1,200"),
        ("{low: 4, high: 4}", "4"),
        ("{low: 2, best: 3}", "3, at least 2"),
        ("{best: 3, high: 5}", "3, at most 5"),
    ],
)
def test_how_many_people(library: Library, toll: str, words: str) -> None:
    edition = library(
        incidents="- {id: raid, title: Raid, type: attack, by_status: unknown, status: reported, "
        f"when: {{undated: true}}, place: {{name: Erbil}}, {SOURCES}, deaths: {toll}}}\n"
    )
    assert field(lay_out(edition, ref("incident/raid")), "Deaths") == words


def test_a_missing_record_is_said_to_be_missing(edition: Edition) -> None:
    document = lay_out(edition, ref("quote/gone", SAMPLE))
    assert "There is no quote “gone”" in said(document)
    assert "The Problems view says which." in said(document)


def test_a_dangling_link_is_still_named(library: Library) -> None:
    edition = library(actors="- {id: anna, name: Anna, kind: person, member_of: nobody}\n")
    entry = edition.get(ref("actor/anna"))
    if entry is not None:
        assert field(lay_out(edition, ref("actor/anna")), "Part of") == "nobody"


def test_long_lists_say_how_many_more_there_are(library: Library) -> None:
    quotes = "".join(
        f"- {{id: q-{n}, speaker: anna, text: Word {n}, form: full, medium: speech, "
        f"when: {{undated: true}}, {SOURCES}}}\n"
        for n in range(23)
    )
    text = said(lay_out(library(actors=ACTORS, quotes=quotes), ref("actor/anna")))
    assert "Quotes by it (23)" in text
    assert "and 3 quotes more; search kind:quote speaker:anna finds all" in text


@pytest.mark.parametrize(("role", "shown"), [("leader of Ben", ""), ("leader", "leader")])
def test_a_role_that_an_office_says_is_not_said_twice(library: Library, role: str, shown: str) -> None:
    anna = f"- {{id: anna, name: Anna, kind: person, role: {role}, roles: [{{title: leader, of: ben}}]}}\n"
    document = lay_out(
        library(actors=anna + "- {id: ben, name: Ben, kind: armed-group}\n"), ref("actor/anna")
    )
    assert field(document, "Role") == shown
    assert field(document, "Office") == "leader of Ben"


def test_a_web_address_is_a_link_only_when_it_is_one(library: Library) -> None:
    edition = library(sources="- {id: paper, kind: article, title: Paper, url: 'https://example.org/a b'}\n")
    document = lay_out(edition, ref("source/paper"))
    links_out = [
        run.target
        for block in document.blocks
        if isinstance(block, Field)
        for run in block.line
        if isinstance(run.target, str)
    ]
    assert links_out == ["https://example.org/a b"]


def test_markup_and_escapes_in_content_stay_text(library: Library) -> None:
    edition = library(actors='- {id: anna, name: "[Reuters] [/] \\e[31mAnna\\a", kind: person}\n')
    text = said(lay_out(edition, ref("actor/anna")))
    assert "[Reuters] [/]" in text
    assert "\x1b" not in text and "\x07" not in text


def test_without_backlinks_nothing_that_names_it_is_said(edition: Edition) -> None:
    name = ref("actor/hamidawi", SAMPLE)
    assert "Quotes by it" in said(lay_out(edition, name))
    assert "Quotes by it" not in said(lay_out(edition, name, backlinks=False))


def quoted(library: Library, text: str) -> tuple[Edition, Path]:
    """A library in which Anna says TEXT in paragraph 2 of the paper, and its folder of texts."""
    edition = library(
        actors=ACTORS,
        quotes=f"- {{id: q, speaker: anna, text: '{text}', form: full, medium: speech, "
        "when: {undated: true}, sources: [{source: paper, para: 2}]}\n",
    )
    place = edition.place_of(ref("source/paper"))
    assert place is not None
    texts = place[0].parent / "texts"
    texts.mkdir()
    return edition, texts


def test_a_quote_stands_in_its_paragraph_where_the_text_is_at_hand(library: Library) -> None:
    edition, texts = quoted(library, "No war.")
    name = ref("quote/q")
    assert "In paragraph" not in said(lay_out(edition, name))
    (texts / "paper.txt").write_text('Title\nAnna said: "No war." She left.\x1b[2J\n', encoding="utf-8")
    text = said(lay_out(edition, name))
    assert 'In paragraph 2\nAnna said: "No war." She left.' in text
    assert "\x1b" not in text


def test_a_text_that_lies_elsewhere_or_says_otherwise_is_not_shown(library: Library, tmp_path: Path) -> None:
    edition, texts = quoted(library, "No war.")
    (texts / "paper.txt").write_text("Title\nAnna said something else.\n", encoding="utf-8")
    assert "In paragraph" not in said(lay_out(edition, ref("quote/q")))
    (texts / "paper.txt").unlink()
    (tmp_path / "secret.txt").write_text("Title\nNo war. Password: 1234\n", encoding="utf-8")
    (texts / "paper.txt").symlink_to(tmp_path / "secret.txt")
    assert "Password" not in said(lay_out(edition, ref("quote/q")))


def test_the_halves_of_an_utterance_lead_to_each_other(edition: Edition) -> None:
    first, second = ref("quote/q-hamidawi-1", SAMPLE), ref("quote/q-hamidawi-2", SAMPLE)
    assert "The rest of the utterance\n- “If America" in said(lay_out(edition, first))
    assert "The rest of the utterance\n- “We are closely" in said(lay_out(edition, second))
    assert "The rest of the utterance" not in said(lay_out(edition, ref("quote/q-abbasi-1", SAMPLE)))


def test_the_parts_of_an_utterance_are_found_however_much_was_said_since(library: Library) -> None:
    said_of = "form: full, medium: speech, sources: [{source: paper, para: 2}]"
    parts = "".join(
        f"- {{id: part-{seq}, speaker: anna, text: Part {seq}, utterance: u, seq: {seq}, "
        f"when: {{date: 2025-06-01}}, {said_of}{more}}}\n"
        for seq, more in ((1, ""), (2, ""), (3, ", retracted: {date: 2025-06-03, reason: Nobody said that}"))
    )
    since = "".join(
        f"- {{id: later-{number}, speaker: anna, text: Later, when: {{date: 2025-06-02}}, {said_of}}}\n"
        for number in range(150)
    )
    edition = library(actors=ACTORS, quotes=parts + since)
    document = said(lay_out(edition, ref("quote/part-1")))
    assert "The rest of the utterance\n- “Part 2” (part 2)" in document
    assert "Part 3" not in document


def test_whether_the_words_were_compared_is_said_in_a_sign_and_words(edition: Edition) -> None:
    document = lay_out(edition, ref("quote/q-hamidawi-2", SAMPLE))
    assert field(document, "Words").startswith("= verbatim, checked against sha256 ")


def test_words_that_nobody_compared_say_so(library: Library) -> None:
    edition = library(
        actors=ACTORS,
        quotes="- {id: q, speaker: anna, text: No, form: full, medium: speech, when: {undated: true}, "
        f"{SOURCES}}}\n",
    )
    assert field(lay_out(edition, ref("quote/q")), "Words") == "? not compared with the source's text"


def test_a_transliteration_is_among_the_latin_spellings_and_only_another_script_stands_alone(
    library: Library,
) -> None:
    actors = "- {id: anna, name: Anna, kind: person, aliases: [Abū Ḥusayn al-Ḥamīdāwī, O’Hara, 漢字]}\n"
    document = lay_out(library(actors=actors), ref("actor/anna"))
    assert field(document, "Also called") == "Abū Ḥusayn al-Ḥamīdāwī; O’Hara"
    assert [block.line[0].text for block in document.blocks if isinstance(block, Quotation)] == ["漢字"]


def test_a_section_and_its_fields_are_called_by_different_words(edition: Edition) -> None:
    for one in every_ref(edition):
        blocks = lay_out(edition, one).blocks
        headings = {block.text for block in blocks if isinstance(block, Heading)}
        assert not headings & {block.label for block in blocks if isinstance(block, Field)}
