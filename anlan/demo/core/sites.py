"""Where the demo county keeps its stores and shelters its people: on level ground near a seat, off the river bed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from scipy import ndimage

from anlan.demo.core.divisions import DECIMALS
from anlan.demo.core.grid import METRES_PER_DEGREE, Floats
from anlan.demo.core.terrain import Terrain
from anlan.demo.core.values import County, DivisionFact
from anlan.kernel.codes import Level, ancestor_at
from anlan.stores.core.values import SiteKind, SiteRow

_WITHIN_M = 1500.0
_RIVER_KM2 = 12.0  # from here on a stream floods its floor
_FAR_TOWNSHIPS = 3  # those farthest from the county seat have no reserve point: what a plan should mend
_POINTS_OF_VILLAGES = 9
_SHORT_STAYS = 14
_Wanted = tuple[str, SiteKind, DivisionFact, int | None, float | None]  # m³ of a store, m² of a shelter


def make_sites(county: County) -> tuple[SiteRow, ...]:
    """Return every store and shelter, the county's first."""
    ground = _Ground(county.terrain)
    return tuple(
        ground.site(*wanted) for wanted in (*_of_county(county), *_of_townships(county), *_of_villages(county))
    )


def _of_county(county: County) -> Iterator[_Wanted]:
    seat = county.divisions[0]
    yield "县应急物资储备库", SiteKind.WAREHOUSE, seat, 2400, None
    yield "体育中心中心避难场所", SiteKind.CENTRAL, seat, None, 21_000.0
    yield "第一中学固定避难场所", SiteKind.FIXED_MEDIUM, seat, None, 9_000.0


def _of_townships(county: County) -> Iterator[_Wanted]:
    towns = county.at_level(Level.TOWNSHIP)
    farthest = {town.code for town in sorted(towns, key=lambda town: town.minutes)[-_FAR_TOWNSHIPS:]}
    for town in towns:
        if town.code not in farthest:
            yield f"{town.name}应急物资储备点", SiteKind.RESERVE_POINT, town, _cubic_metres(town), None
        yield f"{town.name}文化广场避难场所", SiteKind.EMERGENCY, town, None, float(round(town.population * 0.04, -2))
        yield f"{town.name}中心学校避难场所", SiteKind.FIXED_SHORT, town, None, float(round(town.population * 0.12, -2))


def _of_villages(county: County) -> Iterator[_Wanted]:
    """Yield the points and shelters that the better-off villages have, the most people first."""
    villages = sorted(county.at_level(Level.VILLAGE), key=lambda village: (-village.wealth, village.code))
    seats = {town.seat for town in county.at_level(Level.TOWNSHIP)}
    outside = [village for village in villages if village.seat not in seats]
    for village in _one_a_township(outside, _POINTS_OF_VILLAGES):
        yield f"{village.name}物资储备点", SiteKind.RESERVE_POINT, village, 30, None
    for village in sorted(outside, key=lambda village: (-village.population, village.code))[:_SHORT_STAYS]:
        yield (
            f"{village.name}避灾安置点",
            SiteKind.FIXED_SHORT,
            village,
            None,
            float(round(village.population * 0.3, -1)),
        )


def _one_a_township(villages: list[DivisionFact], count: int) -> list[DivisionFact]:
    first: dict[str, DivisionFact] = {}
    for village in villages:
        first.setdefault(ancestor_at(village.code, Level.TOWNSHIP), village)
    return list(first.values())[:count]


def _cubic_metres(town: DivisionFact) -> int:
    return max(40, 10 * round(town.population / 2000))


@dataclass(slots=True)
class _Ground:
    """Cells of the land by how well one builds on them; a cell is built on once."""

    terrain: Terrain
    places: Floats = field(init=False)
    fitness: Floats = field(init=False)

    def __post_init__(self) -> None:
        grid = self.terrain.grid
        self.places = np.round(grid.degrees(grid.middles_m(np.arange(grid.size))), DECIMALS)
        river = (self.terrain.drainage.drained_km2 >= _RIVER_KM2).reshape(grid.shape)
        dry = ndimage.distance_transform_edt(~river).ravel() * grid.cell_m >= 2 * grid.cell_m
        self.fitness = np.where(dry, np.exp(-self.terrain.slopes / 0.05), 0.01)

    def site(
        self, name: str, kind: SiteKind, unit: DivisionFact, capacity: int | None, area_m2: float | None
    ) -> SiteRow:
        """Return the site on the best cell that is left within its unit near the seat."""
        scale = METRES_PER_DEGREE * np.array([np.cos(np.radians(unit.seat[1])), 1.0])
        away_m = np.hypot(*((self.places - unit.seat) * scale).T)
        near = np.flatnonzero(away_m <= _WITHIN_M)
        near = near[shapely.contains_xy(unit.boundary, *self.places[near].T)]
        best = int(near[np.argmax(self.fitness[near] * np.exp(-away_m[near] / 700))])
        self.fitness[best] = 0.0
        longitude, latitude = self.places[best].tolist()
        return SiteRow(name, kind.value, unit.code, longitude, latitude, capacity, area_m2)
