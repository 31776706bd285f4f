"""YAML to records: reading it with line marks, sanitising, schema, checks, verification."""

import briefing.model  # noqa: F401 (says how msgspec is imported)
