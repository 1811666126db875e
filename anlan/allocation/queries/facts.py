"""Facts of the units, gathered from places and the latest assessment, and the distances between units."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import asin, cos, isfinite, radians, sin, sqrt
from typing import Any

from anlan.allocation.core.aims import Distance
from anlan.allocation.core.facts import CHOICES, STRAIGHT_FACTOR, UnitFacts, straight_minutes
from anlan.assessment.queries import results
from anlan.kernel.codes import prefix_of
from anlan.places import queries as places

EARTH_RADIUS_KM = 6371.0088
Point = tuple[float, float]
NOWHERE: tuple[float | None, bool] = (None, False)


def facts_within(county_code: str, on: date) -> dict[int, UnitFacts]:
    """Return what is known of the county's townships and villages on that day, by the division's id."""
    prefix = prefix_of(county_code)
    assessment = results.published_of_county(county_code)
    grades = results.grades_of(assessment) if assessment else {}
    minutes = _minutes_to_seat(county_code, on)
    return {
        division.pk: UnitFacts(
            code=division.code,
            name=division.name,
            level=division.level,
            region_type=division.region_type,
            landform=division.landform,
            hazards=frozenset(division.hazards or ()),
            density=_density(division.population, division.area_km2),
            minutes=minutes.get(division.code, NOWHERE)[0],
            is_by_road=minutes.get(division.code, NOWHERE)[1],
            population=division.population,
            grade=grades.get(division.code, ""),
        )
        for division in places.units_within(prefix, on)
        if division.level in CHOICES["level"]
    }


def facts_content(facts: UnitFacts) -> dict[str, Any]:
    """Return the facts as JSON content: what the class was judged by."""
    return {name: getattr(facts, name) for name in UnitFacts.__slots__} | {"hazards": sorted(facts.hazards)}


def distances_within(county_code: str, on: date) -> Distance:
    """Return how to ask for the km between two of the county's units.

    Along the roads where a network is on record: None where no way leads. Else the straight line made longer; None
    where a unit has no place on record.
    """
    seats = places.seats_within(prefix_of(county_code), on)
    try:
        by_road = _road_km(county_code, sorted(seats))
    except places.NoRoadNet:
        return _straight(seats)

    def distance_km(one: str, other: str) -> float | None:
        found = by_road.get((one, other))
        return None if found is None or not isfinite(found) else found

    return distance_km


def _road_km(county_code: str, codes: Sequence[str]) -> dict[tuple[str, str], float]:
    metres = places.travel_metres(county_code, codes, codes, mode="car")
    return {
        (one, other): float(metres[row, column]) / 1000
        for row, one in enumerate(codes)
        for column, other in enumerate(codes)
    }


def _straight(seats: Mapping[str, Point]) -> Distance:
    def distance_km(one: str, other: str) -> float | None:
        if one not in seats or other not in seats:
            return None
        return straight_km(seats[one], seats[other]) * STRAIGHT_FACTOR

    return distance_km


def _minutes_to_seat(county_code: str, on: date) -> dict[str, tuple[float, bool]]:
    """Return the minutes from the county seat to each unit, and whether they are along roads; else straight."""
    seats = places.seats_within(prefix_of(county_code), on)
    seat = seats.get(county_code)
    if seat is None:
        return {}
    straight = {code: (round(straight_minutes(straight_km(seat, place)), 1), False) for code, place in seats.items()}
    by_road = {
        code: (round(minutes, 1), True)
        for code, minutes in places.remoteness_minutes(county_code).items()
        if isfinite(minutes)
    }
    return straight | by_road


def _density(population: int | None, area_km2: float | None) -> float | None:
    return round(population / area_km2, 1) if population is not None and area_km2 else None


def straight_km(one: Point, other: Point) -> float:
    """Return the great-circle distance of two points, longitude and latitude in degrees.

    >>> round(straight_km((110.0, 30.0), (110.0, 31.0)), 1)
    111.2
    """
    (west, south), (east, north) = (map(radians, point) for point in (one, other))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))
