"""The painter's bytes, fed to a real emulator, always show the frame: whatever stood there before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyte import ByteStream, Screen
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from briefing.ssh.painter import Painter

WIDTH, HEIGHT = 24, 4

STYLES = st.sampled_from(
    [
        None,
        *map(
            Style.parse,
            ("", "bold", "reverse", "red", "on blue", "dim italic", "default on default", "#123456"),
        ),
    ]
)
TEXTS = st.text(alphabet="ab -│é\u200bشم漢", min_size=1, max_size=8) | st.just("     ")


@st.composite
def frames(draw: st.DrawFn) -> list[list[Segment]]:
    frame = []
    for _ in range(HEIGHT):
        segments: list[Segment] = []
        room = WIDTH
        for text, style in draw(st.lists(st.tuples(TEXTS, STYLES), max_size=4)):
            segment = Segment(text, style)
            if segment.cell_length <= room:
                segments.append(segment)
                room -= segment.cell_length
        frame.append(segments)
    return frame


def shown(screen: Screen) -> list[list[tuple[object, ...]]]:
    """Each cell as a person sees it: the colour of a blank's ink is not seen."""
    cells: list[list[tuple[object, ...]]] = []
    for row in range(screen.lines):
        line = [screen.buffer[row][column] for column in range(screen.columns)]
        cells.append(
            [
                (
                    c.data,
                    None if c.data == " " and not c.reverse else (c.fg, c.bold, c.italics),
                    c.bg,
                    c.reverse,
                )
                for c in line
            ]
        )
    return cells


@given(st.lists(frames(), min_size=1, max_size=5), st.booleans())
def test_a_frame_drawn_over_others_looks_like_one_drawn_afresh(
    sequence: list[list[list[Segment]]], forget: bool
) -> None:
    painter = Painter(ColorSystem.STANDARD)
    screen = Screen(WIDTH, HEIGHT)
    stream = ByteStream(screen)
    for frame in sequence:
        stream.feed(painter.paint(frame, WIDTH).encode())
    if forget:
        painter.forget()
        stream.feed(painter.paint(sequence[-1], WIDTH).encode())
    fresh = Screen(WIDTH, HEIGHT)
    ByteStream(fresh).feed(Painter(ColorSystem.STANDARD).paint(sequence[-1], WIDTH).encode())
    assert shown(screen) == shown(fresh)
    plain = ["".join(segment.text for segment in line) for line in sequence[-1]]
    for row, text in enumerate(plain):
        if text.isascii():
            assert screen.display[row].rstrip() == text.rstrip()


def test_nothing_changed_costs_nothing() -> None:
    painter = Painter(ColorSystem.STANDARD)
    frame = [[Segment("one", Style(bold=True)), Segment(" two")], [Segment("three")]]
    assert painter.paint(frame, 20)
    assert painter.paint(frame, 20) == ""


def test_one_changed_cell_costs_one_cell() -> None:
    painter = Painter(ColorSystem.STANDARD)
    painter.paint([[Segment("row 1 of a list")]], 40)
    assert painter.paint([[Segment("row 2 of a list")]], 40) == "\x1b[1;5H2"


def test_the_look_is_put_back_after_a_frame() -> None:
    painter = Painter(ColorSystem.STANDARD)
    assert painter.paint([[Segment("x" * 20, Style(reverse=True))]], 20).endswith("\x1b[0m")


def test_a_terminal_without_colours_gets_attributes_only() -> None:
    out = Painter(None).paint([[Segment("warning", Style.parse("bold red on blue"))]], 20)
    assert "\x1b[1mwarning" in out
    assert "31" not in out


def test_readers_with_other_terminals_do_not_share_colours() -> None:
    style = Style.parse("#ff8700")
    first = Painter(ColorSystem.EIGHT_BIT).paint([[Segment("a", style)]], 4)
    second = Painter(ColorSystem.STANDARD).paint([[Segment("a", style)]], 4)
    assert "38;5;208" in first
    assert "38;5" not in second


def test_the_terminals_own_colour_is_not_confused_with_colour_39() -> None:
    style = Style.parse("color(39) on default")
    assert "\x1b[38;5;39ma" in Painter(ColorSystem.EIGHT_BIT).paint([[Segment("a", style)]], 4)


def test_blinking_never_starts() -> None:
    assert "\x1b[5" not in Painter(ColorSystem.STANDARD).paint([[Segment("a", Style(blink=True))]], 4)
