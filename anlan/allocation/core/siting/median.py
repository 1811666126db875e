"""The p sites from which all demands are nearest: exchange, bound, and the solver on what the bound leaves.

Source: docs/methods/siting.md, objective (1), constraints (2) to (4), reduction (11).
"""

from dataclasses import dataclass

import numpy as np

from anlan.allocation.core.siting.interchange import cost_of, greedy, interchange
from anlan.allocation.core.siting.programme import Programme, solve_programme
from anlan.allocation.core.siting.relaxation import Relaxed, relax
from anlan.allocation.core.siting.values import (
    Bools,
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

FEW_WAYS = 20_000  # so many ways from demands to sites the solver takes


@dataclass(frozen=True, slots=True)
class Found:
    """The best sites known (ascending), their cost, what no sites can better, and by which method."""

    opened: Integers
    objective: float
    bound: float
    method: str


def p_median(ground: Ground, points: int, *, gap: float = 1e-3) -> Siting:
    """Return the sites for so many points, kept ones included, that make the way of all weights shortest: (1) to (4).

    Args:
        ground: demands, sites and how far it is.
        points: how many points there shall be.
        gap: (objective − bound) / objective at which the search may stop; 0 is the optimum, if the problem is small.

    Raises:
        Refusal: a distance is unknown or negative; fewer points than stand already, or more than sites.
        Unreachable: no site reaches a demand that may not be left out.
        TooFewSites: no so many points reach all demands.

    Source: docs/methods/siting.md.
    """
    check_ground(ground, points)
    check_reach(ground)
    costs = costs_of(ground)
    found = least_cost(costs, points, ground.kept, gap=gap)
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


def least_cost(costs: Floats, points: int, kept: tuple[int, ...] = (), *, gap: float) -> Found:
    """Return the best sites for so many points.

    Args:
        costs: (D, S) finite cost of serving each demand whole from each site.
        points: how many, kept ones included.
        kept: sites that are open in any case.
        gap: (objective − bound) / objective at which the search may stop.
    """
    opened = interchange(costs, greedy(costs, points, kept), kept)
    if points in (len(kept), costs.shape[1]):
        exact = cost_of(costs, opened)
        return Found(opened, exact, exact, "given")
    relaxed = relax(costs, opened, kept, gap=gap)
    found = Found(relaxed.opened, relaxed.objective, min(relaxed.bound, relaxed.objective), "interchange")
    if relaxed.objective - relaxed.bound <= gap * abs(relaxed.objective):
        return found
    ways = _ways_left(costs, relaxed, kept)
    if int(ways.sum()) > FEW_WAYS:
        return found
    return _solved(costs, relaxed, (ways, kept), gap)


def _ways_left(costs: Floats, relaxed: Relaxed, kept: tuple[int, ...]) -> Bools:
    """Return (D, S) the ways that a choice better than the best known may use: (11)."""
    ranked = relaxed.worth.copy()
    ranked[list(kept)] = -np.inf
    last = np.partition(ranked, len(relaxed.opened) - 1)[len(relaxed.opened) - 1]
    dearer = np.maximum(ranked - last, 0.0)
    least = relaxed.bound + np.maximum(costs - relaxed.prices[:, None], 0.0) + dearer[None, :]
    may: Bools = least <= relaxed.objective * (1 + 1e-9) + 1e-9
    return may


def _solved(costs: Floats, relaxed: Relaxed, left: tuple[Bools, tuple[int, ...]], gap: float) -> Found:
    """Solve (1) to (4) on the ways that are left, from the best known."""
    ways, kept = left
    demand, site = np.nonzero(ways)
    demands, sites = costs.shape
    edges, columns = np.arange(len(demand)), sites + np.arange(len(demand))
    lower = np.zeros(sites)
    lower[list(kept)] = 1.0
    rows = np.concatenate([demand, demands + edges, demands + edges, np.full(sites, demands + len(edges))])
    places = np.concatenate([columns, columns, site, np.arange(sites)])
    factors = np.concatenate([np.ones(2 * len(edges)), -np.ones(len(edges)), np.ones(sites)])
    one, most = np.ones(demands), np.array([float(len(relaxed.opened))])
    programme = Programme(
        cost=np.concatenate([np.zeros(sites), costs[demand, site]]),
        lower=np.concatenate([lower, np.zeros(len(edges))]),
        upper=np.ones(sites + len(edges)),
        is_whole=np.concatenate([np.ones(sites, dtype=np.bool_), np.zeros(len(edges), dtype=np.bool_)]),
        entries=(rows, places, factors),
        row_lower=np.concatenate([one, np.full(len(edges), -np.inf), most]),
        row_upper=np.concatenate([one, np.zeros(len(edges)), most]),
    )
    outcome = solve_programme(programme, gap=gap, start=_start(costs, relaxed.opened, (demand, site)))
    if outcome is None:
        return Found(relaxed.opened, relaxed.objective, min(relaxed.bound, relaxed.objective), "interchange")
    opened = np.flatnonzero(outcome.values[:sites] > 0.5)
    objective = cost_of(costs, opened)
    if objective > relaxed.objective:
        opened, objective = relaxed.opened, relaxed.objective
    return Found(opened, objective, min(objective, max(outcome.bound, relaxed.bound)), "optimal")


def _start(costs: Floats, opened: Integers, ways: tuple[Integers, Integers]) -> Floats:
    demand, site = ways
    stands = np.zeros(costs.shape[1])
    stands[opened] = 1.0
    nearest = opened[costs[:, opened].argmin(axis=1)]
    return np.concatenate([stands, (nearest[demand] == site).astype(np.float64)])


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
