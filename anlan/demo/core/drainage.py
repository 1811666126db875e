"""Which way water runs over a grid of heights, and how much land drains through each cell.

The lowest passes between cells form a minimum spanning tree; followed from the mouth, it leads
every cell's water down and over the lowest sill of any hollow, so that no lake is left behind.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

from anlan.demo.core.grid import Floats, Grid, Ints

_LEAST_FALL_M = 0.02


@dataclass(frozen=True, slots=True)
class Drainage:
    """Flow over N cells: `order` begins at the mouth, and each cell comes after the one it runs into."""

    mouth: int
    order: Ints
    receivers: Ints
    drained_km2: Floats


def drain(heights_m: Floats, grid: Grid, mouth: int) -> Drainage:
    """Return the flow over (N,) heights towards the mouth."""
    links = grid.links()
    high = np.maximum(heights_m[links.starts], heights_m[links.ends])
    low = np.minimum(heights_m[links.starts], heights_m[links.ends])
    # Among ways down of equal sill the steepest wins; the sill itself always counts more.
    sills = high - high.min() + 1.0 - 1e-3 * (high - low) / links.lengths_m * grid.cell_m
    tree = minimum_spanning_tree(links.graph(sills, grid.size))
    order, receivers = breadth_first_order(tree, mouth, directed=False)
    receivers[mouth] = mouth
    return Drainage(mouth, order.astype(np.int64), receivers.astype(np.int64), _drained(order, receivers, grid))  # type: ignore[arg-type]


def _drained(order: Ints, receivers: Ints, grid: Grid) -> Floats:
    drained = [(grid.cell_m / 1000) ** 2] * grid.size
    into = receivers.tolist()
    for cell in reversed(order.tolist()[1:]):
        drained[into[cell]] += drained[cell]
    return np.array(drained)


def falling(heights_m: Floats, drainage: Drainage) -> Floats:
    """Return the heights with hollows filled, so that every cell lies above the one it runs into."""
    filled, into = heights_m.tolist(), drainage.receivers.tolist()
    for cell in drainage.order.tolist()[1:]:
        filled[cell] = max(filled[cell], filled[into[cell]] + _LEAST_FALL_M)
    return np.array(filled)
