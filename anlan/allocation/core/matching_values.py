"""What it is worth that one unit helps another: what it is better at, how far it is, how it went before.

(1) value = a · complement − b · distance + c · history, for helper h and helped w
(2) complement[h,w] = mean over the dimensions i that both know of  max(0, s[h,i] − s[w,i]) · max(0, τ − s[w,i]) / τ
(3) distance[h,w] = km[h,w] / reach; where no way is known the two are no pair, or, if so chosen, as far as the farthest
(4) history[h,w] = rating of the earlier pairs, −1 to 1, less  years / most years  where partners shall rotate

Source: docs/methods/pairing.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.refusal import Refusal, mark

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Party:
    """A unit on one side: its scores in the five dimensions (0 to 1, None unknown), and how many pairs it may have."""

    code: str
    name: str
    dimensions: tuple[float | None, ...]
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class PairWeights:
    """What counts how much. target: the score (0 to 1) up to which a unit lacks something.

    reach_km: the distance that costs `distance` whole. takes_unknown: a distance that is not known counts as the
    farthest known instead of barring the pair.
    """

    complement: float = 1.0
    distance: float = 0.3
    history: float = 0.1
    reach_km: float = 30.0
    target: float = 0.8
    takes_unknown: bool = False


@dataclass(frozen=True, slots=True)
class PairValues:
    """What each pair is worth and what of it comes from what, all (H, W); `allowed` where both can be compared and met.

    parts: complement in [0, 1], distance ≥ 0 and history in [−1, 1], each times its weight, with its sign.
    """

    values: Floats
    parts: dict[str, Floats]
    allowed: Bools
    distance_km: Floats


def pair_values(
    helpers: tuple[Party, ...],
    helped: tuple[Party, ...],
    distance_km: Floats,
    history: Floats | None = None,
    weights: PairWeights | None = None,
) -> PairValues:
    """Return what each pair is worth: (1) to (3).

    Args:
        helpers: H units that may help.
        helped: W units that may be helped.
        distance_km: (H, W) km, ≥ 0, infinite where no way is known.
        history: (H, W) from `history_of`, −1 to 1; none counts 0.
        weights: what counts how much.

    Raises:
        Refusal: a distance is no number or negative, a score is outside 0 to 1, a weight is negative.
        ValueError: the shapes do not fit.

    Source: docs/methods/pairing.md, equations (1) to (3).
    """
    weighed = weights or PairWeights()
    shape = (len(helpers), len(helped))
    past = np.zeros(shape) if history is None else history
    if distance_km.shape != shape or past.shape != shape:
        raise ValueError(f"distances {distance_km.shape}, history {past.shape}, expected {shape}")
    _check(distance_km, past, weighed)
    fit, is_known = complement(_scores(helpers), _scores(helped), weighed.target)
    is_near = np.isfinite(distance_km)
    km = np.where(is_near, distance_km, distance_km.max(where=is_near, initial=0.0))
    parts = {
        "complement": weighed.complement * fit,
        "distance": -weighed.distance * km / weighed.reach_km,
        "history": weighed.history * past,
    }
    values = parts["complement"] + parts["distance"] + parts["history"]  # (1), (3)
    return PairValues(values, parts, is_known & (is_near | weighed.takes_unknown), distance_km)


def complement(helpers: Floats, helped: Floats, target: float) -> tuple[Floats, Bools]:
    """Return how much the helper is ahead where the helped lacks most, and where the two can be compared at all.

    Args:
        helpers: (H, 5) scores, NaN unknown.
        helped: (W, 5) scores, NaN unknown.
        target: score up to which something is lacking.

    Source: docs/methods/pairing.md, equation (2).
    """
    total = np.zeros((len(helpers), len(helped)))
    count = np.zeros_like(total)
    for strong, weak in zip(helpers.T, helped.T, strict=True):
        lacks = np.nan_to_num(np.maximum(0.0, target - weak) / target)
        ahead = np.maximum(0.0, strong[:, None] - weak[None, :])
        is_known = ~np.isnan(ahead)
        total += np.where(is_known, ahead, 0.0) * lacks
        count += is_known
    return total / np.maximum(count, 1), count > 0  # (2)


def history_of(rating: Floats, years: Floats, *, rotate_after: float | None = None) -> Floats:
    """Return what the past counts: (H, W), −1 to 1.

    Args:
        rating: how earlier pairs did, −1 to 1, 0 where there was none.
        years: how long the two have been a pair, ≥ 0.
        rotate_after: years after which another partner is due; None keeps who proved itself.

    >>> history_of(np.array([[0.5]]), np.array([[3.0]]), rotate_after=4).tolist()
    [[-0.25]]

    Source: docs/methods/pairing.md, equation (4).
    """
    tired = 0.0 if rotate_after is None else years / rotate_after
    past: Floats = np.clip(rating - tired, -1.0, 1.0)  # (4)
    return past


def _scores(parties: tuple[Party, ...]) -> Floats:
    scores = np.array([[np.nan if s is None else s for s in party.dimensions] for party in parties], dtype=np.float64)
    scores = scores.reshape(len(parties), -1)
    wrong = np.argwhere((scores < 0) | (scores > 1))
    if len(wrong):
        row, column = wrong[0].tolist()
        raise Refusal(
            mark("%(name)s has a score of %(found)g, expected 0 to 1"),
            name=parties[row].name,
            found=float(scores[row, column]),
        )
    return scores


def _check(distance_km: Floats, history: Floats, weights: PairWeights) -> None:
    if np.isnan(distance_km).any() or (distance_km < 0).any():
        raise Refusal(mark("a distance is negative or no number; where no way is known it is infinite"))
    if not (np.abs(history) <= 1).all():
        raise Refusal(mark("what earlier pairs count for lies between −1 and 1"))
    if min(weights.complement, weights.distance, weights.history) < 0 or min(weights.reach_km, weights.target) <= 0:
        raise Refusal(mark("weights are never negative; the reach and the target are more than 0"))
