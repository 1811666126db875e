"""Weights from how much the units differ: entropy (熵权法) and CRITIC.

Source: docs/methods/entropy.md, docs/methods/critic.md.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from anlan.assessment.core.arrays import Bools, Floats
from anlan.kernel.refusal import Refusal

_NOTHING = 1e-12  # a divergence below this is rounding


class TooFewUnits(Refusal):
    """Weights from differences need at least two units."""


class Undefined(StrEnum):
    """Why the data say nothing of the weights, so that equal ones were taken."""

    ALL_ALIKE = "all_alike"


@dataclass(frozen=True, slots=True)
class EntropyWeights:
    """Weights (K,) summing to 1, entropies (K,) in [0, 1], and why the weights are equal, if they had to be."""

    weights: Floats
    entropies: Floats
    undefined: Undefined | None = None


def entropy_weights(scores: Floats) -> EntropyWeights:
    """Return weights by entropy: the more the units differ in a column, the more it weighs.

    Args:
        scores: (N, K) in [0, 1] or any non-negative scale, more is better; NaN is left out of its column.

    Returns:
        Weights (K,); a column without spread or with fewer than two answers has entropy 1 and weight 0.
        Where no column has any spread the weights are equal and `undefined` says so.

    Raises:
        TooFewUnits: fewer than two units.
        ValueError: a negative score.

    Source: docs/methods/entropy.md, equations (1)–(4).
    """
    _check_units(scores)
    if (scores < 0).any():
        raise ValueError(f"scores go down to {np.nanmin(scores):g}, expected 0 or more")
    answered = ~np.isnan(scores)
    counts = answered.sum(axis=0)
    filled = np.where(answered, scores, 0.0)
    sums = filled.sum(axis=0)
    p = filled / np.where(sums > 0, sums, 1.0)  # (1)
    information = -(p * np.log(p, out=np.zeros_like(p), where=p > 0)).sum(axis=0)
    has_spread = _spread(scores) & (counts > 1) & (sums > 0)
    entropies = np.where(has_spread, information / np.log(np.maximum(counts, 2)), 1.0)  # (2)
    divergences = np.where(has_spread, np.maximum(1.0 - entropies, 0.0), 0.0)  # (3)
    return _weights(divergences, entropies)


def _check_units(scores: Floats) -> None:
    if len(scores) < 2:
        raise TooFewUnits(
            "Weights from the data need at least two units of a level; there is %(found)d", found=len(scores)
        )


def _spread(scores: Floats) -> Bools:
    low = np.where(np.isnan(scores), np.inf, scores).min(axis=0)
    high = np.where(np.isnan(scores), -np.inf, scores).max(axis=0)
    has_spread: Bools = high > low
    return has_spread


def _weights(divergences: Floats, entropies: Floats) -> EntropyWeights:
    whole = divergences.sum()
    size = len(divergences)
    if whole <= _NOTHING:
        return EntropyWeights(np.full(size, 1.0 / size), entropies, Undefined.ALL_ALIKE)
    return EntropyWeights(divergences / whole, entropies)  # (4)


def critic_weights(scores: Floats) -> Floats:
    """Return weights by CRITIC: a column weighs more the wider it spreads and the less others tell the same.

    Args:
        scores: (N, K) in [0, 1], more is better, without missing values.

    Returns:
        (K,) summing to 1; 0 for a column without spread; equal where no column has any.

    Raises:
        TooFewUnits: fewer than two units.

    Source: docs/methods/critic.md, equations (1)–(3); Diakoulaki et al. 1995.
    """
    _check_units(scores)
    deviations = scores.std(axis=0, ddof=1)
    moving = deviations > _NOTHING
    if not moving.any():
        return np.full(scores.shape[1], 1.0 / scores.shape[1])
    centred = (scores - scores.mean(axis=0)) / np.where(moving, deviations, 1.0)
    correlations = centred.T @ centred / (len(scores) - 1)  # (1); a column without spread correlates with none
    conflict = np.where(moving, 1.0 - correlations, 0.0).sum(axis=1)
    information = np.where(moving, deviations * np.maximum(conflict, 0.0), 0.0)  # (2)
    if information.sum() <= _NOTHING:  # every moving column tells the same
        return np.where(moving, 1.0 / moving.sum(), 0.0)
    weights: Floats = information / information.sum()  # (3)
    return weights
