"""Running the checks between records; those of single records run where a file is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from briefing.content import codes
from briefing.content.checks.lookup import Lookup, MemoryLookup, Place
from briefing.content.checks.references import DUPLICATE_ID
from briefing.content.checks.registry import GROUP_CHECKS, LIBRARY_CHECKS, facts_of
from briefing.content.finding import Finding
from briefing.content.library import File, Library
from briefing.content.load import Loaded, Places, Shared, load_file
from briefing.content.problem import Problem
from briefing.content.verified import marks_in
from briefing.model.records import Actor, Briefing
from briefing.model.ref import SHARED, Ref


def check_together(lookup: Lookup) -> Iterator[Problem]:
    """What is wrong between the records of a library; problems of single records come with loading."""
    placer = _Placer(lookup)
    for ref, place in lookup.duplicates():
        first = lookup.place(ref)
        where = f"{first.file.inside}:{first.line}" if first is not None else "another file"
        message = f'the id "{ref.id}" is used already, at {where}'
        yield placer.problem(ref, Finding(DUPLICATE_ID, ("id",), message), place)
    for check in LIBRARY_CHECKS:
        for ref, finding in check(lookup):
            yield placer.problem(ref, finding)
    for topic, check_group, in_briefing in GROUP_CHECKS:
        for key, facts in groupby(lookup.facts(topic, in_briefing=in_briefing), key=lambda fact: fact.key):
            for ref, finding in check_group(key, list(facts), lookup):
                yield placer.problem(ref, finding)


class _Placer:
    """Turns findings into problems at their line; keeps the last file read, as findings come in runs."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._display = ""
        self._places: Places | None = None

    def problem(self, ref: Ref, finding: Finding, place: Place | None = None) -> Problem:
        place = place or self._lookup.place(ref)
        if place is None:
            return codes.problem(finding.code, finding.message, file=ref.briefing, record=ref.short)
        if self._places is None or self._display != place.display:
            self._places = Places(place.file.path)
            self._display = place.display
        mark, excerpt = self._places.find(place.line, place.column, finding.path, on_key=finding.on_key)
        return codes.placed(finding, mark, file=place.display, record=ref.short, excerpt=excerpt)


def check_library(library: Library) -> list[Problem]:
    """Every problem of a library, in the order of its files; all records are held in memory meanwhile."""
    return check_files(
        library,
        lambda file, shared, briefing: load_file(
            file, display=str(file.path), shared=shared, briefing=briefing
        ),
    )


Load = Callable[[File, Shared, Briefing | None], Loaded]


def check_files(library: Library, load: Load) -> list[Problem]:
    """As `check_library`, with the files' records from LOAD."""
    marks = {folder.id: marks_in(folder) for folder in library.briefings}
    lookup = MemoryLookup(marks, library.unread)
    problems = [*library.problems, *(problem for found in marks.values() for problem in found.problems)]
    shared: dict[str, Actor] = {}
    briefings: dict[str, Briefing] = {}
    for file in library.files:
        loaded = load(file, shared.get, briefings.get(file.briefing))
        problems.extend(loaded.problems)
        lookup.add_problems(file, loaded.problems)
        for record, line, column in loaded.records:
            if isinstance(record, Briefing):
                briefings[file.briefing] = record
            elif isinstance(record, Actor) and file.briefing == SHARED:
                shared.setdefault(record.id, record)
            lookup.add(record, Place(file, str(file.path), line, column), facts_of(record, file.briefing))
    problems.extend(check_together(lookup))
    order = {str(file.path): position for position, file in enumerate(library.files)}
    return sorted(problems, key=lambda p: (order.get(p.file, -1), p.file, p.line, p.column, p.code))
