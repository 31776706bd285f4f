"""The reader as a person meets it: started from a shell in a real terminal, and left again."""

from __future__ import annotations

import re
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.tmux import READER, Tmux, terminal

pytestmark = pytest.mark.needs("tmux")
FIRST = "Will Iraqi militias join"
CRASH = """
from briefing.tui.app import ReaderApp
def crash(self): raise RuntimeError("a bug in the reader")
ReaderApp.action_next_theme = crash
from briefing.cli.main import run
raise SystemExit(run())
"""
# Finds its edition damaged at the first quote, and builds another until a file says so.
DAMAGED = """
import time
from pathlib import Path
from briefing.edition.opening import Opener
from briefing.edition.store import DamageError
from briefing.edition.view import View
from briefing.model.vocabulary import Kind
replace, numbers = Opener.replace, View.numbers
damaged = []
def replace_slowly(self, core, seen, progress):
    progress("reading", 1, 4)
    while not Path({signal!r}).exists():
        time.sleep(0.01)
    return replace(self, core, seen, progress)
def find_damaged(self, kind, start, stop):
    if kind is Kind.QUOTE and (damaged or [self.serial]) == [self.serial]:
        damaged[:] = [self.serial]
        raise DamageError
    return numbers(self, kind, start, stop)
Opener.replace, View.numbers = replace_slowly, find_damaged
from briefing.edition import hits
find = hits.find
def find_damaged_too(view, *asked):
    find_damaged(view, Kind.QUOTE, 0, 0)
    return find(view, *asked)
hits.find = find_damaged_too
from briefing.cli.main import run
raise SystemExit(run())
"""


def stty(tmux: Tmux, name: str) -> str:
    """The terminal's own settings, as the shell sees them."""
    tmux.command(f"clear; stty -a; echo {name}-told")
    tmux.wait(f"\n{name}-told")
    return tmux.text.split(f"\n{name}-told")[0].split("\n", 1)[-1]


def restored(tmux: Tmux, leave: Callable[[], object], start: str = READER) -> None:
    """Start the reader, let it be left by LEAVE, and see that all is as before."""
    before, modes = stty(tmux, "before"), tmux.modes
    tmux.command(f"clear; {start}; echo status=$?")
    tmux.wait(FIRST)
    assert tmux.modes != modes
    leave()
    tmux.wait("status=")
    tmux.until(lambda: tmux.modes == modes, f"the modes {modes} (they are {tmux.modes})")
    assert FIRST not in tmux.text
    assert stty(tmux, "after").replace("after", "before") == before


def test_start_search_follow_back_resize_quit(tmux: Tmux) -> None:
    tmux.command(f"{READER}; echo status=$?")
    tmux.wait(FIRST)
    tmux.type("5")
    tmux.wait("We are closely monitoring")
    tmux.type("/")
    tmux.write("hamidawi")
    tmux.wait("Quotes 2")
    tmux.type("Enter")
    tmux.gone("Esc Clear")
    tmux.type("Enter")
    tmux.wait("Speaker")
    tmux.type("Tab", "Enter")
    tmux.wait("secretary-general of Kataib Hezbollah")
    tmux.type("BSpace")
    tmux.wait("Speaker")
    tmux.resize(120, 40)
    tmux.wait("│ “We are closely monitoring")
    tmux.wait("/ hamidawi")
    tmux.resize(60, 20)
    tmux.wait("Speaker")
    tmux.type("q")
    tmux.wait("status=0")


def test_nothing_of_the_reader_stays_when_the_window_grew(tmux: Tmux) -> None:
    tmux.command(f"clear; {READER}; echo status=$?")
    tmux.wait(FIRST)
    tmux.type("2", "j", "j")
    tmux.wait("▌ Masoud Pezeshkian")
    tmux.resize(120, 40)
    tmux.wait("Also called")
    tmux.type("q")
    tmux.wait("status=0")
    assert tmux.text.splitlines()[0].strip() == "status=0"


def test_quitting_leaves_the_terminal_as_it_was(tmux: Tmux) -> None:
    restored(tmux, lambda: tmux.type("q"))
    assert "status=0" not in tmux.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_leave_the_terminal_as_it_was(tmux: Tmux, tmp_path: Path, number: signal.Signals) -> None:
    file = tmp_path / "pid"
    start = f"sh -c 'echo $$ > {file}; exec {READER}'"
    restored(tmux, lambda: tmux.run("run-shell", f"kill -{number.value} $(cat {file})"), start)


