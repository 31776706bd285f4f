"""Why a record is among the hits, where its own words do not show it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache

from briefing.edition.entry import Entry
from briefing.edition.highlight import is_in
from briefing.edition.matching import Reading
from briefing.edition.query.fields import FIELDS, Sort
from briefing.edition.query.tree import And, Field, Node, Not, Or, Phrase, Word, walk, wanted
from briefing.edition.searched import (
    FIELDS_OF_ROLES,
    people_or_issues,
    ref_key,
    span_of,
    texts_of,
    titles_of,
)
from briefing.edition.words import Meaning, phrase_of
from briefing.model.links import links
from briefing.model.records import Actor, AnyRecord, Briefing, Incident, Issue, Source, many
from briefing.model.ref import SHARED, Ref
from briefing.model.vocabulary import ActorKind, Kind

# Fields of words whose value a record has without its words.
_OF_WORDS = ("country", "briefing")
# Whether a record is what a query asks for.
Holds = Callable[[Node, Ref], bool]


class Explainer:
    """Says why records match one query."""

    def __init__(self, reading: Reading, node: Node, holds: Holds) -> None:
        self._reading = reading
        self._words: list[Meaning] = []
        self._own: list[Meaning] = []
        self._fields: list[tuple[Field, list[Meaning]]] = []
        self._dated = False
        corrected: set[Node] = set()
        for leaf in wanted(node):
            meanings = self._add(leaf)
            if any(meaning.edits for meaning in meanings):
                corrected.add(leaf)
        # Whether any hit may be one by a corrected word only.
        self._corrects = bool(corrected)
        self._certain = _uncorrected(node, corrected)
        self._either = any(isinstance(part, Or) for part in walk(node))
        self._holds = holds
        self._record = cache(reading.view.record)
        self._keys: dict[Field, frozenset[int]] = {}

    def _add(self, leaf: Word | Phrase | Field) -> list[Meaning]:
        """Keep what LEAF asks for; gives back what its words mean."""
        match leaf:
            case Word(text, prefix):
                found = self._reading.meaning(text, prefix)
                kept = self._words
            case Phrase(text, prefix):
                found, kept = phrase_of(text, prefix), self._words
            case Field(name="text", value=text, quoted=quoted, prefix=prefix):
                found = phrase_of(text, prefix) if quoted else self._reading.meaning(text, prefix)
                kept = self._own
            case Field(name=name, value=value, prefix=prefix):
                from briefing.edition.narrowing import words_of_name

                sort = FIELDS[name].sort
                self._dated |= sort is Sort.DATE
                words = words_of_name(self._reading, value, prefix) if sort is Sort.NAME else []
                if sort is Sort.NAME or name in _OF_WORDS:
                    self._fields.append((leaf, words))
                return words
        kept += [] if found is None else [found]
        return [] if found is None else [found]

    def is_typo(self, ref: Ref) -> bool:
        """Whether only a corrected word finds the hit REF."""
        if not self._corrects:
            return False
        return self._certain is None or not self._holds(self._certain, ref)

    def why(self, entry: Entry) -> tuple[str, ...]:
        """What to say of a hit."""
        record = entry.record
        reasons: list[str] = []
        titles = list(titles_of(record))
        named = 1 if isinstance(record, Actor | Issue) else len(titles)
        own = [*texts_of(record), *([record.type] if isinstance(record, Incident) else [])]
        left = _without(self._words, titles[:named], name=isinstance(record, Actor))
        left = _without(left, own, name=False)
        found, left = _spelled(left, titles[named:])
        reasons += (f'alias "{alias}"' for alias in found)
        near = [*titles, *own]
        for linked in self._linked(entry) if left else ():
            names = linked.names
            found, left = _spelled(left, names)
            for name in found:
                reasons.append(f"linked to {names[0]}")
                reasons += [] if name == names[0] else [f'alias "{name}"']
            if not left:
                break
            if not any(_misspelled(left, near)) and any(_misspelled(left, names)):
                reasons.append(f"linked to {names[0]}")
            near += names
        near.append(entry.ref.id)
        left += _without(self._own, [*titles, *own], name=False)
        others = _without(left, [entry.ref.id], name=False)
        # Words that are no ref are not found by what a ref has before the id.
        others = [word for word in others if "/" not in word.word or not is_in(word, str(entry.ref))]
        if len(others) < len(left):
            reasons.append(f'id "{entry.ref.id}"')
            left = others
        # With no other way to match, a word that is left is a typing error, wherever that was found.
        reasons += (f"~ typo: {word}" for word in _misspelled(left, near if self._either else None))
        for field, words in self._fields:
            reasons += self._of_field(field, words, entry)
        if self._dated:
            span = span_of(record)
            if span is not None and span.earliest != span.latest:
                reasons.append(f"dated to the {span.precision}")
        return tuple(dict.fromkeys(reasons))

    def _of_field(self, field: Field, words: Sequence[Meaning], entry: Entry) -> Iterator[str]:
        """Why ENTRY has what FIELD asks for by WORDS, or nothing when it does not."""
        if self._either and field.name in _OF_WORDS and not self._holds(field, entry.ref):
            return
        if field.name == "country":
            code = _country_of(entry.record)
            if code is not None and code.casefold() != field.value.casefold():
                yield f"country {code}"
        elif field.name == "briefing":
            briefing = self._record(Ref(entry.ref.briefing, Kind.BRIEFING, entry.ref.briefing))
            if isinstance(briefing, Briefing) and field.value.casefold() not in entry.ref.briefing:
                yield f"briefing {briefing.title}"
        else:
            yield from self._of_name(field, words, entry)

    def _of_name(self, field: Field, words: Sequence[Meaning], entry: Entry) -> Iterator[str]:
        one, group = self._named(field, entry)
        if one is None:
            return
        if one != entry.ref:
            yield f"{'linked to' if field.name == 'actor' else field.name} {self._called(one)[0][1]}"
        if group is not None:
            yield f"member of {self._called(group)[0][1]}"
        called = self._called(group or one)
        found, left = _spelled(words, [name for _, name in called])
        yield from (f'{what} "{name}"' for what, name in called[1:] if name in found)
        yield from (f"~ typo: {word}" for word in _misspelled(left))

    def _named(self, field: Field, entry: Entry) -> tuple[Ref | None, Ref | None]:
        """What FIELD names, ENTRY or what that is linked to; where it names a group of it, that group too."""
        linked = _linked_as(field.name, entry)
        for refs in ([entry.ref] if field.name == entry.ref.kind.value else [], list(linked)):
            for ref in refs:
                if self._is_named(ref, field):
                    return ref, None
            for ref in refs if field.more else ():
                if (group := self._group_of(ref, field)) is not None:
                    return ref, group
        return None, None

    def _is_named(self, ref: Ref, field: Field) -> bool:
        """Whether FIELD names REF, which may stand among the shared ones."""
        if field not in self._keys:
            from briefing.edition.narrowing import named_itself

            self._keys[field] = frozenset(named_itself(self._reading, FIELDS[field.name], field))
        return not self._keys[field].isdisjoint(map(ref_key, (ref, Ref(SHARED, ref.kind, ref.id))))

    def _called(self, ref: Ref) -> list[tuple[str, str]]:
        """What REF may be named by, its name first."""
        match self._record(ref):
            case Actor() | Issue() as record:
                return [("alias", name) for name in record.names]
            case Source(title=title, outlet=outlet, by=by):
                names = (("title", title), ("outlet", outlet), ("by", by), ("id", ref.id))
                return [(what, name) for what, name in names if name]
        return [("id", ref.id)]

    def _group_of(self, ref: Ref, field: Field) -> Ref | None:
        """The nearest group that FIELD names of those that REF belongs to, itself or through others."""
        seen: set[Ref] = set()
        newest = [ref]
        while newest:
            seen.update(newest)
            newest = [group for one in newest for group in self._groups_of(one) if group not in seen]
            for group in newest:
                if self._is_named(group, field):
                    return group
        return None

    def _groups_of(self, ref: Ref) -> list[Ref]:
        actor = self._record(ref)
        if not isinstance(actor, Actor):
            return []
        return [Ref.resolve(group, briefing=ref.briefing, kind=Kind.ACTOR) for group in many(actor.member_of)]

    def _linked(self, entry: Entry) -> Iterator[Actor | Issue]:
        """The actors and issues whose names count for ENTRY: those it names, and the groups of its people."""
        groups: list[Actor] = []
        for ref in people_or_issues(entry.record, entry.ref.briefing):
            found = self._record(ref)
            if isinstance(found, Actor | Issue):
                yield found
            if isinstance(found, Actor) and found.kind is ActorKind.PERSON:
                of_one = map(self._record, self._groups_of(ref))
                groups += (group for group in of_one if isinstance(group, Actor))
        yield from groups


def _uncorrected(node: Node, corrected: Collection[Node]) -> Node | None:
    """What of NODE finds without the leaves that are CORRECTED; None when that is nothing."""
    if node in corrected:
        return None
    if isinstance(node, And):
        return None if any(_uncorrected(part, corrected) is None for part in node.parts) else node
    if isinstance(node, Or):
        found = [one for part in node.parts if (one := _uncorrected(part, corrected)) is not None]
        return Or(tuple(found)) if found else None
    if isinstance(node, Not) and isinstance(node.part, Not):
        return _uncorrected(node.part.part, corrected)
    return node


def _linked_as(name: str, entry: Entry) -> Iterator[Ref]:
    """The records that ENTRY names in the role that a field NAME asks for."""
    for mention in links(entry.record):
        ref = mention.target(entry.ref.briefing)
        if name in (ref.kind.value, FIELDS_OF_ROLES.get((entry.ref.kind, mention.role))):
            yield ref


def _country_of(record: AnyRecord | Briefing) -> str | None:
    if isinstance(record, Incident):
        return record.place.country
    return record.country if isinstance(record, Actor) else None


def _without(words: Sequence[Meaning], texts: Sequence[str], *, name: bool = True) -> list[Meaning]:
    """Those of WORDS that TEXTS, each a NAME or not, do not have, typing errors aside."""
    return [word for word in words if not any(is_in(word, text, name=name) for text in texts)]


def _misspelled(words: Sequence[Meaning], texts: Sequence[str] | None = None) -> Iterator[str]:
    """Those of WORDS that only a correction finds; in TEXTS, if they are given."""
    for word in words:
        if word.edits and (texts is None or any(is_in(word, text, typos=True) for text in texts)):
            yield word.word


def _spelled(words: Sequence[Meaning], names: Sequence[str]) -> tuple[list[str], list[Meaning]]:
    """Those of NAMES that have WORDS, the one with most of them first, and the words that none has."""
    found, left = [], list(words)
    while left and (name := _covering(left, names)) is not None:
        found.append(name)
        left = _without(left, [name])
    return found, left


def _covering(words: Sequence[Meaning], names: Sequence[str]) -> str | None:
    """The one of NAMES that has most of WORDS, or None when none has any."""
    counts = [sum(is_in(word, name) for word in words) for name in names]
    most = max(counts, default=0)
    return names[counts.index(most)] if most else None
