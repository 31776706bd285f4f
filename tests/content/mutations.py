"""Seeded mistakes in the sample briefing: what slips from an editor's hand where it matters.

Mutated are the fields on which a reader relies: keys, ids, references, words of vocabularies, dates,
verbatim words, and what a record cannot do without. Prose that only a person can judge (summaries, notes,
titles, roles) is left alone: no program can tell that it became wrong.
"""

from __future__ import annotations

import copy
import datetime as dt
import random
import re
import string
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from msgspec import inspect as types

from briefing.model.records import REFERS_TO, TYPES
from briefing.model.ref import SLUG_PATTERN
from briefing.model.vocabulary import Kind
from briefing.model.when import DATE_PATTERN

Tree = dict[str, Any]
Path = tuple[str | int, ...]
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Mutation(NamedTuple):
    """One mistake: which sort, in which record and field, and what became of it."""

    sort: str
    kind: Kind
    record: str
    path: Path
    before: Any
    after: Any
    trees: list[Tree]

    def __str__(self) -> str:
        where = ".".join(map(str, self.path))
        return f"{self.sort}: {self.kind}/{self.record} {where}: {self.before!r} -> {self.after!r}"


class Leaf(NamedTuple):
    """A text in a record, and what its type says of it."""

    path: Path
    text: str
    role: str  # id, reference, word, date, other


def leaves(tree: Tree, kind: Kind) -> Iterator[Leaf]:
    """Every text of a record by its path."""
    record = TYPES[kind]
    yield from _leaves(tree, types.type_info(record), ())


def _leaves(tree: Any, info: types.Type, path: Path) -> Iterator[Leaf]:
    role = _role(info)
    bare = info
    while isinstance(bare, types.Metadata):
        bare = bare.type
    if isinstance(bare, types.UnionType):
        for member in bare.types:
            yield from _leaves(tree, member, path)
    elif isinstance(bare, types.StructType) and isinstance(tree, dict):
        for field in bare.fields:
            if field.encode_name in tree:
                yield from _leaves(tree[field.encode_name], field.type, (*path, field.encode_name))
    elif isinstance(bare, types.VarTupleType) and isinstance(tree, list):
        for position, item in enumerate(tree):
            yield from _leaves(item, bare.item_type, (*path, position))
    elif isinstance(tree, str) and not isinstance(
        bare, types.StructType | types.VarTupleType | types.NoneType
    ):
        yield Leaf(path, tree, role)


def _role(info: types.Type) -> str:
    while isinstance(info, types.Metadata):
        if info.extra is not None and REFERS_TO in info.extra:
            return "reference"
        info = info.type
    if isinstance(info, types.EnumType):
        return "word"
    if isinstance(info, types.StrType) and info.pattern == DATE_PATTERN:
        return "date"
    return "id" if isinstance(info, types.StrType) and info.pattern == SLUG_PATTERN else "other"


