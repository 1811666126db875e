"""Sites exchanged one for one until no exchange helps (Teitz and Bart), all exchanges valued at once.

Source: docs/methods/siting.md, section 3; M. B. Teitz and P. Bart 1968; R. A. Whitaker 1983.
"""

import numpy as np

from anlan.allocation.core.siting.values import Floats, Integers

BETTER = 1e-9  # of the cost: less is rounding


def cost_of(costs: Floats, opened: Integers) -> float:
    """Return what it costs to serve each demand from its cheapest open site: costs is (D, S)."""
    return float(costs[:, opened].min(axis=1).sum())


def greedy(costs: Floats, points: int, kept: tuple[int, ...] = ()) -> Integers:
    """Return `points` sites: those kept, then each time the one that saves most.

    Args:
        costs: (D, S) finite cost of serving each demand whole from each site.
        points: how many, kept ones included.
        kept: sites that are open in any case.
    """
    opened = list(kept)
    nearest = costs[:, opened].min(axis=1) if opened else np.full(len(costs), costs.max(initial=0.0))
    while len(opened) < points:
        saved = np.maximum(nearest[:, None] - costs, 0.0).sum(axis=0)
        saved[opened] = -1.0
        opened.append(int(np.argmax(saved)))
        nearest = np.minimum(nearest, costs[:, opened[-1]])
    return np.sort(np.array(opened, dtype=np.int64))


def interchange(costs: Floats, opened: Integers, kept: tuple[int, ...] = ()) -> Integers:
    """Return the open sites after every exchange of one open site for one closed that saves, the best first.

    With d₁ and d₂ the costs of a demand's cheapest and next open site, site j in the place of site r adds to the cost
    Σ min(c_j − d₁, 0)  +  Σ over the demands of r of  min(d₂, max(c_j, d₁)) − d₁.  # (9)

    Args:
        costs: (D, S) finite cost of serving each demand whole from each site.
        opened: the open sites.
        kept: open sites that stay.

    Source: docs/methods/siting.md, equation (9).
    """
    opened = np.sort(opened)
    places = np.arange(len(costs))
    is_kept = np.isin(opened, kept)
    while True:
        first = costs[:, opened].argmin(axis=1)
        nearest, second = _two_cheapest(costs, opened, first)
        saved = np.minimum(costs - nearest[:, None], 0.0).sum(axis=0)
        extra = np.clip(costs, nearest[:, None], second[:, None]) - nearest[:, None]
        of_open = np.zeros((len(opened), len(costs)))
        of_open[first, places] = 1.0
        change = of_open @ extra + saved
        change[is_kept] = np.inf
        change[:, opened] = np.inf
        leaves, enters = np.unravel_index(int(np.argmin(change)), change.shape)
        if not change[leaves, enters] < -BETTER * max(1.0, float(nearest.sum())):
            return opened
        opened[leaves] = enters
        is_kept = np.isin(np.sort(opened), kept)
        opened = np.sort(opened)


def _two_cheapest(costs: Floats, opened: Integers, first: Integers) -> tuple[Floats, Floats]:
    """Return each demand's cost at its cheapest open site and at the next one, which is infinite if there is none."""
    mine = costs[:, opened]
    places = np.arange(len(costs))
    nearest = mine[places, first]
    mine[places, first] = np.inf
    return nearest, mine.min(axis=1)
