"""Records to an edition: the record store, the search index, and reading them."""
