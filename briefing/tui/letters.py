"""Letters that the encoding of a terminal lacks: each gets a stand-in of its width, so that nothing moves."""

from __future__ import annotations

import codecs

STAND_IN = "briefing.stand-in"
_ALIKE = {"─": "-", "│": "|", "▌": "|", "■": "#", "█": "#", "…": ">"} | dict.fromkeys("“”", '"')


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    from rich.cells import cell_len

    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_ALIKE.get(letter, "?" * cell_len(letter)) for letter in lacking), error.end


codecs.register_error(STAND_IN, _stand_in)
