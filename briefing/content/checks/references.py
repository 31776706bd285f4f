"""Checks of references and ids: that what is named is there, is of the right kind, and has one name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from briefing.content.checks.lookup import Fact, Lookup
from briefing.content.checks.paths import path_of
from briefing.content.checks.registry import Setting, library_check, record_check, says
from briefing.content.codes import BAD_REFERENCE, declare
from briefing.content.finding import Finding
from briefing.content.schema import nearest
from briefing.model.links import links
from briefing.model.records import AnyRecord, Briefing
from briefing.model.ref import SHARED, Ref
from briefing.model.vocabulary import Kind

DANGLING = declare(
    "E301",
    "reference to nothing",
    "No record of this id is there. It is misspelled, or the record is missing. A record that was kept out "
    "by an error of its own is reported at that error, and not wherever it is named; nor are references to "
    "records of a kind of which a file could not be read as a whole, holds nothing, or has a record without "
    "an id. Where several records name one that is not there, and nothing names one of nearly that id, it is "
    "reported once, at that id.",
    "actor: kataib-hezbolah",
)
WRONG_KIND = declare(
    "E302",
    "reference to another kind",
    "The key names records of one kind, and the reference says another.",
    "speaker: source/article",
)
SPEAKER = declare(
    "E303",
    "speaker is no actor",
    "A quote's speaker is an actor of the briefing or a shared one, an unnamed source too (kind: "
    "unnamed-source).",
    "- id: q-1\n  speaker: a-diplomat  # no such actor",
)
OTHER_ID = declare(
    "E304",
    "briefing and folder differ in name",
    "Refs name a briefing by its folder, so the `id` in briefing.yaml must be the folder's name.",
    "# in content/iraq-2025/briefing.yaml\nid: iraq",
)

ELSEWHERE = declare(
    "W310",
    "reference into a briefing that is not here",
    "The reference names a record of another briefing, and the library has no briefing of that name. "
    "When one briefing is checked by itself, check the whole library instead.",
    "about: iraq-2024/issue/airspace",
)
DUPLICATE_ID = declare(
    "E305",
    "id used twice",
    "An id is unique in its kind within a briefing, over all files. The first record keeps it.",
    "- id: iran\n  name: Iran\n- id: iran\n  name: Islamic Republic of Iran",
)
REUSED_ID = declare(
    "E306",
    "former id in use",
    "An id listed under `formerly` is dead: it must not name another record, or old references would "
    "silently change their meaning.",
    "- id: kataib-hezbollah\n  formerly: [iran]\n- id: iran",
)
FORMER_TWICE = declare(
    "W301",
    "former id claimed twice",
    "Two records say that they had this id before; a reference to it cannot tell which is meant.",
    "- id: a\n  formerly: [old]\n- id: b\n  formerly: [old]",
)
SELF = declare(
    "W302",
    "record names itself",
    "A record cannot support, follow or belong to itself.",
    "- id: a\n  member_of: a",
)

_KINDS = tuple(Kind)
# For so many missing records the id that may be meant is looked for; beyond, a whole file is missing.
_GUESSED_MAX = 200
_NUMBERS = re.compile("[0-9]+")


@record_check(*_KINDS)
def kind_agrees(record: AnyRecord | Briefing, setting: Setting) -> Iterator[Finding]:
    """A reference says a kind where its key does not, and no other where it does."""
    for role, reference, kind in links(record):
        if kind is None:
            if "/" not in reference:
                message = f'"{reference}" does not say its kind; write KIND/{reference}'
                yield Finding(BAD_REFERENCE, path_of(record, role, reference), message)
            continue
        if "/" not in reference:
            if reference == record.id and kind is record.KIND:
                message = f'names itself under "{role}"'
                yield Finding(SELF, path_of(record, role, reference), message)
            continue
        named = Ref.resolve(reference, briefing=setting.briefing, kind=kind).kind
        if named is not kind:
            article = "an" if kind.value[0] in "aeiou" else "a"
            message = (
                f'"{role.rpartition(".")[2]}" names {article} {kind}, but "{reference}" is of kind {named}'
            )
            yield Finding(WRONG_KIND, path_of(record, role, reference), message)


@record_check(Kind.BRIEFING)
def named_by_folder(briefing: Briefing, setting: Setting) -> Iterator[Finding]:
    """The briefing has the name that refs give it."""
    if briefing.id != setting.briefing:
        yield Finding(OTHER_ID, ("id",), f'the folder is "{setting.briefing}", so the id must be that too')


@says(*_KINDS)
def former_ids(record: AnyRecord | Briefing, ref: Ref) -> Iterator[Fact]:
    if not isinstance(record, Briefing):
        for former in record.formerly:
            yield Fact("formerly", str(Ref(ref.briefing, ref.kind, former)), ref, former)


@library_check
def identity(lookup: Lookup) -> Iterator[tuple[Ref, Finding]]:
    """Nothing dangles, and dead ids stay dead."""
    former: dict[str, Ref] = {}  # only ids that editors gave up by hand, so never many
    for fact in lookup.facts("formerly"):
        record = lookup.get(fact.ref)
        path = path_of(record, "formerly", fact.value)
        if lookup.get(Ref(fact.ref.briefing, fact.ref.kind, fact.value)) is not None:
            message = f'the former id "{fact.value}" names a record again'
            yield fact.ref, Finding(REUSED_ID, path, message)
        elif fact.key in former:
            message = f'"{former[fact.key].id}" was formerly "{fact.value}" too'
            yield fact.ref, Finding(FORMER_TWICE, path, message)
        former.setdefault(fact.key, fact.ref)
    meant: dict[Ref, str | None] = {}
    misnamed: set[Ref] = set()
    for ref, role, reference, target in lookup.dangling():
        homes = [target, Ref(SHARED, target.kind, target.id)] if target.kind is Kind.ACTOR else [target]
        if any(lookup.unread(home.briefing, home.kind) or lookup.left_out(home) for home in homes):
            continue  # reported once, where the file or the record is
        renamed = former.get(str(target))
        if renamed is None and target not in meant and len(meant) < _GUESSED_MAX:
            meant[target] = nearest(target.id, _not_beside(target.id, lookup.neighbours(target)))
            if _is_misnamed(meant[target], target, lookup):
                misnamed.add(target)
                cause = target._replace(id=str(meant[target]))
                message = (
                    f'nothing names "{cause.id}", and more than one record "{target.id}", which does not '
                    f'exist; did you mean "{target.id}"?'
                )
                yield cause, Finding(DANGLING, ("id",), message)
        if target in misnamed:
            continue
        if renamed is not None:
            ending = f'; it is now called "{renamed.id}"'
        else:
            known = meant.get(target)
            ending = "" if known is None else f'; did you mean "{known}"?'
        path = path_of(lookup.get(ref), role, reference)
        briefing = Ref(target.briefing, Kind.BRIEFING, target.briefing)
        if target.briefing not in (ref.briefing, SHARED) and lookup.get(briefing) is None:
            message = f'"{reference}" is of a briefing that this library does not have'
            yield ref, Finding(ELSEWHERE, path, message)
        elif role == "speaker":
            message = f'the speaker "{reference}" is not an actor{ending}'
            yield ref, Finding(SPEAKER, path, message)
        else:
            key = role.rpartition(".")[2]
            message = f'"{key}" names {target.kind} "{reference}", which does not exist{ending}'
            yield ref, Finding(DANGLING, path, message)


def _not_beside(name: str, others: Iterable[str]) -> Iterator[str]:
    """OTHERS without those that NAME stands in a row with: p-1 and p-2 are two, and nobody mistook them."""
    row = _NUMBERS.sub("0", name)
    return (other for other in others if _NUMBERS.sub("0", other) != row)


def _is_misnamed(name: str | None, target: Ref, lookup: Lookup) -> bool:
    """Whether the mistake is rather in the id NAME of a record, which nothing names, than in many references
    to TARGET, which is not there."""
    if name is None:
        return False
    if any(lookup.referring(target._replace(id=name))):
        return False
    return len({mentioned.ref for mentioned in islice(lookup.referring(target), _GUESSED_MAX)}) > 1
