"""Answers made comparable: scores in [0, 1], 1 is best; missing stays missing (NaN).

Source: docs/methods/normalisation.md.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from anlan.assessment.core.arrays import Bools, Floats
from anlan.assessment.core.values import Direction, Kind, Leaf

Real = TypeVar("Real", np.float32, np.float64)


def score_line(leaf: Leaf) -> tuple[float, float]:
    """Return intercept and scale of a leaf, so that its score is clip(intercept + value / scale, 0, 1).

    A value is in the leaf's unit: days for dates, 0 or 1 for booleans, 0–1 for ratios.

    Source: docs/methods/normalisation.md, equations (1)–(3).
    """
    if leaf.kind is Kind.BOOLEAN:
        return (0.0, 1.0) if leaf.direction is Direction.POSITIVE else (1.0, -1.0)  # (1)
    if leaf.direction is Direction.POSITIVE and leaf.kind is not Kind.DATE:
        return 0.0, leaf.target  # (2)
    return 2.0, -leaf.target  # (3); a date is scored by its age


def target_scores(values: NDArray[Real], intercepts: NDArray[Real], scales: NDArray[Real]) -> NDArray[Real]:
    """Return how far each value reaches its target.

    Args:
        values: (N, K) each in its leaf's unit; NaN is missing.
        intercepts: (K,) dimensionless, from `score_line`.
        scales: (K,) in the leaf's unit, not 0, from `score_line`.

    Returns:
        (N, K) dimensionless in [0, 1], 1 is best; NaN where missing.

    Source: docs/methods/normalisation.md, equations (1)–(3).
    """
    scores: NDArray[Real] = np.clip(intercepts + values / scales, 0, 1)
    return scores


def min_max(values: Floats, is_negative: Bools) -> Floats:
    """Return values scaled between the least and the most found in each column.

    Args:
        values: (N, K) in any unit; NaN is missing.
        is_negative: (K,) true where less is better.

    Returns:
        (N, K) dimensionless in [0, 1], 1 is best; 1 in a column without spread; NaN where missing.

    Source: docs/methods/normalisation.md, equations (4)–(5).
    """
    asked = np.where(np.isnan(values).all(axis=0), 0.0, values)  # a column without any answer has no least and most
    low, high = np.nanmin(asked, axis=0), np.nanmax(asked, axis=0)
    spread = np.where(high > low, high - low, 1.0)
    scaled = np.where(is_negative, high - values, values - low) / spread  # (4), (5)
    return np.where(high > low, scaled, np.where(np.isnan(values), np.nan, 1.0))
