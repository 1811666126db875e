"""Which weights an assessment computes with: the system's, AHP's, entropy's or both together.

Source: docs/methods/weights.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anlan.assessment.core.ahp import BadComparisons, check_comparisons
from anlan.assessment.core.arrays import Floats
from anlan.assessment.core.entropy import TooFewUnits, Undefined, entropy_weights
from anlan.assessment.core.level_table import DIMENSIONS, LevelTable
from anlan.assessment.core.values import DIMENSION_NAMES, Note, System
from anlan.assessment.core.weighting import check_weights, mixed_weights
from anlan.kernel.codes import Level
from anlan.kernel.refusal import Refusal, mark

METHODS = ("default", "ahp", "entropy", "combined")
ONE_UNIT = mark("Only one unit of the level %(level)s has answered: its weights are those of the indicator system")
ALL_ALIKE = mark(
    "All units of the level %(level)s answer alike in %(dimension)s: entropy is undefined and the weights are equal"
)


class UnknownMethod(Refusal):
    """There is no such way to find weights."""


@dataclass(frozen=True, slots=True)
class ChosenWeights:
    """Weights (D,) of the dimensions and (K,) of each level's leaves, and what a reader must know of them."""

    dimensions: Floats
    leaves: Mapping[Level, Floats]
    notes: tuple[Note, ...]


def chosen_weights(method: str, system: System, tables: Sequence[LevelTable]) -> ChosenWeights:
    """Return the weights that a method finds.

    Args:
        method: default, ahp, entropy or combined.
        system: the indicator system.
        tables: the answers by level.

    Raises:
        UnknownMethod: no such method.
        BadWeights: the system's weights do not sum to 1.
        BadComparisons: AHP is asked for and the system has no comparisons, or they contradict each other.
        TooFewUnits: entropy is asked for and no level has two units that answered.

    Source: docs/methods/weights.md.
    """
    if method not in METHODS:
        raise UnknownMethod(
            "There are no weights by %(method)s; there are %(methods)s", method=method, methods=", ".join(METHODS)
        )
    _check(system, tables)
    dimensions = dimension_weights(method, system)
    given = {table.level: _given(table) for table in tables}
    if method in {"default", "ahp"}:
        return ChosenWeights(dimensions, given, ())
    found, notes = _entropy(tables, given)
    if method == "combined":
        found = {level: mixed_weights(given[level], weights) for level, weights in found.items()}
    return ChosenWeights(dimensions, found, notes)


def _given(table: LevelTable) -> Floats:
    return np.array([leaf.weight for leaf in table.leaves], dtype=float)


def _check(system: System, tables: Sequence[LevelTable]) -> None:
    check_weights(np.array([system.dimension_weights.get(each, 0.0) for each in DIMENSIONS]), "the dimensions")
    for table in tables:
        for number, dimension in enumerate(DIMENSIONS):
            mine = _given(table)[table.membership[:, number] > 0]
            if len(mine):
                check_weights(mine, f"{dimension} ({table.level})")


def dimension_weights(method: str, system: System) -> Floats:
    """Return the weights (D,) of the dimensions that a method finds.

    Raises:
        BadComparisons: AHP is asked for and the system has no comparisons, or they contradict each other.
    """
    given = np.array([system.dimension_weights.get(each, 0.0) for each in DIMENSIONS])
    if method in {"default", "entropy"} or (method == "combined" and system.dimension_comparisons is None):
        return given
    if system.dimension_comparisons is None:
        raise BadComparisons(
            "The indicator system has no comparisons of the dimensions; enter them, or take other weights"
        )
    return check_comparisons(system.dimension_comparisons, names=tuple(DIMENSIONS)).weights


def _entropy(
    tables: Sequence[LevelTable], given: Mapping[Level, Floats]
) -> tuple[dict[Level, Floats], tuple[Note, ...]]:
    answering = {table.level: ~np.isnan(table.scores).all(axis=1) for table in tables if table.leaves}
    most = max((int(rows.sum()) for rows in answering.values()), default=0)
    if most < 2:
        raise TooFewUnits("Weights from the data need at least two units of a level; there is %(found)d", found=most)
    found, notes = dict(given), list[Note]()
    for table in tables:
        rows = table.scores[answering[table.level]] if table.leaves else table.scores
        if len(rows) < 2:
            notes += [Note(ONE_UNIT, {"level": str(table.level)})] if len(rows) else []
            continue
        found[table.level] = _within_dimensions(table, rows, notes.append)
    return found, tuple(notes)


def _within_dimensions(table: LevelTable, rows: Floats, tell: Callable[[Note], None]) -> Floats:
    weights = np.zeros(len(table.leaves))
    for number, dimension in enumerate(DIMENSIONS):
        columns = table.membership[:, number] > 0
        if not columns.any():
            continue
        found = entropy_weights(rows[:, columns])
        weights[columns] = found.weights
        if found.undefined is Undefined.ALL_ALIKE and columns.sum() > 1:
            tell(Note(ALL_ALIKE, {"level": str(table.level), "dimension": DIMENSION_NAMES[dimension]}))
    return weights
