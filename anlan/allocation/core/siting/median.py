"""The p sites from which all demands are nearest: exchange, bound, and the solver on what the bound leaves.

Source: docs/methods/siting.md, objective (1), constraints (2) to (4), reduction (11).
"""

from dataclasses import dataclass, replace

import numpy as np

from anlan.allocation.core.siting.branch import Search
from anlan.allocation.core.siting.interchange import greedy, interchange
from anlan.allocation.core.siting.relaxation import Bound, Held, Incumbent, Relaxation
from anlan.allocation.core.siting.values import (
    Floats,
    Ground,
    Integers,
    Siting,
    TooFewSites,
    check_ground,
    check_reach,
    names_of,
    siting_of,
)
from anlan.kernel.refusal import mark

ROUNDS = 2_000  # of the first bound
CELLS = 600_000_000  # ways from demands to sites that are looked at, at most, in all rounds together
SHAKES, SEED = 8, 20_260_101
PROVEN = "proven"  # to the gap that was asked; otherwise only bounded


@dataclass(frozen=True, slots=True)
class Found:
    """The best sites known (ascending), their cost, what no sites can better, and by which method."""

    opened: Integers
    objective: float
    bound: float
    method: str


def p_median(ground: Ground, points: int, *, gap: float = 1e-3, cells: int = CELLS) -> Siting:
    """Return the sites for so many points, kept ones included, that make the way of all weights shortest: (1) to (4).

    Args:
        ground: demands, sites and how far it is.
        points: how many points there shall be.
        gap: (objective − bound) / objective at which the search may stop; 0 is the optimum.
        cells: most ways from demands to sites to look at, in all rounds together; then it stops with the gap it has.

    Raises:
        Refusal: a distance is unknown or negative; fewer points than stand already, or more than sites.
        Unreachable: no site reaches a demand that may not be left out.
        TooFewSites: no so many points reach all demands.

    Source: docs/methods/siting.md.
    """
    check_ground(ground, points)
    check_reach(ground)
    costs = costs_of(ground)
    found = least_cost(costs, points, ground.kept, gap=gap, cells=cells)
    _check_all_reached(ground, found.opened)
    return siting_of(ground, found.opened, (found.objective, found.bound), found.method)


def costs_of(ground: Ground) -> Floats:
    """Return (D, S) the cost of serving each demand whole from each site; more than all else where there is no way."""
    is_served = ground.weight > 0
    if ground.left_out is not None:
        return np.minimum(ground.distance, ground.left_out) * ground.weight[:, None]
    costs = np.where(is_served[:, None], ground.distance, 0.0) * ground.weight[:, None]
    is_way = np.isfinite(costs)
    beyond = float(np.where(is_way, costs, 0.0).max(axis=1, initial=0.0).sum()) + 1.0
    return np.where(is_way, costs, beyond)


def least_cost(costs: Floats, points: int, kept: tuple[int, ...] = (), *, gap: float, cells: int = CELLS) -> Found:
    """Return the best sites for so many points.

    Args:
        costs: (D, S) finite cost of serving each demand whole from each site.
        points: how many, kept ones included.
        kept: sites that are open in any case.
        gap: (objective − bound) / objective at which the search may stop.
        cells: most ways to look at.
    """
    sites = costs.shape[1]
    best = good_sites(costs, points, kept)
    if points in (len(kept), sites) or best.objective == 0:
        return Found(best.opened, best.objective, best.objective, PROVEN)
    must = np.zeros(sites, dtype=np.bool_)
    must[list(kept)] = True
    held = Held(must, np.zeros(sites, dtype=np.bool_))
    relaxation = Relaxation(costs, points, np.arange(sites))
    start = Bound(-np.inf, relaxation.first_prices(best.opened), np.zeros(sites), np.full(sites, 0.5))
    root = relaxation.raised(best, held, start, gap=gap, rounds=ROUNDS, step=1.0)
    search = Search(relaxation, best, gap)
    if root.value < search.enough:
        held = search.reduced(held, root)
    able = np.flatnonzero(~held.barred)
    if points < len(able) < sites:  # the others are never looked at again
        relaxation = search.relaxation = Relaxation(costs, points, able)
        held = Held(held.must[able], held.barred[able])
        root = replace(root, worth=root.worth[able], often=root.often[able])
    search.run(held, root, cells)
    method = "bounded" if search.open else PROVEN
    return Found(best.opened, best.objective, search.bound, method)


def good_sites(costs: Floats, points: int, kept: tuple[int, ...]) -> Incumbent:
    """Return good sites without a proof: the ones that save most, exchanged and shaken."""
    best = Incumbent(costs, interchange(costs, greedy(costs, points, kept), kept), kept)
    best.shake(np.random.default_rng(SEED), SHAKES)
    return best


def _check_all_reached(ground: Ground, opened: Integers) -> None:
    if ground.left_out is not None:
        return
    nearest = ground.distance[:, opened].min(axis=1)
    lost = np.flatnonzero(~np.isfinite(nearest) & (ground.weight > 0))
    if len(lost):
        raise TooFewSites(
            mark("%(points)d points do not reach everybody: %(names)s would be left out"),
            points=len(opened),
            names=names_of(ground.demands, lost),
        )
