"""The sanitiser: nothing hidden, nothing obeyed, scripts left whole."""

from __future__ import annotations

import unicodedata

import pyte
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.content.sanitise import MARKS_MAX, is_plain, sanitise, sanitise_line

# Surrogates included: a Python string from a query or a file name may hold them.
ANY_TEXT = st.text(st.characters(codec=None, categories=None))
HOSTILE = st.text(
    st.sampled_from(
        "\x00\x07\x08\t\n\r\x0b\x0c\x0e\x1b\x7f\x84\x85\x8d\x90\x9b\x9c\x9d\x9e\x9f[]()?;0123456789"
        "hlmHJKcPX^_\\"
        "\u200b\u200c\u200d\u200e\u202a\u202e\u2066\u2067\u2069\ufeff\u0301\u0651"
        "\ufe0f\U000e0041ab می❤👩\ud800"
    )
)
# Joiners, balanced isolates, and the signs that numbers and names are set on in some scripts.
SHAPING = (
    "\u200c\u200d\u2066\u2067\u2068\u2069"
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "␛[2J"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("\x1bP1$r\x1b\\", "␛P1$r␛\\"),
        ("\x1b_payload\x1b\\", "␛_payload␛\\"),
        ("\x9b2J\x9d0;x\x9c\x90\x9f\x9e", "⟨U+009B⟩2J⟨U+009D⟩0;x⟨U+009C⟩⟨U+0090⟩⟨U+009F⟩⟨U+009E⟩"),
        ("a\x00b\x7f", "a␀b␡"),
        ("a\rb\x0bc\x0cd", "a␍b␋c␌d"),
        ("a\tb", "a b"),
        ("user\u202egnp.exe", "user⟨U+202E⟩gnp.exe"),
        ("a\u2067b", "a⟨U+2067⟩b"),
        ("a\u2069b", "a⟨U+2069⟩b"),
        ("\u2067a\nb\u2069", "⟨U+2067⟩a\nb⟨U+2069⟩"),
        ("\u2066\u2067a\u2069", "⟨U+2066⟩\u2067a\u2069"),
        ("a\U000e0041\U000e007fb", "a⟨U+E0041⟩⟨U+E007F⟩b"),
        ("zero\u200bwidth\ufeff", "zero⟨U+200B⟩width⟨U+FEFF⟩"),
        ("pay\u200cpal", "pay⟨U+200C⟩pal"),
        ("a\u200d", "a⟨U+200D⟩"),
        ("soft\u00adhyphen", "soft⟨U+00AD⟩hyphen"),
        ("\u3164", "⟨U+3164⟩"),
        ("a\ufe0f", "a⟨U+FE0F⟩"),
        ("\ud800x\udfff", "⟨U+D800⟩x⟨U+DFFF⟩"),
        ("a\u2028b", "a⟨U+2028⟩b"),
        ("e" + "\u0301" * 30 + "f", "e" + "\u0301" * MARKS_MAX + "⟨…⟩f"),
    ],
)
def test_what_a_terminal_would_obey_or_hide_is_shown(text: str, shown: str) -> None:
    assert not is_plain(text)
    assert sanitise(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "plain words, “quotes” – and … dashes",
        "line\nline",
        "می‌خواهم",  # Persian with ZWNJ
        "نامه‌ای از علی‌رضا",
        "क्‍ष and क्‌ष",  # Indic with ZWJ and ZWNJ
        "শ্রীলঙ্কা র‍্যাব",
        "ශ්‍රී ලංකාව",  # Sinhala needs ZWJ
        "كَتَائِبُ حِزْبِ اللهِ",  # Arabic with harakat
        "אַרְצֵנוּ",
        "👨‍👩‍👧 ❤️ 🏳️‍🌈 1️⃣",
        "Kataʾib Ḥizbullāh",
        "Nguyễn Thị Định".encode().decode(),
        unicodedata.normalize("NFD", "Nguyễn Thị Định"),
        "\u2067كتائب\u2069 said",  # a balanced isolate
        "⟨U+202E⟩ ␛[2J",  # the stand-ins themselves
        "[Reuters] [/] [bold]x[/bold] [sic]",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert sanitise(text) == text


def test_one_line() -> None:
    assert sanitise_line("a\nb\x1b") == "a␊b␛"


@given(ANY_TEXT | HOSTILE)
@example("\u0645\u200c\u0651\u200c\u0651")
def test_a_second_pass_changes_nothing(text: str) -> None:
    once = sanitise(text)
    assert sanitise(once) == once


@given(ANY_TEXT | HOSTILE)
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    for character in sanitise(text):
        category = unicodedata.category(character)
        assert category not in ("Cc", "Cs", "Zl", "Zp") or character == "\n"
        if category == "Cf":  # format characters that shape text, and none that hides or reorders it
            assert character in SHAPING
    sanitise(text).encode("utf-8")


@given(ANY_TEXT | HOSTILE)
def test_nothing_is_lost_and_growth_is_bounded(text: str) -> None:
    shown = sanitise(text)
    assert len(shown) <= 9 * len(text)
    visible = [c for c in text if c.isprintable() and unicodedata.category(c) not in ("Mn", "Me", "Lo", "Mc")]
    remaining = iter(shown)
    assert all(c in remaining for c in visible)


@given(ANY_TEXT)
def test_what_is_plain_is_left_as_it_is(text: str) -> None:
    if is_plain(text):
        assert sanitise(text) == text


@given(HOSTILE)
@example("\x1b[?1049h\x1b]52;c;AAAA\x07\x1bc")
def test_a_terminal_shows_it_and_changes_no_state(text: str) -> None:
    screen = pyte.Screen(40, 10)
    stream = pyte.Stream(screen)
    replies: list[str] = []
    screen.write_process_input = replies.append  # type: ignore[method-assign, assignment]
    before = state(screen)
    stream.feed(sanitise(text).replace("\n", "\r\n"))
    assert state(screen) == before
    assert replies == []


def state(screen: pyte.Screen) -> tuple[object, ...]:
    """What a terminal keeps besides its cells and its cursor's place."""
    modes, tabs = frozenset(screen.mode), frozenset(screen.tabstops)
    return modes, tabs, screen.charset, screen.margins, screen.title, screen.icon_name, screen.cursor.attrs


@pytest.mark.parametrize(
    "piece", ["\u0301", "\u200d", "\u2067", "\x1b", "•", "\u2069\u2067", "\ufe0f", "e\u0301"]
)
def test_long_hostile_texts_take_linear_work(piece: str) -> None:
    # A quadratic pass over a million characters would not end within the test run.
    assert sanitise(piece * 1_000_000)
