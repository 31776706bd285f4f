"""Rows: what one line of a list says of a record, per kind, as typed cells.

The columns of a list are the same for every row, so one of a million needs none of them to know its
widths; `widths` shares out a given room.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from msgspec import Struct, structs

from briefing.document.document import Style
from briefing.document.words import (
    ACTOR_KINDS,
    CERTAINTIES,
    INFERRED_SIGN,
    SHORT_TYPES,
    SIDES,
    STANCES,
    UNDATED,
    count,
    date_in_row,
    date_in_words,
    when_in_row,
    words,
)
from briefing.model.records import (
    RECORDS,
    Actor,
    Briefing,
    Incident,
    Issue,
    Position,
    Quote,
    Record,
    Source,
)
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind, PositionStatus, QuoteForm
from briefing.model.when import When, parse_date

if TYPE_CHECKING:
    from briefing.edition.edition import Edition, Entry

# As much of a long text as any row can show.
TEXT_MOST = 300
GAP = 2


class Column(Struct, frozen=True, eq=False):  # each is like itself only, which is quick to look up
    """One column of a list.

    `least` and `most` are widths in cells, `whole` is one that leaves most texts whole. Of columns that do
    not fit beside others that are whole, the one with the highest `drop` goes first (0: never). The room
    beyond the least widths makes columns whole, then goes to each by its `weight`; one without weight has
    its least (0: it is not shown), and its most where the room is `full_at` or more. `words` are those of
    the record, in which a search is marked; those of other columns are ours.
    """

    name: str
    least: int
    most: int
    weight: int = 0
    whole: int = 0
    full_at: int = 0
    drop: int = 0
    right: bool = False
    words: bool = False


class Cell(Struct, frozen=True):
    """One cell: its text, and `short` for a column too narrow for it (empty: the text is cut)."""

    text: str
    style: Style = "plain"
    short: str = ""

    def within(self, width: int) -> str:
        """The text to draw in WIDTH cells; it may still have to be cut."""
        from rich.cells import cell_len  # nothing else here is about a screen

        return self.short if self.short and cell_len(self.text) > width else self.text


# A date without its year, and a day with the last two digits of it.
_DATE_LEAST, _DATE_YEAR = 8, 10
# The name of nearly every person.
NAME = 23
COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.ACTOR: (
        Column("name", 20, 44, weight=1, whole=NAME, words=True),
        Column("role", 19, 80, weight=3, drop=1, words=True),
        Column("quotes", 4, 10, full_at=110, right=True),
        Column("positions", 4, 13, full_at=110, right=True),
        Column("incidents", 4, 13, full_at=110, right=True),
    ),
    Kind.ISSUE: (
        Column("question", 20, 200, weight=1, words=True),
        Column("positions", 4, 13, full_at=60, right=True),
    ),
    Kind.POSITION: (
        Column("date", _DATE_LEAST, 12, full_at=100, drop=1),
        Column("actor", 12, 34, weight=1, whole=17, words=True),
        Column("stance", 10, 20, full_at=78),
        Column("act", 13, 13, drop=2),
        Column("summary", 12, 200, weight=3, words=True),
    ),
    Kind.INCIDENT: (
        Column("basis", 1, 1),
        Column("time", 8, 14, full_at=90, drop=3),
        Column("type", 12, 18, full_at=90, drop=1, words=True),
        # A title mostly says the type too, and is not cut to half for that.
        Column("title", 23, 200, weight=5, whole=29, words=True),
        Column("place", 12, 26, weight=2, whole=14, drop=2, words=True),
        Column("certainty", 12, 12),
    ),
    Kind.QUOTE: (
        Column("date", _DATE_LEAST, 12, full_at=100),
        Column("speaker", 12, 34, weight=1, whole=NAME, words=True),
        Column("text", 15, 300, weight=9, words=True),
    ),
    Kind.SOURCE: (
        Column("title", 16, 200, weight=4, words=True),
        Column("outlet", 8, 30, weight=1, drop=2, words=True),
        Column("published", 12, 24, full_at=100, drop=1),
        Column("records", 5, 17, full_at=70, right=True),
    ),
    Kind.BRIEFING: (
        Column("title", 16, 60, weight=1, words=True),
        Column("question", 12, 200, weight=1, drop=1, words=True),
        Column("as of", 11, 24, full_at=100),
        Column("records", 5, 17, full_at=70, right=True),
    ),
}


def columns_in(edition: Edition, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """COLUMNS as EDITION needs them: with room for years where none goes without saying."""
    return _with_years(columns) if _year(edition) is None else columns


@lru_cache  # the same columns each time, so that their widths are known
def _with_years(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return tuple(
        structs.replace(column, least=_DATE_YEAR, most=max(column.most, _DATE_YEAR))
        if column.name == "date"
        else column
        for column in columns
    )


@lru_cache(maxsize=256)
def widths(columns: tuple[Column, ...], room: int, longest: tuple[int, ...] = ()) -> tuple[int, ...]:
    """The width of each of COLUMNS in ROOM cells, gaps of `GAP` between them; 0: not shown.

    LONGEST are the widths of their longest texts, where these are known: no column is wider than that.
    """
    most = [min(c.most, longest[i]) if longest else c.most for i, c in enumerate(columns)]
    full = [c.most if not c.weight and room >= c.full_at else c.least for c in columns]
    least = [*map(min, full, most)]
    whole = [max(min(c.whole, most[i]), least[i]) for i, c in enumerate(columns)]
    shown = [i for i, size in enumerate(least) if size]

    def left(sizes: list[int]) -> int:
        return room - sum(sizes[i] for i in shown) - GAP * (len(shown) - 1)

    while left(whole) < 0 and any(columns[i].drop for i in shown):
        shown.remove(max(shown, key=lambda i: columns[i].drop))
    sizes = [size if i in shown else 0 for i, size in enumerate(least)]
    spare = left(sizes)
    for i in shown:
        more = max(min(whole[i] - sizes[i], spare), 0)
        sizes[i] += more
        spare -= more
    while spare > 0:
        growing = [i for i in shown if columns[i].weight and sizes[i] < most[i]]
        if not growing:
            break
        weights = sum(columns[i].weight for i in growing)
        before = spare
        for i in growing:
            # Rounded up, so that the last cell finds a taker too.
            share = min(most[i] - sizes[i], spare, -(-before * columns[i].weight // weights))
            sizes[i] += share
            spare -= share
    return tuple(sizes)


def row(edition: Edition, entry: Entry, *, alone: bool = False) -> tuple[Cell, ...]:
    """What a list line says of ENTRY, a cell a column; reads nothing but names of what the entry names.

    ALONE is a row without its list: it says the day that a heading would say.
    """
    record = entry.record
    if alone and isinstance(record, Incident):
        cells = [*_incident(edition, entry, record)]
        cells[:2] = [Cell(""), _moment(edition, record.when)]
    else:
        cells = [*_ROWS[type(record)](edition, entry, record)]
    if isinstance(record, Record) and record.retracted is not None:
        cells = _retracted(COLUMNS[entry.ref.kind], cells)
    return tuple(cells)


def _retracted(columns: tuple[Column, ...], cells: list[Cell]) -> list[Cell]:
    """Say that a record no longer holds, in the column that has the most room of those that never go."""
    main = max(range(len(columns)), key=lambda i: (not columns[i].drop, columns[i].weight, columns[i].most))
    said = [Cell(cell.text, "muted", cell.short) for cell in cells]
    text, short = said[main].text, said[main].short
    said[main] = Cell(f"[retracted] {text}", "muted", short and f"[retracted] {short}")
    return said


# An edition never changes, and asking it for its briefing for every row would read it every time.
_years: WeakKeyDictionary[Edition, int | None] = WeakKeyDictionary()


def _year(edition: Edition) -> int | None:
    """The year that goes without saying: the one of the briefing that is open."""
    if edition not in _years:
        briefing = edition.briefing
        _years[edition] = None if briefing is None else parse_date(briefing.as_of).latest.year
    return _years[edition]


def date_cell(edition: Edition, when: When) -> Cell:
    """When something was, or began where there is room for that alone."""
    year = _year(edition)
    said = when_in_row(when, year=year)
    room = _DATE_YEAR if year is None else _DATE_LEAST
    return Cell(said, "muted", said if len(said) <= room else _short_date(when, year, room))


def _moment(edition: Edition, when: When) -> Cell:
    """Day and time in one cell."""
    date = date_cell(edition, when)
    return Cell(f"{date.text}, {when.time}", date.style, date.short) if when.time else date


def _short_date(when: When, year: int | None, room: int) -> str:
    """A date, or where an interval begins, cut to ROOM: without its century, its day or its month."""
    first, interval, _ = (when.date or "").partition("/")
    sign, more = INFERRED_SIGN if when.inferred else "", "…" if interval else ""
    day, month = (date_in_row(first[:precise], year=year) for precise in (len("2025-06-14"), len("2025-06")))
    # Of another century, two digits would name a year of this one.
    for said in (day, re.sub(r"(?<=\d [A-Z][a-z][a-z] )20(?=\d\d$)", "", day), month):
        short = f"{sign}{said}{more}"
        if len(short) <= room:
            return short
    return f"{sign}{first[:4]}{more}"


def _name(edition: Edition, ref: Ref, kind: Kind, reference: str) -> str:
    return edition.name(Ref.resolve(reference, briefing=ref.briefing, kind=kind))


def _line(text: str) -> str:
    """TEXT on one line, no longer than a row can show."""
    return " ".join(text[:TEXT_MOST].split())


def _tally(entry: Entry, kind: Kind) -> Cell:
    number = entry.tally.get(kind, 0)
    if not number:
        return Cell("")
    return Cell(count(number, kind), "muted", f"{_brief_number(number)}{kind.value[0]}")


def _brief_number(number: int) -> str:
    """At most three cells: 999, 12k, 3M."""
    if number < 1000:
        return str(number)
    return f"{number // 1000}k" if number < 1_000_000 else f"{number // 1_000_000}M"


def _total(number: int) -> Cell:
    return Cell(count(number, "record"), "muted", _brief_number(number))


def _actor(_edition: Edition, entry: Entry, actor: Actor) -> tuple[Cell, ...]:
    name = f"{actor.name} (name withheld)" if actor.anonymous else actor.name
    return (
        Cell(_line(name), "strong", _line(actor.name)),
        Cell(_line(actor.role or "")),
        _tally(entry, Kind.QUOTE),
        _tally(entry, Kind.POSITION),
        _tally(entry, Kind.INCIDENT),
    )


def _issue(_edition: Edition, entry: Entry, issue: Issue) -> tuple[Cell, ...]:
    return (Cell(_line(issue.question), "strong"), _tally(entry, Kind.POSITION))


def _position(edition: Edition, entry: Entry, position: Position) -> tuple[Cell, ...]:
    stance = STANCES[position.stance]
    claim = {PositionStatus.CLAIMED: "[claimed] ", PositionStatus.DENIED: "[denied] "}
    return (
        date_cell(edition, position.when),
        Cell(_name(edition, entry.ref, Kind.ACTOR, position.actor), "strong"),
        Cell(str(stance), stance.style, f"{stance.sign} {SIDES[position.stance]}"),
        Cell(words(position.act)),
        Cell(claim.get(position.status, "") + _line(position.summary)),
    )


def _incident(edition: Edition, _entry: Entry, incident: Incident) -> tuple[Cell, ...]:
    when, span, certainty = incident.when, incident.when.span, CERTAINTIES[incident.status]
    # The day stands in the heading above; a looser date is said in the row.
    time = when.time or ""
    if not time and when.date and span and span.precision != "day":
        time = date_in_row(when.date, year=_year(edition))
    return (
        Cell(INFERRED_SIGN if when.inferred else "", "muted"),
        Cell(time, "muted"),
        Cell(words(incident.type), short=SHORT_TYPES.get(incident.type, "")),
        Cell(_line(incident.title), "strong"),
        Cell(_line(incident.place.name)),
        Cell(str(certainty), certainty.style),
    )


def _quote(edition: Edition, entry: Entry, quote: Quote) -> tuple[Cell, ...]:
    text = _line(quote.text)
    fragment = quote.form is QuoteForm.FRAGMENT
    return (
        date_cell(edition, quote.when),
        Cell(_name(edition, entry.ref, Kind.ACTOR, quote.speaker), "strong"),
        Cell(f"[fragment] “{text}”" if fragment else f"“{text}”", "quote", f"… “{text}”" if fragment else ""),
    )


def _source(_edition: Edition, entry: Entry, source: Source) -> tuple[Cell, ...]:
    return (
        Cell(_line(source.title), "strong"),
        Cell(_line(source.outlet or "")),
        Cell(date_in_words(source.published) if source.published else UNDATED, "muted"),
        _total(sum(entry.tally.values())),
    )


def _briefing(edition: Edition, _entry: Entry, briefing: Briefing) -> tuple[Cell, ...]:
    own = edition.only(briefing.id)
    return (
        Cell(_line(briefing.title), "strong"),
        Cell(_line(briefing.question)),
        Cell(date_in_words(briefing.as_of), "muted"),
        _total(sum(own.count(kind) for kind in RECORDS)),
    )


# The functions take the record type they are listed under, which a dict cannot say.
_ROWS: dict[type, Callable[[Any, Any, Any], tuple[Cell, ...]]] = {
    Actor: _actor,
    Issue: _issue,
    Position: _position,
    Incident: _incident,
    Quote: _quote,
    Source: _source,
    Briefing: _briefing,
}


def texts(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    """CELLS in full, for output that is not a screen."""
    return tuple(cell.text for cell in cells)


def group_heading(entry: Entry) -> str:
    """The heading over ENTRY's group: an issue's question, a day, or a kind of actors in the plural."""
    if isinstance(entry.record, Actor):
        return ACTOR_KINDS[entry.record.kind]
    return entry.group
