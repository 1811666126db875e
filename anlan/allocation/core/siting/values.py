"""Where shared things could stand and who needs them; and where they shall stand, with the proof of it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.refusal import Refusal, mark

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]
NAMED = 5  # of many; the rest are counted


class Unreachable(Refusal):
    """Some demands cannot be reached, and may not be left out."""


class TooFewSites(Refusal):
    """More is asked than the sites can give."""


@dataclass(frozen=True, slots=True)
class Ground:
    """D demands, S sites where something could stand, and how far it is between them.

    distance: (D, S) minutes or km, ≥ 0; infinite where there is no way; never a guess, never 0 for unknown.
    weight: (D,) people, households or 1, ≥ 0.
    kept: sites where something stands already and stays.
    left_out: what a demand that nothing reaches counts, in the unit of the distance, for each of its weight; None where
        nobody may be left out.
    """

    demands: tuple[str, ...]
    sites: tuple[str, ...]
    distance: Floats
    weight: Floats
    kept: tuple[int, ...] = ()
    left_out: float | None = None


@dataclass(frozen=True, slots=True)
class Siting:
    """Where to build, who goes where, and how good that is.

    site: (D,) the site that serves each demand (most of it, where it is split), −1 if it is left out. distance: (D,) to
    it, infinite if left out. load: (S,) weight served. coverage: share of the weight that is served as was asked.
    `bound` is what no choice of sites can better; `gap` = |objective − bound| / |objective|. method: `proven` to the
    gap that was asked, or `bounded`: the search stopped before.
    """

    opened: tuple[int, ...]
    site: Integers
    distance: Floats
    load: Floats
    coverage: float
    objective: float
    bound: float
    gap: float
    left_out: tuple[int, ...]
    method: str
    parts: tuple[tuple[int, int, float], ...] = field(default=())  # (demand, site, share) of demands that are split


def names_of(names: tuple[str, ...], places: Integers | tuple[int, ...]) -> str:
    """Return the first few names, and how many more there are."""
    listed = ", ".join(names[place] for place in places[:NAMED])
    return listed if len(places) <= NAMED else f"{listed} (+{len(places) - NAMED})"


def check_ground(ground: Ground, points: int | None = None) -> None:
    """Refuse distances that nobody knows, weights below 0, and a number of points that cannot be.

    Raises:
        Refusal: a distance is unknown or negative, a weight too; fewer points than stand already, or more than sites.
        ValueError: the shapes do not fit.
    """
    shape = (len(ground.demands), len(ground.sites))
    if ground.distance.shape != shape or ground.weight.shape != shape[:1]:
        raise ValueError(f"distances {ground.distance.shape}, weights {ground.weight.shape}, expected {shape} and D")
    unknown = np.argwhere(np.isnan(ground.distance))
    if len(unknown):
        demand, site = unknown[0].tolist()
        raise Refusal(
            mark("the distance from %(demand)s to %(site)s is unknown (%(count)d such); an unknown distance is not 0"),
            demand=ground.demands[demand],
            site=ground.sites[site],
            count=len(unknown),
        )
    if (ground.distance < 0).any() or not (np.isfinite(ground.weight) & (ground.weight >= 0)).all():
        raise Refusal(mark("distances and weights are never below 0"))
    if points is not None and not max(len(ground.kept), 1) <= points <= len(ground.sites):
        raise Refusal(
            mark("%(points)d points are asked for; %(kept)d stand already and there are %(sites)d sites"),
            points=points,
            kept=len(ground.kept),
            sites=len(ground.sites),
        )


def check_reach(ground: Ground) -> None:
    """Refuse demands that no site reaches, unless they may be left out.

    Raises:
        Unreachable: names them.
    """
    islands = np.flatnonzero(~np.isfinite(ground.distance).any(axis=1) & (ground.weight > 0))
    if len(islands) and ground.left_out is None:
        raise Unreachable(
            mark("no site can reach %(names)s; say what being left out counts, or leave them out"),
            names=names_of(ground.demands, islands),
        )


def siting_of(ground: Ground, opened: Integers, figures: tuple[float, float], method: str) -> Siting:
    """Return the siting in which each demand goes to its nearest open site.

    Args:
        ground: demands and sites.
        opened: the open sites, ascending.
        figures: objective and bound.
        method: how it was found.
    """
    nearest = ground.distance[:, opened].argmin(axis=1)
    distance = ground.distance[np.arange(len(nearest)), opened[nearest]]
    is_served = distance < (np.inf if ground.left_out is None else ground.left_out)
    site = np.where(is_served, opened[nearest], -1)
    load = np.bincount(site[is_served], weights=ground.weight[is_served], minlength=len(ground.sites))
    objective, bound = figures
    whole = float(ground.weight.sum())
    return Siting(
        opened=tuple(opened.tolist()),
        site=site,
        distance=np.where(is_served, distance, np.inf),
        load=load.astype(np.float64),
        coverage=float(load.sum()) / whole if whole > 0 else 1.0,
        objective=objective,
        bound=bound,
        gap=gap_between(objective, bound),
        left_out=tuple(np.flatnonzero(~is_served).tolist()),
        method=method,
    )


def gap_between(objective: float, bound: float) -> float:
    """Return the distance of the two as a share of the objective; 0 where they meet within rounding."""
    apart = abs(objective - bound)
    return apart / abs(objective) if apart > 1e-9 * max(1.0, abs(objective)) else 0.0
