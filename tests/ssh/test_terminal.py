"""Terminal names and sizes come from outside."""

from __future__ import annotations

import pytest
from rich.color import ColorSystem

from briefing.ssh.terminal import LARGEST, size_of, terminal_of


@pytest.mark.parametrize(
    ("name", "colours"),
    [
        ("xterm-256color", ColorSystem.EIGHT_BIT),
        ("tmux-256color", ColorSystem.EIGHT_BIT),
        ("xterm-direct", ColorSystem.EIGHT_BIT),
        ("xterm", ColorSystem.STANDARD),
        ("screen", ColorSystem.STANDARD),
        ("linux", ColorSystem.STANDARD),
        ("never-heard-of", ColorSystem.STANDARD),
        ("vt100", None),
        ("xterm-mono", None),
        ("wy75", None),
        ("h19-a", None),
        ("vt520", None),
        ("teken", ColorSystem.STANDARD),
    ],
)
def test_colours_follow_the_name(name: str, colours: ColorSystem | None) -> None:
    assert terminal_of(name).colours is colours
    assert terminal_of(name).addressable


@pytest.mark.parametrize(
    "name",
    [
        *("", "dumb", "unknown", "a/../../b", "x\x1b[2J", "x" * 65, "-xterm", "xtérm", "a b"),
        *("vt52", "xterm-vt52", "adm3a", "h19", "wy60", "tvi925", "hp2392", "tek4014", "ibm3151"),
    ],
)
def test_what_is_no_terminal_is_not_drawn_on(name: str) -> None:
    terminal = terminal_of(name)
    assert not terminal.addressable
    assert terminal.name == "dumb"


@pytest.mark.parametrize(
    ("given", "drawn"),
    [
        ((80, 24), (80, 24)),
        ((0, 0), (80, 24)),
        ((120, 0), (80, 24)),
        ((-5, 30), (80, 24)),
        ((4_294_967_295, 4_294_967_295), LARGEST),
        ((1, 1), (1, 1)),
    ],
)
def test_sizes_are_kept_within_reason(given: tuple[int, int], drawn: tuple[int, int]) -> None:
    assert size_of(*given) == drawn
