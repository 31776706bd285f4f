"""How records changed, told from the git repository that holds them.

Git alone is asked, by argument lists and never through a shell, and nothing is checked out: old versions are
read as text out of its objects and understood by the loader that reads today's, so a change is a change of
what the records say, not of lines.
"""

from __future__ import annotations
