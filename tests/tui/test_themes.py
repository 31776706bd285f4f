"""Every text of a theme can be read, on its ground and on the cursor's."""

from __future__ import annotations

import pytest
from rich.color import ColorSystem
from rich.style import Style

from briefing.tui.themes import COLOURS, NAMES, Colours, paint, textual_theme

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
            assert contrast(getattr(colours, role), ground) >= 4.4, role
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


@pytest.mark.parametrize("name", NAMES)
def test_what_matters_is_told_without_colour(name: str) -> None:
    """Under NO_COLOR the cursor, links, matches and names still differ from plain text."""
    style = paint(name).style
    if name == "terminal":
        assert style("plain", row="cursor").reverse
        assert style("plain", chosen=True).reverse
    assert style("plain", link=True).underline
    assert style("title").bold
