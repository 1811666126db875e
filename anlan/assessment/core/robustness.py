"""How firm grades and ranks are when the weights are shaken (Monte Carlo over the weights).

Weights are drawn from Dirichlet distributions around those of the system: dimensions against each other, and leaves
inside each (dimension, level). T draws, done in blocks so that memory stays small.

Source: docs/methods/robustness.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anlan.assessment.core.arrays import Bools, Floats, Integers
from anlan.assessment.core.grading import GRADES, grade_numbers, ranks_of
from anlan.assessment.core.rollup import Tree, rolled_scores
from anlan.assessment.core.values import GradeRule

DRAWS = 1000  # T
CONCENTRATION = 100.0  # a weight of 0.2 varies by a standard deviation of 0.04
SURE = 0.95
_BLOCK = 2_000_000  # numbers held of a dimension at a time


@dataclass(frozen=True, slots=True)
class LevelScores:
    """Leaves of one level.

    `places` (N,) of its units among all, `scores` (N, K) with NaN missing, `weights` (K,), `multipliers` (N, K) by
    profile, `membership` (K, D).
    """

    places: Integers
    scores: Floats
    weights: Floats
    multipliers: Floats
    membership: Floats


@dataclass(frozen=True, slots=True)
class Firmness:
    """Of each unit: share of the draws in each grade (U, 4) as `GRADES` counts, best and worst rank (U,) in 95 %.

    Units without a score have 0 everywhere.
    """

    grade_shares: Floats
    rank_low: Integers
    rank_high: Integers


def draw_weights(weights: Floats, membership: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """Return weights drawn around the given ones, from a Dirichlet distribution inside each group.

    Args:
        weights: (K,) summing to 1 inside each group; a weight of 0 stays 0.
        membership: (K, G) 1 where the weight belongs to the group.
        draws: T.
        rng: chance.

    Returns:
        (K, T) summing to 1 inside each group.

    Source: docs/methods/robustness.md, equation (1).
    """
    drawn = rng.standard_gamma(CONCENTRATION * weights[:, None], size=(len(weights), draws))  # (1)
    sums = membership.T @ drawn
    return drawn / (membership @ np.where(sums > 0, sums, 1.0))


def firmness_of(
    levels: Sequence[LevelScores],
    tree: Tree,
    dimension_weights: Floats,
    *,
    own_share: float,
    grades: GradeRule,
    rng: np.random.Generator,
) -> Firmness:
    """Return how often each unit gets which grade, and between which ranks it stands.

    Args:
        levels: the leaves' scores by level.
        tree: who lies in whom.
        dimension_weights: (D,) summing to 1.
        own_share: α.
        grades: the bands.
        rng: chance.

    Source: docs/methods/robustness.md, equations (1)–(4).
    """
    units = len(tree.parents)
    block = max(1, min(DRAWS, _BLOCK // max(units, 1)))
    counts = np.zeros((units, len(GRADES)))
    ranks = np.zeros((units, DRAWS), dtype=np.int32)
    for start in range(0, DRAWS, block):
        totals = _totals(levels, tree, dimension_weights, own_share, _Draw(min(block, DRAWS - start), rng))
        counts += _grade_counts(totals, grades)
        ranks[:, start : start + totals.shape[1]] = _ranks(totals, tree)
    low, high = np.quantile(ranks, [(1 - SURE) / 2, (1 + SURE) / 2], axis=1, method="nearest")  # (4)
    return Firmness(counts / DRAWS, low.astype(np.int64), high.astype(np.int64))


@dataclass(frozen=True, slots=True)
class _Draw:
    count: int
    rng: np.random.Generator


def _totals(
    levels: Sequence[LevelScores], tree: Tree, dimension_weights: Floats, own_share: float, draw: _Draw
) -> Floats:
    """Return totals (U, T), NaN for units without any score."""
    units, dimensions = len(tree.parents), len(dimension_weights)
    drawn = [draw_weights(level.weights, level.membership, draw.count, draw.rng) for level in levels]
    of_dimensions = draw_weights(dimension_weights, np.ones((dimensions, 1)), draw.count, draw.rng)
    earned, possible = np.zeros((units, draw.count)), np.zeros((units, draw.count))
    for number in range(dimensions):
        own = np.full((units, draw.count), np.nan)
        for level, weights in zip(levels, drawn, strict=True):
            own[level.places] = _own(level, weights, number)
        scores, _ = rolled_scores(own, _counted(own, tree), tree, own_share)
        has_score = ~np.isnan(scores[:, :1])
        earned += np.nan_to_num(scores) * of_dimensions[number]
        possible += has_score * of_dimensions[number]
    return np.where(possible > 0, earned / np.where(possible > 0, possible, 1.0), np.nan)  # (2)


def _own(level: LevelScores, weights: Floats, number: int) -> Floats:
    columns = level.membership[:, number] > 0
    scores, multipliers, drawn = level.scores[:, columns], level.multipliers[:, columns], weights[columns]
    is_answered = ~np.isnan(scores) & (level.weights[columns] > 0)
    answered = (multipliers * is_answered) @ drawn
    earned = (multipliers * np.where(is_answered, scores, 0.0)) @ drawn
    return np.where(answered > 0, earned / np.where(answered > 0, answered, 1.0), np.nan)


def _counted(own: Floats, tree: Tree) -> Bools:
    counted = ~np.isnan(own[:, 0])
    for tier in tree.tiers:
        within = tier[counted[tier] & (tree.parents[tier] >= 0)]
        counted[tree.parents[within]] = True
    return counted


def _grade_counts(totals: Floats, grades: GradeRule) -> Floats:
    numbers = grade_numbers(totals, grades)
    has_score = ~np.isnan(totals)
    return np.column_stack([((numbers == place) & has_score).sum(axis=1) for place in range(len(GRADES))])  # (3)


def _ranks(totals: Floats, tree: Tree) -> Integers:
    ranks = np.zeros(totals.shape, dtype=np.int64)
    for tier in tree.tiers:
        scored = tier[~np.isnan(totals[tier, 0])]
        if len(scored):
            ranks[scored] = ranks_of(totals[scored])
    return ranks
