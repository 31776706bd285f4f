"""What a search found, however long it is kept: asked of the edition as it stands by then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from briefing.edition.entry import Entry
from briefing.edition.search import Found, Hit, find
from briefing.edition.view import View
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

if TYPE_CHECKING:
    from briefing.edition.edition import Edition
    from briefing.edition.facets import Facet, FacetValue

_Answer = TypeVar("_Answer")


class Hits:
    """The hits of QUERY in EDITION; see `Found`, which they are of one edition."""

    def __init__(self, edition: Edition, query: str, typing: bool, kinds: Iterable[Kind]) -> None:
        self.query = query
        self._edition = edition
        self._asked = query, typing, tuple(kinds)
        self._found: tuple[int, Found] | None = None
        self.problem = self._look(lambda found: found.problem)

    def _look(self, question: Callable[[Found], _Answer]) -> _Answer:
        return self._edition.look(lambda view: question(self._in(view)))

    def _in(self, view: View) -> Found:
        found = self._found
        if found is None or found[0] != view.serial:
            found = self._found = view.serial, find(view, *self._asked, self)
        return found[1]

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many hits there are of each kind that has any."""
        return self._look(lambda found: found.counts)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def seconds(self) -> float:
        """How long it took to find and count them."""
        return self._look(lambda found: found.seconds)

    def page(self, kind: Kind, start: int, stop: int) -> list[Hit]:
        """The hits of KIND at START to STOP, in the order of the pane."""
        return self._look(lambda found: found.page(kind, start, stop))

    def ranked(self, start: int, stop: int) -> list[Hit]:
        """The hits of all kinds at START to STOP, the best first."""
        return self._look(lambda found: found.ranked(start, stop))

    def newest(self, start: int, stop: int) -> list[Hit]:
        """The hits of all kinds at START to STOP, the latest day first; last, by ref, what has no date."""
        return self._look(lambda found: found.newest(start, stop))

    def best(self, kind: Kind) -> int | None:
        """Where the best hit of KIND stands among the hits of KIND."""
        return self._look(lambda found: found.best(kind))

    def position(self, ref: Ref) -> int | None:
        """Where REF stands among the hits of its kind; None when it is no hit."""
        return self._look(lambda found: found.position(ref))

    def snippet(self, hit: Hit) -> str:
        """The piece of a hit's text that shows why it is one."""
        return self._look(lambda found: found.snippet(hit))

    def highlight(self, text: str) -> list[tuple[int, int]]:
        """The spans of TEXT that the query matches."""
        return self._look(lambda found: found.highlight(text))

    def why(self, entry: Entry) -> tuple[str, ...]:
        """What to say of the hit that ENTRY is."""
        return self._look(lambda found: found.explainer.why(entry))

    def is_typo(self, ref: Ref) -> bool:
        """Whether only a corrected word finds the hit REF."""
        return self._look(lambda found: found.explainer.is_typo(ref))

    def facets(self, limit: int = 12) -> tuple[Facet, ...]:
        """What the hits are about: of each field the LIMIT most frequent values, and their days."""
        return self._look(lambda found: found.facets(limit))

    def narrowed(self, value: FacetValue) -> str:
        """The query for those of the hits that VALUE of a facet counts."""
        return self._look(lambda found: found.narrowed(value))

    @property
    def may_have_notes(self) -> bool:
        """Whether `notes` are worth asking for, which takes another search."""
        return self._look(lambda found: found.may_have_notes)

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be said of the hits: records whose dates are too vague to be among them."""
        return self._look(lambda found: found.notes)

    @property
    def nearest(self) -> str | None:
        """A name that may have been meant, when nothing was found."""
        return self._look(lambda found: found.nearest)
