"""The sites from which most weight is within reach, and the fewest sites that bring a share of it within reach.

Covering is a p-median where a demand costs nothing within reach and its weight beyond: (5) is (1) on those costs, and
is solved so where it is large. Where it is small the solver takes it as it is written, with u[i] = 1 − z[i].

Source: docs/methods/siting.md, objectives (5) and (6).
"""

from dataclasses import replace

import numpy as np

from anlan.allocation.core.siting.median import PROVEN, Found, good_sites, least_cost
from anlan.allocation.core.siting.programme import Programme, solve_programme
from anlan.allocation.core.siting.values import (
    Bools,
    Floats,
    Ground,
    Integers,
    Siting,
    TooFewSites,
    check_ground,
    gap_between,
    names_of,
    siting_of,
)
from anlan.kernel.refusal import Refusal, mark

ROUNDING = 1e-9
FEW_WAYS = 60_000  # so many pairs of demand and site within reach the solver takes
NODES = 2_000


def max_cover(ground: Ground, points: int, within: float, *, gap: float = 1e-4) -> Siting:
    """Return the sites for so many points, kept ones included, that have the most weight within reach: (5).

    Demands beyond the reach are left out: `objective` and `bound` are the weight within it.

    Args:
        ground: demands, sites and how far it is.
        points: how many points there shall be.
        within: reach, in the unit of the distance.
        gap: (bound − objective) / objective at which the search may stop.

    Raises:
        Refusal: a distance is unknown or negative; the reach is; fewer points than stand already, or more than sites.

    Source: docs/methods/siting.md.
    """
    check_ground(ground, points)
    _check_reach(within)
    return _told(ground, within, _covered(ground, points, within, gap))


def least_points(ground: Ground, within: float, share: float, *, gap: float = 1e-4) -> Siting:
    """Return the fewest points that have at least this share of the weight within reach, and of those the best: (6).

    `objective` and `bound` are numbers of points.

    Args:
        ground: demands, sites and how far it is.
        within: reach, in the unit of the distance.
        share: of the weight, more than 0 and at most 1.
        gap: as in `max_cover`, once it is known how many points there are.

    Raises:
        TooFewSites: points at all sites together do not reach the share; says how much they do.
        Refusal: a distance is unknown or negative; the reach is; the share is not within 0 to 1.

    Source: docs/methods/siting.md.
    """
    check_ground(ground)
    _check_reach(within)
    if not 0 < share <= 1:
        raise Refusal(mark("a share of %(found)g is asked for, expected more than 0 and at most 1"), found=share)
    _check_share(ground, within, share)
    found, proven = _fewest(ground, within, float(ground.weight.sum()) * (1 - share * (1 - ROUNDING)), gap)
    points, bound = float(len(found.opened)), float(proven)
    return replace(_told(ground, within, found), objective=points, bound=bound, gap=gap_between(points, bound))


def _covered(ground: Ground, points: int, within: float, gap: float) -> Found:
    """Return the sites that leave the least weight beyond the reach."""
    costs, near = _lost_weight(ground, within), ground.distance <= within
    if int(near.sum()) > FEW_WAYS:
        return least_cost(costs, points, ground.kept, gap=gap)
    best = good_sites(costs, points, ground.kept)
    if best.objective == 0 or points == len(ground.kept):
        return Found(best.opened, best.objective, best.objective, PROVEN)
    packed, weight = _packed(near, ground.weight)
    programme = _programme(packed, weight, ground.kept, points)
    start = np.append(_stands(packed, best.opened), (~packed[:, best.opened].any(axis=1)).astype(np.float64))
    outcome = solve_programme(programme, gap=gap, start=start, nodes=NODES)
    bound = 0.0 if outcome is None else outcome.bound + float(ground.weight.sum())
    opened = best.opened if outcome is None else np.flatnonzero(outcome.values[: packed.shape[1]] > 0.5)
    lost = float(costs[:, opened].min(axis=1).sum())
    if lost > best.objective:
        opened, lost = best.opened, best.objective
    whole = float(ground.weight.sum())
    is_proven = lost - bound <= gap * (whole - lost) + ROUNDING * whole
    return Found(opened, lost, min(lost, max(bound, 0.0)), PROVEN if is_proven else "bounded")


