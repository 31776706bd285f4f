"""Documents as linear text: order kept, words whole, links said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from briefing.document.document import Bar, Document, Field, Heading, Item, Paragraph, Quotation, Run, Style
from briefing.document.plain import plain, wrap
from briefing.model.ref import Ref

REF = Ref.parse("story/quote/q")
STYLES: tuple[Style, ...] = ("plain", "strong", "muted")
RUNS = st.lists(st.builds(Run, st.text("ab \n-", max_size=12), st.sampled_from(STYLES)), max_size=6)


def test_one_thing_after_the_other() -> None:
    document = Document(
        REF,
        "Title",
        (
            Heading("Title", 1),
            Paragraph((Run("Some "), Run("words", "strong"), Run("."))),
            Field("Speaker", (Run("Anna", target=Ref.parse("story/actor/anna")),)),
            Quotation((Run("“No.”", "quote"),)),
            Heading("Days"),
            Bar("Fri 13 Jun", 3, 7),
            Item((Run("Raid", target=REF),), "13 Jun", "?"),
            Field("Address", (Run("here", target="https://example.org"),)),
        ),
    )
    assert plain(document, refs=True) == (
        "Title\n\nSome words.\n\nSpeaker: Anna [actor/anna]\n  “No.”\n\nDays\nFri 13 Jun: 3\n"
        "? Raid (13 Jun) [quote/q]\nAddress: here <https://example.org>\n"
    )
    assert "[actor/anna]" not in plain(document)


@given(RUNS, st.integers(5, 40))
def test_wrapping_keeps_every_word_in_order(runs: list[Run], width: int) -> None:
    lines = list(wrap(tuple(runs), width, first="- ", rest="  "))
    wrapped = " ".join("".join(run.text for run in line) for line in lines)
    assert wrapped.removeprefix("- ").split() == "".join(run.text for run in runs).split()


@given(RUNS, st.integers(5, 40))
def test_no_line_is_wider_than_it_may_be_unless_a_word_is(runs: list[Run], width: int) -> None:
    for line in wrap(tuple(runs), width):
        text = "".join(run.text for run in line)
        assert len(text) <= width or " " not in text


@given(RUNS)
def test_a_style_covers_the_words_it_covered(runs: list[Run]) -> None:
    """Letter for letter, spaces aside."""
    before = [(letter, run.style) for run in runs for letter in run.text if not letter.isspace()]
    lines = wrap(tuple(runs), 20)
    after = [
        (letter, run.style) for line in lines for run in line for letter in run.text if not letter.isspace()
    ]
    assert after == before
