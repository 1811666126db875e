"""The sites from which most weight is within reach, and the fewest sites that bring a share of it within reach.

Covering is a p-median where a demand costs nothing within reach and its weight beyond: (5) is (1) on those costs.

Source: docs/methods/siting.md, objectives (5) and (6).
"""

from dataclasses import replace

import numpy as np

from anlan.allocation.core.siting.median import Found, least_cost
from anlan.allocation.core.siting.values import (
    Floats,
    Ground,
    Siting,
    TooFewSites,
    check_ground,
    gap_between,
    names_of,
    siting_of,
)
from anlan.kernel.refusal import Refusal, mark

ROUNDING = 1e-9


def max_cover(ground: Ground, points: int, within: float, *, gap: float = 1e-4) -> Siting:
    """Return the sites for so many points, kept ones included, that have the most weight within reach: (5).

    Demands beyond the reach are left out: `objective` and `bound` are the weight within it.

    Args:
        ground: demands, sites and how far it is.
        points: how many points there shall be.
        within: reach, in the unit of the distance.
        gap: (bound − objective) / weight at which the search may stop.

    Raises:
        Refusal: a distance is unknown or negative; the reach is; fewer points than stand already, or more than sites.

    Source: docs/methods/siting.md.
    """
    check_ground(ground, points)
    _check_reach(within)
    return _told(ground, within, _covered(ground, points, within, gap))


def least_points(ground: Ground, within: float, share: float, *, gap: float = 0.0) -> Siting:
    """Return the fewest points that have at least this share of the weight within reach, and of those the best: (6).

    `objective` and `bound` are numbers of points.

    Args:
        ground: demands, sites and how far it is.
        within: reach, in the unit of the distance.
        share: of the weight, more than 0 and at most 1.
        gap: as in `max_cover`, for each number of points that is looked at.

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
    wanted = share * float(ground.weight.sum()) * (1 - ROUNDING)
    lost = float(ground.weight.sum()) - wanted
    low, high = max(1, len(ground.kept)), len(ground.sites)
    proven = low  # no fewer points than this can do
    best: Found | None = None
    while low < high or best is None:
        middle = (low + high) // 2
        found = _covered(ground, middle, within, gap)
        if found.objective <= lost:
            best, high = found, middle
            if low == high:
                break
        else:
            low = middle + 1
            if found.bound > lost:
                proven = max(proven, low)
    points = float(len(best.opened))
    siting = _told(ground, within, best)
    bound = float(min(proven, len(best.opened)))
    return replace(siting, objective=points, bound=bound, gap=gap_between(points, bound))


def _covered(ground: Ground, points: int, within: float, gap: float) -> Found:
    return least_cost(_lost_weight(ground, within), points, ground.kept, gap=gap)


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
