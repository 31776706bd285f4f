"""Documents as Markdown: data never makes markup, proven with a Markdown parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from briefing.document.brief import brief
from briefing.document.document import Document, Field, Heading, Item, Paragraph, Quotation, Run
from briefing.document.layout import lay_out
from briefing.document.markdown import escape, markdown
from briefing.edition.edition import Edition
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

REF = Ref.parse("story/quote/q")
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
NASTY = st.text(alphabet=st.sampled_from("ab1 .)-+*_`~#>|[]()!<&;:=\\/\"'\n@w"), max_size=40)


def text_of(source: str) -> tuple[str, set[str]]:
    """What a Markdown parser reads: the text, and the kinds of tokens it is made of."""
    words, kinds = [], set()
    for token in PARSER.parse(source):
        kinds.add(token.type)
        for child in token.children or []:
            kinds.add(child.type)
            words.append(child.content)
    return "".join(words), kinds


@given(NASTY)
def test_any_text_renders_as_itself(text: str) -> None:
    words, kinds = text_of(escape(text))
    assert words == " ".join(text.split())
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}


@given(NASTY)
def test_no_block_lets_its_text_out(text: str) -> None:
    document = Document(
        REF,
        text,
        (
            Heading(text, 1),
            Paragraph((Run(text),)),
            Quotation((Run(text, "quote"),)),
            Item((Run(text, target=REF),), text, "--"),
            Field(text, (Run(text),)),
        ),
    )
    kinds = text_of(markdown(document))[1]
    assert not kinds & {
        "html_inline",
        "html_block",
        "link_open",
        "image",
        "fence",
        "code_block",
        "hr",
        "em_open",
    }
    assert not kinds & {"table_open", "s_open"}


@pytest.mark.parametrize("address", ["https://example.org/a>b) c", "http://x/\\", "javascript:alert(1)"])
def test_a_link_leads_to_its_address_or_nowhere(address: str) -> None:
    source = markdown(Document(REF, "t", (Paragraph((Run("[here]", target=address),)),)))
    tokens = [child for token in PARSER.parse(source) for child in token.children or []]
    hrefs = [token.attrs["href"] for token in tokens if token.type == "link_open"]
    assert len(hrefs) == (0 if address.startswith("javascript") else 1)
    assert all(str(href).startswith("http") for href in hrefs)


@pytest.mark.parametrize("bare", ["https://example.org", "www.example.org", "a@example.org"])
def test_bare_addresses_are_not_made_links(bare: str) -> None:
    """GitHub links what looks like an address; an entity in it keeps it text."""
    assert bare not in escape(bare)
    assert text_of(escape(bare))[0] == bare


def test_the_whole_sample_reads_as_markdown(edition: Edition) -> None:
    documents = [brief(edition)]
    for kind in (Kind.ACTOR, Kind.POSITION, Kind.INCIDENT, Kind.QUOTE, Kind.SOURCE):
        documents += [lay_out(edition, entry.ref) for entry in edition.page(kind, 0, 3)]
    for document in documents:
        source = markdown(document)
        assert source.startswith("# ")
        assert "html_inline" not in text_of(source)[1]


@pytest.mark.parametrize("text", ["23.576", "2025-06-15", "1.5 km away", "12"])
def test_numbers_that_begin_no_list_are_left_as_they_are(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize("text", ["1. May", "12) so", "3.", "- so", "+ so", "=", ": so"])
def test_what_would_begin_a_list_is_text(text: str) -> None:
    assert escape(text) != text
    assert text_of(escape(text)) == (text, text_of("words")[1])
