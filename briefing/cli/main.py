"""The command `briefing`: which commands there are, and what every one of them has in common.

Only the command that is asked for is imported, so that none pays for another's start. Nor is `typing`
imported before the collector of rubbish is told to wait.
"""

from __future__ import annotations

import gc
import os
import sys

from briefing.cli.stop import Stop

TYPE_CHECKING = False  # as it is in typing, which takes longer to import than all that is done here
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import Any, Protocol

    from briefing.edition.edition import Edition

    class Module(Protocol):
        """What a command's module has."""

        def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...
        def run(self, args: argparse.Namespace) -> int: ...


class Command:
    """A command: its name, the module that runs it, and what it does."""

    def __init__(self, name: str, module: str, does: str) -> None:
        self.name = name
        self.module = module
        self.does = does

    def load(self) -> Module:
        from importlib import import_module

        module: Any = import_module(self.module)
        loaded: Module = module
        return loaded


COMMANDS = (
    Command("search", "briefing.cli.search", "find records, the best first"),
    Command("list", "briefing.cli.list", "list the records of a kind"),
    Command("show", "briefing.cli.show", "show one record with its links"),
    Command("check", "briefing.cli.check", "report every problem of the content"),
    Command("verify", "briefing.cli.verify", "compare quotes with the text of their sources"),
    Command("scan", "briefing.cli.scan", "list quoted spans and dates of a text that no record covers"),
    Command("schema", "briefing.cli.schema", "write the JSON Schemas of the YAML"),
    Command("new", "briefing.cli.new", "start a briefing in a folder"),
    Command("fmt", "briefing.cli.fmt", "put the YAML in canonical order"),
    Command("log", "briefing.cli.log", "tell how a record changed, from git"),
    Command("diff", "briefing.cli.diff", "tell how records changed between two revisions"),
    Command("build", "briefing.cli.build", "compile the content for reading"),
    Command("serve", "briefing.cli.serve", "serve readers over SSH"),
    Command("completion", "briefing.cli.completion", "print the completion script of a shell"),
)
READER = Command("", "briefing.cli.reader", "read briefings")
# Options of every command that take a value: what follows them is not the command.
_VALUED = ("--content",)

FOUND, UNUSABLE, INTERRUPTED = 0, 2, 130


def run(argv: Sequence[str] | None = None, edition: Edition | None = None) -> int:
    """Run the command line ARGV, on EDITION if that is open already; the exit code is 0 found or clean,
    1 nothing found or problems, 2 unusable arguments, query or content, 130 interrupted."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot say a letter gets its code, not an error.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _dispatch(arguments, edition)
        sys.stdout.flush()
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else UNUSABLE
    except Stop as stop:
        return _fail(str(stop))
    except KeyboardInterrupt:
        return _quiet(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        return _quiet(FOUND)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{error.strerror or error}")
    return code


def _open_closed() -> None:
    """What comes closed (`>&-`, a job without streams) is nowhere, and no other file gets its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def _dispatch(arguments: list[str], edition: Edition | None) -> int:
    if arguments == ["--version"]:
        from briefing import __version__

        sys.stdout.write(f"briefing {__version__}\n")
        return FOUND
    if "--restricted" in arguments:
        from briefing.ssh.restricted import main

        return main(arguments)
    # What is imported stays, and a command is over before its rubbish is worth collecting.
    gc.set_threshold(100_000)
    command, rest = split(arguments)
    from briefing.cli.parser import command_parser, help_text

    if command is READER and rest in (["--help"], ["-h"]):
        sys.stdout.write(help_text())
        return FOUND
    module = command.load()
    if command is READER:
        from briefing.cli.reader import refuse_mistyped

        refuse_mistyped(rest, [known.name for known in COMMANDS])
    args = command_parser(command, module, edition).read(rest)
    if getattr(args, "format", "text") != "text" and hasattr(sys.stdout, "reconfigure"):
        # Data is UTF-8 in every locale: a program takes the code of a letter for what was written.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    return module.run(args)


def split(arguments: list[str]) -> tuple[Command, list[str]]:
    """The command that ARGUMENTS name, wherever options of every command stand, and all the others."""
    skip = False
    for place, argument in enumerate(arguments):
        if skip:
            skip = False
        elif argument in _VALUED:
            skip = True
        elif argument == "--":
            break
        elif not argument.startswith("-"):
            for command in COMMANDS:
                if command.name == argument:
                    return command, arguments[:place] + arguments[place + 1 :]
            break
    return READER, arguments


def _fail(message: str) -> int:
    from contextlib import suppress

    from briefing.content.sanitise import sanitise

    try:
        sys.stdout.flush()
    except OSError:
        _quiet(UNUSABLE)
    with suppress(OSError):
        sys.stderr.write(f"briefing: {sanitise(message)}\n")
    return UNUSABLE


def _quiet(code: int) -> int:
    """Leave with CODE; what is still unwritten goes nowhere, as writing it could wait or fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return code
