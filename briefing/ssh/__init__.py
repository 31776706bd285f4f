"""The reader and the read-only commands served over SSH."""
