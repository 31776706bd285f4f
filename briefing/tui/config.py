"""The config file: keys, theme and saved searches, with all its mistakes in one message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from msgspec import Struct

from briefing.tui.commands import BY_ID, COMMANDS
from briefing.tui.themes import NAMES


class Config(Struct, frozen=True):
    """What `config.yaml` says; `problems` what in it could not be used."""

    theme: str = ""
    keys: Mapping[str, str] = {}
    searches: Mapping[str, str] = {}
    problems: tuple[str, ...] = ()


def config_file(environ: Mapping[str, str]) -> Path:
    """``$XDG_CONFIG_HOME/briefing/config.yaml``."""
    home = environ.get("XDG_CONFIG_HOME") or Path(environ.get("HOME") or "~").expanduser() / ".config"
    return Path(home) / "briefing" / "config.yaml"


def read_config(environ: Mapping[str, str]) -> Config:
    """The config of this user; one that is wrong leads to defaults and problems, never to an error."""
    path = config_file(environ)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        return Config(problems=(f"{path}: {error}",))
    return parse_config(text, str(path))


def parse_config(text: str, name: str) -> Config:
    """Read the text of a config file; NAME is how problems call it."""
    import yaml

    try:
        # Text only: `no` is a key here as good as any.
        tree = yaml.load(text, yaml.CBaseLoader)  # noqa: S506
    except yaml.YAMLError as error:
        return Config(problems=(f"{name}: not YAML: {' '.join(str(error).split())}",))
    if tree in (None, ""):
        return Config()
    if not isinstance(tree, dict):
        return Config(problems=(f"{name}: must hold keys such as theme, keys and searches",))
    problems: list[str] = []
    known = ("theme", "keys", "searches")
    problems += (f"{name}: unknown key “{key}”{_meant(key, known)}" for key in tree if key not in known)
    theme = tree.get("theme", "")
    if theme and theme not in NAMES:
        problems.append(f"{name}: theme: no theme “{theme}”; there are {', '.join(NAMES)}")
        theme = ""
    keys = dict(_keys(tree.get("keys"), name, problems))
    problems += (f"{name}: {clash}" for clash in _clashes(keys))
    searches = dict(_texts(tree.get("searches"), f"{name}: searches", problems))
    return Config(theme, keys, searches, tuple(problems))


def _texts(tree: Any, where: str, problems: list[str]) -> Iterator[tuple[str, str]]:
    """The pairs of a mapping from text to text."""
    if tree in (None, ""):
        return
    if not isinstance(tree, dict):
        problems.append(f"{where}: must be a mapping")
        return
    for key, value in tree.items():
        if isinstance(key, str) and isinstance(value, str) and value:
            yield key, value
        else:
            problems.append(f"{where}: {key}: must be text")


def _keys(tree: Any, name: str, problems: list[str]) -> Iterator[tuple[str, str]]:
    for command, keys in _texts(tree, f"{name}: keys", problems):
        if command in BY_ID:
            yield command, ",".join(key.strip() for key in keys.split(",") if key.strip())
        else:
            problems.append(f"{name}: keys: no command “{command}”{_meant(command, BY_ID)}")


def _clashes(keys: Mapping[str, str]) -> Iterator[str]:
    """Keys that two commands of one place would share."""
    taken: dict[tuple[str, str], str] = {}
    for command in COMMANDS:
        for key in keys.get(command.id, command.keys).split(","):
            other = taken.setdefault((command.where, key), command.id)
            if other != command.id:
                yield f"keys: {key} is given to both {other} and {command.id}"


def _meant(word: str, known: Any) -> str:
    near = get_close_matches(str(word), list(known), 1)
    return f"; did you mean “{near[0]}”?" if near else ""
