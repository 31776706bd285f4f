"""The parsers of the command line, one a command, and the page that lists them."""

from __future__ import annotations

import argparse
import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from briefing.cli.main import COMMANDS, READER, Command
from briefing.cli.output import width
from briefing.cli.stop import Stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.cli.main import Module
    from briefing.edition.edition import Edition

EXIT_CODES = (
    "Exit codes: 0 found or clean, 1 nothing found or problems, 2 unusable arguments, query or content."
)


class Formatter(argparse.HelpFormatter):
    """argparse's, as wide as the rest of the output; asking for the width its own way costs an import."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=width() - 2)


class Parser(argparse.ArgumentParser):
    """argparse, with messages that are safe to show and end in a way out."""

    def __init__(self, *, excludes: bool = False, **settings: Any) -> None:
        """EXCLUDES: a minus before a word is the query's, which options may stand in the middle of."""
        super().__init__(allow_abbrev=False, formatter_class=Formatter, **settings)
        self._excludes = excludes

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """What ARGUMENTS say."""
        return self.parse_args(self._arranged(arguments) if self._excludes else arguments)

    def _arranged(self, arguments: Sequence[str]) -> list[str]:
        """ARGUMENTS with what is no option last, where argparse takes it for none."""
        options: list[str] = []
        words: list[str] = []
        rest = iter(arguments)
        for argument in rest:
            if argument == "--":
                words += rest
            elif argument == "-h" or argument.startswith("--"):
                known = self._option_string_actions.get(argument)
                options += [argument, *(islice(rest, 1) if known is not None and known.nargs != 0 else ())]
            else:
                words.append(argument)
        return [*options, *(["--", *words] if words else [])]

    def error(self, message: str) -> NoReturn:
        _, extra, word = message.partition("unrecognized arguments: ")
        # Not over SSH, where no command takes a folder and none is told what folders there are.
        if extra and "--content" in self._option_string_actions and os.path.isdir(word):  # noqa: PTH112
            raise Stop(f"{word} goes after --content: {self.prog} --content {word}")
        raise Stop(f"{message} (see: {self.prog} --help)")


def command_parser(command: Command, module: Module, edition: Edition | None = None) -> Parser:
    """The parser of one command, which reads EDITION if it is given, and then takes no other content."""
    name = "briefing" if command is READER else f"briefing {command.name}"
    parser = Parser(
        prog=name,
        description=f"{command.does[0].upper()}{command.does[1:]}.",
        epilog=EXIT_CODES,
        excludes=command.name == "search",
    )
    if edition is None:
        add_to(parser, module)
    else:
        module.add_arguments(parser)
    parser.set_defaults(content=None, edition=edition)
    return parser


def add_to(parser: argparse.ArgumentParser, module: Module) -> None:
    """What MODULE's command takes, and what every command takes."""
    module.add_arguments(parser)
    add_content(parser)


def add_content(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--content",
        metavar="DIR",
        type=Path,
        help="the library, or the folder of one briefing (default: $BRIEFING_CONTENT, else ./content, "
        "else the sample)",
    )


def whole_parser() -> Parser:
    """All commands in one parser, which completion reads; imports every command.

    The reader's DIR is not in it: it would be the first word, and no command could be.
    """
    from briefing.cli.reader import add_options

    parser = Parser(prog="briefing", description="Read briefings.")
    add_options(parser)
    add_content(parser)
    parsers = parser.add_subparsers(metavar="COMMAND", parser_class=Parser)
    for command in COMMANDS:
        add_to(parsers.add_parser(command.name, help=command.does), command.load())
    return parser


def help_text() -> str:
    """The page of ``briefing --help``."""
    reader = command_parser(READER, READER.load())
    width = max(len(command.name) for command in COMMANDS)
    listed = "\n".join(f"  {command.name:{width}}  {command.does}" for command in COMMANDS)
    return (
        f"usage: briefing [DIR]\n       briefing COMMAND ...\n       briefing --version\n\n"
        f"A terminal reader, checker and server for news briefings.\n\n"
        f"commands (briefing COMMAND --help tells more):\n{listed}\n\n"
        f"{reader.format_help().partition(chr(10) * 2)[2]}"
    )
