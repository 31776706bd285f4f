"""``briefing completion SHELL``: a script that completes commands, options and their values."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SHELLS = ("bash", "zsh", "tcsh")
# The first word may be a folder to read, beside a command.
_PREAMBLE = {"bash": "_shtab_briefing_pos_0_COMPGEN=_shtab_compgen_dirs"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "shell", choices=SHELLS, help='for example: eval "$(briefing completion bash)" in ~/.bashrc'
    )


def run(args: argparse.Namespace) -> int:
    import shtab

    from briefing.cli.parser import whole_parser

    parser = whole_parser()
    for action in _actions(parser):
        if action.type is Path:
            action.complete = shtab.DIRECTORY if action.metavar == "DIR" else shtab.FILE
    sys.stdout.write(shtab.complete(parser, shell=args.shell, preamble=_PREAMBLE.get(args.shell, "")) + "\n")
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[Any]:
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
