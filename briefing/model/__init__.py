"""The records of a briefing and the words they are made of; imports nothing else of ours."""

import atexit
import gc
import sys

if not sys.modules.keys() & {"msgspec", "typing_extensions"}:
    # msgspec takes three names from typing_extensions where that is installed, and the same from typing
    # where it is not. Ours are typing's, and the other with all it imports takes a sixth of a search.
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    import msgspec  # noqa: F401

    del sys.modules["typing_extensions"]

# msgspec frees the type information of structs twice when the last collection of a process takes the
# classes apart in an unlucky order, and the process aborts after its work is done. What is frozen stays.
atexit.register(gc.freeze)