def test_a_crash_leaves_the_terminal_as_it_was(tmux: Tmux, tmp_path: Path) -> None:
    script = tmp_path / "crash.py"
    script.write_text(CRASH)
    start = f"{shlex.quote(sys.executable)} {script} 2>{tmp_path / 'errors'}"
    restored(tmux, lambda: tmux.type("t"), start)


def test_that_a_damaged_edition_is_built_again_is_said_while_the_screen_waits(
    tmux: Tmux, tmp_path: Path
) -> None:
    (tmp_path / "reader.py").write_text(DAMAGED.format(signal=str(tmp_path / "go-on")))
    tmux.command(f"{sys.executable} {tmp_path / 'reader.py'}; echo status=$?")
    tmux.wait(FIRST)
    tmux.type("5")
    tmux.wait("it is built again: reading 1 of 4 (25%)")
    tmux.type("j")
    (tmp_path / "go-on").touch()
    tmux.wait("▌ ~15 Jun")
    tmux.wait("damaged; it was built again")
    tmux.gone("reading 1 of 4")
    tmux.wait("Search")
    tmux.type("q")
    tmux.wait("status=0")


def test_damage_that_nobody_met_is_looked_for(tmux: Tmux, tmp_path: Path) -> None:
    tmux.command(f"{READER} build; echo status=$?")
    tmux.wait("status=0")
    (part,) = tmp_path.glob("cache/briefing/*/*/index/*.fast")
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    start = (
        "import briefing.edition.shelf as shelf; shelf._CHECKED_WHOLE = 0; shelf.is_sound = lambda _: True"
    )
    run = "from briefing.cli.main import run; raise SystemExit(run())"
    tmux.command(f"clear; {sys.executable} -c '{start}; {run}'")
    tmux.wait(FIRST)
    tmux.wait("damaged; it was built again")


@pytest.mark.parametrize("where", ["screen", "search"])
def test_damage_of_an_edition_of_which_the_content_is_gone_is_said_in_a_line(
    tmux: Tmux, sample: Path, tmp_path: Path, where: str
) -> None:
    library = tmp_path / "library"
    shutil.copytree(sample, library)
    (tmp_path / "go-on").touch()
    (tmp_path / "reader.py").write_text(DAMAGED.format(signal=str(tmp_path / "go-on")))
    tmux.command(
        f"{sys.executable} {tmp_path / 'reader.py'} {library} 2>{tmp_path / 'errors'}; echo status=$?"
    )
    tmux.wait(FIRST)
    library.rename(tmp_path / "elsewhere")
    tmux.type(*(["5"] if where == "screen" else ["/", "i", "r"]))
    tmux.wait("status=2")
    said = (tmp_path / "errors").read_text() + tmux.text
    assert "briefing: the edition in the cache was damaged, and the content is gone" in said
    assert "Traceback" not in said


def test_interrupting_is_told_to_the_shell(tmux: Tmux) -> None:
    tmux.command(f"{READER}; echo status=$?")
    tmux.wait(FIRST)
    tmux.type("C-c")
    tmux.wait("status=130")


def test_suspending_and_coming_back(tmux: Tmux) -> None:
    tmux.command(f"clear; {READER}")
    tmux.wait(FIRST)
    tmux.type("5")
    tmux.wait("We are closely monitoring")
    tmux.type("C-z")
    tmux.wait("ready$")
    tmux.command("fg")
    tmux.wait("We are closely monitoring")
    tmux.wait("as of 16 Jun 2025")
    tmux.type("q")
    tmux.gone("as of 16 Jun 2025")


@pytest.mark.parametrize("name", ["xterm-256color", "screen", "screen-256color", "linux", "vt100"])
def test_terminals_of_many_sorts_show_it(environ: dict[str, str], name: str) -> None:
    with tempfile.TemporaryDirectory() as folder, terminal(Path(folder), {**environ, "TERM": name}) as tmux:
        tmux.command(READER)
        tmux.wait(FIRST)
        tmux.type("4")
        tmux.wait("Monday 16 June 2025")
        tmux.type("q")
        tmux.gone("Monday 16 June 2025")


