"""Sites with capacities and costs: which to open, and who goes where, whole or in parts.

Whole demands are settled in steps, each the start of the next: parts may go anywhere, which bounds all else; whole
demands into the sites found so; and, where few sites and ways leave a gap, whole demands into any sites.

Source: docs/methods/siting.md, objective (7), constraints (2), (3), (8).
"""

from dataclasses import dataclass, replace

import numpy as np

from anlan.allocation.core.siting.median import PROVEN
from anlan.allocation.core.siting.programme import Outcome, Programme, solve_programme
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
FEW_COLUMNS, NODES = 2_000, 100  # so many sites and ways are searched to the end, more only so many nodes deep


def capacitated(ground: Ground, capacity: Floats, cost: Floats, *, is_single: bool, gap: float = 1e-3) -> Siting:
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
    parts = _programme(ground, ways, (capacity, cost))
    outcome = _in_parts(parts, len(ground.sites), gap)
    if outcome is not None and is_single:
        outcome = _whole(parts, outcome, len(ground.sites), gap)
    if outcome is None:
        raise TooFewSites(mark("no choice of sites serves everybody within capacities and ways"))
    objective = float(parts.cost @ outcome.values)
    return _told(ground, ways, outcome.values, (objective, min(outcome.bound, objective)), gap)


def _nodes(programme: Programme) -> int | None:
    """Return how many nodes a search may look at: any number where it is small."""
    return None if len(programme.cost) <= FEW_COLUMNS else NODES


def _in_parts(parts: Programme, sites: int, gap: float) -> Outcome | None:
    """Return the best choice where demands may be split; from all sites open, so that there is one at any time."""
    every = replace(parts, lower=np.append(np.ones(sites), parts.lower[sites:]))
    start = solve_programme(every, gap=gap, is_relaxed=True)
    if start is None:
        return None
    return solve_programme(parts, gap=gap, start=start.values, nodes=_nodes(parts))


def _whole(parts: Programme, split: Outcome, sites: int, gap: float) -> Outcome | None:
    """Return the best choice of whole demands, with the bound of split ones where that is the better one."""
    whole = replace(parts, is_whole=np.ones(len(parts.cost), dtype=np.bool_))
    opened = np.round(split.values[:sites])
    ways = whole.upper[sites:]
    fixed = replace(whole, lower=np.append(opened, 0.0 * ways), upper=np.append(opened, ways))
    near = solve_programme(fixed, gap=gap, nodes=NODES)
    if near is not None:
        value = float(parts.cost @ near.values)
        if value - split.bound <= gap * abs(value) or _nodes(parts) is not None:
            return replace(near, bound=split.bound)
    found = solve_programme(whole, gap=gap, start=None if near is None else near.values, nodes=_nodes(parts))
    if found is None:
        return None if near is None else replace(near, bound=split.bound)
    return replace(found, bound=max(found.bound, split.bound))


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


def _programme(ground: Ground, ways: _Ways, limits: tuple[Floats, Floats]) -> Programme:
    capacity, cost = limits
    demands, sites, edges = len(ground.demands), len(ground.sites), np.arange(len(ways.demand))
    size = np.where(capacity > 0, capacity, 1.0)  # rows near 1, as the solver likes them
    stays = np.zeros(sites)
    stays[list(ground.kept)] = 1.0
    real = np.flatnonzero(ways.site >= 0)
    load, tied = demands + ways.site[real], demands + sites + np.arange(len(real))
    rows = np.concatenate([ways.demand, load, demands + np.arange(sites), tied, tied])
    columns = np.concatenate([sites + edges, sites + real, np.arange(sites), sites + real, ways.site[real]])
    factors = np.concatenate(
        [
            np.ones(len(edges)),
            ground.weight[ways.demand[real]] / size[ways.site[real]],
            -np.sign(capacity),
            np.ones(len(real)),
            -np.ones(len(real)),
        ]
    )
    served = (ground.weight > 0).astype(np.float64)  # (2)
    return Programme(
        cost=np.concatenate([cost, ways.price]),
        lower=np.concatenate([stays, np.zeros(len(edges))]),
        upper=np.ones(sites + len(edges)),
        is_whole=np.concatenate([np.ones(sites, dtype=np.bool_), np.zeros(len(edges), dtype=np.bool_)]),
        entries=(rows, columns, factors),
        row_lower=np.concatenate([served, np.full(sites + len(real), -np.inf)]),
        row_upper=np.concatenate([served, np.zeros(sites + len(real))]),  # (8), (3)
    )


def _told(ground: Ground, ways: _Ways, values: Floats, figures: tuple[float, float], gap: float) -> Siting:
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
        method=PROVEN if gap_between(objective, bound) <= max(gap, SPLIT) else "bounded",
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
