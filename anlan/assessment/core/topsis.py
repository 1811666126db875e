"""Closeness to the best that was found (优劣解距离法, TOPSIS), in two passes over the matrix.

Source: docs/methods/topsis.md; C. L. Hwang and K. Yoon 1981.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from anlan.assessment.core.arrays import Bools, Floats
from anlan.assessment.core.blocks import block_rows, in_parts, row_blocks

_FOLDED = 16  # rows folded into one before a reduction down the columns
_NOTHING = 1e-140  # less than this squares to nothing, and its inverse to more than there is
_CLOSE = 1e-4  # of the sums; above it a distance keeps eleven digits


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
        values: (N, K) in any units, without missing values, N ≥ 1.
        weights: (K,) summing to 1.
        is_negative: (K,) true where less is better.
        scaling: how columns are made comparable.

    Returns:
        Closeness 1 for a unit that is best in everything, 0 for the worst, and 0 where both distances are 0
        (all units alike).

    Source: docs/methods/topsis.md, equations (1)–(4).
    """
    values = np.ascontiguousarray(values, dtype=np.float64)
    squares, least, most = _columns(values)
    if scaling is Scaling.VECTOR:
        lengths = np.sqrt(squares)
        factors = np.where(lengths > _NOTHING, weights / np.maximum(lengths, _NOTHING), 0.0)  # (1a)
    else:
        has_spread = most - least > _NOTHING
        spread = np.where(has_spread, most - least, 1.0)
        factors = np.where(has_spread, weights / spread, 0.0)  # (1b); the shift falls out of the differences
    best, worst = np.where(is_negative, least, most), np.where(is_negative, most, least)
    to_ideal, to_anti_ideal = _distances(values, factors, (best * factors, worst * factors))  # (2), (3)
    whole = to_ideal + to_anti_ideal
    closeness = np.where(whole > 0, to_anti_ideal / np.where(whole > 0, whole, 1.0), 0.0)  # (4)
    return Topsis(to_ideal, to_anti_ideal, closeness)


def _columns(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the sum of squares, the least and the most of each column (K,)."""
    columns = values.shape[1]

    def part(start: int, stop: int) -> tuple[Floats, Floats, Floats]:
        squares, least, most = np.zeros(columns), np.full(columns, np.inf), np.full(columns, -np.inf)
        for rows in row_blocks(start, stop, columns):
            for block in _folded(values[rows]):
                squares += np.einsum("ij,ij->j", block, block).reshape(-1, columns).sum(axis=0)
                np.minimum(least, block.min(axis=0).reshape(-1, columns).min(axis=0), out=least)
                np.maximum(most, block.max(axis=0).reshape(-1, columns).max(axis=0), out=most)
        return squares, least, most

    squares, least, most = zip(*in_parts(len(values), columns, part), strict=True)
    return np.sum(squares, axis=0), np.min(least, axis=0), np.max(most, axis=0)


def _folded(block: Floats) -> list[Floats]:
    """Return the block with `_FOLDED` rows in one, and the rows that are left over."""
    whole = len(block) // _FOLDED * _FOLDED
    pieces = [block[:whole].reshape(-1, _FOLDED * block.shape[1]), block[whole:]]
    return [piece for piece in pieces if len(piece)]


def _distances(values: Floats, factors: Floats, points: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Return the Euclidean distances (N,) of values · factors from two points (K,).

    Σ(f·x − p)² = Σ f²·x² − 2·Σ f·p·x + Σ p², of which the first sum serves both points (3). Where little is left of
    the difference, rounding would show: such rows are computed as the formula stands.
    """
    columns = values.shape[1]
    squared, crossed = factors**2, [factors * point for point in points]
    lengths = [float(point @ point) for point in points]
    found = np.empty((2, len(values)))

    def part(start: int, stop: int) -> None:
        buffer = np.empty((block_rows(columns), columns))
        for rows in row_blocks(start, stop, columns):
            block = values[rows]
            of_values = np.multiply(block, block, out=buffer[: len(block)]) @ squared
            for number, point in enumerate(points):
                whole = of_values + lengths[number]
                distances = whole - 2.0 * (block @ crossed[number])
                close = np.flatnonzero(distances < _CLOSE * whole)
                distances[close] = ((block[close] * factors - point) ** 2).sum(axis=1)
                found[number, rows] = distances

    in_parts(len(values), columns, part)
    np.sqrt(found, out=found)
    return found[0], found[1]
