"""Mountains and valleys from a seed: ridged noise, raised and cut by its own rivers."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from anlan.demo.core.drainage import Drainage, drain, falling
from anlan.demo.core.grid import Floats, Grid

_ROUNDS = 36
_RISE_M = 52.0  # of the fastest rising cell in one round
_BASE_M = 165.0  # the mouth's height above the sea
_ERODIBILITY = 0.35  # of a cell that drains 1 m², per metre of run and round
_AREA_EXPONENT = 0.45
_FLOOR_DRAINED_KM2 = 12.0  # from here on a river makes itself a flat floor


@dataclass(frozen=True, slots=True)
class Terrain:
    """Heights of a grid's N cells with what follows from them."""

    grid: Grid
    heights_m: Floats
    slopes: Floats  # rise over run
    drainage: Drainage


def noise(shape: tuple[int, int], period: float, rng: np.random.Generator) -> Floats:
    """Return smooth noise of that shape with about one swell every `period` cells, mostly within ±1."""
    knots = rng.standard_normal([int(side / period) + 4 for side in shape])
    rows, columns = (np.arange(side) / period + 1 + rng.random() for side in shape)
    places = np.meshgrid(rows, columns, indexing="ij")
    return ndimage.map_coordinates(knots, places, order=3, mode="nearest") * 0.7


def ridged_noise(shape: tuple[int, int], period: float, rng: np.random.Generator) -> Floats:
    """Return ridged multifractal noise in [0, 1]: sharp crests, detail mostly upon the heights.

    Source: Musgrave, in "Texturing and Modeling: A Procedural Approach", ridged multifractal.
    """
    total, weight, strength = np.zeros(shape), np.ones(shape), 1.0
    while period >= 3:
        crest = (1.0 - np.abs(np.clip(noise(shape, period, rng), -1, 1))) ** 2 * weight
        total += strength * crest
        weight = np.clip(crest * 1.8, 0, 1)
        strength, period = strength / 2, period / 2.1
    return (total - total.min()) / np.ptp(total)  # type: ignore[no-any-return]


def _uplift(grid: Grid, rng: np.random.Generator) -> Floats:
    """Return how fast the land rises, [0, 1]: ranges on both sides of a valley that runs out south-east."""
    north, east = np.meshgrid(np.linspace(0, 1, grid.rows), np.linspace(0, 1, grid.columns), indexing="ij")
    bend = 0.10 * np.sin(east * 5.0 + rng.uniform(0, 6.3)) + 0.05 * noise(grid.shape, grid.columns / 4, rng)
    axis = 0.78 - 0.62 * east + bend
    flank = 1 - np.exp(-(((north - axis) / 0.15) ** 2))
    crests = ridged_noise(grid.shape, grid.columns / 3.0, rng)
    return (0.14 + 0.86 * flank) * (0.25 + 0.75 * crests) * (1.15 - 0.45 * east) / 1.15


def raise_and_cut(grid: Grid, rng: np.random.Generator) -> tuple[Floats, int]:
    """Return (rows, columns) heights in metres and the mouth's cell, after rivers have cut rising land.

    Each round the land rises and every cell is cut towards the one it runs into, by a power of the
    land that it drains: dh/dt = U − K·A^m·s, solved downstream first.
    Source: Braun and Willett, Geomorphology 180–181 (2013), equations (1) and (22).
    """
    uplift = _uplift(grid, rng)
    mouth = int(uplift[:, -1].argmin()) * grid.columns + grid.columns - 1
    rise = uplift.ravel() * _RISE_M
    rise[mouth] = 0.0
    heights = rise + rng.random(grid.size) * 8
    for _ in range(_ROUNDS):
        heights = _cut(heights + rise, drain(heights, grid, mouth), grid)
    return heights.reshape(grid.shape) + _BASE_M, mouth


def _cut(heights: Floats, flow: Drainage, grid: Grid) -> Floats:
    middles = grid.middles_m(np.arange(grid.size))
    runs_m = np.hypot(*(middles - middles[flow.receivers]).T)
    runs_m[flow.mouth] = grid.cell_m
    shares = (_ERODIBILITY * (flow.drained_km2 * 1e6) ** _AREA_EXPONENT / runs_m).tolist()
    cut, into = heights.tolist(), flow.receivers.tolist()
    for cell in flow.order.tolist()[1:]:
        share = shares[cell]
        cut[cell] = (cut[cell] + share * cut[into[cell]]) / (1 + share)
    return np.array(cut)


def make_terrain(coarse: Grid, rng: np.random.Generator) -> Terrain:
    """Return the terrain on a grid twice as fine as the one that the rivers were cut on."""
    cut, mouth = raise_and_cut(coarse, rng)
    grid = Grid(coarse.rows * 2, coarse.columns * 2, coarse.cell_m / 2, coarse.west, coarse.south)
    smooth = ndimage.zoom(cut, 2, order=3, mode="nearest", grid_mode=True)
    rough = smooth + noise(grid.shape, 3.5, rng) * np.clip((smooth - _BASE_M) * 0.05, 0.3, 14.0)
    mouth = 2 * (mouth // coarse.columns) * grid.columns + grid.columns - 1
    heights = _with_floors(rough.ravel(), grid, mouth)
    drainage = drain(heights, grid, mouth)
    heights = falling(heights, drainage)
    rises = np.gradient(ndimage.gaussian_filter(heights.reshape(grid.shape), 0.7), grid.cell_m)
    return Terrain(grid, heights, np.hypot(*rises).ravel(), drainage)


def _with_floors(heights: Floats, grid: Grid, mouth: int) -> Floats:
    """Return the heights with valley floors along the rivers, wider the more land a river drains."""
    flow = drain(heights, grid, mouth)
    bed = falling(heights, flow)
    rivers = flow.drained_km2 >= _FLOOR_DRAINED_KM2
    distances, nearest = ndimage.distance_transform_edt(~rivers.reshape(grid.shape), return_indices=True)
    by = np.ravel_multi_index(nearest, grid.shape).ravel()
    half_width_m = 90.0 * flow.drained_km2[by] ** 0.36
    beyond_m = np.maximum(distances.ravel() * grid.cell_m - half_width_m, 0.0)
    floor = bed[by] + 0.006 * distances.ravel() * grid.cell_m + 0.25 * beyond_m
    return np.minimum(bed, np.maximum(floor, bed[by]))
