"""What a client sends to events: Textual's parser, kept from reading a terminal's replies as keys.

A terminal answers queries, of whoever asked, with sequences that no key sends, and a client can make
such answers up. Textual's parser types out what it does not know, so that the `q` in an answer would quit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from textual._xterm_parser import XTermParser
from textual.message import Message

# Strings of control (ECMA-48: DCS, SOS, OSC, PM, APC) go on until ST, for which terminals also take BEL;
# CAN, SUB or another escape break them off. A private mark makes of a control sequence a report: of
# modes, of the terminal's attributes, of its keyboard. (`<` is the mouse, and is none.)
_STRING = r"\x1b[PX\]^_][^\x07\x18\x1a\x1b]*"
_REPORT = r"\x1b\[[=>?][^@-~\x1b]*"
_REPLY = rf"{_STRING}(?:\x1b\\|[\x07\x18\x1a]|(?=\x1b[^\\]))|{_REPORT}[@-~]"
_REPLY_BEGUN = rf"{_STRING}\x1b?|{_REPORT}"
_REPLIES = re.compile(rf"(?:{_REPLY})|(?P<begun>(?:{_REPLY_BEGUN}|\x1b\[?)\Z)")
# With a letter alone it was Alt and that key.
_BROKEN_OFF = re.compile(rf"(?:{_REPLY_BEGUN})(?<!\A\x1b.)\Z", re.DOTALL)


class InputParser(XTermParser):
    """The keys, clicks and pastes in what a client sends, in whatever pieces it comes."""

    def __init__(self) -> None:
        super().__init__()
        self._held = ""

    @property
    def waiting(self) -> bool:
        """Whether what was meant depends on what comes next, or on nothing coming (`tick`)."""
        return bool(self._held) or self._timeout_time is not None

    def feed(self, data: str) -> Iterable[Message]:
        kept = self._without_replies(data)
        return super().feed(kept) if kept or not data else ()

    def tick(self) -> Iterator[Message]:
        """After a pause: what is held was a key, or else a reply that came to no end."""
        held, self._held = self._held, ""
        if held and not _BROKEN_OFF.match(held):
            yield from super().feed(held)
        if self._timeout_time is not None:
            self._timeout_time = 0.0  # the pause has been
        yield from super().tick()

    def _without_replies(self, data: str) -> str:
        """The input so far without what is a reply, and without an end that may become one."""
        text, self._held = self._held + data, ""
        kept, at = [], 0
        for found in _REPLIES.finditer(text):
            kept.append(text[at : found.start()])
            at = found.end()
            self._held = found["begun"] or ""
        kept.append(text[at:])
        return "".join(kept)
