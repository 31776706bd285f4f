"""The list of what a reader may send is strict: it is what the other tests here stand on."""

from __future__ import annotations

import pytest

from tests.emulator.sequences import commands, looks, modes


@pytest.mark.parametrize(
    "written",
    [
        "\x1b]0;a title\a",
        "\x1b]52;c;eA==\a",
        "\x1b]8;;file:///etc/passwd\x1b\\",
        "\x1b[2J",
        "\x1b[?1049l",
        "\x1b[6n",
        "\x1bc",
        "\x1bP+q544e\x1b\\",
        "\x9b2J",
        "\r",
        "\n",
        "\b",
        "\x7f",
        "\u202e",
        "\u2066",
        "\u200b",
        "\U000e0041",
    ],
)
def test_what_is_not_the_readers_is_found(written: str) -> None:
    assert commands(f"before{written}after")


def test_what_is_the_readers_is_not() -> None:
    assert commands("\x1b[2;5Hab\x1b[1;38;5;231mc\x1b[K\x1b[?2026h\x1b[3;9r\x1bD\x1b[r\x1b[?25l“نص”") == []
    assert commands("\x1b]8;;https://example.org/\x1b\\link\x1b]8;;\x1b\\") == []


def test_modes_are_as_they_were_left() -> None:
    assert modes("\x1b[?1049h\x1b[?25l\x1b[>25u\x1b[?25h\x1b[<u") == {
        "1049": True,
        "25": True,
        "kitty": False,
    }


def test_looks_are_read_number_by_number() -> None:
    assert looks("\x1b[m\x1b[1;38;5;231m") == [[0], [1, 38, 5, 231]]
