"""Exit statuses of sessions and commands over SSH, beside those of the commands themselves."""

from __future__ import annotations

from typing import Final

# As the command line's own: what cannot be read, or is not to be had here; Ctrl-C.
REFUSED: Final = 2
INTERRUPTED: Final = 130
# As sysexits(3) has them: the program failed; there is no place now.
FAILED: Final = 70
NO_PLACE: Final = 75
# As timeout(1) and shells have them; of a signal, its number is added.
TOO_LONG: Final = 124
KILLED: Final = 128
