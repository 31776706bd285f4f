"""Hostile content on every surface of the reader: nothing of it is obeyed, and all of it is to be seen."""

from __future__ import annotations

import base64
import re
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

from briefing.cli.check import FORMATS as CHECK_FORMATS
from briefing.cli.output import FORMATS
from briefing.content.sanitise import sanitise, sanitise_line
from tests.cli.process import briefing, on_terminal
from tests.content.repository import Library
from tests.emulator.hostile import BRIEFING, EXAMPLE, PIECES, STAND_INS, write_library
from tests.emulator.sequences import commands, copied, looks, modes, without_copies
from tests.emulator.terminal import Terminal

COLUMNS, LINES = 120, 60
# Drawing the first line from its first cell, which only drawing everything does without need.
FIRST_LINE = "\x1b[1H"
# What a reader sets back after moving lines; no other margins are its own.
MARGINS = re.compile(r"\x1b\[\d+;\d+r\x1b\[\d+H(?:(?:\x1bD)+|(?:\x1bM)+)\x1b\[r")
HALF = re.compile(r"\x1b(?:\[[\d;?]*)?\Z")
ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "VISUAL": "/nonesuch/editor"}
PASTED = "\x1b[200~{}\x1b[201~"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "library"
    write_library(folder)
    return folder


