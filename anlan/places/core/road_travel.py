"""Ways over the road graph: points put on the nearest piece, and what it costs from each to each.

A point off the road is walked to the road in a straight line. What cannot be reached is infinitely far, never
near: an island village, a point that lies too far from any road.

O origins, T targets, P points. Source: docs/methods/road-graph.md.
"""

from dataclasses import dataclass, field

import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra

from anlan.places.core.metres import Floats, Plane, lengths_m
from anlan.places.core.road_graph import (
    LEAST,
    PATH_M_A_MINUTE,
    Ints,
    Mask,
    Measure,
    Mode,
    RoadGraph,
    cheapest_arcs,
)
from anlan.places.core.road_values import Speeds

MOST_SNAP_M = 2000.0


@dataclass(frozen=True, slots=True)
class Travel:
    """What is asked: by car or on foot, in minutes or metres, how far a road may be, how far it matters at all."""

    speeds: Speeds = field(default_factory=Speeds)
    mode: Mode = "car"
    measure: Measure = "minutes"
    most_snap_m: float = MOST_SNAP_M
    limit: float = np.inf


@dataclass(frozen=True, slots=True)
class Snapped:
    """Points on the graph: the piece (−1: no road near), how far along it in [0, 1], the metres off the road."""

    pieces: Ints  # (P,)
    shares: Floats  # (P,)
    off_m: Floats  # (P,)

    @property
    def found(self) -> Mask:
        """Return (P,) which points have a road near."""
        return np.asarray(self.pieces >= 0)


class Snapper:
    """Finds the nearest piece that may be used; made once for a graph and mode."""

    def __init__(self, graph: RoadGraph, mode: Mode) -> None:
        self._usable = graph.usable(mode)
        self._plane = Plane.around(graph.nodes) if graph.size else Plane(0.0, 0.0)
        metres = self._plane.metres(graph.nodes)
        ends = np.stack([metres[graph.starts[self._usable]], metres[graph.ends[self._usable]]], axis=1)
        self._lines = shapely.linestrings(ends)
        self._tree = shapely.STRtree(self._lines)

    def snap(self, points: Floats, most_m: float = MOST_SNAP_M) -> Snapped:
        """Return the points, (P, 2) in degrees, on their nearest pieces."""
        pieces = np.full(len(points), -1, dtype=np.int64)
        shares, off_m = np.zeros(len(points)), np.full(len(points), np.inf)
        known = np.flatnonzero(np.isfinite(points).all(axis=1))
        spots = shapely.points(self._plane.metres(points[known]))
        (asked, nearest), away = self._tree.query_nearest(
            spots, max_distance=most_m, return_distance=True, all_matches=False
        )
        rows = known[asked]
        pieces[rows], off_m[rows] = self._usable[nearest], away
        lines = self._lines[nearest]
        shares[rows] = shapely.line_locate_point(lines, spots[asked], normalized=True)
        return Snapped(pieces, np.nan_to_num(shares), off_m)


def travel_matrix(graph: RoadGraph, snapper: Snapper, origins: Floats, targets: Floats, travel: Travel) -> Floats:
    """Return (O, T) what it costs from each origin to each target, infinite where no way is known.

    Points are degrees; one that is not a number is nowhere. The same place costs nothing.
    """
    costs = np.full((len(origins), len(targets)), np.inf)
    if len(origins) and len(targets) and graph.piece_count:
        begun, ended = snapper.snap(origins, travel.most_snap_m), snapper.snap(targets, travel.most_snap_m)
        rows, columns = np.flatnonzero(begun.found), np.flatnonzero(ended.found)
        if len(rows) and len(columns):
            roads = _between(graph, _some(begun, rows), _some(ended, columns), travel)
            off = _off_road(begun.off_m[rows], travel)[:, None] + _off_road(ended.off_m[columns], travel)[None]
            costs[np.ix_(rows, columns)] = roads + off
    same = (origins[:, None] == targets[None]).all(axis=2)
    costs[same] = 0.0
    return costs


