"""Writes a tree as a query: reading it again gives the same tree."""

from __future__ import annotations

from briefing.edition.query.tree import And, Everything, Field, Node, Not, Or, Phrase, Word


def write(node: Node) -> str:
    """The query that NODE is the tree of."""
    match node:
        case Everything():
            return ""
        case Word(text, prefix):
            return text + "*" * prefix
        case Phrase(text, prefix):
            return f'"{text}"' + "*" * prefix
        case Field():
            value = f'"{node.value}"' if node.quoted else node.value
            return f"{node.name}{'+' * node.more}:{value}{'*' * node.prefix}"
        case Not(part):
            return "-" + _closed(part)
        case And(parts):
            return " ".join(write(part) if not isinstance(part, Or) else _closed(part) for part in parts)
        case Or(parts):
            return " or ".join(write(part) for part in parts)


def _closed(node: Node) -> str:
    return f"({write(node)})" if isinstance(node, And | Or) else write(node)
