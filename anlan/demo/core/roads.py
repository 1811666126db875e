"""Roads that people would have built: along valleys, over low passes, to every village."""

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree

from anlan.demo.core.grid import Floats, Ints, Links
from anlan.demo.core.lines import smoothed
from anlan.demo.core.settlement import Settlement
from anlan.demo.core.terrain import Terrain

_SMOOTHING = 0.9  # cells
_RIVER_KM2 = 60.0
_REUSE = 0.25  # what a metre along a road that exists costs, to a new one
_NEAR_VILLAGES = 0.45  # the share of a township's villages that a township road serves


class RoadClass(StrEnum):
    """Administrative class of a road, the highest first."""

    PROVINCIAL = "provincial"  # 省道
    COUNTY = "county"  # 县道
    TOWNSHIP = "township"  # 乡道
    VILLAGE = "village"  # 村道


SPEEDS_KMH = {RoadClass.PROVINCIAL: 55.0, RoadClass.COUNTY: 40.0, RoadClass.TOWNSHIP: 30.0, RoadClass.VILLAGE: 20.0}
_ORDER = list(RoadClass)


@dataclass(frozen=True, slots=True)
class Route:
    """What a piece of road belongs to: the class and the number within it."""

    kind: RoadClass
    number: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of road between two nodes (junctions, seats, ends): cells, and points in metres."""

    route: Route
    cells: Ints
    points_m: Floats

    @property
    def length_m(self) -> float:
        """Length along the points."""
        return float(np.hypot(*np.diff(self.points_m, axis=0).T).sum())


@dataclass(slots=True)
class _Works:
    """The builder's table: what a road costs on each link, and the steps built so far with their class."""

    links: Links
    costs: Floats
    size: int
    keys: Ints
    built: dict[tuple[int, int], Route] = field(default_factory=dict)
    routes: list[Route] = field(default_factory=list)

    def ways(self, sources: Ints, *, nearest: bool) -> tuple[Floats, Ints]:
        """Return costs and predecessors from each source, or from the nearest one."""
        graph = self.links.graph(self.costs, self.size)
        found = dijkstra(graph, indices=sources, min_only=nearest, return_predecessors=True)  # type: ignore[call-overload]
        return found[0], found[1]

    def build(self, cells: list[int], kind: RoadClass) -> None:
        """Add a road over the cells; where one of no lower class exists, that one stays."""
        route = Route(kind, 1 + sum(other.kind is kind for other in self.routes))
        self.routes.append(route)
        steps = [(min(step), max(step)) for step in pairwise(cells)]
        fresh = [step for step in steps if step not in self.built]
        for step in steps:
            self.built[step] = min(self.built.get(step, route), route, key=lambda built: _ORDER.index(built.kind))
        wanted = np.array([low * self.size + high for low, high in fresh], dtype=np.int64)
        self.costs[np.searchsorted(self.keys, wanted)] *= _REUSE

    def cells(self) -> Ints:
        """Return the cells that have a road."""
        return np.unique(np.array(list(self.built)))


def _works(terrain: Terrain) -> _Works:
    links = terrain.grid.links(leaps=True)
    low, high = np.minimum(links.starts, links.ends), np.maximum(links.starts, links.ends)
    keys = low * terrain.grid.size + high
    order = np.argsort(keys)
    links = Links(low[order], high[order], links.lengths_m[order])
    return _Works(links, _costs(terrain, links), terrain.grid.size, keys[order])


def _costs(terrain: Terrain, links: Links) -> Floats:
    """Return (L,) what a road on each link costs: climbs count most, then side slopes and bridges."""
    climbs = np.abs(terrain.heights_m[links.starts] - terrain.heights_m[links.ends]) / links.lengths_m
    sides = (terrain.slopes[links.starts] + terrain.slopes[links.ends]) / 2
    wet = (terrain.drainage.drained_km2 >= _RIVER_KM2).astype(float)
    bridges = wet[links.starts] + wet[links.ends]
    return links.lengths_m * (1 + (climbs / 0.05) ** 2 + (sides / 0.10) ** 1.5 + 1.5 * bridges)  # type: ignore[no-any-return]


def lay_roads(terrain: Terrain, settlement: Settlement) -> list[Stretch]:
    """Return the whole network: highways first, then township seats, then villages from the nearest road."""
    works = _works(terrain)
    _lay_highways(works, terrain, int(settlement.township_seats[0]))
    _lay_county_roads(works, settlement.township_seats)
    near, far = _near_and_far(terrain, settlement)
    for seats, kind in ((near, RoadClass.TOWNSHIP), (far, RoadClass.VILLAGE)):
        _, back = works.ways(works.cells(), nearest=True)
        for seat in seats.tolist():
            works.build(_trace(back, seat), kind)
    return _stretches(terrain, works.built, settlement)


