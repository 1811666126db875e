"""What each village is like: its people, its land and dangers, how rich it is and how far away."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from anlan.assessment.core.values import Profile
from anlan.demo.core.grid import Floats, Grid, Ints, Mask
from anlan.demo.core.settlement import STREETS, Settlement, attraction
from anlan.demo.core.terrain import Terrain, noise

POPULATION = 338_000
_LEAST_PEOPLE = 260
_RIVER_KM2 = 60.0
_FAULT_REACH_M = 2600.0


@dataclass(frozen=True, slots=True)
class Livelihood:
    """Figures of V villages."""

    slopes: Floats  # mean rise over run
    heights_m: Floats  # mean
    people: Ints
    homes: Ints
    town_m: Floats  # from the village's seat to the county seat, straight
    centre_m: Floats  # to its township's seat
    wealth: Floats  # [0, 1]
    profiles: dict[Profile, Mask]  # (V,) each


def live(terrain: Terrain, settlement: Settlement, minutes: Floats, rng: np.random.Generator) -> Livelihood:
    """Return the figures of each village; `minutes` is the drive from the county seat."""
    grid = terrain.grid
    slopes, heights = (_means(settlement, values) for values in (terrain.slopes, terrain.heights_m))
    places = grid.middles_m(settlement.village_seats)
    town_m = np.hypot(*(places - places[0]).T)
    centre_m = np.hypot(*(places - grid.middles_m(settlement.township_seats)[settlement.township_of]).T)
    people = _people(terrain, settlement, rng)
    wealth = _wealth(minutes, slopes, town_m, centre_m, rng)
    return Livelihood(
        slopes=slopes,
        heights_m=heights,
        people=people,
        homes=np.maximum(1, np.round(people / rng.uniform(2.6, 3.5, len(people)))).astype(np.int64),
        town_m=town_m,
        centre_m=centre_m,
        wealth=wealth,
        profiles=_dangers(terrain, settlement, rng)
        | {
            Profile.COLD: heights > np.quantile(heights, 0.88),
            Profile.REMOTE: minutes > np.quantile(minutes, 0.80),
            Profile.INDUSTRIAL: _industrial(slopes, town_m, settlement),
        },
    )


def _means(settlement: Settlement, values: Floats) -> Floats:
    """Return the (V,) mean over each village's land."""
    return np.asarray(ndimage.mean(values, settlement.villages, np.arange(len(settlement.village_seats))))


def _people(terrain: Terrain, settlement: Settlement, rng: np.random.Generator) -> Ints:
    """Share the county's people out: by land to live on, thick in the county town and around township seats."""
    grid = terrain.grid
    middles = grid.middles_m(np.arange(grid.size))
    density = np.full(grid.size, 110.0)
    for rank, seat in enumerate(settlement.township_seats):
        away_m = np.hypot(*(middles - middles[seat]).T)
        peak, reach_m = ((3000.0, 1900.0), (1700.0, 1500.0))[rank] if rank < STREETS else (520.0, 1000.0)
        density += peak * np.exp(-((away_m / reach_m) ** 2))
    held = ndimage.sum(
        density * (0.09 + attraction(terrain)), settlement.villages, np.arange(len(settlement.village_seats))
    )
    held = held * rng.lognormal(0, 0.25, len(held))
    return np.maximum(_LEAST_PEOPLE, np.round(held / held.sum() * POPULATION)).astype(np.int64)  # type: ignore[no-any-return]


def _wealth(minutes: Floats, slopes: Floats, town_m: Floats, centre_m: Floats, rng: np.random.Generator) -> Floats:
    """Return wealth in [0, 1]: less with the drive and the slope, more near the seats, and some luck."""
    worth = 0.66 - 0.34 * minutes / minutes.max() - 1.6 * np.minimum(slopes, 0.2)
    worth += 0.28 * np.exp(-((town_m / 5000) ** 2)) + 0.12 * np.exp(-((centre_m / 1500) ** 2))
    return np.clip(worth + rng.normal(0, 0.06, len(worth)), 0.02, 0.98)  # type: ignore[no-any-return]


def _dangers(terrain: Terrain, settlement: Settlement, rng: np.random.Generator) -> dict[Profile, Mask]:
    """Return what the land itself threatens: steep ground, flood plains, forest, a fault."""
    grid = terrain.grid
    steep = _means(settlement, (terrain.slopes > 0.14).astype(float))
    wooded = terrain.slopes / 0.12 + 0.45 * noise(grid.shape, 9, rng).ravel() > 0.75
    return {
        Profile.MOUNTAIN: steep > 0.22,
        Profile.RIVER: _means(settlement, _flood_plain(terrain).astype(float)) > 0.14,
        Profile.FOREST_FIRE: _means(settlement, wooded.astype(float)) > 0.72,
        Profile.EARTHQUAKE: _means(settlement, _by_the_fault(grid, rng).astype(float)) > 0.5,
    }


def _flood_plain(terrain: Terrain) -> Mask:
    """Return the cells that a high river covers: little above the nearest big river, and not far from it."""
    grid = terrain.grid
    rivers = (terrain.drainage.drained_km2 >= _RIVER_KM2).reshape(grid.shape)
    distances, nearest = ndimage.distance_transform_edt(~rivers, return_indices=True)
    above_m = terrain.heights_m - terrain.heights_m[np.ravel_multi_index(nearest, grid.shape).ravel()]
    return (above_m < 9) & (distances.ravel() * grid.cell_m < 1600)


def _by_the_fault(grid: Grid, rng: np.random.Generator) -> Mask:
    """Return the cells near a straight fault that crosses the county off its middle."""
    angle, offset_m = rng.uniform(0.5, 0.9), rng.uniform(6000, 11000)
    middles = grid.middles_m(np.arange(grid.size))
    east, north = (middles - middles.mean(axis=0)).T
    return np.abs(east * np.sin(angle) + north * np.cos(angle) + offset_m) < _FAULT_REACH_M  # type: ignore[no-any-return]


def _industrial(slopes: Floats, town_m: Floats, settlement: Settlement) -> Mask:
    """Return the level villages just outside the county town, where the works stand, and one far mine."""
    outside = (town_m > 2500) & (town_m < 9000)
    level = np.where(outside & (settlement.township_of != 0), slopes, np.inf)
    far = np.where(town_m > 15_000, slopes, -np.inf)
    chosen = np.zeros(len(slopes), dtype=bool)
    chosen[np.argsort(level, kind="stable")[:5]] = True
    chosen[far.argmax()] = True
    return chosen
