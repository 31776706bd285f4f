"""Trees to records, and every reason why a tree is no record.

The way in is one call of msgspec.convert. It names only the first thing wrong, so when it refuses a
tree, the tree is walked against the same type information and everything wrong with it is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect as types

from briefing.content import codes
from briefing.content.finding import FieldPath, Finding
from briefing.content.layout import Tree
from briefing.content.sanitise import sanitise_line
from briefing.model import learning
from briefing.model.ref import REFERENCE_PATTERN, SLUG_PATTERN, slug_of
from briefing.model.when import DATE_PATTERN, When, parse_date

_SHOWN_MAX = 60
# Of a key of so few letters one that is wrong is a large part.
_SHORT = 3


def convert(tree: Tree, record: Any) -> tuple[Any, list[Finding]]:
    """TREE as a RECORD, or None and everything that is wrong with it."""
    try:
        return learning.convert(tree, record), []
    except (msgspec.ValidationError, RecursionError):
        pass
    walk = _Walk()
    cleaned = walk.visit(tree, type_of(record), ())
    if walk.findings:
        return None, walk.findings
    try:
        return learning.convert(cleaned, record), []
    except msgspec.ValidationError as error:
        return None, [Finding(codes.RULE, (), _reason(error))]


def shown(value: str) -> str:
    """VALUE in quotation marks for a message, cut when long."""
    # Once more after the cut, which may part an isolate from its end.
    return f'"{sanitise_line(value[:_SHOWN_MAX])}{"…" if len(value) > _SHOWN_MAX else ""}"'


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The ending of a message that names the one word that WORD surely was meant to be, or nothing."""
    meant = nearest(word, known)
    return f'; did you mean "{meant}"?' if meant is not None else ""


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.75) -> str | None:
    """The one word that WORD surely was meant to be."""
    candidates = list(known)
    folded = word.strip().lower().replace("_", "-").replace(" ", "-")
    for candidate in candidates:
        if candidate.lower().replace("_", "-") == folded:
            return candidate
    close = get_close_matches(word.lower()[:_SHOWN_MAX], candidates, n=1, cutoff=cutoff)
    return close[0] if close else None