class Mutator:
    """Makes mistakes in the trees of a briefing, the same ones for the same seed."""

    def __init__(self, trees: dict[Kind, list[Tree]], seed: int) -> None:
        self._trees = trees
        self._random = random.Random(seed)
        named = {
            leaf.text
            for kind in trees
            for tree in trees[kind]
            for leaf in leaves(tree, kind)
            if leaf.role == "reference"
        }
        self._named = {name.rpartition("/")[2] for name in named}
        self._sorts: list[Callable[[Kind, Tree], tuple[Path, Any, Any] | None]] = [
            self.drop_key,
            self.swap_values,
            self.misspell_key,
            self.misspell_name,
            self.misspell_word,
            self.misspell_words,
            self.misdate,
            self.misdate,
            self.misname_day,
        ]

    def mutations(self) -> Iterator[Mutation]:
        """Mistakes without end."""
        while True:
            kind = self._random.choice(
                [kind for kind in self._trees if kind is not Kind.BRIEFING] * 5 + [Kind.BRIEFING]
            )
            trees = copy.deepcopy(self._trees[kind])
            place = self._random.randrange(len(trees))
            if self._random.random() < 0.1 and len(trees) > 1:
                gone = trees.pop(place)
                if gone["id"] in self._named:
                    yield Mutation("drop record", kind, gone["id"], (), gone["id"], None, trees)
                continue
            sort = self._random.choice(self._sorts)
            name = trees[place]["id"]
            done = sort(kind, trees[place])
            if done is not None and done[1] != done[2]:
                yield Mutation(sort.__name__.replace("_", " "), kind, name, *done, trees)

    # One mistake each: its path, what stood there and what stands there now; None where it cannot be made.

    def drop_key(self, kind: Kind, tree: Tree) -> tuple[Path, Any, Any] | None:
        """A key that the record cannot do without is gone."""
        record = TYPES[kind]
        info = types.type_info(record)
        assert isinstance(info, types.StructType)
        paths: list[Path] = [(field.encode_name,) for field in info.fields if field.required]
        paths += [("when", "date"), ("when", "undated"), ("when", "date_basis"), ("place", "name")]
        paths += [("sources", 0, "source")]
        paths += [("sources", 0, "para")] if kind is Kind.QUOTE else []
        if kind is Kind.INCIDENT and "by_status" in tree:
            paths.append(("by_status",))
        paths = [path for path in paths if _has(tree, path)]
        path = self._random.choice(paths)
        before = _get(tree, path)
        del _get(tree, path[:-1])[path[-1]]
        return path, before, None

    def swap_values(self, kind: Kind, tree: Tree) -> tuple[Path, Any, Any] | None:
        """Two values stand at each other's keys."""
        bound = [leaf for leaf in leaves(tree, kind) if leaf.role != "other"]
        if len(bound) < 2:
            return None
        one, other = self._random.sample(bound, 2)
        if one.path[:-1] == other.path[:-1] and isinstance(one.path[-1], int):
            return None  # the order of a list
        _set(tree, one.path, other.text)
        _set(tree, other.path, one.text)
        return one.path, one.text, other.text

    def misspell_key(self, kind: Kind, tree: Tree) -> tuple[Path, Any, Any] | None:
        """A letter of a key is wrong."""
        path = self._random.choice([leaf.path for leaf in leaves(tree, kind)])
        keys = [position for position, part in enumerate(path) if isinstance(part, str)]
        at = self._random.choice(keys)
        holder = _get(tree, path[:at])
        wrong = self._slip(str(path[at]), string.ascii_lowercase + "_")
        if wrong in holder:
            return None
        holder[wrong] = holder.pop(path[at])
        return path[: at + 1], path[at], wrong

    def misspell_name(self, kind: Kind, tree: Tree) -> tuple[Path, Any, Any] | None:
        """A letter of an id that is named somewhere, or of a reference, is wrong."""
        named = [
            leaf
            for leaf in leaves(tree, kind)
            if leaf.role == "reference" or (leaf.path == ("id",) and leaf.text in self._named)
        ]
        return self._misspell(tree, named, string.ascii_lowercase + string.digits + "-")

    def misspell_word(self, kind: Kind, tree: Tree) -> tuple[Path, Any, Any] | None:
        """A letter of a word of a vocabulary is wrong."""
        words = [leaf for leaf in leaves(tree, kind) if leaf.role == "word"]
        return self._misspell(tree, words, string.ascii_lowercase + "-")

    def misspell_words(self, kind: Kind, tree: Tree) -> tuple[Path, Any, Any] | None:
        """A character of words that are given as verbatim is wrong."""
        verbatim = [
            leaf
            for leaf in leaves(tree, kind)
            if (kind is Kind.QUOTE and leaf.path == ("text",))
            or (leaf.path[:1] == ("sources",) and leaf.path[-1] == "text")
        ]
        return self._misspell(tree, verbatim, string.ascii_letters + " ,.'’")

    def misdate(self, kind: Kind, tree: Tree) -> tuple[Path, Any, Any] | None:
        """A date is another, or none."""
        dates = [leaf for leaf in leaves(tree, kind) if leaf.role == "date"]
        if not dates:
            return None
        leaf = self._random.choice(dates)
        wrong = self._random.choice([self._other_day, self._slipped_date])(leaf.text)
        _set(tree, leaf.path, wrong)
        return leaf.path, leaf.text, wrong

    def misname_day(self, kind: Kind, tree: Tree) -> tuple[Path, Any, Any] | None:
        """The source's weekday is another."""
        text = tree.get("when", {}).get("date_text", "") if isinstance(tree.get("when"), dict) else ""
        day = re.search("|".join(WEEKDAYS), text)
        if day is None or "date" not in tree["when"]:
            return None
        wrong = text.replace(day[0], self._random.choice([other for other in WEEKDAYS if other != day[0]]))
        tree["when"]["date_text"] = wrong
        return ("when", "date_text"), text, wrong

    def _misspell(self, tree: Tree, among: list[Leaf], alphabet: str) -> tuple[Path, Any, Any] | None:
        if not among:
            return None
        leaf = self._random.choice(among)
        wrong = self._slip(leaf.text, alphabet)
        _set(tree, leaf.path, wrong)
        return leaf.path, leaf.text, wrong

    def _slip(self, text: str, alphabet: str) -> str:
        """TEXT with one letter left out, doubled, exchanged, added, or two of them swapped."""
        at = self._random.randrange(len(text))
        letter = self._random.choice(alphabet)
        return self._random.choice(
            [
                text[:at] + text[at + 1 :],
                text[:at] + text[at] + text[at:],
                text[:at] + letter + text[at + 1 :],
                text[:at] + letter + text[at:],
                text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
            ]
        )

    def _other_day(self, text: str) -> str:
        if len(text) != 10:
            return self._slipped_date(text)
        days = self._random.choice([-365, -30, -7, -3, -2, -1, 1, 2, 3, 7, 30, 365])
        return (dt.date.fromisoformat(text) + dt.timedelta(days=days)).isoformat()

    def _slipped_date(self, text: str) -> str:
        return self._slip(text, string.digits)


def _get(tree: Any, path: Path) -> Any:
    for part in path:
        tree = tree[part]
    return tree


def _has(tree: Any, path: Path) -> bool:
    try:
        _get(tree, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _set(tree: Any, path: Path, value: Any) -> None:
    _get(tree, path[:-1])[path[-1]] = value
