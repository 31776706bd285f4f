"""The guides for readers say what the program does: commands, keys, signs, the query language."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from briefing.cli.main import COMMANDS, Command
from briefing.cli.output import FORMATS
from briefing.document.words import CERTAINTIES, STANCES
from briefing.edition.query import parser
from briefing.edition.query.fields import FIELDS
from briefing.tui.commands import COMMANDS as KEYS
from briefing.tui.commands import Command as Key
from briefing.tui.commands import key_name
from tests.cli.process import briefing

ROOT = Path(__file__).parent.parent.parent
GUIDE = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
SEARCHING = (ROOT / "docs" / "search.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_in_the_guide(command: Command) -> None:
    assert f"`briefing {command.name}" in GUIDE


@pytest.mark.parametrize("command", KEYS, ids=lambda command: command.id)
def test_every_key_is_in_the_guide(command: Key) -> None:
    keys = " ".join(f"`{key_name(key)}`" for key in command.keys.split(","))
    assert f"| {keys} | {command.help} | `{command.id}` |" in GUIDE


def test_every_sign_and_format_is_in_the_guide() -> None:
    for said in (*STANCES.values(), *CERTAINTIES.values()):
        assert f"| `{said.sign}` |" in GUIDE and said.word in GUIDE
    assert all(f"`{form}`" in GUIDE for form in FORMATS)


def test_no_key_of_the_guide_is_of_a_command_that_is_gone() -> None:
    listed = set(re.findall(r"\| `([a-z-]+(?:\.[a-z-]+)?)` \|$", GUIDE, re.MULTILINE))
    assert listed == {command.id for command in KEYS}


def _examples() -> list[str]:
    """The commands of the README and the guide that read the sample."""
    text = (ROOT / "README.md").read_text(encoding="utf-8") + GUIDE
    lines = re.findall(r"^    briefing ((?:search|list|show) .*)$", text, re.MULTILINE)
    return [re.split(r"\s+#|\s[|>]\s", line)[0] for line in lines]


@pytest.mark.parametrize("example", _examples())
def test_the_examples_find_something(example: str) -> None:
    code, out, err = briefing(*shlex.split(example))
    assert (code, "nothing" in err) == (0, False)
    assert out


def test_the_query_language_is_told_as_it_is() -> None:
    language, _, fields = SEARCHING.partition("### Fields")
    rows = re.findall(r"^\| (`.*) \| (.*) \|$", fields.partition("\n\n###")[0], re.MULTILINE)
    named = [name for asked, _ in rows for name in re.findall(r"`(\w+):`", asked)]
    assert sorted(named) == sorted(FIELDS)
    for choice in (*FIELDS["kind"].choices, *FIELDS["is"].choices):
        assert any(re.search(rf"\b{choice}\b", said) for asked, said in rows if asked in ("`kind:`", "`is:`"))
    terms = f"{parser.MAX_TERMS} words ({parser.MAX_PREFIXES} with a star, the same one at most"
    repeats = f"{parser.MAX_REPEATS} times in a phrase) and {parser.MAX_DEPTH} levels"
    assert f"at most {parser.MAX_LENGTH:,} characters, {terms} {repeats}" in " ".join(SEARCHING.split())
    for examples in re.findall(r"^\| (`.*`) \| .* \|$", language, re.MULTILINE):
        for query in re.findall(r"`(.*?)`", examples):
            assert parser.parse(query)
