"""From tables of answers to the figures of every unit, as arrays.

Source: docs/methods/weighted-sum.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anlan.assessment.core.arrays import Floats, Integers
from anlan.assessment.core.chosen_weights import ChosenWeights
from anlan.assessment.core.coupling import coupling_coordination
from anlan.assessment.core.grading import ranks_of
from anlan.assessment.core.level_table import DIMENSIONS, LevelTable
from anlan.assessment.core.obstacles import losses_of, obstacles_of
from anlan.assessment.core.rollup import Figures, Tree, own_figures, rolled_up, total_figures, weakest_below
from anlan.assessment.core.values import LeafScore, System, Unit
from anlan.assessment.core.weighting import scaled_within


@dataclass(frozen=True, slots=True)
class Computed:
    """Everything computed of U units in D dimensions; NaN is none. `leaves` are lines for results already."""

    own: Figures  # (U, D)
    dimensions: Figures  # (U, D)
    below: Floats  # (U, D)
    totals: Figures  # (U,)
    ranks: Integers  # (U,) 0 without a score
    coupling: Floats  # (U,) NaN where it has no meaning
    weakest: list[list[str | None]]  # D lists of U
    leaves: list[tuple[LeafScore, ...]]  # U


def compute(
    units: Sequence[Unit], tree: Tree, tables: Sequence[LevelTable], weights: ChosenWeights, system: System
) -> Computed:
    """Return the figures of all units.

    Args:
        units: U units, from above.
        tree: who lies in whom, by the units' places.
        tables: the answers by level.
        weights: of dimensions and leaves.
        system: for α.

    Source: docs/methods/weighted-sum.md.
    """
    shape = (len(units), len(DIMENSIONS))
    own = Figures(
        np.full(shape, np.nan), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
    )
    leaves: list[tuple[LeafScore, ...]] = [()] * len(units)
    for table in tables:
        within = scaled_within(weights.leaves[table.level] * table.multipliers, table.membership)
        mine = own_figures(table.scores, within, table.membership)
        for name in ("score", "lower", "upper", "completeness", "is_asked"):
            getattr(own, name)[table.places] = getattr(mine, name)
        for place, scored in zip(table.places, _leaf_scores(table, within, weights.dimensions), strict=True):
            leaves[place] = scored
    dimensions, below = rolled_up(own, tree, system.own_share)
    totals = total_figures(dimensions, weights.dimensions)
    return Computed(
        own=own,
        dimensions=dimensions,
        below=below,
        totals=totals,
        ranks=_ranks(totals.score, tree),
        coupling=_coupling(dimensions, weights.dimensions),
        weakest=[weakest_below(column, tree, [unit.code for unit in units]) for column in dimensions.score.T],
        leaves=leaves,
    )


def _ranks(scores: Floats, tree: Tree) -> Integers:
    ranks = np.zeros(len(scores), dtype=np.int64)
    for tier in tree.tiers:
        scored = tier[~np.isnan(scores[tier])]
        if len(scored):
            ranks[scored] = ranks_of(scores[scored])
    return ranks


def _coupling(figures: Figures, dimension_weights: Floats) -> Floats:
    """Return coordination of the dimensions asked; NaN where one has no score or fewer than two are asked."""
    coordination = np.full(len(figures.score), np.nan)
    for pattern in np.unique(figures.is_asked, axis=0):
        weights = dimension_weights[pattern]
        rows = (figures.is_asked == pattern).all(axis=1) & ~np.isnan(figures.score[:, pattern]).any(axis=1)
        if pattern.sum() >= 2 and weights.sum() > 0 and rows.any():
            found = coupling_coordination(figures.score[rows][:, pattern], weights / weights.sum())
            coordination[rows] = found.coordination
    return coordination


def _leaf_scores(table: LevelTable, within: Floats, dimension_weights: Floats) -> list[tuple[LeafScore, ...]]:
    losses = losses_of(table.scores, within * (table.membership @ dimension_weights))
    obstacles = obstacles_of(losses)
    columns = [_plain(array) for array in (table.reported, table.evidence, table.scores)]
    numbers = [array.tolist() for array in (table.is_doubtful, within, losses, obstacles)]
    return [
        tuple(
            LeafScore(leaf.code, value, evidence, doubtful, score, weight, loss, obstacle)
            for leaf, value, evidence, score, doubtful, weight, loss, obstacle in zip(table.leaves, *row, strict=True)
        )
        for row in zip(*columns, *numbers, strict=True)
    ]


def _plain(array: Floats) -> list[list[float | None]]:
    """Return the numbers of an array as Python's, None for NaN."""
    return [[None if value != value else value for value in row] for row in array.tolist()]
