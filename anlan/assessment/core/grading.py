"""Grades of a total, and which units are weak (薄弱).

Source: docs/methods/grades.md.
"""

from collections.abc import Sequence

import numpy as np

from anlan.assessment.core.arrays import Floats, Integers
from anlan.assessment.core.values import Grade, GradeRule

GRADES = (Grade.WEAK, Grade.FAIR, Grade.GOOD, Grade.EXCELLENT)  # from below, as `grade_numbers` counts
_ROUNDING = 1e-9  # a score that is 0.9 but for rounding is excellent


def grade_numbers(scores: Floats, rule: GradeRule) -> Integers:
    """Return the place of each score's grade in `GRADES`.

    Args:
        scores: (…) in [0, 1]; NaN counts as the lowest.
        rule: the bands.

    Source: docs/methods/grades.md, equation (1).
    """
    floors = np.array([rule.fair, rule.good, rule.excellent]) - _ROUNDING
    places: Integers = np.searchsorted(floors, np.nan_to_num(scores), side="right").astype(np.int64)
    return places


def grade_of(score: float | None, completeness: float, rule: GradeRule) -> Grade | None:
    """Return the grade of a total; None without a score or below the least completeness.

    Source: docs/methods/grades.md, equation (1).
    """
    if score is None or completeness < rule.least_completeness - _ROUNDING:
        return None
    return GRADES[int(grade_numbers(np.array(score), rule))]


def is_weak(score: float, dimensions: Sequence[float], rule: GradeRule) -> bool:
    """Tell whether a graded unit is weak: a total below fair, or any dimension below its floor.

    Source: docs/methods/grades.md, equation (2).
    """
    return score < rule.fair - _ROUNDING or any(each < rule.weak_dimension - _ROUNDING for each in dimensions)


def ranks_of(scores: Floats) -> Integers:
    """Return ranks along the first axis, 1 is best; equal scores share the better rank.

    Args:
        scores: (N,) or (N, T) without NaN; differences below 1e-12 are none.
    """
    from scipy.stats import rankdata

    ranks: Integers = rankdata(-np.round(scores, 12), method="min", axis=0).astype(np.int64)
    return ranks
