"""Sites with capacities and costs: which to open, and who goes where, whole or in parts.

Source: docs/methods/siting.md, objective (7), constraints (2), (3), (8).
"""

from dataclasses import dataclass

import numpy as np

from anlan.allocation.core.siting.median import PROVEN
from anlan.allocation.core.siting.programme import Programme, solve_programme
from anlan.allocation.core.siting.values import (
    Floats,
    Ground,
    Integers,
    Siting,
    TooFewSites,
    check_ground,
    check_reach,
    gap_between,
)
from anlan.kernel.refusal import Refusal, mark

SPLIT = 1e-6  # less of a demand is rounding


def capacitated(ground: Ground, capacity: Floats, cost: Floats, *, is_single: bool, gap: float = 1e-4) -> Siting:
    """Return the sites to open and who goes where, at the least cost of sites and ways: (7), (8).

    Args:
        ground: demands, sites and how far it is; a demand that may be left out is, where that is cheaper.
        capacity: (S,) the weight that each site can serve, ≥ 0.
        cost: (S,) of opening each site, ≥ 0, in the unit of weight × distance; those kept cost it too.
        is_single: each demand goes whole to one site.
        gap: (objective − bound) / objective at which the search may stop.

    Raises:
        TooFewSites: all sites together cannot serve everybody.
        Unreachable: no site reaches a demand that may not be left out.
        Refusal: a distance is unknown or negative, a capacity or a cost too.

    Source: docs/methods/siting.md.
    """
    check_ground(ground)
    check_reach(ground)
    _check(ground, capacity, cost)
    ways = _ways(ground)
    programme = _programme(ground, ways, (capacity, cost), is_single=is_single)
    outcome = solve_programme(programme, gap=gap)
    if outcome is None:
        raise TooFewSites(mark("no choice of sites serves everybody within capacities and ways"))
    objective = float(programme.cost @ outcome.values)
    return _told(ground, ways, outcome.values, (objective, min(outcome.bound, objective)))


@dataclass(frozen=True, slots=True)
class _Ways:
    """Ways (E,) from demands to sites; site −1 is being left out. price: (E,) for the whole demand."""

    demand: Integers
    site: Integers
    price: Floats


def _ways(ground: Ground) -> _Ways:
    is_way = np.isfinite(ground.distance) & (ground.weight > 0)[:, None]
    demand, site = np.nonzero(is_way)
    price = ground.distance[demand, site] * ground.weight[demand]
    if ground.left_out is None:
        return _Ways(demand, site, price)
    some = np.flatnonzero(ground.weight > 0)
    return _Ways(
        np.append(demand, some),
        np.append(site, np.full(len(some), -1)),
        np.append(price, ground.left_out * ground.weight[some]),
    )


def _programme(ground: Ground, ways: _Ways, limits: tuple[Floats, Floats], *, is_single: bool) -> Programme:
    capacity, cost = limits
    demands, sites, edges = len(ground.demands), len(ground.sites), np.arange(len(ways.demand))
    stays = np.zeros(sites)
    stays[list(ground.kept)] = 1.0
    real = np.flatnonzero(ways.site >= 0)
    load, tied = demands + ways.site[real], demands + sites + np.arange(len(real))
    rows = np.concatenate([ways.demand, load, demands + np.arange(sites), tied, tied])
    columns = np.concatenate([sites + edges, sites + real, np.arange(sites), sites + real, ways.site[real]])
    factors = np.concatenate(
        [np.ones(len(edges)), ground.weight[ways.demand[real]], -capacity, np.ones(len(real)), -np.ones(len(real))]
    )
    served = (ground.weight > 0).astype(np.float64)  # (2)
    return Programme(
        cost=np.concatenate([cost, ways.price]),
        lower=np.concatenate([stays, np.zeros(len(edges))]),
        upper=np.ones(sites + len(edges)),
        is_whole=np.concatenate([np.ones(sites, dtype=np.bool_), np.full(len(edges), is_single)]),
        entries=(rows, columns, factors),
        row_lower=np.concatenate([served, np.full(sites + len(real), -np.inf)]),
        row_upper=np.concatenate([served, np.zeros(sites + len(real))]),  # (8), (3)
    )


def _told(ground: Ground, ways: _Ways, values: Floats, figures: tuple[float, float]) -> Siting:
    demands, sites = len(ground.demands), len(ground.sites)
    share = values[sites:]
    goes = np.flatnonzero(share > SPLIT)
    demand, site = ways.demand[goes], ways.site[goes]
    table = np.zeros((demands, sites + 1))
    table[demand, site] = share[goes]  # −1 is the last column: left out
    main = np.where(table.max(axis=1) > 0, table.argmax(axis=1), sites)
    main = np.where(main == sites, -1, main)
    split = np.flatnonzero((table > SPLIT).sum(axis=1) > 1)
    load = (table[:, :sites] * ground.weight[:, None]).sum(axis=0)
    whole, objective, bound = float(ground.weight.sum()), *figures
    return Siting(
        opened=tuple(np.flatnonzero(values[:sites] > 0.5).tolist()),
        site=main,
        distance=np.where(main >= 0, ground.distance[np.arange(demands), main], np.inf),
        load=load,
        coverage=float(load.sum()) / whole if whole > 0 else 1.0,
        objective=objective,
        bound=bound,
        gap=gap_between(objective, bound),
        left_out=tuple(np.flatnonzero((main < 0) & (ground.weight > 0)).tolist()),
        method=PROVEN,
        parts=tuple(
            (row, column, float(table[row, column]))
            for row in split.tolist()
            for column in np.flatnonzero(table[row, :sites] > SPLIT).tolist()
        ),
    )


def _check(ground: Ground, capacity: Floats, cost: Floats) -> None:
    sites = (len(ground.sites),)
    if capacity.shape != sites or cost.shape != sites:
        raise ValueError(f"capacities {capacity.shape}, costs {cost.shape}, expected {sites}")
    if not (capacity >= 0).all() or not (np.isfinite(cost) & (cost >= 0)).all():
        raise Refusal(mark("capacities and costs are never below 0"))
    whole, most = float(ground.weight.sum()), float(capacity.sum())
    if most < whole and ground.left_out is None:
        raise TooFewSites(mark("all sites together hold %(most).0f, %(whole).0f are needed"), most=most, whole=whole)
