"""The query language: text to a tree and back. Knows no index and no library."""
