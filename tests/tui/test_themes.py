"""Every text of a theme can be read, on its ground and on the cursor's."""

from __future__ import annotations

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style

from briefing.edition.edition import Edition
from briefing.tui.settings import Settings
from briefing.tui.themes import COLOURS, NAMES, Colours, paint, textual_theme
from tests.tui.reading import Reading, reading

TEXTS = ("foreground", "strong", "muted", "accent", "quote", "good", "warning", "bad")


def _luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", COLOURS.values(), ids=list(COLOURS))
def test_contrast_is_enough_for_reading(colours: Colours) -> None:
    for role in TEXTS:
        assert contrast(getattr(colours, role), colours.background) >= 4.5, role
        for ground in (colours.row, colours.row_idle):
            assert contrast(getattr(colours, role), ground) >= 4.5, role
    assert contrast(colours.match, colours.match_background) >= 7


@pytest.mark.parametrize("colours", COLOURS.values(), ids=list(COLOURS))
def test_colours_look_the_same_in_256(colours: Colours) -> None:
    for name in colours.__struct_fields__:
        style = Style(color=getattr(colours, name))
        assert style.color is not None
        near = style.color.downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
        assert max(abs(a - b) for a, b in zip(near, style.color.get_truecolor(), strict=True)) <= 10, name


def test_the_terminal_theme_names_no_colour_of_its_own() -> None:
    painted = paint("terminal")
    roles = ("plain", "strong", "muted", "heading", "good", "warning", "bad", "quote", "bar")
    for style in (painted.style(role, row=row) for role in roles for row in ("", "cursor", "idle")):
        for colour in (style.color, style.bgcolor):
            assert colour is None or (colour.number is not None and colour.number < 16)
    assert textual_theme("terminal").ansi


def style_of(session: Reading, words: str) -> Style:
    """How WORDS are drawn on the screen in front."""
    segments = (segment for strip in session.app.screen._compositor.render_strips() for segment in strip)
    return next(style for text, style, _ in segments if style is not None and words in text)


@pytest.mark.parametrize("name", COLOURS)
async def test_the_palette_can_be_read_where_its_cursor_stands_too(edition: Edition, name: str) -> None:
    async with reading(edition, settings=Settings(theme=name)) as session:
        await session.press("ctrl+p")
        await session.until(lambda: "Search as you type" in session.text)
        for words in ("earch for commands", "Search as you type", "keys of what has"):
            style = style_of(session, words)
            assert style.color is not None
            assert style.bgcolor is not None
            colours = (style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex)
            assert contrast(*colours) >= 4.5, words


@pytest.mark.parametrize("name", NAMES)
async def test_the_rules_around_the_palette_are_the_themes(edition: Edition, name: str) -> None:
    async with reading(edition, settings=Settings(theme=name)) as session:
        await session.press("ctrl+p")
        await session.until(lambda: "Search as you type" in session.text)
        rule = COLOURS[name].rule if name in COLOURS else "default"
        for edge in "▔▁":
            assert style_of(session, edge).color == Color.parse(rule)
        assert "🔎" not in session.text


async def test_a_notice_is_drawn_on_the_ground_of_the_terminal_whose_letters_it_has(edition: Edition) -> None:
    settings = Settings(theme="terminal", problems=("no such key",))
    async with reading(edition, settings=settings) as session:
        style = style_of(session, "no such key")
        assert (style.color, style.bgcolor) == (Color.default(), Color.default())


@pytest.mark.parametrize("name", NAMES)
def test_what_matters_is_told_without_colour(name: str) -> None:
    """Under NO_COLOR the cursor, links, matches and names still differ from plain text."""
    style = paint(name).style
    if name == "terminal":
        assert style("plain", row="cursor").reverse
        assert style("plain", chosen=True).reverse
    assert style("plain", link=True).underline
    assert style("title").bold
