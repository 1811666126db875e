"""Closeness to the best that was found (优劣解距离法, TOPSIS).

Source: docs/methods/topsis.md; C. L. Hwang and K. Yoon 1981.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from anlan.assessment.core.arrays import Bools, Floats
from anlan.assessment.core.normalisation import min_max


class Scaling(StrEnum):
    """How columns are made comparable before the distances."""

    VECTOR = "vector"  # divided by the root of the sum of squares
    MIN_MAX = "min_max"  # between the least and the most found; less-is-better columns turned round


@dataclass(frozen=True, slots=True)
class Topsis:
    """Distances to the ideal and to the anti-ideal, and closeness in [0, 1]; each (N,)."""

    to_ideal: Floats
    to_anti_ideal: Floats
    closeness: Floats


def topsis(values: Floats, weights: Floats, is_negative: Bools, scaling: Scaling = Scaling.VECTOR) -> Topsis:
    """Return how close each unit is to an ideal made of the best values found.

    Args:
        values: (N, K) in any units, without missing values.
        weights: (K,) summing to 1.
        is_negative: (K,) true where less is better.
        scaling: how columns are made comparable.

    Returns:
        Closeness 1 for a unit that is best in everything, 0 for the worst, and 0 where both distances are 0
        (all units alike).

    Source: docs/methods/topsis.md, equations (1)–(4).
    """
    if scaling is Scaling.MIN_MAX:
        weighted = min_max(values, is_negative) * weights  # (1b)
        turned = np.zeros_like(is_negative)
    else:
        lengths = np.sqrt((values**2).sum(axis=0))
        weighted = values / np.where(lengths > 0, lengths, 1.0) * weights  # (1a)
        turned = is_negative
    least, most = weighted.min(axis=0), weighted.max(axis=0)
    ideal, anti_ideal = np.where(turned, least, most), np.where(turned, most, least)  # (2)
    to_ideal = np.sqrt(((weighted - ideal) ** 2).sum(axis=1))  # (3)
    to_anti_ideal = np.sqrt(((weighted - anti_ideal) ** 2).sum(axis=1))
    whole = to_ideal + to_anti_ideal
    closeness = np.where(whole > 0, to_anti_ideal / np.where(whole > 0, whole, 1.0), 0.0)  # (4)
    return Topsis(to_ideal, to_anti_ideal, closeness)
