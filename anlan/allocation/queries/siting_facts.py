"""What a siting study is solved from: the county's villages, the places that could be chosen, the ways between."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, cast

from anlan.allocation.core.siting_facts import Place, SitingFacts, Village
from anlan.allocation.core.siting_study import Candidates, Question, SitingSettings, Way, Weighing
from anlan.kernel.codes import Level, prefix_of
from anlan.places import queries as places
from anlan.stores import queries as stores
from anlan.stores.core.values import SiteFacts

LEVELS = {
    Candidates.VILLAGES: {Level.VILLAGE},
    Candidates.TOWNSHIPS: {Level.TOWNSHIP},
    Candidates.BOTH: {Level.VILLAGE, Level.TOWNSHIP},
}


def siting_facts(county_code: str, settings: SitingSettings, on: date) -> SitingFacts:
    """Return what the study is solved from on that day.

    Raises:
        NoRoadNet: ways along roads are asked for, and the county has no network.
    """
    units = list(places.units_within(prefix_of(county_code), on))
    spots = places.spots_of([unit.code for unit in units])
    villages = [_village(unit, settings.weighing, spots) for unit in units if _needs(unit, settings.weighing)]
    existing, without_capacity = _existing(county_code, settings)
    chosen = [*existing, *_candidates(units, spots, settings, existing)]
    minutes = places.travel_minutes(
        county_code,
        [village.code for village in villages],
        [(place.longitude, place.latitude) for place in chosen],
        method="straight" if settings.way.is_straight else "road",
        mode=cast(Literal["car", "foot"], settings.way.mode),
    )
    return SitingFacts(tuple(villages), tuple(chosen), minutes, without_capacity)


def lacks_roads(county_code: str, way: Way) -> bool:
    """Tell whether the way goes along roads that nobody has on record."""
    try:
        places.travel_minutes(county_code, [], [], method="straight" if way.is_straight else "road")
    except places.NoRoadNet:
        return True
    return False


def _needs(unit: Any, weighing: Weighing) -> bool:
    return unit.level == Level.VILLAGE and (weighing is not Weighing.HAZARD_PEOPLE or bool(unit.hazards))


def _village(unit: Any, weighing: Weighing, spots: dict[str, tuple[float, float]]) -> Village:
    counts = {Weighing.VILLAGES: 1, Weighing.HOUSEHOLDS: unit.households}
    weight = counts.get(weighing, unit.population)
    return Village(unit.code, unit.name, unit.pk, None if weight is None else float(weight), unit.code in spots)


def _existing(county_code: str, settings: SitingSettings) -> tuple[list[Place], int]:
    """Return the open sites of the kind, and how many are left aside: whose room is asked and not known."""
    if not settings.keeps_existing:
        return [], 0
    sites = [site for site in stores.sites_of(county_code, [settings.kind]) if site.is_open]
    usable = [site for site in sites if settings.question is not Question.ENOUGH_ROOM or site.capacity is not None]
    return [_place_of(site) for site in usable], len(sites) - len(usable)


def _place_of(site: SiteFacts) -> Place:
    return Place(site.division_code, site.name, site.longitude, site.latitude, site.pk, site.capacity)


def _candidates(
    units: list[Any], spots: dict[str, tuple[float, float]], settings: SitingSettings, existing: list[Place]
) -> Iterator[Place]:
    """Yield the seats where a new point could stand; a unit that has a point needs a second one only for its room."""
    levels, has_one = LEVELS.get(settings.candidates), {place.code for place in existing}
    for unit in units:
        is_asked = unit.level in levels if levels else unit.code in settings.chosen
        is_free = settings.question is Question.ENOUGH_ROOM or unit.code not in has_one
        if is_asked and is_free and unit.code in spots:
            longitude, latitude = spots[unit.code]
            yield Place(unit.code, unit.name, longitude, latitude, capacity=settings.capacity)
