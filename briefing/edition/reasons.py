"""Why a record is among the hits, where its own words do not show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from briefing.edition.entry import Entry
from briefing.edition.highlight import best_match
from briefing.edition.indexed import people_or_issues, span_of, texts_of, titles_of
from briefing.edition.matching import Reading
from briefing.edition.query.fields import FIELDS, Sort
from briefing.edition.query.tree import Field, Node, Phrase, Word, wanted
from briefing.edition.words import Match, Meaning, meaning_of
from briefing.model.records import Actor, Incident, Issue, many
from briefing.model.ref import Ref
from briefing.model.vocabulary import ActorKind, Kind

# Reads several records at once.
Read = Callable[[Iterable[Ref]], list[Entry]]


class Why(NamedTuple):
    """What to say of a hit; `typo` when only a corrected word finds it."""

    reasons: tuple[str, ...] = ()
    typo: bool = False


class Explainer:
    """Says why records match one query."""

    def __init__(self, reading: Reading, node: Node, read: Read) -> None:
        self._words: list[Meaning] = []
        self._dated = False
        for leaf in wanted(node):
            match leaf:
                case Word(text, prefix):
                    meaning = reading.meaning(text, prefix)
                case Phrase(text, prefix):
                    meaning = meaning_of(text, prefix)
                case Field(name=name):
                    self._dated |= FIELDS[name].sort is Sort.DATE
                    continue
            if meaning is not None:
                self._words.append(meaning)
        self._read = read
        self._known: dict[Ref, Entry | None] = {}

    def why(self, entry: Entry) -> Why:
        record = entry.record
        reasons: list[str] = []
        titles = list(titles_of(record))
        kind_words = [record.type] if isinstance(record, Incident) else []
        own = [*titles[:1], *texts_of(record), *kind_words]
        left = _without(self._words, own)
        while left and (alias := _covering(left, titles[1:])) is not None:
            reasons.append(f'alias "{alias}"')
            left = _without(left, [alias])
        for linked in self._linked(entry) if left else ():
            names = linked.names
            name = _covering(left, names)
            while left and name is not None:
                reasons.append(f"linked to {names[0]}")
                if name != names[0]:
                    reasons.append(f'alias "{name}"')
                left = _without(left, [name])
                name = _covering(left, names)
        if left and not _without(left, [entry.ref.id, str(entry.ref)]):
            reasons.append(f'id "{entry.ref.id}"')
            left = []
        reasons += (f"~ typo: {word.word}" for word in left if word.edits)
        if self._dated:
            span = span_of(record)
            if span is not None and span.precision != "day":
                reasons.append(f"dated to the {span.precision}")
        return Why(tuple(dict.fromkeys(reasons)), any(word.edits for word in left))

    def _linked(self, entry: Entry) -> list[Actor | Issue]:
        """The actors and issues whose names count for ENTRY: those it names, and the groups of its people."""
        refs = list(people_or_issues(entry.record, entry.ref.briefing))
        named = [found for ref in self._entries(refs) if isinstance(found := ref.record, Actor | Issue)]
        groups = [
            Ref.resolve(group, briefing=found.ref.briefing, kind=Kind.ACTOR)
            for found in self._entries(refs)
            if isinstance(found.record, Actor) and found.record.kind is ActorKind.PERSON
            for group in many(found.record.member_of)
        ]
        return [*named, *(found.record for found in self._entries(groups) if isinstance(found.record, Actor))]

    def _entries(self, refs: Sequence[Ref]) -> list[Entry]:
        for ref in refs:
            if ref not in self._known:
                found = self._read([ref])
                self._known[ref] = found[0] if found else None
        return [entry for ref in refs if (entry := self._known[ref]) is not None]


def _without(words: Sequence[Meaning], texts: Sequence[str]) -> list[Meaning]:
    """Those of WORDS that TEXTS do not have, typing errors aside."""
    return [word for word in words if not any(_has(word, text) for text in texts)]


def _covering(words: Sequence[Meaning], names: Sequence[str]) -> str | None:
    """The one of NAMES that has most of WORDS, or None when none has any."""
    counts = [sum(_has(word, name) for word in words) for name in names]
    most = max(counts, default=0)
    return names[counts.index(most)] if most else None


def _has(word: Meaning, text: str) -> bool:
    match = best_match(word, text)
    return match is not None and match is not Match.TYPO
