"""One stylesheet for all readers of a process, parsed once for each theme.

Parsing Textual's style rules is most of what an app costs to start, and the parsed rules are the same
for everybody who uses the same theme.
"""

from __future__ import annotations

from typing import NamedTuple

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


class _Parsed(NamedTuple):
    rules: list[RuleSet]
    by_name: dict[str, list[RuleSet]]


# A theme's variables and the sources; few, since themes and screens are few.
_PARSED: dict[tuple[object, ...], _Parsed] = {}
_MOST = 64


class SharedStylesheet(Stylesheet):
    """A stylesheet that takes its parsed rules from a shared store."""

    def parse(self) -> None:
        key = (tuple(sorted(self._variables.items())), tuple(self.source.items()))
        parsed = _PARSED.get(key)
        if parsed is None:
            super().parse()
            self._parse_cache.clear()
            if len(_PARSED) >= _MOST:
                _PARSED.clear()
            parsed = _PARSED[key] = _Parsed(self._rules, self.rules_map)
        self._rules, self._rules_map = parsed
        self._require_parse = False

    def reparse(self) -> None:
        """Take the rules for new variables (a theme was chosen)."""
        self.parse()

    def copy(self) -> Stylesheet:
        sheet = SharedStylesheet(variables=self._variables.copy())
        sheet.source = self.source.copy()
        return sheet