def _fewest(ground: Ground, within: float, lost: float, gap: float) -> tuple[Found, int]:
    """Return the fewest sites that lose no more weight than so much, and how many are needed in any case.

    Numbers of points between those that do not and those that do are looked at, until the two meet.
    """
    low = proven = max(1, len(ground.kept))
    high = len(ground.sites)
    while low < high:
        middle = (low + high) // 2
        best, bound = _decided(ground, within, middle, lost)
        if best <= lost:
            high = middle
            continue
        low = middle + 1
        proven = low if bound > lost else proven
    found = _covered(ground, high, within, gap)
    return (found if found.objective <= lost else _covered(ground, high, within, 0.0)), min(proven, high)


def _decided(ground: Ground, within: float, points: int, lost: float) -> tuple[float, float]:
    """Return the least weight lost that is known and a bound of it: as rough as tells whether it exceeds `lost`."""
    costs, near = _lost_weight(ground, within), ground.distance <= within
    best = good_sites(costs, points, ground.kept).objective
    if best <= lost:
        return best, 0.0
    if int(near.sum()) <= FEW_WAYS:
        relaxed = solve_programme(
            _programme(*_packed(near, ground.weight), ground.kept, points), gap=0.0, is_relaxed=True
        )
        bound = 0.0 if relaxed is None else relaxed.bound + float(ground.weight.sum())
        if bound > lost * (1 + ROUNDING):
            return best, bound
    found = _covered(ground, points, within, 0.0)
    return found.objective, found.bound


def _packed(near: Bools, weight: Floats) -> tuple[Bools, Floats]:
    """Return demands with the same sites within reach as one, with their weight together."""
    packed, place = np.unique(near, axis=0, return_inverse=True)
    return packed, np.bincount(place.ravel(), weights=weight, minlength=len(packed)).astype(np.float64)


def _programme(near: Bools, weight: Floats, kept: tuple[int, ...], points: int) -> Programme:
    """Return (5) for so many points: columns y, then u."""
    demands, sites = near.shape
    demand, site = np.nonzero(near)
    stays = np.zeros(sites + demands)
    stays[list(kept)] = 1.0
    return Programme(
        cost=np.append(np.zeros(sites), weight),
        lower=stays,
        upper=np.ones(sites + demands),
        is_whole=np.append(np.ones(sites, dtype=np.bool_), np.zeros(demands, dtype=np.bool_)),
        entries=(
            np.concatenate([demand, np.arange(demands), np.full(sites, demands)]),
            np.concatenate([site, sites + np.arange(demands), np.arange(sites)]),
            np.ones(len(demand) + demands + sites),
        ),
        row_lower=np.append(np.ones(demands), float(points)),
        row_upper=np.append(np.full(demands, np.inf), float(points)),
        offset=-float(weight.sum()),
    )


def _stands(near: Bools, opened: Integers) -> Floats:
    stands = np.zeros(near.shape[1])
    stands[opened] = 1.0
    return stands


def _lost_weight(ground: Ground, within: float) -> Floats:
    return np.where(ground.distance <= within, 0.0, ground.weight[:, None])


def _told(ground: Ground, within: float, found: Found) -> Siting:
    """Return the siting with figures of what is within reach instead of what is not."""
    whole = float(ground.weight.sum())
    reached = replace(ground, left_out=float(np.nextafter(within, np.inf)))
    return siting_of(reached, found.opened, (whole - found.objective, whole - found.bound), found.method)


def _check_reach(within: float) -> None:
    if not within >= 0:
        raise Refusal(mark("a reach of %(found)g is asked for, expected none below 0"), found=within)


def _check_share(ground: Ground, within: float, share: float) -> None:
    is_near = (ground.distance <= within).any(axis=1)
    whole = float(ground.weight.sum())
    if float(ground.weight[is_near].sum()) >= share * whole * (1 - ROUNDING):
        return
    far = np.flatnonzero(~is_near & (ground.weight > 0))
    raise TooFewSites(
        mark("points at all sites have %(most).1f %% within reach, %(wanted).1f %% are asked for; beyond: %(names)s"),
        most=100 * float(ground.weight[is_near].sum()) / whole,
        wanted=100 * share,
        names=names_of(ground.demands, far),
    )
