"""What a reader runs with, from what the terminal says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.color import ColorSystem

from briefing.tui.kept import QUERIES_KEPT, keep_query, keep_theme, queries_kept, theme_kept
from briefing.tui.settings import colours_of, default_theme, editor_of, from_environment, multiplexer_of


@pytest.mark.parametrize(
    ("environ", "colours"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, ColorSystem.TRUECOLOR),
        ({"TERM": "xterm-256color"}, ColorSystem.EIGHT_BIT),
        ({"TERM": "tmux-256color"}, ColorSystem.EIGHT_BIT),
        ({"TERM": "screen"}, ColorSystem.STANDARD),
        ({"TERM": "linux"}, ColorSystem.STANDARD),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, None),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, ColorSystem.EIGHT_BIT),
    ],
)
def test_colours(environ: dict[str, str], colours: ColorSystem | None) -> None:
    assert colours_of(environ) is colours


@pytest.mark.parametrize(
    ("environ", "theme"),
    [
        ({"TERM": "xterm-256color"}, "dark"),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "light"),
        ({"TERM": "xterm-256color", "COLORFGBG": "15;0"}, "dark"),
        ({"TERM": "linux"}, "terminal"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "terminal"),
    ],
)
def test_the_theme_before_any_choice(environ: dict[str, str], theme: str) -> None:
    assert default_theme(environ) == theme


def test_over_ssh_bytes_are_dear(tmp_path: Path) -> None:
    environ = {"TERM": "xterm-256color", "HOME": str(tmp_path)}
    assert not from_environment(environ).low_bandwidth
    slow = from_environment({**environ, "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"})
    assert slow.low_bandwidth
    assert slow.theme == "terminal"
    assert from_environment(environ, low_bandwidth=True).theme == "terminal"


def test_the_config_file_and_the_editor_are_the_reader_s_own(tmp_path: Path) -> None:
    config = tmp_path / ".config" / "briefing"
    config.mkdir(parents=True)
    (config / "config.yaml").write_text("theme: light\nkeys: {quit: Q}\n")
    environ = {"TERM": "xterm-256color", "HOME": str(tmp_path), "EDITOR": "emacs"}
    settings = from_environment(environ)
    assert (settings.theme, settings.keys, settings.editor) == ("light", {"quit": "Q"}, ("emacs",))


def test_the_editor_is_an_argument_list() -> None:
    assert editor_of({"EDITOR": "code --wait"}) == ("code", "--wait")
    assert editor_of({"VISUAL": "hx", "EDITOR": "ed"}) == ("hx",)
    assert editor_of({}) == ("vi",)
    assert editor_of({"EDITOR": "an 'unfinished quote"}) == ("an 'unfinished quote",)


def test_multiplexers() -> None:
    assert multiplexer_of({"TMUX": "/tmp/x,1,0"}) == "tmux"
    assert multiplexer_of({"STY": "1.tty"}) == "screen"
    assert multiplexer_of({}) == ""


def test_the_last_theme_and_the_queries_are_kept(tmp_path: Path) -> None:
    state = tmp_path / "deep" / "briefing"
    assert theme_kept(state) == ""
    keep_theme(state, "light")
    assert theme_kept(state) == "light"
    for number in range(QUERIES_KEPT + 5):
        keep_query(state, f"query {number}")
    keep_query(state, "query 100\n")
    kept = queries_kept(state)
    assert len(kept) == QUERIES_KEPT
    assert kept[-1] == "query 100"
    assert len(set(kept)) == len(kept)
    assert state.stat().st_mode & 0o077 == 0


def test_nothing_is_kept_where_nothing_may_be(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    for state in (None, blocked / "below"):
        keep_theme(state, "light")
        keep_query(state, "query")
        assert theme_kept(state) == ""
        assert queries_kept(state) == []
