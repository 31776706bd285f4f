"""Checks beyond the schema: what each record says in itself, and what the records say of one another.

Importing the package enters every check into the registry.
"""

from briefing.content.checks import (
    certainty,
    dates,
    names,
    places,
    references,
    sources,
    succession,
    utterances,
)

__all__ = ["certainty", "dates", "names", "places", "references", "sources", "succession", "utterances"]
