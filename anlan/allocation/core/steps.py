"""How much a leaf weighs in its unit's score, and what one piece of a measure adds to the leaf's score.

Source: docs/methods/measures.md, sections 2 and 3.
"""

from collections.abc import Mapping

from anlan.assessment.core.chosen_weights import dimension_weights
from anlan.assessment.core.level_table import DIMENSIONS
from anlan.assessment.core.needs import scored_value_of
from anlan.assessment.core.normalisation import score_line
from anlan.assessment.core.values import Dimension, DimensionScore, Kind, Leaf, LeafScore, Result, UnitResult


def leaf_weights(result: Result) -> dict[str, dict[str, float]]:
    """Return what a full leaf adds to the score of its own unit, by unit and leaf code; missing leaves are left out.

    Σ weight · score over a unit's leaves, plus `score_from_below`, is the unit's score.

    Source: docs/methods/measures.md, equation (1).
    """
    weights = dict(zip(DIMENSIONS, dimension_weights(result.method, result.system).tolist(), strict=True))
    dimension_of = {leaf.code: leaf.dimension for leaf in result.system.leaves}
    return {unit.unit.code: _weights_of(unit, weights, dimension_of, result.system.own_share) for unit in result.units}


def _weights_of(
    unit: UnitResult, weights: Mapping[Dimension, float], dimension_of: Mapping[str, Dimension], own_share: float
) -> dict[str, float]:
    shares = _dimension_shares(unit, weights)
    answered = {dimension: 0.0 for dimension in weights}
    for leaf in unit.leaves:
        answered[dimension_of[leaf.leaf_code]] += leaf.weight if leaf.score is not None else 0.0
    own = {score.dimension: _own_part(score, own_share) for score in unit.dimensions}
    return {
        leaf.leaf_code: shares[dimension] * own[dimension] * leaf.weight / answered[dimension]  # (1)
        for leaf in unit.leaves
        if leaf.score is not None and answered[dimension := dimension_of[leaf.leaf_code]] > 0
    }


def _dimension_shares(unit: UnitResult, weights: Mapping[Dimension, float]) -> dict[Dimension, float]:
    """Return the weights of the dimensions that have a score, scaled up to 1; 0 for the others."""
    scored = {score.dimension for score in unit.dimensions if score.score is not None}
    whole = sum(weights[dimension] for dimension in scored)
    return {each: weights[each] / whole if each in scored and whole else 0.0 for each in weights}


def _own_part(score: DimensionScore, own_share: float) -> float:
    if score.own is None:
        return 0.0
    return 1.0 if score.below is None else own_share


def score_from_below(unit: UnitResult, result: Result) -> float:
    """Return the part of a unit's score that comes from the units below it.

    Source: docs/methods/measures.md, equation (2).
    """
    weights = dict(zip(DIMENSIONS, dimension_weights(result.method, result.system).tolist(), strict=True))
    shares = _dimension_shares(unit, weights)
    return sum(
        shares[score.dimension] * (1.0 - _own_part(score, result.system.own_share)) * (score.below or 0.0)  # (2)
        for score in unit.dimensions
    )


def score_step(leaf: Leaf, found: LeafScore, by: float) -> float:
    """Return what one piece that changes a leaf's value by so much adds to the leaf's score.

    A yes-or-no and an age are mended by one piece. Where a time is so long that a first piece would not yet score
    (raw < 0), the whole way is shared out evenly over the pieces that it takes.

    Args:
        leaf: the leaf.
        found: its value and score; not missing.
        by: change for the better that one piece makes, in the leaf's unit.

    Returns:
        Step in score, dimensionless, above 0; it may exceed what the leaf still lacks.

    Source: docs/methods/measures.md, equations (3)–(5).
    """
    if leaf.kind in {Kind.BOOLEAN, Kind.DATE}:
        return 1.0  # (3)
    intercept, scale = score_line(leaf)
    raw = intercept + scored_value_of(found) / scale
    step = by / abs(scale)  # (4)
    return step / (1.0 - raw) if raw < 0 else step  # (5)
