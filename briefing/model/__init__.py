"""The records of a briefing and the words they are made of; imports nothing else of ours."""

import atexit
import gc

# msgspec frees the type information of structs twice when the last collection of a process takes the
# classes apart in an unlucky order, and the process aborts after its work is done. What is frozen stays.
atexit.register(gc.freeze)
