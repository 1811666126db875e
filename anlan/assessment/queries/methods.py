"""How a result was computed, told with the system's own numbers and one of its units as example."""

from dataclasses import dataclass
from typing import Any

from anlan.accounts.queries import Scope
from anlan.assessment.core.values import Dimension, DimensionScore, Kind, Leaf, LeafScore, System, UnitResult
from anlan.assessment.models import Assessment, UnitScore
from anlan.assessment.queries import results, units
from anlan.assessment.queries.surveys import system_of
from anlan.kernel.codes import Level

COUNTED = {Kind.NUMBER, Kind.RATIO}


@dataclass(frozen=True, slots=True)
class Part:
    """One dimension of the example: its weight, its score, and what it adds to the total."""

    dimension: Dimension
    weight: float
    figures: DimensionScore

    @property
    def product(self) -> float:
        """What the dimension adds to the total, all of it in [0, 1]."""
        return self.weight * (self.figures.score or 0.0)


@dataclass(frozen=True, slots=True)
class Example:
    """One real unit of the assessment, taken apart."""

    row: UnitScore
    result: UnitResult
    parts: tuple[Part, ...]
    leaf: Leaf | None
    found: LeafScore | None
    rolled: Part | None  # a dimension that has a part of its own and a part from the units below
    rest: float  # 1 − α

    @property
    def answered_weight(self) -> float:
        """The weights of the dimensions that have a score; 1 where none is missing."""
        return sum(part.weight for part in self.parts if part.figures.score is not None)

    @property
    def is_scaled(self) -> bool:
        """Whether a dimension without a score made the others weigh more."""
        return self.answered_weight < 1 - 1e-9

    @property
    def chance(self) -> float | None:
        """The share of shaken weights that leave the grade as it is."""
        return self.result.grade_probability.get(self.result.grade) if self.result.grade else None

    @property
    def scored(self) -> float | None:
        """The value that was scored of the leaf."""
        return None if self.found is None else units.scored_value(self.found)

    @property
    def loss_points(self) -> str:
        """What the leaf costs the total, in points."""
        return f"{(self.found.loss if self.found else 0.0) * 100:.2f}"


def methods_page(assessment: Assessment, scope: Scope) -> dict[str, Any]:
    """Return the system's numbers and the example."""
    system = system_of(assessment.round)
    weights = units.weights_of(assessment.method, system)
    return {
        "system": system,
        "weights": weights,
        "sections": [(dimension, weights[dimension], _by_level(system, dimension)) for dimension in Dimension],
        "example": example_of(assessment, scope, system),
        "notes": results.notes_of(assessment),
    }


def _by_level(system: System, dimension: Dimension) -> list[tuple[Level, list[Leaf]]]:
    levels = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
    of_level = [(level, [leaf for leaf in system.at_level(level) if leaf.dimension == dimension]) for level in levels]
    return [(level, leaves) for level, leaves in of_level if leaves]


def example_of(assessment: Assessment, scope: Scope, system: System) -> Example | None:
    """Return the middle township of the ranking that the reader sees, or the middle unit of whatever they see."""
    rows = results.scores_of(assessment, scope).filter(score__isnull=False)
    ranked = list(rows.filter(level=Level.TOWNSHIP).values_list("pk", flat=True)) or list(
        rows.values_list("pk", flat=True)
    )
    if not ranked:
        return None
    row = UnitScore.objects.get(pk=ranked[len(ranked) // 2])
    result = results.unit_result(row)
    weights = units.weights_of(assessment.method, system)
    parts = tuple(Part(figures.dimension, weights[figures.dimension], figures) for figures in result.dimensions)
    leaf, found = _telling_leaf(result, system)
    rolled = next((part for part in parts if part.figures.own is not None and part.figures.below is not None), None)
    return Example(row, result, parts, leaf, found, rolled, rest=1 - system.own_share)


def _telling_leaf(result: UnitResult, system: System) -> tuple[Leaf, LeafScore] | tuple[None, None]:
    """Return a counted leaf that lost something, the largest obstacle first; else any that was answered."""
    leaves = {leaf.code: leaf for leaf in system.leaves}
    answered = [(leaves[found.leaf_code], found) for found in result.leaves if found.score is not None]
    answered.sort(key=lambda pair: (pair[0].kind not in COUNTED, -pair[1].obstacle, pair[0].code))
    return answered[0] if answered else (None, None)