def test_a_dumb_terminal_gets_plain_text(environ: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder, terminal(Path(folder), {**environ, "TERM": "dumb"}) as tmux:
        tmux.command(f"{READER} | head -5; echo status=$?")
        tmux.wait("status=0")
        assert "Iraqi militias" in tmux.text
        assert tmux.run("display-message", "-p", "#{alternate_on}").strip() == "0"


def test_without_colour_there_is_none(environ: dict[str, str]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        terminal(Path(folder), {**environ, "NO_COLOR": "1"}) as tmux,
    ):
        tmux.command(READER)
        tmux.wait(FIRST)
        tmux.type("3")
        tmux.wait("against")
        codes = {
            code for found in re.findall(r"\x1b\[([0-9;]*)m", tmux.coloured) for code in found.split(";")
        }
        assert codes <= {"", "0", "1", "2", "3", "4", "7", "39", "49", "22", "24", "27"}
        assert "7" in codes


def test_copying_reaches_tmux(tmux: Tmux) -> None:
    tmux.command(READER)
    tmux.wait(FIRST)
    tmux.type("5")
    tmux.wait("We are closely monitoring")
    tmux.type("j", "Y")
    tmux.wait("Copied the ref")
    tmux.until(
        lambda: tmux.copied == "iraq-militias-2025-06/quote/q-hamidawi-2",
        "the ref in tmux's buffer",
    )


@pytest.mark.parametrize("name", ["library", "caf\udce9"], ids=["text", "bytes"])
def test_what_editors_save_is_shown(environ: dict[str, str], sample: Path, tmp_path: Path, name: str) -> None:
    library = tmp_path / name  # one that is no text cannot be watched
    for file in sorted((sample / "iraq-militias-2025-06").glob("*.yaml")):
        copy = library / "iraq-militias-2025-06" / file.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    briefing = library / "iraq-militias-2025-06" / "briefing.yaml"
    sound = briefing.read_text()
    with (
        tempfile.TemporaryDirectory() as folder,
        terminal(Path(folder), {**environ, "BRIEFING_CONTENT": str(library)}) as tmux,
    ):
        tmux.command(READER)
        tmux.wait(FIRST)
        tmux.type("5", "j", "j")
        tmux.wait("▌ ~15 Jun")

        # Whether or not the watch stands by now.
        briefing.write_text(re.sub("(?m)^title: .*$", "title: Saved", sound))
        tmux.wait("Saved")
        assert "▌" in tmux.text.splitlines()[6]
        briefing.write_text(sound.replace("question:", "question: ["))
        tmux.wait("Saved broken, the last content stays: briefing.yaml:")
        assert "Quotes 19" in tmux.text
        # Said as long as it is so, and what is shown is not said to be all that there is.
        tmux.wait("! saved broken")
        tmux.type("!")
        tmux.wait("Files that were saved broken since are not shown:")
        tmux.wait("briefing.yaml:")
        briefing.write_text(re.sub("(?m)^title: .*$", "title: Mended", sound))
        tmux.wait("Every record could be read")
        tmux.type("Escape")
        tmux.wait("Mended")
        assert "saved broken" not in tmux.text


def test_another_library_in_its_place_is_shown(environ: dict[str, str], sample: Path, tmp_path: Path) -> None:
    name = "iraq-militias-2025-06"
    for title in ("One", "Two"):
        shutil.copytree(sample / name, tmp_path / title / name)
        briefing = tmp_path / title / name / "briefing.yaml"
        briefing.write_text(re.sub("(?m)^title: .*$", f"title: {title}", briefing.read_text()))
    link = tmp_path / "library"
    link.symlink_to("One")

    def lead_to(target: str) -> None:
        (tmp_path / "new").symlink_to(target)
        (tmp_path / "new").replace(link)

    with (
        tempfile.TemporaryDirectory() as folder,
        terminal(Path(folder), {**environ, "BRIEFING_CONTENT": str(link)}) as tmux,
    ):
        tmux.command(READER)
        tmux.wait(" One ")
        for place in ("nowhere", "elsewhere"):  # the second time too
            lead_to(place)
            tmux.wait("The last content stays:")
            lead_to("Two")
            tmux.wait(" Two ")
            tmux.gone("The last content stays:")
            (tmp_path / "Two").rename(tmp_path / "Three")
            tmux.wait("The last content stays:")
            (tmp_path / "Three").rename(tmp_path / "Two")
            tmux.gone("The last content stays:")
