"""Frames: a terminal emulator shows what was wanted, for few bytes, and nothing but text gets through."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from briefing.tui.frames import Frame

WIDTH, HEIGHT = 24, 8
STYLES = [
    Style(),
    Style(color="red", bold=True),
    Style(color="#d0d0d0", bgcolor="#1c1c1c"),
    Style(reverse=True, dim=True),
    Style(underline=True, color="cyan"),
]
# Pyte itself draws some scripts otherwise than terminals do: letters, signs and boxes are enough here.
TEXT = st.text("abc xyz…“”│█é─", min_size=1, max_size=WIDTH)
LINE = st.lists(st.tuples(TEXT, st.sampled_from(STYLES)), max_size=3)
SCREEN = st.lists(LINE, min_size=HEIGHT, max_size=HEIGHT)

# What the frame writes of its own: moves, looks, erasing a line.
OWN = re.compile(r"\x1b\[[0-9;]*[HCmKr]|\x1b[DM]")

Pieces = Sequence[tuple[str, Style]]


class Terminal:
    """A frame with an emulator behind it."""

    def __init__(self, colours: ColorSystem | None = ColorSystem.TRUECOLOR) -> None:
        self.frame = Frame(colours)
        self.frame.clear(WIDTH, HEIGHT)
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.stream = pyte.Stream(self.screen)

    def show(self, lines: Sequence[Pieces]) -> str:
        strips = [Strip([Segment(text, style) for text, style in line]) for line in lines]
        fitted = [[strip.adjust_cell_length(WIDTH)] for strip in strips]
        self.frame.apply(LayoutUpdate(list(fitted), Region(0, 0, WIDTH, HEIGHT)))
        data = self.frame.take()
        self.stream.feed(data)
        return data

    @property
    def cells(self) -> list[list[tuple[object, ...]]]:
        """What is seen: of a blank, only its ground."""
        return [[_seen(self.screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)]


def _seen(char: pyte.screens.Char) -> tuple[object, ...]:
    if char.data == " " and not (char.reverse or char.underscore or char.strikethrough):
        return (" ", char.bg)
    return (char.data, char.fg, char.bg, char.bold, char.reverse, char.underscore)


@settings(deadline=None)
@given(st.lists(SCREEN, min_size=2, max_size=5))
def test_changes_lead_to_what_a_fresh_terminal_shows(screens: list[list[Pieces]]) -> None:
    terminal = Terminal()
    for screen in screens:
        terminal.show(screen)
        fresh = Terminal()
        fresh.show(screen)
        assert terminal.cells == fresh.cells


@settings(deadline=None)
@given(SCREEN, st.integers(-3, 3))
def test_lines_that_only_moved_are_moved_by_the_terminal(screen: list[Pieces], by: int) -> None:
    terminal = Terminal()
    terminal.show(screen)
    moved = screen[by:] + screen[:by]
    terminal.show(moved)
    fresh = Terminal()
    fresh.show(moved)
    assert terminal.cells == fresh.cells


def test_a_scrolled_list_costs_little() -> None:
    terminal = Terminal()
    rows: list[Pieces] = [[(f"row {number} of the long list", STYLES[1])] for number in range(20)]
    whole = terminal.show(rows[:HEIGHT])
    step = terminal.show(rows[1 : HEIGHT + 1])
    assert len(step) < len(whole) / 3


def test_what_stands_already_is_not_written_again() -> None:
    terminal = Terminal()
    screen: list[Pieces] = [[("the same", STYLES[2])]] * HEIGHT
    assert terminal.show(screen)
    assert terminal.show(screen) == ""


def test_after_forgetting_all_is_written() -> None:
    terminal = Terminal()
    screen: list[Pieces] = [[("the same", STYLES[2])]] * HEIGHT
    terminal.show(screen)
    terminal.screen.reset()
    terminal.frame.forget(WIDTH, HEIGHT)
    terminal.show(screen)
    fresh = Terminal()
    fresh.show(screen)
    assert terminal.cells == fresh.cells


def test_what_was_drawn_for_a_wider_terminal_is_left_out() -> None:
    terminal = Terminal()
    terminal.show([[("row", Style())]] * HEIGHT)
    late = [[Strip([Segment("text that stood there before")])]]
    terminal.frame.apply(
        LayoutUpdate(list(late), Region(WIDTH + 4, 0, len("text that stood there before"), 1))
    )
    assert terminal.frame.take() == ""
    terminal.show([[("line", Style())]] * HEIGHT)
    assert [line.rstrip() for line in terminal.screen.display] == ["line"] * HEIGHT


def test_spaces_between_words_of_one_look_cost_one_byte() -> None:
    terminal = Terminal()
    data = terminal.show([[("one two three four", Style(color="red"))]] + [[]] * (HEIGHT - 1))
    assert data.count("\x1b[31m") == 1


def test_no_colour_means_no_colour() -> None:
    data = Terminal(None).show([[("word", style)] for style in STYLES] + [[]] * (HEIGHT - len(STYLES)))
    assert "word" in data
    assert not {"31", "36", "38", "48"} & set(data.replace("m", ";").replace("[", ";").split(";"))


@pytest.mark.parametrize(
    "hostile",
    ["\x1b]52;c;aGk=\x07", "\x1b[2J", "\x9b31m", "\x07", "\x00", "\u202eabc", "\x7f", "\ud800"],
)
def test_no_control_character_of_a_text_is_written(hostile: str) -> None:
    data = Terminal().show([[(f"x{hostile}x", Style())]] + [[]] * (HEIGHT - 1))
    assert OWN.sub("", data).isprintable()
    assert "\ufffd" in data
    data.encode()


def test_isolates_take_no_cell_and_reach_no_terminal() -> None:
    data = Terminal().show([[("a\u2067b", Style()), ("\u2066c\u2069d", Style())]] + [[]] * (HEIGHT - 1))
    assert "abcd" in OWN.sub("", data)


def test_links_are_told_only_in_plain_addresses() -> None:
    empty: list[Pieces] = [[]] * (HEIGHT - 1)
    lines: list[Pieces] = [[("source", Style(link="https://example.org/a"))], *empty]
    assert "\x1b]8;;https://example.org/a\x1b\\" in Terminal().show(lines)
    lines[0] = [("source", Style(link="https://example.org/\x1b]0;x"))]
    assert "\x1b]8" not in Terminal().show(lines)


def test_wide_characters_keep_both_their_cells() -> None:
    terminal = Terminal()
    line = "東京都 a한b日"
    terminal.show([[(line, Style())], [(f"x{'山' * 11}", Style())]] + [[]] * (HEIGHT - 2))
    cells = [str(char) for row in terminal.cells[:2] for char, *_ in row]
    assert "".join(cells) == f"{line}{' ' * 11}x{'山' * 11} "
    assert cells.count("") == 5 + 11


def test_nothing_stays_beside_an_emoji_that_a_terminal_draws_narrow() -> None:
    terminal = Terminal()
    terminal.show([[("stale", Style())]] * HEIGHT)
    terminal.show([[("a❤️b", Style())]] * HEIGHT)
    # Pyte is such a terminal, and keeps no selector.
    assert [char for char, *_ in terminal.cells[0][:5]] == ["a", "❤", " ", "b", " "]


def test_as_many_combining_characters_as_wide_ones_do_not_make_a_text_narrow() -> None:
    terminal = Terminal()
    terminal.show([[("日e\u0301本o\u0308.", Style())]] + [[]] * (HEIGHT - 1))
    assert [char for char, *_ in terminal.cells[0][:7]] == ["日", "", "é", "本", "", "ö", "."]


def test_a_line_with_arabic_is_written_whole_and_placed_after_each_letter() -> None:
    terminal = Terminal()
    terminal.show([[("ab كتائب cd", Style())]] + [[]] * (HEIGHT - 1))
    data = terminal.show([[("ab كتائب ce", Style())]] + [[]] * (HEIGHT - 1))
    assert "ab" in data
    assert "ك" in data
