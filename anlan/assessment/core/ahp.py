"""Weights from pairwise comparisons: the analytic hierarchy process (层次分析法).

Source: docs/methods/ahp.md; T. L. Saaty, The Analytic Hierarchy Process, 1980.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from anlan.assessment.core.arrays import Floats
from anlan.kernel.refusal import Refusal

RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)  # n = 1 … 15
LARGEST_RATIO = 0.1
_RECIPROCAL_TOLERANCE = 0.05  # people write 0.33 for a third and 0.17 for a sixth


class BadComparisons(Refusal):
    """The pairwise comparisons cannot be turned into weights."""


class AhpMethod(StrEnum):
    """How weights are drawn from the matrix."""

    EIGENVECTOR = "eigenvector"  # 特征根法
    GEOMETRIC = "geometric"  # 几何平均法


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a matrix says: weights (K,) summing to 1, λmax, CI and CR, all dimensionless."""

    weights: Floats
    lambda_max: float
    consistency_index: float
    consistency_ratio: float


def ahp_weights(matrix: Sequence[Sequence[float]] | Floats, method: AhpMethod = AhpMethod.EIGENVECTOR) -> Comparison:
    """Return the weights that a reciprocal matrix of comparisons says, however inconsistent it is.

    Args:
        matrix: (K, K) positive, entry (i, j) says how many times i matters as much as j; dimensionless.
        method: the principal eigenvector, or the geometric means of the rows.

    Returns:
        Weights (K,) in (0, 1), summing to 1, with λmax ≥ K, CI = (λmax − K)/(K − 1), CR = CI/RI(K); both 0 for K ≤ 2.

    Raises:
        BadComparisons: not square, not positive, not reciprocal, or more than 15 rows.

    Source: docs/methods/ahp.md, equations (1)–(5).
    """
    a = check_reciprocal(matrix)
    weights = _eigenvector(a) if method is AhpMethod.EIGENVECTOR else _geometric_means(a)
    size = len(a)
    lambda_max = float(np.mean(a @ weights / weights))  # (3)
    index = max(lambda_max - size, 0.0) / (size - 1) if size > 2 else 0.0  # (4)
    ratio = index / RANDOM_INDEX[size - 1] if size > 2 else 0.0  # (5)
    return Comparison(weights, lambda_max, index, ratio)


def check_comparisons(
    matrix: Sequence[Sequence[float]] | Floats,
    *,
    names: Sequence[str],
    method: AhpMethod = AhpMethod.EIGENVECTOR,
) -> Comparison:
    """Return the weights of a matrix that is consistent enough to be used.

    Args:
        matrix: (K, K) as for `ahp_weights`.
        names: K names of what is compared, for the refusal.
        method: as for `ahp_weights`.

    Raises:
        BadComparisons: as `ahp_weights`; or CR ≥ 0.1, naming the pair that contradicts the others most.
    """
    found = ahp_weights(matrix, method)
    if found.consistency_ratio >= LARGEST_RATIO:
        a = np.asarray(matrix, dtype=float)
        row, column = most_inconsistent_pair(a, found.weights)
        raise BadComparisons(
            "The comparisons contradict each other (CR %(ratio).3f, expected below 0.1). Look first at %(first)s "
            "against %(second)s: entered %(entered).3g, while all the others together say %(implied).3g",
            ratio=found.consistency_ratio,
            first=names[row],
            second=names[column],
            entered=float(a[row, column]),
            implied=float(found.weights[row] / found.weights[column]),
        )
    return found


def check_reciprocal(matrix: Sequence[Sequence[float]] | Floats) -> Floats:
    """Return the comparisons as an array (K, K), positive, with a(i, j)·a(j, i) = 1 within 5 %.

    Raises:
        BadComparisons: as told, naming the cell.
    """
    size = len(matrix)
    if size == 0 or any(len(row) != size for row in matrix):
        raise BadComparisons("The comparisons are no square table: %(rows)d rows", rows=size)
    if size > len(RANDOM_INDEX):
        raise BadComparisons(
            "%(found)d things are compared, at most %(most)d can be", found=size, most=len(RANDOM_INDEX)
        )
    a = np.asarray(matrix, dtype=float)
    if not np.isfinite(a).all() or (a <= 0).any():
        row, column = np.argwhere(~(np.isfinite(a) & (a > 0)))[0]
        raise BadComparisons(
            "Row %(row)d, column %(column)d is %(found)g, expected more than 0",
            row=int(row) + 1,
            column=int(column) + 1,
            found=float(a[row, column]),
        )
    wrong = np.argwhere(np.abs(a * a.T - 1) > _RECIPROCAL_TOLERANCE)
    if len(wrong):
        row, column = (int(place) for place in wrong[0])
        raise BadComparisons(
            "The comparisons are not reciprocal: row %(row)d, column %(column)d is %(found).4g, but the cell across "
            "the diagonal is %(across).4g; it should be %(expected).4g",
            row=row + 1,
            column=column + 1,
            found=float(a[row, column]),
            across=float(a[column, row]),
            expected=float(1 / a[row, column]),
        )
    return a


def most_inconsistent_pair(a: Floats, weights: Floats) -> tuple[int, int]:
    """Return the pair i < j whose comparison differs most from w(i)/w(j), as a factor.

    Source: docs/methods/ahp.md, equation (6); Saaty's a(i, j)·w(j)/w(i), farthest from 1.
    """
    deviation = np.triu(np.abs(np.log(a * weights[None, :] / weights[:, None])), k=1)  # (6)
    row, column = np.unravel_index(int(np.argmax(deviation)), deviation.shape)
    return int(row), int(column)


def _eigenvector(a: Floats) -> Floats:
    values, vectors = np.linalg.eig(a)
    principal = np.abs(np.real(vectors[:, int(np.argmax(values.real))]))  # (1)
    weights: Floats = principal / principal.sum()
    return weights


def _geometric_means(a: Floats) -> Floats:
    means = np.exp(np.log(a).mean(axis=1))  # (2)
    weights: Floats = means / means.sum()
    return weights
