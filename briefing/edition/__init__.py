"""Records to an edition: the record store, the search index, and reading them."""

import briefing.model  # noqa: F401 (says how msgspec is imported)
