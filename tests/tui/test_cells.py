"""Text fits its cells and is broken without losing a letter."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size

from briefing.tui.cells import ELLIPSIS, fit, wrap

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Mn", "Me"]), max_size=80)


@given(TEXTS, st.integers(1, 40), st.booleans())
def test_a_text_fits_exactly(text: str, width: int, right: bool) -> None:
    assert cell_len(fit(text, width, right=right)) == width


def test_a_cut_text_says_so_and_a_short_one_is_whole() -> None:
    assert fit("Kataib Hezbollah", 8) == "Kataib …"
    assert fit("INA", 5) == "INA  "
    assert fit("12", 5, right=True) == "   12"
    assert fit("anything", 0) == ""


def test_lines_of_a_text_are_one_where_it_is_to_fit() -> None:
    assert fit("Kataib\nHezbollah", 17) == "Kataib Hezbollah "
    assert fit("Kataib\nHezbollah", 8) == "Kataib …"


@given(st.text("ab “”é漢👩\u200d\u0301ال", max_size=60), st.integers(1, 12))
def test_how_a_text_is_cut_hangs_on_its_beginning_alone(text: str, width: int) -> None:
    if cell_len(text) > width:
        assert fit(text, width) == set_cell_size(text, width - 1) + ELLIPSIS


@given(TEXTS, st.integers(2, 40))
def test_lines_fit_and_hold_every_word_in_order(text: str, width: int) -> None:
    spans = wrap(text, width)
    lines = [text[start:stop] for start, stop in spans]
    assert all(cell_len(line) <= width for line in lines)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_flag_is_cut_in_two() -> None:
    assert fit("🇮🇶🇮🇷🇺🇸", 4) == "🇮🇶 …"
    assert fit("🇮🇶🇮🇷🇺🇸", 5) == "🇮🇶🇮🇷…"
    assert wrap("a🇮🇶🇮🇷🇺🇸", 4) == [(0, 3), (3, 7)]
    assert wrap("🇮🇶🇮🇷", 1) == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_lines_of_its_own_stay_apart() -> None:
    text = "Two of\n\n- three words\n"
    assert [text[start:stop] for start, stop in wrap(text, 8)] == ["Two of", "", "- three", "words"]
    assert wrap("\n", 5) == [(0, 0)]


def test_words_stay_whole_where_they_can() -> None:
    text = "air defences of Iraq"
    assert [text[start:stop] for start, stop in wrap(text, 12)] == ["air defences", "of Iraq"]
    assert wrap("abcdefgh ij", 5) == [(0, 5), (5, 8), (9, 11)]
    assert wrap("", 5) == [(0, 0)]


def test_wide_characters_count_twice() -> None:
    text = "伊拉克 民兵"
    assert [text[start:stop] for start, stop in wrap(text, 6)] == ["伊拉克", "民兵"]


def test_what_is_seen_as_one_character_is_not_broken() -> None:
    family = "👩\u200d👩\u200d👧"
    text = 3 * family
    assert [text[start:stop] for start, stop in wrap(text, 5)] == [2 * family, family]


def test_a_word_too_wide_is_broken_where_it_has_parts() -> None:
    def lines(text: str, width: int) -> list[str]:
        return [text[start:stop] for start, stop in wrap(text, width)]

    assert lines("militias-2025/quote/q-hamidawi-1", 25) == ["militias-2025/quote/", "q-hamidawi-1"]
    assert lines("of militias-2025-06-15", 12) == ["of", "militias-", "2025-06-15"]
    assert lines("https://desk.example/2025/06", 12) == ["https://", "desk.example", "/2025/06"]
    assert lines("/伊拉克民兵", 4) == ["/", "伊拉", "克民", "兵"]