def _trace(back: Ints, cell: int) -> list[int]:
    """Return the cells from one cell back to its source."""
    cells = [cell]
    while (before := int(back[cells[-1]])) >= 0:
        cells.append(before)
    return cells


def _lay_highways(works: _Works, terrain: Terrain, seat: int) -> None:
    """Build a provincial road through the county town and the easier way across, and a county road crosswise."""
    costs, back = works.ways(np.array([seat]), nearest=True)
    cells = np.arange(terrain.grid.size).reshape(terrain.grid.shape)
    across = [(cells[:, 0], cells[:, -1]), (cells[0], cells[-1])]
    exits = [[int(side[costs[side].argmin()]) for side in sides] for sides in across]
    exits.sort(key=lambda ends: float(costs[ends].sum()))
    for ends, kind in zip(exits, (RoadClass.PROVINCIAL, RoadClass.COUNTY), strict=True):
        works.build(_trace(back, ends[0])[:-1] + _trace(back, ends[1])[::-1], kind)


def _lay_county_roads(works: _Works, seats: Ints) -> None:
    """Build the cheapest tree over the township seats."""
    costs, back = works.ways(seats, nearest=False)
    tree = minimum_spanning_tree(costs[:, seats]).tocoo()
    for start, end in zip(tree.row.tolist(), tree.col.tolist(), strict=True):
        works.build(_trace(back[start], int(seats[end])), RoadClass.COUNTY)


def _near_and_far(terrain: Terrain, settlement: Settlement) -> tuple[Ints, Ints]:
    """Return the seats of the villages that are near to their township's seat, and of the others."""
    places = terrain.grid.middles_m(settlement.village_seats)
    centres = terrain.grid.middles_m(settlement.township_seats)[settlement.township_of]
    away = np.hypot(*(places - centres).T)
    is_near = np.zeros(len(away), dtype=bool)
    for township in range(len(settlement.township_seats)):
        members = np.flatnonzero(settlement.township_of == township)
        is_near[members[np.argsort(away[members], kind="stable")][: round(len(members) * _NEAR_VILLAGES)]] = True
    return settlement.village_seats[is_near], settlement.village_seats[~is_near]


def _stretches(terrain: Terrain, built: dict[tuple[int, int], Route], settlement: Settlement) -> list[Stretch]:
    """Cut the built steps into pieces at every node: a junction, an end, a seat, a change of route."""
    beside: dict[int, list[int]] = {}
    for low, high in built:
        beside.setdefault(low, []).append(high)
        beside.setdefault(high, []).append(low)
    nodes = set(settlement.village_seats.tolist()) & beside.keys()
    nodes |= {cell for cell, others in beside.items() if len(others) != 2 or len(_routes(built, cell, others)) > 1}
    pieces, used = [], set[tuple[int, int]]()
    for node in sorted(nodes):
        for first in sorted(beside[node]):
            if (node, first) in used:
                continue
            cells = _follow(node, first, beside, nodes)
            used |= {(cells[0], cells[1]), (cells[-1], cells[-2])}
            line = smoothed(terrain.grid.middles_m(np.array(cells)), _SMOOTHING)
            pieces.append(Stretch(built[min(node, first), max(node, first)], np.array(cells), line))
    return pieces


def _routes(built: dict[tuple[int, int], Route], cell: int, others: list[int]) -> set[Route]:
    return {built[min(cell, other), max(cell, other)] for other in others}


def _follow(node: int, first: int, beside: dict[int, list[int]], nodes: set[int]) -> list[int]:
    cells = [node, first]
    while cells[-1] not in nodes:
        onward = [cell for cell in beside[cells[-1]] if cell != cells[-2]]
        cells.append(onward[0])
    return cells


def minutes_from(stretches: list[Stretch], origin: int, cells: Ints) -> Floats:
    """Return (n,) the driving minutes from one node to others; infinite where no road leads."""
    ends = np.array([(stretch.cells[0], stretch.cells[-1]) for stretch in stretches])
    nodes, places = np.unique(ends, return_inverse=True)
    minutes = [stretch.length_m / 1000 / SPEEDS_KMH[stretch.route.kind] * 60 for stretch in stretches]
    starts, stops = places.reshape(-1, 2).T
    roads = coo_array((minutes, (starts, stops)), shape=(len(nodes), len(nodes))).tocsr()
    reached = dijkstra(roads, directed=False, indices=int(np.searchsorted(nodes, origin)))  # type: ignore[call-overload]
    return np.asarray(reached[np.searchsorted(nodes, cells)])
