"""Facts of every division: villages from the land, townships and the county gathered from their villages."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from anlan.assessment.core.values import Profile, Region
from anlan.demo.core import names
from anlan.demo.core.gazetteer import COUNTY_CODE, Entry, landform_of
from anlan.demo.core.grid import Floats, Grid
from anlan.demo.core.livelihood import Livelihood
from anlan.demo.core.settlement import Settlement
from anlan.demo.core.values import DivisionFact, Landform
from anlan.kernel.codes import Level, ancestor_at

Shape = TypeVar("Shape", bound=shapely.Geometry)
Trait = TypeVar("Trait")

DECIMALS = 6  # of a degree: a tenth of a metre
_SHARE_OF_PEOPLE = 0.25  # a danger of so many of its people is a danger of the whole division
_FRINGE_M = 6500.0
_DEVELOPED_WEALTH = 0.56


@dataclass(frozen=True, slots=True)
class Ground:
    """What village facts are read from; everything in the order of the settlement's villages."""

    grid: Grid
    settlement: Settlement
    livelihood: Livelihood
    minutes: Floats
    shapes_m: Sequence[Polygon]


def in_degrees(grid: Grid, shape: Shape) -> Shape:
    """Return the shape in rounded degrees; a height, if it carries one, stays in metres."""

    def moved(points: Floats) -> Floats:
        degrees = np.round(grid.degrees(points[:, :2]), DECIMALS)
        return np.column_stack([degrees, np.round(points[:, 2:], 1)])

    return shapely.transform(shape, moved, include_z=shape.has_z)  # type: ignore[no-any-return]


def village_facts(ground: Ground, entries: Sequence[Entry]) -> list[DivisionFact]:
    """Return the fact of each village."""
    seats = np.round(ground.grid.degrees(ground.grid.middles_m(ground.settlement.village_seats)), DECIMALS)
    lives = ground.livelihood
    return [
        DivisionFact(
            code=entry.code,
            name=entry.name,
            level=Level.VILLAGE,
            population=int(lives.people[place]),
            households=int(lives.homes[place]),
            area_km2=round(ground.shapes_m[place].area / 1e6, 2),
            landform=landform_of(lives.slopes[place]),
            urban_rural_code=entry.urban_rural_code,
            region=_region(entry, lives, place),
            profiles=tuple(profile for profile in Profile if lives.profiles[profile][place]),
            boundary=MultiPolygon([in_degrees(ground.grid, ground.shapes_m[place])]),
            seat=(float(seats[place][0]), float(seats[place][1])),
            height_m=round(float(lives.heights_m[place]), 1),
            wealth=round(float(lives.wealth[place]), 4),
            minutes=round(float(ground.minutes[place]), 1),
        )
        for place, entry in enumerate(entries)
    ]


def _region(entry: Entry, lives: Livelihood, place: int) -> Region:
    if entry.urban_rural_code in {"112", "122", "123"} and lives.town_m[place] < _FRINGE_M:
        return Region.FRINGE
    if landform_of(lives.slopes[place]) is Landform.MOUNTAIN:
        return Region.MOUNTAIN
    return Region.DEVELOPED if lives.wealth[place] >= _DEVELOPED_WEALTH else Region.UNDERDEVELOPED


def all_divisions(villages: Sequence[DivisionFact], townships: Sequence[Entry]) -> tuple[DivisionFact, ...]:
    """Return the county, its townships and their villages by code; a seat is the first village of its list."""
    gathered = [
        _gathered(entry, Level.TOWNSHIP, [v for v in villages if ancestor_at(v.code, Level.TOWNSHIP) == entry.code])
        for entry in townships
    ]
    county = _gathered(Entry(COUNTY_CODE, names.COUNTY), Level.COUNTY, villages)
    return tuple(sorted([county, *gathered, *villages], key=lambda division: division.code))


def _gathered(entry: Entry, level: Level, villages: Sequence[DivisionFact]) -> DivisionFact:
    people, area_km2 = sum(v.population for v in villages), sum(v.area_km2 for v in villages)
    seat = villages[0]
    return DivisionFact(
        code=entry.code,
        name=entry.name,
        level=level,
        population=people,
        households=sum(v.households for v in villages),
        area_km2=round(area_km2, 2),
        landform=_most(villages, lambda v: v.landform, lambda v: v.area_km2),
        urban_rural_code="",
        region=_most(villages, lambda v: v.region, lambda v: v.population),
        profiles=tuple(profile for profile in Profile if _share(villages, profile) >= _SHARE_OF_PEOPLE),
        boundary=_merged(villages),
        seat=seat.seat,
        height_m=round(sum(v.height_m * v.area_km2 for v in villages) / area_km2, 1),
        wealth=round(sum(v.wealth * v.population for v in villages) / people, 4),
        minutes=seat.minutes,
    )


def _most(
    villages: Sequence[DivisionFact],
    trait: Callable[[DivisionFact], Trait],
    size: Callable[[DivisionFact], float],
) -> Trait:
    """Return the trait that holds for most of the size."""
    sizes = Counter[Trait]()
    for village in villages:
        sizes[trait(village)] += size(village)  # type: ignore[assignment]
    return sizes.most_common(1)[0][0]


def _share(villages: Sequence[DivisionFact], profile: Profile) -> float:
    people = sum(v.population for v in villages)
    return sum(v.population for v in villages if profile in v.profiles) / people


def _merged(villages: Sequence[DivisionFact]) -> MultiPolygon:
    merged = shapely.coverage_union_all([polygon for v in villages for polygon in v.boundary.geoms])
    return MultiPolygon(shapely.get_parts(merged).tolist())
