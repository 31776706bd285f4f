"""The config file: keys, theme and saved searches, with all its mistakes in one message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from textual.keys import Keys, _character_to_key

from briefing.edition.home import own_folder
from briefing.tui.commands import BY_ID, COMMANDS
from briefing.tui.themes import NAMES

_MODIFIERS: Final = frozenset({"ctrl", "alt", "shift", "super", "hyper", "meta"})


class Config(Struct, frozen=True):
    """What `config.yaml` says; `problems` what in it could not be used."""

    theme: str = ""
    keys: Mapping[str, str] = {}
    searches: Mapping[str, str] = {}
    problems: tuple[str, ...] = ()


def config_file(environ: Mapping[str, str]) -> Path:
    """``$XDG_CONFIG_HOME/briefing/config.yaml``."""
    return own_folder("CONFIG", environ) / "config.yaml"


def read_config(environ: Mapping[str, str]) -> Config:
    """The config of this user; one that is wrong leads to defaults and problems, never to an error."""
    path = config_file(environ)
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
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
    searches = dict(_searches(tree.get("searches"), f"{name}: searches", problems))
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


def _searches(tree: Any, where: str, problems: list[str]) -> Iterator[tuple[str, str]]:
    """The saved searches; one that is wrong would show all records as its hits."""
    for title, query in _texts(tree, where, problems):
        from briefing.edition.query.parser import parse
        from briefing.edition.query.problem import QueryError

        try:
            parse(query)
        except QueryError as error:
            problems.append(f"{where}: {title}: {error}")
        else:
            yield title, query


def _keys(tree: Any, name: str, problems: list[str]) -> Iterator[tuple[str, str]]:
    for command, keys in _texts(tree, f"{name}: keys", problems):
        if command not in BY_ID:
            problems.append(f"{name}: keys: no command “{command}”{_meant(command, BY_ID)}")
            continue
        given = [key.strip() for key in keys.split(",") if key.strip()]
        known = [key for key in given if _is_key(key)]
        problems += (
            f"{name}: keys: {command}: no key “{key}”{_meant(key, _near(key))}"
            for key in given
            if key not in known
        )
        # A command keeps its own keys rather than have none.
        if known:
            yield command, ",".join(known)


def _is_key(key: str) -> bool:
    """Whether KEY is one that a terminal can tell of: a letter or sign, or a name, after modifiers."""
    *modifiers, last = [key] if len(key) == 1 else key.split("+")
    return _MODIFIERS.issuperset(modifiers) and (len(last) == 1 or last in _key_names())


def _near(key: str) -> Iterable[str]:
    """What may be meant by KEY, which is none: the same in small letters, or a name."""
    return [key.lower()] if _is_key(key.lower()) else _key_names()


@cache
def _key_names() -> frozenset[str]:
    """The names of keys, those of signs too, without modifiers."""
    signs = map(_character_to_key, map(chr, range(ord(" "), 0x7F)))
    return frozenset(
        (*signs, *(key.value.rpartition("+")[2] for key in Keys if not set("<-") & set(key.value)))
    )


def _clashes(keys: Mapping[str, str]) -> Iterator[str]:
    """Keys that two commands of one place would share."""
    taken: dict[tuple[str, str], str] = {}
    for command in COMMANDS:
        for key in keys.get(command.id, command.keys).split(","):
            name = _character_to_key(key) if len(key) == 1 else key
            other = taken.setdefault((command.where, name), command.id)
            if other != command.id:
                yield f"keys: {key} is given to both {other} and {command.id}"


def _meant(word: str, known: Any) -> str:
    near = get_close_matches(str(word), list(known), 1)
    return f"; did you mean “{near[0]}”?" if near else ""
