# ruff: noqa: S608 (only numbers and our own words are put into statements)
"""The problems of an edition, read as they are asked for."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

import msgspec

from briefing.content.problem import Problem
from briefing.edition.store import ALL_SCOPE, Store, unseal_problem
from briefing.edition.view import View
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

_AT_ONCE = 200
_KINDS = frozenset(kind.value for kind in Kind)


# Asks the edition as it is now; a damaged one is built anew first.
Ask = Callable[[Callable[[View], Any]], Any]


class ProblemList(Sequence[Problem]):
    """What `check` found when the edition was built, in the order of files and lines.

    SHOWN turns a path inside the library into one that the reader of the message can open.
    """

    def __init__(self, ask: Ask, shown: Callable[[str], str]) -> None:
        self._ask = ask
        self._shown = shown
        self._length: int = ask(problem_count)
        # Of a list that is grouped, the numbers of its problems in their order, and the store that has them.
        self._grouped = False
        self._numbers: tuple[Store, array[int]] | None = None

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Problem: ...
    @overload
    def __getitem__(self, index: slice) -> list[Problem]: ...
    def __getitem__(self, index: int | slice) -> Problem | list[Problem]:
        if isinstance(index, slice):
            start, stop, step = index.indices(self._length)
            return self._read(start, stop) if step == 1 else [self[i] for i in range(start, stop, step)]
        place = range(self._length)[index]
        return self._read(place, place + 1)[0]

    def __iter__(self) -> Iterator[Problem]:
        for start in range(0, self._length, _AT_ONCE):
            yield from self._read(start, start + _AT_ONCE)

    def ref(self, index: int) -> Ref | None:
        """The record that the problem at INDEX is about, whether or not it could be read."""
        ((briefing, problem),) = self._rows(index, index + 1)
        kind, _, name = problem.record.partition("/")
        if briefing is None or kind not in _KINDS:
            return None
        return Ref(briefing, Kind(kind), name)

    def errors(self, among: int) -> int:
        """How many of the first AMONG are errors; reads none of them."""
        return int(
            self._ask(
                lambda view: view.core.store.one(
                    f"SELECT count(*) FROM (SELECT code FROM problem {_where(view)}"
                    f" ORDER BY path, line, \"column\", code LIMIT {among}) WHERE code LIKE 'E%'"
                )[0]
            )
        )

    def grouped(self) -> ProblemList:
        """The same problems by file, in each the errors first, then code by code."""
        import copy

        ordered = copy.copy(self)
        ordered._grouped = True
        return ordered

    def tally(self) -> dict[tuple[str, str], int]:
        """How many problems of each code each file has."""
        found = self._ask(
            lambda view: view.core.store.all(
                f"SELECT path, code, count(*) FROM problem {_where(view)} GROUP BY path, code ORDER BY path"
            )
        )
        return {(self._shown(path), code): number for path, code, number in found}

    def _rows(self, start: int, stop: int) -> list[tuple[str | None, Problem]]:
        """The briefings and problems at START to STOP."""
        read = self._rows_grouped if self._grouped else self._rows_in
        found: list[tuple[str | None, Problem]] = self._ask(
            lambda view: [
                (view.core.briefings.get(scope), unseal_problem(body))
                for scope, body in read(view, start, stop)
            ]
        )
        return found

    def _rows_in(self, view: View, start: int, stop: int) -> list[tuple[int, bytes]]:
        rows: list[tuple[int, bytes]] = view.core.store.all(
            f'SELECT scope, body FROM problem {_where(view)} ORDER BY path, line, "column", code, body'
            " LIMIT ? OFFSET ?",
            (max(stop - start, 0), start),
        )
        return rows

    def _rows_grouped(self, view: View, start: int, stop: int) -> list[tuple[int, bytes]]:
        store = view.core.store
        if self._numbers is None or self._numbers[0] is not store:
            # Only numbers are held, eight bytes each: no index of the store has this order.
            order = store.all(
                f"SELECT rowid FROM problem {_where(view)}"
                " ORDER BY path, instr('EWA', substr(code, 1, 1)), code, line, \"column\", body"
            )
            self._numbers = store, array("q", [number for (number,) in order])
        numbers = self._numbers[1][start:stop].tolist()
        found = {
            number: (scope, body)
            for number, scope, body in store.all(
                f"SELECT rowid, scope, body FROM problem WHERE rowid IN ({','.join(map(str, numbers))})"
            )
        }
        return [found[number] for number in numbers]

    def _read(self, start: int, stop: int) -> list[Problem]:
        return [self._told(problem) for _, problem in self._rows(start, stop)]

    def _told(self, problem: Problem) -> Problem:
        return msgspec.structs.replace(problem, file=self._shown(problem.file))


def problem_count(view: View) -> int:
    return int(view.core.store.one(f"SELECT count(*) FROM problem {_where(view)}")[0])


def _where(view: View) -> str:
    return "" if view.scope == ALL_SCOPE else f"WHERE scope = {view.scope}"


def shown_from(asked: str) -> Callable[[str], str]:
    """How to show paths inside a library to somebody who asked for it as ASKED; any byte may be in a name."""

    def shown(path: str) -> str:
        # Imported for what goes wrong only: the patterns of the sanitiser take a while to compile.
        from briefing.content.sanitise import sanitise_line

        return sanitise_line(os.path.normpath(os.path.join(asked, path)))  # noqa: PTH118

    return shown