class _Walk:
    """Walks a tree against a type, gathers findings, and cleans what is sound in another spelling."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def visit(self, tree: Tree, kind: types.Type, path: FieldPath) -> Any:
        """TREE as msgspec takes it: missing values dropped, yes and no as true and false."""
        kind = bare(kind)
        match kind:
            case types.UnionType():
                return self._union(tree, kind, path)
            case types.StructType():
                return self._struct(tree, kind, path)
            case types.VarTupleType():
                return self._list(tree, kind, path)
            case types.StrType():
                return self._text(tree, kind, path)
            case types.BoolType():
                return self._boolean(tree, path)
            case types.EnumType():
                return self._word(tree, [member.value for member in kind.cls], path)
            case types.LiteralType():
                return self._word(tree, [str(value) for value in kind.values], path)
            case _:
                return self._number(tree, kind, path)

    def _found(
        self, code: str, path: FieldPath, message: str, hint: str = "", *, on_key: bool = False
    ) -> None:
        self.findings.append(Finding(code, path, message, hint, on_key))

    def _wrong_shape(self, tree: Tree, path: FieldPath, wanted: str, hint: str = "") -> None:
        self._found(codes.WRONG_SHAPE, path, f"{_name(path)}must be {wanted}, not {_shape(tree)}", hint)

    def _union(self, tree: Tree, kind: types.UnionType, path: FieldPath) -> Any:
        if tree is None:
            return None
        members = [bare(member) for member in kind.types if not isinstance(member, types.NoneType)]
        if len(members) == 1:
            return self.visit(tree, members[0], path)
        for member in members:
            if isinstance(member, _TYPE_FOR[type(tree)]):
                return self.visit(tree, member, path)
        self._wrong_shape(tree, path, " or ".join(_wanted(member) for member in members))
        return None

    def _struct(self, tree: Tree, kind: types.StructType, path: FieldPath) -> Any:
        fields = _fields(kind.cls)
        if not isinstance(tree, dict):
            if path:
                self._wrong_shape(tree, path, "a mapping of keys to values", _keys(fields))
            else:
                self._found(codes.NOT_A_RECORD, path, f"a record is a mapping of keys, not {_shape(tree)}")
            return None
        before = len(self.findings)
        cleaned: dict[str, Any] = {}
        misspelled: set[str | None] = set()
        for key, value in tree.items():
            field = fields.get(key)
            if field is None:
                unused = [name for name in fields if name not in tree]
                glued = key.partition(":")[0]
                meant = glued if glued in unused else nearest(key, unused)
                if meant is None and len(key) <= _SHORT:
                    required = [name for name in unused if fields[name].required]
                    meant = nearest(key, required, cutoff=0.5)
                misspelled.add(meant)
                ending = "" if meant is None else f'; did you mean "{meant}"?'
                hint = _keys(unused) if meant is None else ""
                if glued == meant:
                    ending, hint = "", "a space is missing after the colon"
                self._found(
                    codes.UNKNOWN_KEY, (*path, key), f"unknown key {shown(key)}{ending}", hint, on_key=True
                )
            elif value is not None:
                cleaned[key] = self.visit(value, field.type, (*path, key))
            elif field.required:
                self._found(codes.MISSING, (*path, key), f'required key "{key}" has no value', on_key=True)
        for name, field in fields.items():
            if field.required and name not in tree and name not in misspelled:
                self._found(codes.MISSING, path, f'required key "{name}" is missing', on_key=True)
        if len(self.findings) == before:
            self._rules(cleaned, kind, path)
        return cleaned

    def _rules(self, cleaned: dict[str, Any], kind: types.StructType, path: FieldPath) -> None:
        """What the type itself demands of values that are sound one by one."""
        try:
            learning.convert(cleaned, kind.cls)
        except msgspec.ValidationError as error:
            code = codes.WHEN if kind.cls is When else codes.RULE
            self._found(code, path, _reason(error), on_key=True)

    def _list(self, tree: Tree, kind: types.VarTupleType, path: FieldPath) -> Any:
        if not isinstance(tree, list):
            hint = "put it in [ ], or on a line of its own that begins with a hyphen"
            self._wrong_shape(tree, path, "a list", hint)
            return None
        cleaned = []
        for position, item in enumerate(tree):
            if item is None:
                self._found(codes.EMPTY_ITEM, (*path, position), "an entry of the list is empty")
            else:
                cleaned.append(self.visit(item, kind.item_type, (*path, position)))
        return cleaned

    def _text(self, tree: Tree, kind: types.StrType, path: FieldPath) -> Any:
        if not isinstance(tree, str):
            self._wrong_shape(tree, path, "a text")
            return None
        if kind.min_length and len(tree) < kind.min_length:
            self._found(codes.EMPTY_TEXT, path, f"{_name(path)}must not be empty")
        elif kind.max_length is not None and len(tree) > kind.max_length:
            self._found(
                codes.TOO_LONG, path, f"{len(tree)} characters; at most {kind.max_length} are allowed"
            )
        elif kind.pattern == DATE_PATTERN:
            try:
                parse_date(tree)
            except ValueError as error:
                # Imported for what is wrong only: its patterns take a while to compile.
                from briefing.content.otherdates import date_meant

                meant = date_meant(tree)
                ending = "" if meant is None else f'; did you mean "{meant}"?'
                self._found(codes.NO_DATE, path, sanitise_line(str(error)[: 2 * _SHOWN_MAX]) + ending)
        elif kind.pattern is not None and re.search(kind.pattern, tree) is None:
            self._misformed(tree, kind.pattern, path)
        return tree

    def _misformed(self, text: str, pattern: str, path: FieldPath) -> None:
        slug = slug_of(text)
        strange = next((character for character in text if not character.isascii()), None)
        hint = ""
        if strange is not None and strange.isalpha():
            # Some look like those of a-z, and nobody sees the difference.
            hint = f"the {strange} in it is none of a-z (U+{ord(strange):04X})"
        if pattern == SLUG_PATTERN:
            ending = f'; did you mean "{slug}"?' if slug and strange is None else ""
            self._found(codes.BAD_ID, path, f"{shown(text)} is not an id (a-z, 0-9 and -){ending}", hint)
        elif pattern == REFERENCE_PATTERN:
            # Whether there is such a record is not known here.
            ending = f'; as an id it is "{slug}"' if slug and strange is None and "/" not in text else ""
            self._found(codes.BAD_REFERENCE, path, f"{shown(text)} is not the id of a record{ending}", hint)
        else:
            upper = text.upper()
            ending = f'; did you mean "{upper}"?' if upper != text and re.search(pattern, upper) else ""
            message = f"{shown(text)} is not {_FORMS.get(pattern, f'of the form {pattern}')}{ending}"
            self._found(codes.BAD_PATTERN, path, message)

    def _boolean(self, tree: Tree, path: FieldPath) -> Any:
        value = _BOOLEANS.get(tree.lower()) if isinstance(tree, str) else None
        if value is None:
            what = shown(tree) if isinstance(tree, str) else _shape(tree)
            self._found(codes.NOT_BOOLEAN, path, f"{_name(path)}must be true or false, not {what}")
        return value

    def _word(self, tree: Tree, words: list[str], path: FieldPath) -> Any:
        if not isinstance(tree, str):
            self._wrong_shape(tree, path, "one word")
        elif tree not in words:
            message = f"{shown(tree)} is no {_last(path)}{did_you_mean(tree, words)}"
            self._found(codes.UNKNOWN_WORD, path, message, "one of: " + ", ".join(words))
        return tree

    def _number(self, tree: Tree, kind: types.Type, path: FieldPath) -> Any:
        whole = isinstance(kind, types.IntType)
        try:
            if not isinstance(tree, str):
                raise ValueError
            number = msgspec.convert(tree, int if whole else float, strict=False)
        except (ValueError, msgspec.ValidationError):
            what = shown(tree) if isinstance(tree, str) else _shape(tree)
            wanted = "a whole number" if whole else "a number"
            self._found(codes.NOT_A_NUMBER, path, f"{_name(path)}must be {wanted}, not {what}")
            return None
        if isinstance(kind, types.IntType | types.FloatType):
            low, high = kind.ge, kind.le
            if not ((low is None or number >= low) and (high is None or number <= high)):
                limits = f"from {low} to {high}" if high is not None else f"at least {low}"
                self._found(codes.OUT_OF_RANGE, path, f"{_name(path)}must be {limits}, not {shown(tree)}")
        return tree


_TYPE_FOR: dict[Any, Any] = {str: types.StrType, list: types.VarTupleType, dict: types.StructType}
_BOOLEANS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
# How to name, in a message, the patterns of fields that are neither ids nor dates.
_FORMS = {
    "^[A-Z]{2}$": "an ISO 3166-1 code of two capitals, such as IQ",
    "^[a-z]{2,3}(-[A-Za-z0-9]+)*$": "a language tag, such as ar or fa",
    "^Q[1-9][0-9]*$": "a Wikidata item, such as Q796",
    "^https?://": "a web address that begins with http:// or https://",
    "^[0-9a-f]{64}$": "a sha256 in 64 hexadecimal digits",
}


@cache
def type_of(record: Any) -> types.Type:
    return types.type_info(record)


@cache
def _fields(record: Any) -> dict[str, types.Field]:
    kind = type_of(record)
    assert isinstance(kind, types.StructType)
    return {field.encode_name: field for field in kind.fields}


def bare(kind: types.Type) -> types.Type:
    """KIND without what is only said of it."""
    while isinstance(kind, types.Metadata):
        kind = kind.type
    return kind


def _shape(tree: Tree) -> str:
    if tree is None or isinstance(tree, str):
        return "nothing" if tree is None else "a text"
    return "a list" if isinstance(tree, list) else "a mapping"


def _wanted(kind: types.Type) -> str:
    if isinstance(kind, types.VarTupleType):
        return "a list"
    return "a mapping" if isinstance(kind, types.StructType) else "a text"


def _keys(names: Iterable[str]) -> str:
    return "keys: " + ", ".join(names)


def _last(path: FieldPath) -> str:
    """The name of the key that PATH ends in, positions aside."""
    return next((str(part) for part in reversed(path) if isinstance(part, str)), "value")


def _name(path: FieldPath) -> str:
    if not path:
        return ""
    return f'{"an entry of " if isinstance(path[-1], int) else ""}"{_last(path)}" '


def _reason(error: msgspec.ValidationError) -> str:
    """What a type's own rule said, without msgspec's path."""
    return sanitise_line(str(error).rpartition(" - at `")[0] or str(error))