def straight_matrix(origins: Floats, targets: Floats, travel: Travel) -> Floats:
    """Return (O, T) what it costs along straight lines made longer by the detour: a choice of whoever asks."""
    metres = lengths_m(origins[:, None], targets[None]) * travel.speeds.detour
    kmh = travel.speeds.straight if travel.mode == "car" else travel.speeds.walking
    costs = metres if travel.measure == "metres" else metres / (kmh * PATH_M_A_MINUTE)
    return np.where(np.isfinite(costs), costs, np.inf)


def _some(snapped: Snapped, chosen: Ints) -> Snapped:
    return Snapped(snapped.pieces[chosen], snapped.shares[chosen], snapped.off_m[chosen])


def _off_road(metres: Floats, travel: Travel) -> Floats:
    """Return (P,) what the walk to the road costs."""
    return metres if travel.measure == "metres" else metres / (travel.speeds.walking * PATH_M_A_MINUTE)


def _between(graph: RoadGraph, begun: Snapped, ended: Snapped, travel: Travel) -> Floats:
    """Return (O, T) the costs on the road, from the side with fewer points."""
    weights = graph.weights(travel.speeds, travel.mode, travel.measure)
    along, against = graph.passable(travel.mode)
    doors = graph.size + np.arange(len(begun.pieces)), graph.size + len(begun.pieces) + np.arange(len(ended.pieces))
    arcs = [
        (graph.starts[along], graph.ends[along], weights[along]),
        (graph.ends[against], graph.starts[against], weights[against]),
        *_outward(graph, begun, doors[0], weights, (along, against)),
        *((ends, starts, costs) for starts, ends, costs in _outward(graph, ended, doors[1], weights, (against, along))),
        _on_one_piece(begun, ended, doors, weights, (along, against)),
    ]
    rows, columns, costs = (np.concatenate([arc[place] for arc in arcs]) for place in range(3))
    roads = cheapest_arcs(rows, columns, np.maximum(costs, LEAST), graph.size + len(doors[0]) + len(doors[1]))
    if len(doors[0]) <= len(doors[1]):
        return np.asarray(dijkstra(roads, indices=doors[0], limit=travel.limit)[:, doors[1]])
    return np.asarray(dijkstra(roads.T.tocsr(), indices=doors[1], limit=travel.limit)[:, doors[0]].T)


Arcs = tuple[Ints, Ints, Floats]


def _outward(
    graph: RoadGraph, points: Snapped, doors: Ints, weights: Floats, passable: tuple[Mask, Mask]
) -> tuple[Arcs, Arcs]:
    """Return the arcs from each point to the two ends of its piece, where the piece may be passed that way."""
    along, against = (allowed[points.pieces] for allowed in passable)
    costs = weights[points.pieces]
    onward = (doors[along], graph.ends[points.pieces][along], ((1 - points.shares) * costs)[along])
    back = (doors[against], graph.starts[points.pieces][against], (points.shares * costs)[against])
    return onward, back


def _on_one_piece(
    begun: Snapped, ended: Snapped, doors: tuple[Ints, Ints], weights: Floats, passable: tuple[Mask, Mask]
) -> Arcs:
    """Return the arcs between points that lie on the same piece."""
    order = np.argsort(ended.pieces, kind="stable")
    first = np.searchsorted(ended.pieces[order], begun.pieces, "left")
    count = np.searchsorted(ended.pieces[order], begun.pieces, "right") - first
    rows = np.repeat(np.arange(len(begun.pieces)), count)
    places = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    columns = order[places]
    steps = ended.shares[columns] - begun.shares[rows]
    pieces = begun.pieces[rows]
    allowed = np.where(steps >= 0, passable[0][pieces], passable[1][pieces]) | (steps == 0)
    costs = np.abs(steps) * weights[pieces]
    return doors[0][rows[allowed]], doors[1][columns[allowed]], costs[allowed]
