"""Kinds as people type them: one or many, ``quote`` or ``quotes``."""

from __future__ import annotations

from briefing.model.vocabulary import Kind

NAMES: dict[str, Kind] = {name: kind for kind in Kind for name in (kind.value, kind.plural)}