class Walk:
    """A walk through the surfaces of a reader, each of which is judged as it stands there."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self._judged = len(terminal.written)

    def see(self, keys: str, marker: str, *, content: bool = True) -> str:
        """Press KEYS, wait for MARKER, and judge the screen; CONTENT says that it shows hostile texts."""
        self.terminal.press(keys)
        shown = self.terminal.until(
            lambda text: marker in text and self._whole() and (not content or is_hostile(text))
        )
        self.judge(shown)
        return shown

    def turn(self, keys: str, *, content: bool = True) -> str:
        """Press KEYS whose effect has no words of its own, and judge the screen when it is drawn anew."""
        before = self.terminal.written.count(FIRST_LINE)
        self.terminal.press(keys + "\f")
        self.terminal.until(lambda _: self.terminal.written.count(FIRST_LINE) > before)
        return self.see("", "", content=content)

    def read(self, *, content: bool = True) -> str:
        """Read what has the focus to its end, page by page."""
        pages = [self.turn("", content=content)]
        while (page := self.turn(" ", content=content)) != pages[-1]:
            pages.append(page)
        return "\n".join(pages)

    def dividers(self) -> list[int]:
        """The columns that a rule fills from the first line below the search to the footer."""
        rows = [self.terminal.screen.buffer[y] for y in range(4, LINES - 1)]
        return [x for x in range(COLUMNS) if all(row[x].data == "│" for row in rows)]

    def leave(self, marker: str) -> None:
        """Leave what shows MARKER."""
        self.terminal.press("\x1b")
        self.judge(self.terminal.until(lambda text: marker not in text and self._whole()))

    def _whole(self) -> bool:
        """Whether all of a frame has been read, and of the next one not half a sequence."""
        written = self.terminal.written
        return written.rfind("\x1b[?2026l") > written.rfind("\x1b[?2026h") and not HALF.search(written)

    def judge(self, shown: str) -> None:
        written, self._judged = self.terminal.written[self._judged :], len(self.terminal.written)
        assert commands(without_copies(written)) == []
        assert "\x1b]8;" not in written
        assert re.findall(r"\x1b\[[\d;]*r", MARGINS.sub("", written)) == []
        assert modes(written).keys() <= {"2026", "25"}
        assert not {number for look in looks(written) for number in attributes(look)} & {5, 6, 8, 53}
        screen = self.terminal.screen
        assert screen.margins is None
        assert screen.title == screen.icon_name == ""
        for line in shown.splitlines():
            assert sanitise_line(line) == line


def is_hostile(shown: str) -> bool:
    """Whether a hostile text stands on the screen SHOWN, by what stands in for it."""
    return any(stand_in in shown for stand_in in STAND_INS)


def attributes(look: list[int]) -> list[int]:
    """The numbers of LOOK that are no part of a colour."""
    out: list[int] = []
    skip = 0
    for place, number in enumerate(look):
        if skip:
            skip -= 1
        elif number in (38, 48):
            skip = 2 if look[place + 1] == 5 else 4
        else:
            out.append(number)
    return out


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@pytest.fixture
def walk(hostile: Path) -> Iterator[Walk]:
    """A reader that shows the Brief of the hostile briefing."""
    with Terminal(str(hostile / BRIEFING), columns=COLUMNS, lines=LINES, **ENVIRONMENT) as terminal:
        terminal.until("Covers")
        yield Walk(terminal)


def test_the_library(hostile: Path) -> None:
    with Terminal(str(hostile), columns=COLUMNS, lines=LINES, **ENVIRONMENT) as terminal:
        terminal.until("All briefings together")
        walk = Walk(terminal)
        walk.turn("")
        for name in ("Omega", "Alpha"):
            assert name in walk.see("j", "Question")
            walk.turn("\t ")
            walk.turn("\t")
        walk.see("\r", "1 Brief")
        walk.see("L", "All briefings together")


def test_the_brief(walk: Walk) -> None:
    assert "likely" in walk.read()


@pytest.mark.parametrize(
    ("pane", "last"),
    [
        ("2", "Reason"),
        ("3", "Condition"),
        ("4", "Gazetteer"),
        ("5", "Translator"),
        ("6", "Rights"),
    ],
)
def test_each_pane_and_a_document_of_its_kind(walk: Walk, pane: str, last: str) -> None:
    walk.see(pane, "│")
    walk.turn("")
    divider = walk.dividers()
    assert len(divider) == 1, "list and record stand side by side"
    walk.read()
    assert walk.dividers() == divider
    walk.turn("g\r")
    assert last in walk.read()
    assert walk.dividers() == divider, "what is right of a text stays where it is"


def test_an_issue_and_its_positions(walk: Walk) -> None:
    walk.see("3", "Stand")
    walk.turn("\r")
    walk.turn("\t\t")
    walk.see("\r", "Matter")
    walk.read()


def test_what_is_pasted_and_searched_for(walk: Walk) -> None:
    # Terminals take ESC out of what they paste, and Textual reads one as the beginning of a key.
    for number, piece in enumerate(piece for piece in PIECES if "\x1b" not in piece):
        walk.see("/\x15", "Enter Keep", content=False)
        shown = walk.see(PASTED.format(f"m{number}m {piece}"), f"/ m{number}m", content=False)
        assert composed(sanitise_line(piece.splitlines()[0]))[:60] in composed(shown.splitlines()[2])
        walk.turn("\r", content=False)


def test_searching_completing_narrowing_and_notices(walk: Walk) -> None:
    walk.see("/event", "Incidents 31")
    walk.see("\x15place:", "│ Town")
    walk.see("\t", '\\[" ')
    walk.see("\x15[red]x[/]", "/ [red]x[/]")
    walk.see("\x15stand\r", "Enter Open")
    walk.see("f", "By actor")
    walk.turn("")
    walk.see("G", "▌ ")
    walk.turn("g\r")
    walk.turn("b")
    walk.see("n", "Match 1 of")
    walk.see("y", "Copied the citation")
    walk.see("Y", "Copied the ref")
    for text in copied(walk.terminal.written):
        plain = base64.b64decode(text).decode()
        assert sanitise(plain) == plain


def test_the_palette_the_help_and_a_question(walk: Walk) -> None:
    walk.see("\x10alias", "Role")
    walk.see("\x15" + PASTED.format("pasted \u202e[red]"), "U+202E⟩[red]")
    walk.leave("pasted")
    walk.see("?", "In an open record", content=False)
    walk.turn("", content=False)
    walk.leave("In an open record")
    walk.see("5", "Words")
    walk.see("d", "Go to which day?")
    walk.see(PASTED.format("pasted \u202e[red]"), "U+202E⟩[red]")
    walk.see("\r", "is not a date")


def test_the_problems(walk: Walk) -> None:
    walk.see("!", "W101", content=False)
    assert "nmae" in walk.read(content=False)
    walk.turn("g", content=False)
    for _ in range(10):
        walk.turn("jjjjj\t ", content=False)
        walk.turn("\t", content=False)


COMMANDS = [
    "--plain",
    *(f"list {kind}s" for kind in ("actor", "issue", "position", "incident", "quote", "source")),
    "search event",
    "search nothingoftheword",
    *(f"show {ref}" for ref in (f"briefing/{BRIEFING}", "a-1", "i-0", "p-1", "n-1", "q-1", "article")),
    "show [red]\u202e\x1b]0;x\a",
    "check",
    "verify",
    "fmt --check",
]
DATA = {"list": FORMATS[1:], "search": FORMATS[1:], "show": FORMATS[1:], "check": CHECK_FORMATS[1:]}


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_writes_text_only(hostile: Path, line: str) -> None:
    content = ("--content", str(hostile / BRIEFING))
    code, out, err = briefing(*line.split(" "), *content)
    assert code in (0, 1)
    for form in DATA.get(line.split()[0], ()):
        out += briefing(*line.split(" "), *content, "--format", form).out
    for said in (out + err).splitlines():
        assert sanitise_line(said) == said
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "line", ["list actors", "check", "verify --write", "fmt --check", "build", "log q-1"]
)
def test_the_name_of_the_library_is_shown_and_not_obeyed(hostile: Path, tmp_path: Path, line: str) -> None:
    folder = tmp_path / f"library {EXAMPLE}\u202e"
    shutil.copytree(hostile, folder)
    _, out, err = briefing(*line.split(), "--content", str(folder))
    for said in (out + err).splitlines():
        assert sanitise_line(said) == said


@pytest.mark.parametrize("line", ["--plain", "list actors", "search event", "show q-1", "check"])
def test_on_a_terminal_a_command_changes_its_looks_only(hostile: Path, line: str) -> None:
    _, out = on_terminal(*line.split(), "--content", str(hostile / BRIEFING), columns=COLUMNS)
    for said in re.sub(r"\x1b\[[\d;]*m", "", out).splitlines():
        assert sanitise_line(said) == said
    used = {number for look in looks(out) for number in attributes(look)}
    assert not used & {5, 6, 8, 53}
    screen = pyte.Screen(COLUMNS, LINES)
    pyte.Stream(screen).feed(out)
    assert screen.margins is None
    assert screen.title == screen.icon_name == ""
    assert screen.mode == pyte.Screen(COLUMNS, LINES).mode


@pytest.mark.needs("git")
def test_history_writes_text_only(hostile: Path, tmp_path: Path) -> None:
    library = Library(tmp_path / "repository")
    shutil.copytree(hostile, library.content)
    library.git("add", "--all")
    names = {f"GIT_{who}_NAME": PIECES[0] + "Rana" + PIECES[14] for who in ("AUTHOR", "COMMITTER")}
    dates = {f"GIT_{who}_DATE": "2025-06-16T10:00:00+03:00" for who in ("AUTHOR", "COMMITTER")}
    library.git("commit", "-q", "-m", "".join(PIECES[:5]) + "\u202e", **names, **dates)
    quotes = library.content / BRIEFING / "quotes.yaml"
    quotes.write_text(quotes.read_text(encoding="utf-8").replace("Words", "Other"), encoding="utf-8")
    library.git("commit", "-qam", "Changed\u2067", **names, **dates)
    for line in ("log quote/q-1", "diff HEAD~1 HEAD", "diff \x1b]0;x\a"):
        for form in ("text", "md", "json"):
            code, out, err = briefing(
                *line.split(" "), "--content", str(library.content), "--format", form, cwd=library.top
            )
            assert code == (2 if "\a" in line else 0), err
            for said in (out + err).splitlines():
                assert sanitise_line(said) == said
