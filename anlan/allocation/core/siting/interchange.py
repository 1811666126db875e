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
    while True:
        change, total = _changes(costs, opened)
        change[np.isin(opened, kept)] = np.inf
        change[:, opened] = np.inf
        leaves, enters = np.unravel_index(int(np.argmin(change)), change.shape)
        if not change[leaves, enters] < -BETTER * max(1.0, total):
            return opened
        opened[leaves] = enters
        opened = np.sort(opened)


def _changes(costs: Floats, opened: Integers) -> tuple[Floats, float]:
    """Return (open sites, S) what each exchange adds to the cost, and the cost now.

    Only ways cheaper than a demand's next open site are looked at: the others leave the demand to that one.
    """
    sites = costs.shape[1]
    first = costs[:, opened].argmin(axis=1)
    nearest, second = _two_cheapest(costs, opened, first)
    demand, site = np.nonzero(costs < second[:, None])
    cost, mine = costs[demand, site], nearest[demand]
    left: Floats = np.bincount(first, weights=second - nearest, minlength=len(opened)).astype(np.float64)
    taken = np.bincount(
        first[demand] * sites + site,
        weights=np.maximum(cost, mine) - second[demand],
        minlength=len(opened) * sites,
    )
    saved = np.bincount(site, weights=np.minimum(cost - mine, 0.0), minlength=sites)
    change: Floats = left[:, None] + taken.reshape(len(opened), sites) + saved[None, :]
    return change, float(nearest.sum())


def _two_cheapest(costs: Floats, opened: Integers, first: Integers) -> tuple[Floats, Floats]:
    """Return each demand's cost at its cheapest open site and at the next one; the dearest of all if there is none."""
    mine = costs[:, opened]
    places = np.arange(len(costs))
    nearest = mine[places, first]
    mine[places, first] = costs.max(initial=0.0)
    return nearest, mine.min(axis=1)
