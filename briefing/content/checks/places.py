"""Checks of places: coordinates come from somewhere, and lie in the country that is named."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.content.checks.countries import BOXES
from briefing.content.checks.registry import Setting, record_check
from briefing.content.codes import declare
from briefing.content.finding import Finding
from briefing.model.records import Actor, Incident
from briefing.model.vocabulary import Kind, PlacePrecision

NO_COORDS_FROM = declare(
    "W208",
    "coordinates from nowhere",
    "Coordinates are never guessed: `coords_from` says which gazetteer or source gives them.",
    "place: {name: Erbil, precision: city, lat: 36.19, lon: 44.01}",
)
HALF_COORDS = declare(
    "W209",
    "half of the coordinates",
    "`lat` and `lon` go together.",
    "place: {name: Erbil, lat: 36.19}",
)
OUTSIDE_COUNTRY = declare(
    "W210",
    "coordinates outside the country",
    "The point lies well outside the country that is named; often lat and lon are swapped or a sign is lost. "
    "Compared are the countries' bounding boxes, with a margin for coasts and airspace.",
    "place: {name: Erbil, precision: city, country: IQ, lat: 44.01, lon: 36.19, coords_from: GeoNames 95446}",
)
NO_COUNTRY = declare(
    "W211",
    "no such country",
    "The two letters are no code of ISO 3166-1.",
    "country: IX",
)
PRECISE_BUT_UNPLACED = declare(
    "W212",
    "precision without a place",
    "A precision of country says which country; one of none goes with no coordinates.",
    "place: {name: somewhere, precision: none, lat: 36.19, lon: 44.01, coords_from: GeoNames 95446}",
)
# What people write for a country whose code is another.
_MEANT = {"UK": "GB", "EL": "GR"}
# Degrees around a box: coastal waters, airspace, and boxes drawn on simplified borders.
MARGIN = 1.0


@record_check(Kind.INCIDENT)
def place(incident: Incident, _: Setting) -> Iterator[Finding]:
    """Coordinates are whole, come from somewhere, and lie in the country."""
    where = incident.place
    path = ("place",)
    if (where.lat is None) is not (where.lon is None):
        given, missing = ("lat", "lon") if where.lon is None else ("lon", "lat")
        yield Finding(HALF_COORDS, (*path, given), f"{given} without {missing}", on_key=True)
    if where.lat is None or where.lon is None:
        return
    if where.coords_from is None:
        yield Finding(NO_COORDS_FROM, (*path, "lat"), "the coordinates have no coords_from", on_key=True)
    if where.precision is PlacePrecision.NONE:
        message = "has coordinates, but its precision is none"
        yield Finding(PRECISE_BUT_UNPLACED, path, message, on_key=True)
    boxes = BOXES.get(where.country or "", ())
    if boxes and not any(_inside(where.lat, where.lon, box) for box in boxes):
        swapped = any(_inside(where.lon, where.lat, box) for box in boxes)
        ending = "; swapped, they lie inside" if swapped else ""
        message = f"{where.lat}, {where.lon} is outside {where.country}{ending}"
        yield Finding(OUTSIDE_COUNTRY, (*path, "lat"), message, on_key=True)


@record_check(Kind.INCIDENT, Kind.ACTOR)
def country(record: Incident | Actor, _: Setting) -> Iterator[Finding]:
    """A country's code is one that exists."""
    code = record.country if isinstance(record, Actor) else record.place.country
    path = ("country",) if isinstance(record, Actor) else ("place", "country")
    if code is not None and code not in BOXES:
        ending = f'; did you mean "{_MEANT[code]}"?' if code in _MEANT else ""
        yield Finding(NO_COUNTRY, path, f'"{code}" is no country\'s code{ending}')


def _inside(lat: float, lon: float, box: tuple[float, float, float, float]) -> bool:
    south, west, north, east = box
    return south - MARGIN <= lat <= north + MARGIN and west - MARGIN <= lon <= east + MARGIN
