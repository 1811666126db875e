"""Where people settle: the seats of the county, its townships and its villages, and what each holds."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from anlan.demo.core.grid import Floats, Grid, Ints, Mask
from anlan.demo.core.growth import grow, hardness, outline, tidy
from anlan.demo.core.terrain import Terrain

COUNTY_KM2 = 1640.0
TOWNSHIPS = 12
STREETS = 2
_NEIGHBOURS = 11
_VILLAGE_KM2 = 13.5
_FEWEST_VILLAGES, _MOST_VILLAGES = 8, 13
_STREET_LAG_M = 3600.0


@dataclass(frozen=True, slots=True)
class Settlement:
    """Seats (cells) and territories (labels of N cells, −1 outside the county).

    The first `STREETS` townships share the county town; a township's first village is its seat.
    """

    township_seats: Ints
    village_seats: Ints
    townships: Ints
    villages: Ints
    township_of: Ints  # (V,) of each village


def attraction(terrain: Terrain) -> Floats:
    """Return how good each of N cells is to live on, [0, 1]: level, low, near a stream but off its bed."""
    grid = terrain.grid
    stream = (terrain.drainage.drained_km2 >= 6).reshape(grid.shape)
    away_m = ndimage.distance_transform_edt(~stream).ravel() * grid.cell_m
    level = np.exp(-((terrain.slopes / 0.10) ** 2))
    low = np.exp(-(terrain.heights_m - terrain.heights_m.min()) / 500)
    near = np.exp(-(((away_m - 400) / 900) ** 2))
    wide = ndimage.gaussian_filter((level * low).reshape(grid.shape), 3).ravel()
    return level * (0.15 + low) * (0.2 + near) * (0.2 + wide) / (1.15 * 1.2 * 1.2)  # type: ignore[no-any-return]


def settle(terrain: Terrain, rng: np.random.Generator) -> Settlement:
    """Return the seats and territories that the terrain suggests."""
    grid, worth, cost = terrain.grid, attraction(terrain), hardness(terrain, rng)
    seat = _county_seat(terrain, worth)
    land = outline(grid, cost, seat, _neighbours(grid, rng), COUNTY_KM2)
    within = np.where(land, 0, -1)
    seats = _township_seats(grid, worth, land, seat)
    lags = np.where(np.arange(TOWNSHIPS) < STREETS, _STREET_LAG_M, 0.0)
    townships = tidy(grid, grow(grid, cost, seats, lags, within), within)
    villages = [_village_seats(grid, worth, townships == label, seats[label]) for label in range(TOWNSHIPS)]
    village_seats = np.concatenate(villages)
    labels = grow(grid, cost, village_seats, np.zeros(len(village_seats)), townships)
    return Settlement(
        township_seats=seats,
        village_seats=village_seats,
        townships=townships,
        villages=tidy(grid, labels, townships),
        township_of=np.repeat(np.arange(TOWNSHIPS), [len(cells) for cells in villages]),
    )


def scatter(grid: Grid, worth: Floats, first: int, count: int, spacing_m: float) -> Ints:
    """Return `count` cells, `first` and then the best left, each keeping others from its neighbourhood."""
    middles = grid.middles_m(np.arange(grid.size))
    left, chosen = worth.copy(), [first]
    while len(chosen) < count:
        away = np.hypot(*(middles - middles[chosen[-1]]).T)
        left *= 1 - np.exp(-((away / spacing_m) ** 4))
        chosen.append(int(left.argmax()))
    return np.array(chosen)


def _county_seat(terrain: Terrain, worth: Floats) -> int:
    """Return the best cell by a big river around the middle of the grid."""
    grid = terrain.grid
    middles = grid.middles_m(np.arange(grid.size))
    central = np.exp(-((np.hypot(*(middles - middles.mean(axis=0)).T) / 8000) ** 4))
    river = (terrain.drainage.drained_km2 >= 300).reshape(grid.shape)
    away_m = ndimage.distance_transform_edt(~river).ravel() * grid.cell_m
    return int((worth * central * (0.05 + np.exp(-((away_m / 1500) ** 2)))).argmax())


def _neighbours(grid: Grid, rng: np.random.Generator) -> Ints:
    """Return the seats of the counties around: cells on an uneven ring near the edges of the grid."""
    turns = (rng.random() + np.arange(_NEIGHBOURS) + rng.uniform(-0.25, 0.25, _NEIGHBOURS)) * 2 * np.pi / _NEIGHBOURS
    middle = np.array([grid.columns, grid.rows]) / 2
    reach = rng.uniform(0.86, 0.99, (_NEIGHBOURS, 1))
    places = middle + np.column_stack([np.cos(turns), np.sin(turns)]) * middle * reach
    columns, rows = places.astype(np.int64).T
    return rows * grid.columns + columns  # type: ignore[no-any-return]


def _township_seats(grid: Grid, worth: Floats, land: Mask, seat: int) -> Ints:
    inland_m = ndimage.distance_transform_edt(land.reshape(grid.shape)).ravel() * grid.cell_m
    fit = (worth + 0.02) * land * (1 - np.exp(-((inland_m / 2800) ** 2)))
    streets = scatter(grid, fit * _within_m(grid, seat, 5200), seat, STREETS, 3400)
    for street in streets:
        fit = fit * (1 - _within_m(grid, street, 7000))
    others = scatter(grid, fit, int(fit.argmax()), TOWNSHIPS - STREETS, 9300)
    return np.concatenate([streets, others])


def _within_m(grid: Grid, cell: int, reach_m: float) -> Mask:
    middles = grid.middles_m(np.arange(grid.size))
    return np.hypot(*(middles - middles[cell]).T) < reach_m  # type: ignore[no-any-return]


def _village_seats(grid: Grid, worth: Floats, land: Mask, seat: int) -> Ints:
    area_km2 = land.sum() * grid.cell_m**2 / 1e6
    count = int(np.clip(round(area_km2 / _VILLAGE_KM2), _FEWEST_VILLAGES, _MOST_VILLAGES))
    inland_m = ndimage.distance_transform_edt(land.reshape(grid.shape)).ravel() * grid.cell_m
    fit = (worth + 0.01) * land * (1 - np.exp(-((inland_m / 700) ** 2)))
    return scatter(grid, fit, int(seat), count, 880 * (area_km2 / count) ** 0.5)
