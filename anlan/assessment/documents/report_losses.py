"""Where a unit's total gains and loses its points: its own leaves and, below it, everybody else's.

A unit's dimension score is α·own + (1−α)·the population-weighted mean below, all the way down. So each
answered leaf of each unit within has its share of the total, and what the shares lose adds up to
1 − score exactly; missing answers are left out as in the score.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from anlan.assessment.core.values import Dimension, DimensionScore, Leaf, LeafScore, Result, UnitResult


@dataclass(frozen=True, slots=True)
class LeafPart:
    """What one leaf of one unit can give to the total, and what it fails to give; both in [0, 1]."""

    leaf: Leaf
    unit: UnitResult
    found: LeafScore
    possible: float
    lost: float


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One leaf over all units within: its points, its share of all that is lost, and where it is lost."""

    leaf: Leaf
    possible: float
    lost: float
    share: float
    parts: tuple[LeafPart, ...]  # largest loss first

    @property
    def score(self) -> float:
        """The leaf's mean score, weighted as in the total."""
        return 1 - self.lost / self.possible


@dataclass(frozen=True, slots=True)
class _Tree:
    leaves: Mapping[str, Leaf]
    own_share: float
    below: Mapping[str | None, list[UnitResult]]


def leaf_parts(result: Result, code: str) -> tuple[LeafPart, ...]:
    """Return every answered leaf of the unit and of all units within it, with its part of the unit's total."""
    below: dict[str | None, list[UnitResult]] = defaultdict(list)
    for unit in result.units:
        below[unit.unit.parent_code].append(unit)
    tree = _Tree({leaf.code: leaf for leaf in result.system.leaves}, result.system.own_share, below)
    unit = unit_of(result, code)
    weights = result.system.dimension_weights
    scored = [dimension for dimension in unit.dimensions if dimension.score is not None]
    whole = sum(weights[dimension.dimension] for dimension in scored) or 1.0
    return tuple(
        part for dimension in scored for part in _parts(tree, unit, dimension, weights[dimension.dimension] / whole)
    )


def unit_of(result: Result, code: str) -> UnitResult:
    """Return the unit's result.

    Raises:
        ValueError: the result holds no such unit.
    """
    for unit in result.units:
        if unit.unit.code == code:
            return unit
    raise ValueError(f"no unit {code} in the result {result.survey_name}")


def _parts(tree: _Tree, unit: UnitResult, scored: DimensionScore, share: float) -> Iterator[LeafPart]:
    own = 1.0 if scored.below is None else tree.own_share if scored.own is not None else 0.0
    answered = [
        (tree.leaves[found.leaf_code], found)
        for found in unit.leaves
        if found.score is not None and tree.leaves[found.leaf_code].dimension == scored.dimension
    ]
    weight = sum(found.weight for _, found in answered)
    for leaf, found in answered:
        possible = share * own * found.weight / weight if weight else 0.0
        yield LeafPart(leaf, unit, found, possible, possible * (1 - (found.score or 0.0)))
    if own < 1:
        yield from _parts_below(tree, unit, scored.dimension, share * (1 - own))


def _parts_below(tree: _Tree, unit: UnitResult, dimension: Dimension, share: float) -> Iterator[LeafPart]:
    scored = [
        (below, score)
        for below in tree.below[unit.unit.code]
        for score in below.dimensions
        if score.dimension == dimension and score.score is not None
    ]
    people = sum(below.unit.population for below, _ in scored)
    for below, score in scored:
        part = below.unit.population / people if people else 1 / len(scored)
        yield from _parts(tree, below, score, share * part)


def obstacles_of(result: Result, code: str) -> tuple[Obstacle, ...]:
    """Return the leaves of the unit and of the units within, largest obstacle first; shares sum to 1."""
    groups: dict[str, list[LeafPart]] = defaultdict(list)
    for part in leaf_parts(result, code):
        if part.possible > 0:
            groups[part.leaf.code].append(part)
    lost = {leaf: sum(part.lost for part in parts) for leaf, parts in groups.items()}
    whole = sum(lost.values())
    made = [
        Obstacle(
            leaf=parts[0].leaf,
            possible=sum(part.possible for part in parts),
            lost=lost[code],
            share=lost[code] / whole if whole > 0 else 0.0,
            parts=tuple(sorted(parts, key=lambda part: (-part.lost, part.unit.unit.code))),
        )
        for code, parts in groups.items()
    ]
    return tuple(sorted(made, key=lambda obstacle: (-obstacle.lost, obstacle.leaf.code)))
