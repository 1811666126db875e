"""Lines of roads made into a graph: joined where they cross and where their ends nearly touch.

Drawn roads do not meet exactly: an end that stops a few metres before another road, or before another end, is taken
to it. Bridges over roads become crossings, since drawn roads do not tell them apart.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from anlan.places.core.metres import Floats, Plane
from anlan.places.core.road_graph import Ints, RoadGraph, graph_from

TOLERANCE_M = 15.0
GRID_M = 0.05  # what lies closer is one point


def graph_of_lines(
    lines: Sequence[shapely.LineString], kinds: Sequence[int], tolerance_m: float = TOLERANCE_M
) -> RoadGraph:
    """Return the graph of the lines, in degrees, and their kinds, the higher class where two lie on one another."""
    if not lines:
        return graph_from([], [])
    plane = Plane.around(shapely.get_coordinates(lines))
    flat = shapely.transform(np.array(lines, dtype=object), plane.metres)
    joined = _with_feet(_with_common_ends(flat, tolerance_m), tolerance_m)
    noded = shapely.get_parts(shapely.union_all(joined, grid_size=GRID_M))
    points, pieces, line_of_piece = _pieces(noded)
    graph = graph_from(plane.degrees(points), pieces, kinds=_kinds(noded, joined, np.asarray(kinds))[line_of_piece])
    return graph.without_idle()


def _with_common_ends(lines: Floats, tolerance_m: float) -> Floats:
    """Return the lines with ends that nearly touch brought to one point."""
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(lines, place)) for place in (0, -1)])
    pairs = cKDTree(ends).query_pairs(tolerance_m, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(ends), len(ends))).tocsr()
    count, labels = connected_components(links, directed=False)
    # The first of each heap stays where it is: a middle would move even what meets exactly.
    first = np.zeros(count, dtype=np.int64)
    first[labels[::-1]] = np.arange(len(ends))[::-1]
    return _with_ends(lines, *np.split(ends[first[labels]], 2))


def _with_ends(lines: Floats, starts: Floats, stops: Floats) -> Floats:
    """Return the lines with their first and last points moved; what shrinks to a point is left out."""
    coordinates, rows = shapely.get_coordinates(lines, return_index=True)
    firsts = np.searchsorted(rows, np.arange(len(lines)), "left")
    lasts = np.searchsorted(rows, np.arange(len(lines)), "right") - 1
    coordinates[firsts], coordinates[lasts] = starts, stops
    moved: Floats = shapely.set_coordinates(lines, coordinates)
    return moved


def _with_feet(lines: Floats, tolerance_m: float) -> Floats:
    """Return the lines with each end that stops shortly before another line taken onto it, and that line bent there."""
    tree = shapely.STRtree(lines)
    moved = []
    for place in (0, -1):
        ends = shapely.get_point(lines, place)
        asked, others = tree.query(ends, predicate="dwithin", distance=tolerance_m)
        strange = asked != others
        asked, others = asked[strange], others[strange]
        away = shapely.distance(ends[asked], lines[others])
        order = np.lexsort((away, asked))
        asked, others = asked[order], others[order]
        own, first = np.unique(asked, return_index=True)
        targets = lines[others[first]]
        feet = shapely.line_interpolate_point(targets, shapely.line_locate_point(targets, ends[own]))
        places = shapely.get_coordinates(ends)
        places[own] = shapely.get_coordinates(feet)
        moved.append(places)
    return _with_ends(lines, *moved)


def _pieces(noded: Floats) -> tuple[Floats, Ints, Ints]:
    """Return points, pieces between them and the line that each piece is of."""
    coordinates, rows = shapely.get_coordinates(noded, return_index=True)
    keys = np.round(coordinates / GRID_M).astype(np.int64)
    _, first, places = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    places = places.ravel()
    inside = rows[1:] == rows[:-1]
    pieces = np.stack([places[:-1][inside], places[1:][inside]], axis=1)
    return coordinates[first], pieces, rows[1:][inside]


def _kinds(noded: Floats, lines: Floats, kinds: Ints) -> Ints:
    """Return the kind of each noded line: of the highest class among the lines that it lies on."""
    middles = shapely.line_interpolate_point(noded, 0.5, normalized=True)
    asked, found = shapely.STRtree(lines).query(middles, predicate="dwithin", distance=10 * GRID_M)
    highest = np.full(len(noded), kinds.max(initial=0), dtype=np.int64)
    np.minimum.at(highest, asked, kinds[found])
    return highest
