"""The reader's editor: how it is called at a line of a file, and the calling of it.

Always an argument list, never a shell: a file's name can do nothing but name a file.
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.app import SuspendNotSupported

if TYPE_CHECKING:
    from briefing.tui.app import ReaderApp

# Editors that take ``file:line``, with what has to stand before it. All others follow vi: ``+line file``.
_COLON: Final = {
    "code": ("--wait", "--goto"),
    "codium": ("--wait", "--goto"),
    "hx": (),
    "helix": (),
    "subl": ("--wait",),
    "zed": ("--wait",),
}


def arguments(editor: Sequence[str], path: Path, line: int) -> list[str]:
    """The argument list that opens PATH at LINE (0: wherever) in EDITOR."""
    # From the root, so that no name is ever taken for an option.
    file = str(path.absolute())
    if line < 1:
        return [*editor, file]
    before = _COLON.get(Path(editor[0]).name)
    if before is None:
        return [*editor, f"+{line}", file]
    missing = [option for option in before if option not in editor]
    return [*editor, *missing, f"{file}:{line}"]


def edit(app: ReaderApp, place: tuple[Path, int] | None) -> bool:
    """Open the file and line of PLACE and wait until the editor is left; whether it was opened.

    What stood in the way is said in the footer.
    """
    editor = app.settings.editor
    if not editor:
        app.tell("Editing is switched off here.", "warning")
    elif place is None:
        app.tell("There is no file to edit here.")
    elif not place[0].is_file():
        app.tell(f"The file is no longer there: {place[0]}", "warning")
    else:
        return _run(app, arguments(editor, *place))
    return False


def _run(app: ReaderApp, command: Sequence[str]) -> bool:
    code, error = 0, ""
    try:
        with app.suspend(), _keys_for_the_editor():
            # An error is caught in here: the terminal comes back only to what ends in order.
            try:
                code = subprocess.run(command, check=False).returncode  # noqa: S603 (the reader's own editor)
            except OSError as problem:
                error = f"{problem.strerror}. Set $VISUAL or $EDITOR to your editor."
    except SuspendNotSupported:
        app.tell("This terminal cannot be lent to an editor.", "warning")
        return False
    if error:
        app.tell(f"{command[0]}: {error}", "warning")
    elif code:
        app.tell(f"{command[0]} ended with status {code}.", "warning")
    return not error


@contextmanager
def _keys_for_the_editor() -> Iterator[None]:
    """Leave Ctrl-C and Ctrl-backslash to the editor, as system(3) does.

    They reach the reader too, being of the same terminal. A handler, and not SIG_IGN, because a program
    that is started keeps ignoring what its parent ignored.
    """
    numbers = (signal.SIGINT, signal.SIGQUIT)
    before = [signal.signal(number, lambda *_: None) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
