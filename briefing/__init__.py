"""A terminal reader, checker and server for news briefings kept as YAML."""

__version__ = "0.1.0"
