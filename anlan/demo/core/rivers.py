"""Named streams from the flow over the land: the main river first, then what runs into it."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, MultiLineString, Polygon

from anlan.demo.core.grid import Floats, Ints
from anlan.demo.core.lines import smoothed
from anlan.demo.core.terrain import Terrain, noise

_STREAM_KM2 = 14.0
_SHORTEST_M = 3500.0
_SMOOTHING = 1.7  # cells
_WANDER_M = 170.0


@dataclass(frozen=True, slots=True)
class Stream:
    """A watercourse from its spring to where it ends, one point a cell: metres east, north and up."""

    cells: Ints
    points_m: Floats  # (n, 3)
    drained_km2: float
    into: int | None  # position of the stream it runs into


def streams(terrain: Terrain, rng: np.random.Generator) -> list[Stream]:
    """Return every stream that drains enough land, each after the one it runs into."""
    flow, grid = terrain.drainage, terrain.grid
    feeders = _feeders(terrain)
    wander = np.stack([noise(grid.shape, 4.5, rng).ravel(), noise(grid.shape, 4.5, rng).ravel()], axis=1)
    found: list[Stream] = []
    owner: dict[int, tuple[int, int]] = {}  # cell → stream and place in it
    for cell in flow.order.tolist():
        if cell in owner or flow.drained_km2[cell] < _STREAM_KM2:
            continue
        cells = _climb(cell, feeders)
        joint = owner.get(int(flow.receivers[cell]))
        line = _line(terrain, cells, wander)
        if joint is not None:
            line = _joined(line, found[joint[0]].points_m[joint[1]])
        owner.update({member: (len(found), place) for place, member in enumerate(cells.tolist())})
        found.append(Stream(cells, line, float(flow.drained_km2[cell]), joint[0] if joint else None))
    return found


def _feeders(terrain: Terrain) -> dict[int, int]:
    """Return for each cell on a stream the cell upstream that brings the most water."""
    flow = terrain.drainage
    above = flow.order[1:]
    wet = above[flow.drained_km2[above] >= _STREAM_KM2]
    # Of the cells that run into one, the last one written wins: the one that brings most.
    by_water = wet[np.argsort(flow.drained_km2[wet], kind="stable")]
    return dict(zip(flow.receivers[by_water].tolist(), by_water.tolist(), strict=True))


def _climb(cell: int, feeders: dict[int, int]) -> Ints:
    """Return the cells of a stream in the direction of the water."""
    cells = [cell]
    while (above := feeders.get(cells[-1])) is not None:
        cells.append(above)
    return np.array(cells[::-1])


def _line(terrain: Terrain, cells: Ints, wander: Floats) -> Floats:
    """Return the (n, 3) line over the cells, bent a little where the valley is level enough."""
    level = np.exp(-((terrain.slopes[cells] / 0.05) ** 2))[:, None]
    flat = smoothed(terrain.grid.middles_m(cells), _SMOOTHING) + _WANDER_M * level * wander[cells]
    return np.column_stack([smoothed(flat, 0.6), terrain.heights_m[cells]])


def _joined(line: Floats, joint: Floats) -> Floats:
    return np.vstack([line, np.append(joint[:2], min(joint[2], line[-1, 2]))])


def clipped(stream: Stream, county: Polygon) -> MultiLineString:
    """Return the part inside the county, each piece in the direction of the water."""
    inside = shapely.get_parts(LineString(stream.points_m).intersection(county))
    pieces = [piece for piece in inside if piece.geom_type == "LineString" and not piece.is_empty]
    return MultiLineString(
        [piece if piece.coords[0][2] >= piece.coords[-1][2] else piece.reverse() for piece in pieces]
    )


def worth_a_name(line: MultiLineString) -> bool:
    """Tell whether the stretch inside the county is long enough to be on a map."""
    return bool(line.length >= _SHORTEST_M)
