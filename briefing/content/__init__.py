"""YAML to records: reading it with line marks, sanitising, schema, checks, verification."""
