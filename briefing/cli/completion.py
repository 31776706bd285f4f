"""``briefing completion SHELL``: a script that completes commands, options and their values."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

SHELLS = ("bash", "zsh", "tcsh")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "shell", choices=SHELLS, help='for example: eval "$(briefing completion bash)" in ~/.bashrc'
    )


def run(args: argparse.Namespace) -> int:
    import shtab

    from briefing.cli.parser import whole_parser

    sys.stdout.write(shtab.complete(whole_parser(), shell=args.shell) + "\n")
    return 0
