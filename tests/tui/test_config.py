"""The config file: what it gives, and all that is wrong with it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.tui.commands import COMMANDS, Command
from briefing.tui.config import Config, config_file, parse_config, read_config


def test_it_gives_theme_keys_and_searches() -> None:
    text = "theme: light\nkeys:\n  search: ctrl+f, s\n  quit: Q\nsearches:\n  Militias: kataib or 'popular'\n"
    config = parse_config(text, "config.yaml")
    assert config.problems == ()
    assert config.theme == "light"
    assert config.keys == {"search": "ctrl+f,s", "quit": "Q"}
    assert config.searches == {"Militias": "kataib or 'popular'"}


@pytest.mark.parametrize("text", ["", "---\n", "# only a comment\n"])
def test_an_empty_file_is_no_problem(text: str) -> None:
    assert parse_config(text, "config.yaml") == Config()


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = "thema: dark\ntheme: blue\nkeys:\n  serch: x\n  quit: [a]\n  help: j j\nsearches: many\n"
    problems = parse_config(text, "config.yaml").problems
    assert [problem for problem in problems if "“thema”; did you mean “theme”?" in problem]
    assert [problem for problem in problems if "no theme “blue”; there are dark, light, terminal" in problem]
    assert [problem for problem in problems if "no command “serch”; did you mean “search”?" in problem]
    assert [problem for problem in problems if "quit: must be text" in problem]
    assert [problem for problem in problems if "searches: must be a mapping" in problem]
    assert all(problem.startswith("config.yaml: ") for problem in problems)


def test_a_saved_search_that_is_wrong_is_told_and_not_offered() -> None:
    config = parse_config("searches: {Against: 'stance:oposes', Drones: 'type:drone'}", "config.yaml")
    wrong = 'column 8: stance: cannot be "oposes"; did you mean "opposes"?'
    assert config.problems == (f"config.yaml: searches: Against: {wrong}",)
    assert config.searches == {"Drones": "type:drone"}


def test_a_key_given_twice_in_one_place_is_told() -> None:
    problems = parse_config("keys: {quit: slash}", "config.yaml").problems
    assert problems == ("config.yaml: keys: slash is given to both search and quit",)


def test_what_is_no_key_is_told_and_a_command_keeps_its_own() -> None:
    text = "keys: {quit: 'page_down', help: 'Ctrl+H, h', search: 'ctrl+s, f2, ä, ?', edit: '+'}"
    config = parse_config(text, "config.yaml")
    assert config.problems == (
        "config.yaml: keys: quit: no key “page_down”; did you mean “pagedown”?",
        "config.yaml: keys: help: no key “Ctrl+H”; did you mean “ctrl+h”?",
    )
    assert config.keys == {"help": "h", "search": "ctrl+s,f2,ä,?", "edit": "+"}


def test_a_sign_is_the_key_of_its_name() -> None:
    problems = parse_config("keys: {quit: /}", "config.yaml").problems
    assert problems == ("config.yaml: keys: / is given to both search and quit",)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_key_of_ours_is_one(command: Command) -> None:
    config = parse_config(f"keys: {{{command.id}: '{command.keys}'}}", "config.yaml")
    assert config.keys == {command.id: command.keys}
    assert config.problems == ()


@pytest.mark.parametrize("text", ["theme: [", "- a\n- b\n", "just words", "\t- x", "a: &a [*a]"])
def test_what_is_no_config_leads_to_one_problem_and_the_defaults(text: str) -> None:
    config = parse_config(text, "config.yaml")
    assert len(config.problems) == 1
    assert (config.theme, config.keys, config.searches) == ("", {}, {})


def test_a_missing_file_is_no_problem_and_an_unreadable_one_is(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert read_config(environ) == Config()
    (tmp_path / "briefing" / "config.yaml").mkdir(parents=True)
    assert len(read_config(environ).problems) == 1
    (tmp_path / "briefing" / "config.yaml").rmdir()
    (tmp_path / "briefing" / "config.yaml").write_bytes(b"theme: \xff")
    assert len(read_config(environ).problems) == 1


def test_below_what_is_no_folder_there_is_no_config() -> None:
    assert read_config({"HOME": "/dev/null"}) == Config()


def test_a_folder_of_the_environment_that_is_no_whole_path_is_ignored() -> None:
    environ = {"HOME": "/h", "XDG_CONFIG_HOME": "here"}
    assert config_file(environ) == Path("/h/.config/briefing/config.yaml")


def test_no_two_commands_of_one_place_share_a_key() -> None:
    taken = [(command.where, key) for command in COMMANDS for key in command.keys.split(",")]
    assert len(taken) == len(set(taken))
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)
    assert parse_config("keys: {quit: Q}", "config.yaml").problems == ()
