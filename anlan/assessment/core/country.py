"""The same arithmetic for a whole country: a few hundred thousand units of a level in one matrix.

Two passes over the matrix of a level: (1) scores against targets, with the sums that entropy needs; (2) dimensions,
total and obstacles with the weights found. The formulas and their results are those of the modules for one county.

Source: docs/methods/country.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.assessment.core.arrays import Floats, Integers
from anlan.assessment.core.blocks import block_rows, in_parts, in_threads, row_blocks, tiled
from anlan.assessment.core.grading import grade_numbers
from anlan.assessment.core.rollup import joined
from anlan.assessment.core.values import GradeRule
from anlan.assessment.core.weighting import mixed_weights

_TINY = 1e-300  # its logarithm times 0 is 0
_NOTHING = 1e-12
_SORTING = 20  # passes: what sorting a row costs beside reading one number


@dataclass(frozen=True, slots=True)
class Asked:
    """What a level asks: `intercepts`, `scales`, `weights` (K,) and `membership` (K, D), as in the other modules."""

    intercepts: Floats
    scales: Floats
    weights: Floats
    membership: Floats


@dataclass(frozen=True, slots=True)
class Moments:
    """Of each column (K,): answers, sum of scores and sum of score · ln score."""

    counts: Floats
    sums: Floats
    logs: Floats


@dataclass(frozen=True, slots=True)
class LevelResult:
    """One level of the country.

    `scores` (N, K) of leaves, `dimensions` (N, D) and `totals` (N,) of the units' own leaves, NaN where missing;
    `weights` (K,) that were used; `obstacles` (N, K) in 32 bits: shares are shown with one decimal.
    """

    scores: Floats
    weights: Floats
    dimensions: Floats
    totals: Floats
    obstacles: NDArray[np.float32]


def level_scores(values: Floats, asked: Asked, dimension_weights: Floats) -> LevelResult:
    """Return scores, combined weights, dimensions, totals and obstacles of one level.

    Args:
        values: (N, K) in the leaves' units, N ≥ 2; NaN is missing.
        asked: what the level asks.
        dimension_weights: (D,) summing to 1.

    Source: docs/methods/country.md, equations (1)–(4).
    """
    scores, moments = scored(values, asked)
    weights = mixed_weights(asked.weights, entropy_from(moments, asked.membership))
    dimensions, totals, obstacles = weighed(scores, weights, asked.membership, dimension_weights)
    return LevelResult(scores, weights, dimensions, totals, obstacles)


def scored(values: Floats, asked: Asked) -> tuple[Floats, Moments]:
    """Return the scores (N, K) against the targets, and the moments of their columns, in one pass.

    Source: docs/methods/country.md, equation (1); docs/methods/normalisation.md, equations (1)–(3).
    """
    columns = values.shape[1]
    scores = np.empty(values.shape)
    scales, intercepts = tiled(asked.scales, columns), tiled(asked.intercepts, columns)

    def part(start: int, stop: int) -> Floats:
        sums = np.zeros((3, columns))
        logs = np.empty((block_rows(columns), columns))
        for rows in row_blocks(start, stop, columns):
            count = rows.stop - rows.start
            block = scores[rows]
            np.divide(values[rows], scales[:count], out=block)
            np.add(block, intercepts[:count], out=block)
            np.maximum(block, 0.0, out=block)
            np.minimum(block, 1.0, out=block)
            sums += _moments(block, logs[:count])
        return sums

    parts = in_parts(len(values), columns, part)
    return scores, Moments(*np.sum(parts, axis=0))


def _moments(block: Floats, buffer: Floats) -> Floats:
    """Return (3, K) of a block: answers, sums, and sums of s · ln s (1)."""
    ones = np.ones(len(block))
    sums = ones @ block
    counts = np.full(len(sums), float(len(block)))
    if np.isnan(sums).any():
        is_missing = np.isnan(block)
        counts -= is_missing.sum(axis=0)
        block = np.where(is_missing, 0.0, block)
        sums = ones @ block
    np.maximum(block, _TINY, out=buffer)
    np.log(buffer, out=buffer)
    np.multiply(buffer, block, out=buffer)
    return np.stack([counts, sums, ones @ buffer])


def entropy_from(moments: Moments, membership: Floats) -> Floats:
    """Return entropy weights (K,) that sum to 1 inside each dimension, equal ones where all units are alike.

    e = (ln Σs − Σ(s·ln s)/Σs) / ln n, which is the entropy of the shares s/Σs.

    Source: docs/methods/country.md, equations (2)–(3).
    """
    has_sum = (moments.sums > 0) & (moments.counts > 1)
    sums = np.where(has_sum, moments.sums, 1.0)
    entropies = (np.log(sums) - moments.logs / sums) / np.log(np.maximum(moments.counts, 2.0))  # (2)
    divergences = np.where(has_sum, 1.0 - entropies, 0.0)
    divergences = np.where(divergences > _NOTHING, divergences, 0.0)
    whole = divergences @ membership
    alike = (whole <= 0) @ membership.T
    size = membership.sum(axis=0) @ membership.T
    return np.where(alike, 1.0 / size, divergences / (np.where(whole > 0, whole, 1.0) @ membership.T))  # (3)


def weighed(
    scores: Floats, weights: Floats, membership: Floats, dimension_weights: Floats
) -> tuple[Floats, Floats, NDArray[np.float32]]:
    """Return dimensions (N, D), totals (N,) and obstacles (N, K) of scores (N, K), in one pass.

    Source: docs/methods/country.md, equation (4); docs/methods/obstacle.md, equations (1)–(2).
    """
    columns = scores.shape[1]
    in_dimension = weights[:, None] * membership
    in_whole = weights * (membership @ dimension_weights)
    tile = tiled(in_whole, columns)
    dimensions = np.empty((len(scores), len(dimension_weights)))
    totals = np.empty(len(scores))
    obstacles = np.empty(scores.shape, dtype=np.float32)

    def part(start: int, stop: int) -> None:
        buffer, ones = np.empty_like(tile), np.ones(columns)
        for rows in row_blocks(start, stop, columns):
            block, losses = scores[rows], buffer[: rows.stop - rows.start]
            own = dimensions[rows]
            np.matmul(block, in_dimension, out=own)
            np.multiply(block, tile[: len(block)], out=losses)
            np.subtract(tile[: len(block)], losses, out=losses)
            if np.isnan(own).any():
                _without_missing(block, in_dimension, own, losses)
            totals[rows] = _total(own, dimension_weights)
            lost = losses @ ones
            np.divide(1.0, lost, out=lost, where=lost > _NOTHING)
            np.multiply(losses, lost[:, None], out=obstacles[rows], casting="same_kind")

    in_parts(len(scores), columns, part)
    return dimensions, totals, obstacles


def _without_missing(block: Floats, in_dimension: Floats, own: Floats, losses: Floats) -> None:
    """Mend a block with missing scores: they are left out, the rest scaled up, and they lose nothing."""
    is_missing = np.isnan(block)
    answered = ~is_missing @ in_dimension
    earned = np.where(is_missing, 0.0, block) @ in_dimension
    own[:] = np.where(answered > 0, earned / np.where(answered > 0, answered, 1.0), np.nan)
    losses[is_missing] = 0.0


def _total(dimensions: Floats, dimension_weights: Floats) -> Floats:
    totals: Floats = dimensions @ dimension_weights
    if np.isnan(totals).any():
        has_score = ~np.isnan(dimensions)
        whole = has_score @ dimension_weights
        earned = np.where(has_score, dimensions, 0.0) @ dimension_weights
        totals = np.where(whole > 0, earned / np.where(whole > 0, whole, 1.0), np.nan)
    return totals


def with_villages(own: Floats, villages: Floats, parents: Integers, populations: Floats, own_share: float) -> Floats:
    """Return the townships' dimensions with their villages' population-weighted mean.

    Args:
        own: (N, D) of the townships' own leaves; NaN is missing.
        villages: (M, D) of the villages.
        parents: (M,) place of each village's township.
        populations: (M,) people.
        own_share: α.

    Source: docs/methods/township.md, equations (1)–(2).
    """
    below = np.empty_like(own)
    for number in range(own.shape[1]):
        scores = villages[:, number]
        people = np.where(np.isnan(scores), 0.0, populations)
        whole = np.bincount(parents, people, minlength=len(own))
        earned = np.bincount(parents, people * np.nan_to_num(scores), minlength=len(own))
        below[:, number] = np.where(whole > 0, earned / np.where(whole > 0, whole, 1.0), np.nan)
    return joined(own, below, own_share)


def graded(totals: Floats, rule: GradeRule) -> NDArray[np.int8]:
    """Return the place of each total's grade in `grading.GRADES`, −1 without a score."""
    return np.where(np.isnan(totals), -1, grade_numbers(totals, rule)).astype(np.int8)


