"""Of what a client sends, keys, clicks and pastes are told, and a terminal's replies are not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual import events

from briefing.ssh.input import InputParser

REPLIES = (
    "\x1bP+q\x1b\\",
    "\x1bP1$r0 q\x07",
    "\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
    "\x1b]52;c;cXFx\x07",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b^q\x1b\\",
    "\x1bXq\x1b\\",
    "\x1b[?64;1;9q",
    "\x1b[?2026;2$y",
    "\x1b[>41;354;0c",
    "\x1b[?1u",
    "\x1bPbroken off\x18",
)
# What is typed or pasted, and how it is told.
TYPED = {
    "q": ["q"],
    "[": ["left_square_bracket"],
    "\x1b[A": ["up"],
    "\x1bOP": ["f1"],
    "\x1b[15~": ["f5"],
    "\x1b[<0;3;4M": ["MouseDown"],
    "\x1b[200~pasted\x1b[201~": ["pasted"],
    "\x1b[200~with \x1bPno end\x1b[201~": ["with "],
    "سلام": list("سلام"),
}
SENT = st.lists(st.sampled_from([*REPLIES, *TYPED]), max_size=8)


def told(parser: InputParser, *pieces: str, pause: bool = False) -> list[str]:
    messages = [message for piece in pieces for message in parser.feed(piece)]
    if pause:
        messages += parser.tick()
    return [
        message.key
        if isinstance(message, events.Key)
        else message.text
        if isinstance(message, events.Paste)
        else type(message).__name__
        for message in messages
    ]


@given(SENT, st.data())
def test_replies_are_left_out_however_the_input_comes_in_pieces(sent: list[str], data: st.DataObject) -> None:
    text = "".join(sent) + "."  # a paste is told with what follows it
    cuts = sorted(data.draw(st.sets(st.integers(1, len(text)), max_size=6)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True) if text[a:b]]
    keys = [key for one in sent for key in TYPED.get(one, [])]
    assert told(InputParser(), *pieces) == [*keys, "full_stop"]


@given(st.lists(st.text(alphabet="\x1b[]P?q;~01234^_X\\\x07a"), max_size=6))
def test_any_input_is_taken(pieces: list[str]) -> None:
    parser = InputParser()
    told(parser, *filter(None, pieces), pause=True)
    assert not parser.waiting


def test_after_a_pause_a_beginning_was_a_key() -> None:
    assert told(InputParser(), "\x1b", pause=True) == ["escape"]
    assert told(InputParser(), "\x1bP", pause=True) == ["alt+shift+p"]


def test_after_a_pause_a_reply_without_an_end_is_over() -> None:
    parser = InputParser()
    assert told(parser, "\x1bP+q", pause=True) == []
    assert told(parser, "\x1b[?6", pause=True) == []
    assert told(parser, "q") == ["q"]
