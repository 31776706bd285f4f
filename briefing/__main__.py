"""``python -m briefing`` is the command `briefing`."""

import sys

from briefing.cli.main import run

if __name__ == "__main__":
    sys.exit(run())