def retotalled(result: LevelResult, asked: Asked, dimension_weights: Floats, leaf: int, weight: float) -> Floats:
    """Return the totals (N,) after one leaf's weight was changed and the others of its dimension gave way.

    One column of the matrix of scores is read, once.

    Args:
        result: of the level, without missing scores.
        asked: what the level asks.
        dimension_weights: (D,) summing to 1.
        leaf: place of the leaf.
        weight: its new weight within its dimension, in [0, 1].

    Raises:
        ValueError: the leaf has all the weight of its dimension, so that nothing can give way.

    Source: docs/methods/country.md, equation (5).
    """
    number = int(np.argmax(asked.membership[leaf]))
    old = float(result.weights[leaf])
    if old >= 1.0:
        raise ValueError(f"leaf {leaf} is the only one with weight in its dimension")
    others = (1.0 - weight) / (1.0 - old)
    of_leaf = dimension_weights[number] * (weight - old * others)
    of_dimension = dimension_weights[number] * (others - 1.0)

    def part(start: int, stop: int) -> Floats:
        rows = slice(start, stop)
        change: Floats = of_leaf * result.scores[rows, leaf] + of_dimension * result.dimensions[rows, number]
        return change + result.totals[rows]  # (5)

    return np.concatenate(in_parts(len(result.totals), result.scores.shape[1], part))


def places_of(totals: Floats) -> Integers:
    """Return the ranks (N,) of totals without NaN, 1 is best; equal totals share the better rank.

    Each core sorts its stretch; a rank is 1 plus the greater totals of all stretches.
    """
    orders = in_parts(len(totals), _SORTING, lambda start, stop: start + np.argsort(totals[start:stop]))
    stretches = [totals[order] for order in orders]

    def part(order: Integers, mine: Floats) -> None:
        greater = np.zeros(len(mine), dtype=np.int64)
        for stretch in stretches:
            greater += len(stretch) - np.searchsorted(stretch, mine, side="right")
        ranks[order] = greater + 1

    ranks = np.empty(len(totals), dtype=np.int64)
    in_threads(part, orders, stretches)
    return ranks
