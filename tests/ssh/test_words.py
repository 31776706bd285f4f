"""Commands from afar are told apart without a shell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.ssh.words import COMMANDS, Refused, read_only


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("", []),
        ("briefing", []),
        ("--plain", ["--plain"]),
        ("search hamidawi", ["search", "--", "hamidawi"]),
        ("search hamidawi --format json", ["search", "--format=json", "--", "hamidawi"]),
        ("search --format=json 'a b' -not", ["search", "--format=json", "--", "a b", "-not"]),
        ("search می\u200cخواهم 日本\u3000語", ["search", "--", "می\u200cخواهم", "日本\u3000語"]),
        ("search -h", ["search", "--help"]),
        ("search -- -h", ["search", "--", "-h"]),
        ("search -- --content", ["search", "--", "--content"]),
        ("briefing show a/quote/b", ["show", "--", "a/quote/b"]),
        (
            "search a; rm -rf / | cat > x `id` $HOME",
            ["search", "--", *["a;", "rm", "-rf", "/", "|", "cat", ">", "x", "`id`", "$HOME"]],
        ),
    ],
)
def test_words_are_only_words(command: str, words: list[str]) -> None:
    assert read_only(command) == words


@pytest.mark.parametrize(
    "command",
    [
        "sh",
        "check",
        "build",
        "search --content /etc x",
        "search --conten=/etc x",
        "search --format",
        "search 'x",
        "search x\n",
        "search \x00",
        "search \x1b[0m",
        "search \x9b0m",
        "search \udc80",
        "search x\u2028y",
        "search --con\u202etent x",
        "search " + "x" * 5000,
        "search " + "x " * 300,
        "--restricted",
        "--version --content /etc",
        "help",
    ],
)
def test_all_else_is_refused_in_words(command: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_only(command)
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 300


@pytest.mark.parametrize("command", ["help", "list quote --query x"])
def test_what_a_refusal_names_can_be_typed_after_ssh(command: str) -> None:
    with pytest.raises(Refused, match=r"QUERY.*, briefing --plain, briefing --version"):
        read_only(command)


@given(st.text(max_size=200))
def test_whatever_comes_is_a_known_command_or_refused(command: str) -> None:
    try:
        words = read_only(command)
    except Refused:
        return
    assert words in ([], ["--plain"], ["--version"]) or words[0] in COMMANDS
    options = words[1 : words.index("--")] if "--" in words else words[1:]
    assert not any(option.startswith(("--content", "--state", "-c")) for option in options)
