"""Why a record is among the hits, where its own words do not show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from briefing.edition.entry import Entry
from briefing.edition.highlight import is_in
from briefing.edition.matching import Reading
from briefing.edition.query.fields import FIELDS, Sort
from briefing.edition.query.tree import Field, Node, Phrase, Word, wanted
from briefing.edition.searched import people_or_issues, span_of, texts_of, titles_of
from briefing.edition.words import Meaning, meaning_of
from briefing.model.records import Actor, AnyRecord, Briefing, Incident, Issue, many
from briefing.model.ref import Ref
from briefing.model.vocabulary import ActorKind, Kind

# Reads a record; None when there is none.
Read = Callable[[Ref], AnyRecord | Briefing | None]


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
        # Whether any hit may be one by a corrected word only.
        self.corrects = any(word.edits for word in self._words)
        self._read = read
        self._known: dict[Ref, AnyRecord | Briefing | None] = {}

    def why(self, entry: Entry) -> Why:
        record = entry.record
        reasons: list[str] = []
        titles = list(titles_of(record))
        named = 1 if isinstance(record, Actor | Issue) else len(titles)
        own = [*texts_of(record), *([record.type] if isinstance(record, Incident) else [])]
        left = _without(self._words, titles[:named], name=isinstance(record, Actor))
        left = _without(left, own, name=False)
        while left and (alias := _covering(left, titles[named:])) is not None:
            reasons.append(f'alias "{alias}"')
            left = _without(left, [alias])
        for linked in self._linked(entry) if left else ():
            names = linked.names
            while left and (name := _covering(left, names)) is not None:
                reasons.append(f"linked to {names[0]}")
                reasons += [] if name == names[0] else [f'alias "{name}"']
                left = _without(left, [name])
            if not left:
                break
        if left and not _without(left, [entry.ref.id, str(entry.ref)], name=False):
            reasons.append(f'id "{entry.ref.id}"')
            left = []
        reasons += (f"~ typo: {word.word}" for word in left if word.edits)
        if self._dated:
            span = span_of(record)
            if span is not None and span.earliest != span.latest:
                reasons.append(f"dated to the {span.precision}")
        return Why(tuple(dict.fromkeys(reasons)), any(word.edits for word in left))

    def _linked(self, entry: Entry) -> Iterator[Actor | Issue]:
        """The actors and issues whose names count for ENTRY: those it names, and the groups of its people."""
        groups: list[Actor] = []
        for ref in people_or_issues(entry.record, entry.ref.briefing):
            found = self._record(ref)
            if isinstance(found, Actor | Issue):
                yield found
            if isinstance(found, Actor) and found.kind is ActorKind.PERSON:
                refs = (
                    Ref.resolve(group, briefing=ref.briefing, kind=Kind.ACTOR)
                    for group in many(found.member_of)
                )
                groups += (group for one in refs if isinstance(group := self._record(one), Actor))
        yield from groups

    def _record(self, ref: Ref) -> AnyRecord | Briefing | None:
        if ref not in self._known:
            self._known[ref] = self._read(ref)
        return self._known[ref]


def _without(words: Sequence[Meaning], texts: Sequence[str], *, name: bool = True) -> list[Meaning]:
    """Those of WORDS that TEXTS, each a NAME or not, do not have, typing errors aside."""
    return [word for word in words if not any(is_in(word, text, name=name) for text in texts)]


def _covering(words: Sequence[Meaning], names: Sequence[str]) -> str | None:
    """The one of NAMES that has most of WORDS, or None when none has any."""
    counts = [sum(is_in(word, name) for word in words) for name in names]
    most = max(counts, default=0)
    return names[counts.index(most)] if most else None
