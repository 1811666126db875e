"""Weights put together, and shifted by the profiles of a unit.

Source: docs/methods/combined-weights.md, docs/methods/profiles.md.
"""

from collections.abc import Collection, Mapping, Sequence
from math import isclose

import numpy as np

from anlan.assessment.core.arrays import Floats
from anlan.assessment.core.values import Leaf, Profile
from anlan.kernel.refusal import Refusal

HALF = 0.5  # μ where nothing else is asked for


class BadWeights(Refusal):
    """The weights cannot be used."""


def check_weights(weights: Floats, name: str) -> None:
    """Refuse weights (K,) that are negative or do not sum to 1 within 1e-6.

    Raises:
        BadWeights: as told, with the sum that was found.
    """
    found = float(weights.sum())
    if not isclose(found, 1.0, abs_tol=1e-6):
        raise BadWeights("The weights of %(name)s sum to %(found).6g, expected 1", name=name, found=found)
    if (weights < 0).any():
        raise BadWeights(
            "A weight of %(name)s is %(found).3g, expected 0 or more", name=name, found=float(weights.min())
        )


def mixed_weights(subjective: Floats, objective: Floats, share: float = HALF) -> Floats:
    """Return μ·subjective + (1 − μ)·objective.

    Args:
        subjective: (K,) summing to 1.
        objective: (K,) summing to 1.
        share: μ in [0, 1].

    Source: docs/methods/combined-weights.md, equation (1).
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share}, expected 0 to 1")
    return share * subjective + (1 - share) * objective


def product_weights(subjective: Floats, objective: Floats) -> Floats:
    """Return subjective · objective, scaled to sum to 1.

    Args:
        subjective: (K,) summing to 1.
        objective: (K,) summing to 1.

    Raises:
        BadWeights: the products are all 0: each column has one weight that is 0.

    Source: docs/methods/combined-weights.md, equation (2).
    """
    products = subjective * objective
    if products.sum() <= 0:
        raise BadWeights("The two sets of weights have no leaf in common that weighs more than 0")
    weights: Floats = products / products.sum()
    return weights


def profile_multipliers(
    leaves: Sequence[Leaf], profiles: Collection[Profile], factors: Mapping[Profile, Mapping[str, float]]
) -> Floats:
    """Return (K,) by how much more each leaf weighs for a unit; the largest factor where several profiles name it.

    Source: docs/methods/profiles.md, equation (1).
    """
    named = [factors[profile] for profile in profiles if profile in factors]
    return np.array([max((each[leaf.code] for each in named if leaf.code in each), default=1.0) for leaf in leaves])


def scaled_within(weights: Floats, membership: Floats) -> Floats:
    """Return weights scaled to sum to 1 inside each dimension.

    Args:
        weights: (…, K) non-negative.
        membership: (K, D) 1 where the leaf belongs to the dimension, else 0.

    Source: docs/methods/profiles.md, equation (2).
    """
    sums = weights @ membership
    return weights / (np.where(sums > 0, sums, 1.0) @ membership.T)
