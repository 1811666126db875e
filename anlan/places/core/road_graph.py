"""The road graph: straight pieces between nodes as flat arrays, kept as bytes and opened at once.

N nodes, E pieces (a bend of a road is a node of its own), A arcs (a piece that is driven both ways is two).
Source: docs/methods/road-graph.md.
"""

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from anlan.places.core.metres import Floats, lengths_m
from anlan.places.core.road_values import Speeds, Use, WayKind

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Mode = Literal["car", "foot"]
Measure = Literal["minutes", "metres"]
CRUMB_M = 500.0  # a heap of pieces shorter than that leads nowhere: a car park, a field
DEGREE_PARTS = 10_000_000  # stored to 1e-7°, a centimetre
LEAST = 1e-9  # nothing weighs nothing: scipy would take it for no way at all
PATH_M_A_MINUTE = 1000 / 60


@dataclass(frozen=True)
class RoadGraph:
    """Nodes in degrees and pieces between them; `limits` are km/h, 0 none; `mountain` tells steep land."""

    nodes: Floats  # (N, 2)
    starts: Ints  # (E,)
    ends: Ints  # (E,)
    kinds: Bytes  # (E,) of WayKind
    uses: Bytes  # (E,) of Use
    limits: Bytes  # (E,)
    mountain: Mask  # (E,)

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.nodes)

    @property
    def piece_count(self) -> int:
        """Number of pieces."""
        return len(self.starts)

    @cached_property
    def metres(self) -> Floats:
        """Return (E,) the length of each piece."""
        return lengths_m(self.nodes[self.starts], self.nodes[self.ends])

    @cached_property
    def labels(self) -> Ints:
        """Return (N,) the number of the connected heap that each node belongs to, one-way streets as if both ways."""
        ones = np.ones(self.piece_count, dtype=np.int8)
        links = coo_array((ones, (self.starts, self.ends)), shape=(self.size, self.size)).tocsr()
        return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)

    @cached_property
    def heaps_m(self) -> Floats:
        """Return the length of each connected heap."""
        count = int(self.labels.max(initial=-1)) + 1
        heaps = np.bincount(self.labels[self.starts], weights=self.metres, minlength=count)
        return heaps.astype(np.float64)

    def minutes(self, speeds: Speeds, mode: Mode) -> Floats:
        """Return (E,) the minutes that each piece takes."""
        if mode == "foot":
            return self.metres / (speeds.walking * PATH_M_A_MINUTE)
        kmh = np.array(speeds.by_kind())[self.kinds]
        kmh = np.where(self.mountain, kmh * speeds.mountain_factor, kmh)
        kmh = np.where(self.limits > 0, np.minimum(kmh, self.limits), kmh)
        return np.asarray(self.metres / (kmh * PATH_M_A_MINUTE))

    def weights(self, speeds: Speeds, mode: Mode, measure: Measure) -> Floats:
        """Return (E,) what each piece costs, never nothing."""
        costs = self.metres if measure == "metres" else self.minutes(speeds, mode)
        return np.maximum(costs, LEAST)

    def passable(self, mode: Mode) -> tuple[Mask, Mask]:
        """Return (E,) which pieces may be passed along and which against."""
        if mode == "foot":
            walked = (self.uses & Use.FOOT) > 0
            return walked, walked
        return (self.uses & Use.CAR_ALONG) > 0, (self.uses & Use.CAR_AGAINST) > 0

    def usable(self, mode: Mode) -> Ints:
        """Return the pieces that one may begin or end a way on: passable, and of no crumb unless all is crumbs."""
        along, against = self.passable(mode)
        leads = self.heaps_m[self.labels[self.starts]] >= min(CRUMB_M, float(self.heaps_m.max(initial=0.0)))
        return np.flatnonzero((along | against) & leads)

    def without_idle(self) -> "RoadGraph":
        """Return the graph without pieces that nobody passes or that lead from a node to itself, and idle nodes."""
        kept = (self.uses != Use.NOBODY) & (self.starts != self.ends)
        used, places = np.unique(np.concatenate([self.starts[kept], self.ends[kept]]), return_inverse=True)
        starts, ends = places[: kept.sum()], places[kept.sum() :]
        rest = (self.kinds[kept], self.uses[kept], self.limits[kept], self.mountain[kept])
        return RoadGraph(self.nodes[used], starts, ends, *rest)

    def middles(self) -> Floats:
        """Return (E, 2) the middle of each piece in degrees."""
        return np.asarray((self.nodes[self.starts] + self.nodes[self.ends]) / 2)


def cheapest_arcs(rows: Ints, columns: Ints, costs: Floats, size: int) -> csr_array:
    """Return the arcs as a matrix; of several between the same nodes the cheapest stays (scipy would add them up)."""
    order = np.lexsort((costs, columns, rows))
    rows, columns, costs = rows[order], columns[order], costs[order]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    return coo_array((costs[first], (rows[first], columns[first])), shape=(size, size)).tocsr()


def graph_from(nodes: Any, pieces: Any, *, kinds: Any = None, uses: Any = None, limits: Any = None) -> RoadGraph:
    """Return a graph of nodes (N, 2) and pieces (E, 2); village roads open to all where nothing else is said."""
    ends = np.asarray(pieces, dtype=np.int64).reshape(-1, 2)
    count = len(ends)
    return RoadGraph(
        nodes=np.asarray(nodes, dtype=np.float64).reshape(-1, 2),
        starts=ends[:, 0],
        ends=ends[:, 1],
        kinds=_filled(kinds, WayKind.VILLAGE, count),
        uses=_filled(uses, Use.ALL, count),
        limits=_filled(limits, 0, count),
        mountain=np.zeros(count, dtype=bool),
    )


def _filled(given: Any, usual: int, count: int) -> Bytes:
    return np.full(count, int(usual), dtype=np.uint8) if given is None else np.asarray(given, dtype=np.uint8)


def to_bytes(graph: RoadGraph) -> bytes:
    """Return the graph as it is stored: about 20 bytes a piece."""
    stream = io.BytesIO()
    np.savez(
        stream,
        nodes=np.round(graph.nodes * DEGREE_PARTS).astype(np.int32),
        starts=graph.starts.astype(np.int32),
        ends=graph.ends.astype(np.int32),
        kinds=graph.kinds,
        uses=graph.uses,
        limits=graph.limits,
        mountain=graph.mountain,
    )
    return stream.getvalue()


def from_bytes(content: bytes) -> RoadGraph:
    """Return the graph that was stored."""
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        return RoadGraph(
            nodes=kept["nodes"] / DEGREE_PARTS,
            starts=kept["starts"].astype(np.int64),
            ends=kept["ends"].astype(np.int64),
            kinds=kept["kinds"],
            uses=kept["uses"],
            limits=kept["limits"],
            mountain=kept["mountain"],
        )
