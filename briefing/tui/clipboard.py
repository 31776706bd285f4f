"""Copying by OSC 52, which reaches the reader's own clipboard through SSH and multiplexers.

No terminal acknowledges it, and many drop what is too long without a word: hence the limit.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Final

from briefing.tui.settings import Multiplexer

# Encoded, 74,994 bytes make 99,992: terminals in use take 100,000.
MOST_BYTES: Final = 74_994
# GNU screen takes no longer string at once.
_SCREEN_CHUNK: Final = 250


def copy_sequence(text: str, multiplexer: Multiplexer = "") -> str:
    """What to write so that the terminal copies TEXT; ValueError when it is too long."""
    data = text.encode("utf-8", "replace")
    if len(data) > MOST_BYTES:
        raise ValueError(f"{len(data):,} bytes are more than terminals take ({MOST_BYTES:,})")
    plain = f"\x1b]52;c;{b64encode(data).decode()}\a"
    if multiplexer == "tmux":
        # tmux takes the plain one where `set-clipboard` is on, and hands the wrapped one through where
        # `allow-passthrough` is; each ignores the other.
        return plain + "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if multiplexer == "screen":
        chunks = (plain[start : start + _SCREEN_CHUNK] for start in range(0, len(plain), _SCREEN_CHUNK))
        return "".join(f"\x1bP{chunk}\x1b\\" for chunk in chunks)
    return plain
