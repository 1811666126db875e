"""Territories grown from their seats over land that is easy or hard to cross.

Growth that starts from several seats meets where climbing is dearest, on the crests: that is why
borders made so look like borders.
"""

import numpy as np
from scipy import ndimage
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from anlan.demo.core.grid import Floats, Grid, Ints, Mask
from anlan.demo.core.terrain import Terrain, noise

_TIDY_ROUNDS = 2
_EDGE_M = 6000.0  # counties shun the grid's edge from here on


def hardness(terrain: Terrain, rng: np.random.Generator) -> Floats:
    """Return (N,) the cost of a metre: slopes and crests are dear, and no metre is quite like the next."""
    grid = terrain.grid
    heights = terrain.heights_m.reshape(grid.shape)
    crest = np.clip((heights - ndimage.gaussian_filter(heights, 5)) / 45, 0, 4).ravel()
    rough = 0.7 * noise(grid.shape, 5, rng) + 0.5 * noise(grid.shape, 14, rng)
    return (1 + 9 * terrain.slopes + 3 * crest**1.5) * np.exp(np.clip(rough, -0.7, 1.5)).ravel()


def travel(grid: Grid, cost: Floats, seats: Ints) -> Floats:
    """Return (N,) the cost from the nearest of the seats, `cost` being that of a metre in each cell."""
    links = grid.links()
    weights = links.lengths_m * (cost[links.starts] + cost[links.ends]) / 2
    return np.asarray(dijkstra(links.graph(weights, grid.size), indices=seats, min_only=True))


def outline(grid: Grid, cost: Floats, seat: int, neighbours: Ints, area_km2: float) -> Mask:
    """Return (N,) the land of that area which is nearer to the seat than to its neighbours.

    The neighbours get the handicap that leaves exactly the wanted area; whichever it is, the land
    holds the cheapest way from its seat to each of its cells, so that it is one piece.
    """
    lead = travel(grid, cost, np.array([seat])) - travel(grid, cost, neighbours)
    east, north = grid.middles_m(np.arange(grid.size)).T
    inland_m = np.minimum.reduce([east, north, grid.columns * grid.cell_m - east, grid.rows * grid.cell_m - north])
    lead += 1.5 * np.maximum(_EDGE_M - inland_m, 0) ** 2 / 1000 + np.where(inland_m < 1000, np.inf, 0.0)
    cells = round(area_km2 * 1e6 / grid.cell_m**2)
    land = tidy(grid, np.where(lead <= np.partition(lead, cells)[cells], 0, 1), np.zeros(grid.size, np.int64)) == 0
    return ndimage.binary_fill_holes(land.reshape(grid.shape)).ravel()


def grow(grid: Grid, cost: Floats, seats: Ints, lags: Floats, within: Ints) -> Ints:
    """Return the (N,) index of the seat that reaches each cell first, −1 where none does.

    Args:
        grid: the cells.
        cost: (N,) cost of a metre, positive.
        seats: (S,) cells that territories grow from.
        lags: (S,) cost after which each begins; a late one stays small.
        within: (N,) label of the land that each cell belongs to; growth crosses no change of label
            and never enters −1.
    """
    links = grid.links()
    weights = links.lengths_m * (cost[links.starts] + cost[links.ends]) / 2
    closed = (within[links.starts] != within[links.ends]) | (within[links.starts] < 0)
    weights[closed] = np.inf
    graph = _with_starters(links.graph(weights, grid.size), seats, lags)
    starters = grid.size + np.arange(len(seats))
    _, _, sources = dijkstra(graph, indices=starters, min_only=True, return_predecessors=True)
    reached = sources[: grid.size] - grid.size
    return np.where((reached >= 0) & (within >= 0), reached, -1)


def _with_starters(graph: csr_array, seats: Ints, lags: Floats) -> csr_array:
    """Return the graph with one more node a seat, from which the seat is reached after its lag."""
    links = graph.tocoo()
    starters = graph.shape[0] + np.arange(len(seats))
    rows, columns = np.concatenate([links.row, starters]), np.concatenate([links.col, seats])
    side = graph.shape[0] + len(seats)
    return coo_array((np.concatenate([links.data, lags + 1e-6]), (rows, columns)), shape=(side, side)).tocsr()


def tidy(grid: Grid, labels: Ints, within: Ints) -> Ints:
    """Return the labels with ragged borders straightened and stray crumbs given to a neighbour.

    Every territory comes out as one piece whose cells touch by their sides, inside the same `within`.
    """
    for _ in range(_TIDY_ROUNDS):
        labels = _majority(grid, labels, within)
    return _one_piece_each(grid, labels, within)


def _around(grid: Grid, values: Ints) -> Ints:
    """Return (9, N): each cell's own value in the middle of its eight neighbours'."""
    padded = np.pad(values.reshape(grid.shape), 1, mode="edge")
    return np.stack([padded[r : r + grid.rows, c : c + grid.columns].ravel() for r in range(3) for c in range(3)])


def _majority(grid: Grid, labels: Ints, within: Ints) -> Ints:
    around = _around(grid, labels)
    near = _around(grid, within) == within
    counts = ((around[:, None] == around[None]) & near[:, None] & near[None]).sum(axis=0)
    winner = np.take_along_axis(around, counts.argmax(axis=0)[None], axis=0)[0]
    return np.where(counts.max(axis=0) > 5, winner, labels)


def _one_piece_each(grid: Grid, labels: Ints, within: Ints) -> Ints:
    kept = np.full(grid.size, -1)
    for label in range(labels.max() + 1):
        pieces, _ = ndimage.label((labels == label).reshape(grid.shape))
        biggest = np.bincount(pieces.ravel())[1:].argmax() + 1
        kept[(pieces == biggest).ravel()] = label
    return _spread(grid, kept, within)


def _spread(grid: Grid, labels: Ints, within: Ints) -> Ints:
    """Fill land without a label from neighbours that touch it by a side."""
    lands = _around(grid, within)[[1, 3, 5, 7]]
    while (empty := (labels < 0) & (within >= 0)).any():
        usable = np.where(lands == within, _around(grid, labels)[[1, 3, 5, 7]], -1).max(axis=0)
        if (usable[empty] < 0).all():
            raise ValueError(f"{int(empty.sum())} cells of land touch no territory")
        labels = np.where(empty, usable, labels)
    return labels
