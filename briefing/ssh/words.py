"""The commands that a reader may run from afar, told apart without a shell."""

from __future__ import annotations

import shlex
from unicodedata import category

LONGEST = 4096
MOST_WORDS = 200
COMMANDS = ("search", "list", "show")
# Options that choose what is printed and how, with whether a value follows. None names a file or folder.
_OPTIONS = {
    "--format": True,
    "--sort": True,
    "--limit": True,
    "--briefing": True,
    "--help": False,
}
# `ssh` takes what begins with a dash for an option of its own.
USAGE = (
    "search QUERY, list KIND, show REF (each with --format text|json|jsonl|csv|md), "
    "briefing --plain, briefing --version"
)


class Refused(Exception):
    """A command that is not among those; says what is."""


def read_only(command: str) -> list[str]:
    """The arguments that COMMAND means; [] for the reader. Raises Refused for anything else.

    What is not an option comes after `--`, so that no word of a query is ever taken for an option.
    """
    words = _split(command)
    if words[:1] == ["briefing"]:
        del words[0]
    if words in ([], ["--plain"], ["--version"]):
        return words
    if words in (["help"], ["--help"], ["-h"]) or words[0] not in COMMANDS:
        raise Refused(f"Here one can read: {USAGE}; without a command, the reader opens.")
    return _arranged(words)


def _split(command: str) -> list[str]:
    if len(command) > LONGEST:
        raise Refused(f"The command is longer than {LONGEST} characters.")
    if not all(map(_is_text, command)):
        raise Refused("The command holds characters that are no text.")
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise Refused(f"The command cannot be read: {error}.") from error
    if len(words) > MOST_WORDS:
        raise Refused(f"The command has more than {MOST_WORDS} words.")
    return words


def asks_for_mosh(command: str) -> bool:
    """Whether COMMAND is what mosh's client starts its server by; Refused where that is to run a program."""
    if not command.startswith("mosh-server "):
        return False
    if "--" in _split(command):
        raise Refused("Through mosh one can read; commands are answered through ssh.")
    return True


def _is_text(letter: str) -> bool:
    """Whether people write LETTER: joiners (as in Persian) and wide spaces do not print, and are text."""
    return letter.isprintable() or category(letter) in ("Cf", "Zs")


def _arranged(words: list[str]) -> list[str]:
    options: list[str] = []
    plain: list[str] = []
    rest = iter(words[1:])
    for word in rest:
        if word == "--":
            plain += rest
        elif word == "-h":  # as on the command line; any other minus is the query's
            options.append("--help")
        elif word.startswith("--"):
            name, equals, value = word.partition("=")
            if name not in _OPTIONS or (equals and not _OPTIONS[name]):
                shown = "".join(filter(str.isprintable, name[:40]))
                raise Refused(f"{shown} is not an option here. One can read: {USAGE}.")
            if _OPTIONS[name] and not equals:
                value = next(rest, "")
                if not value:
                    raise Refused(f"{name} needs a value.")
            options.append(f"{name}={value}" if _OPTIONS[name] else name)
        else:
            plain.append(word)
    return [words[0], *options, *(["--", *plain] if plain else [])]
