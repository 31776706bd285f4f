"""Copying: what reaches the terminal, through multiplexers too."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest

from briefing.tui.clipboard import MOST_BYTES, copy_sequence

TEXT = "“Iraq’s security is tied to regional security” — Mohammed Shia al-Sudani"


def test_the_terminal_gets_the_text() -> None:
    match = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", copy_sequence(TEXT))
    assert match is not None
    assert b64decode(match[1]).decode() == TEXT


def test_tmux_gets_it_both_ways() -> None:
    plain = copy_sequence(TEXT)
    sent = copy_sequence(TEXT, "tmux")
    assert sent.startswith(plain)
    wrapped = sent.removeprefix(plain)
    assert wrapped.startswith("\x1bPtmux;")
    assert wrapped.removeprefix("\x1bPtmux;").removesuffix("\x1b\\").replace("\x1b\x1b", "\x1b") == plain


def test_screen_gets_it_in_pieces_it_takes() -> None:
    long = "a" * 2000
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", copy_sequence(long, "screen"), re.DOTALL)
    assert len(pieces) > 1
    assert max(map(len, pieces)) < 256
    assert "".join(pieces) == copy_sequence(long)


def test_what_no_terminal_takes_is_refused() -> None:
    assert len(copy_sequence("a" * MOST_BYTES)) < 100_010
    with pytest.raises(ValueError, match="74,995 bytes are more"):
        copy_sequence("a" * (MOST_BYTES + 1))
