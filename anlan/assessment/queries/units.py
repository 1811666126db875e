"""One unit's result as its page shows it: every figure with what it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from anlan.assessment.core.change import NEXT_GRADE, GradeStep, grade_steps
from anlan.assessment.core.chosen_weights import dimension_weights
from anlan.assessment.core.names import GRADE_NAMES
from anlan.assessment.core.values import (
    DIMENSION_NAMES,
    Dimension,
    DimensionScore,
    Leaf,
    LeafScore,
    System,
    UnitResult,
)
from anlan.assessment.models import UnitScore
from anlan.assessment.queries import comparison, pictures, results
from anlan.assessment.queries.surveys import system_of
from anlan.kernel.codes import Level, parent_of

MAIN_OBSTACLES = 3


@dataclass(frozen=True, slots=True)
class LeafRow:
    """One leaf of the unit with its change since the last round; None where there is nothing to compare."""

    leaf: Leaf
    found: LeafScore
    change: float | None

    @property
    def is_missing(self) -> bool:
        """Whether nobody has answered it."""
        return self.found.score is None

    @property
    def scored(self) -> float | None:
        """The value that was scored: what records show where they contradict the report."""
        return scored_value(self.found)

    @property
    def loss_points(self) -> str:
        """What it costs the total, in points with two decimals."""
        return f"{self.found.loss * 100:.2f}"


@dataclass(frozen=True, slots=True)
class DimensionRow:
    """One dimension: its figures, its weight in the total, its weakest unit below and its leaves."""

    dimension: Dimension
    figures: DimensionScore
    weight: float
    weakest: UnitScore | None
    leaves: tuple[LeafRow, ...]

    @property
    def weakest_score(self) -> float | None:
        """The score of the weakest unit below in this dimension."""
        return getattr(self.weakest, self.dimension) if self.weakest else None


@dataclass(frozen=True, slots=True)
class Step:
    """A leaf brought to its target, on the way to the next grade."""

    leaf: Leaf
    step: GradeStep


def unit_page(score: UnitScore) -> dict[str, Any]:
    """Return all that the unit's page shows."""
    system = system_of(score.assessment.round)
    result, before = results.unit_result(score), comparison.previous_assessment(score.assessment)
    children, past = list(results.children_of(score)), comparison.past_scores(score, before)
    rows = leaf_rows(result, system, comparison.previous_leaf_scores(score, before))
    radar, needs = pictures.radar_of(score), list(results.needs_of_unit(score))
    context = {
        "assessment": score.assessment,
        "score": score,
        "result": result,
        "chance": result.grade_probability.get(result.grade) if result.grade else None,
        "dimensions": dimension_rows(result, rows, children, weights_of(score.assessment.method, system)),
        "obstacles": main_obstacles(rows),
        "radar": radar,
        "radar_table": pictures.table_of(radar),
        "children": children,
        "needs": needs,
        "needs_cost": sum(need.cost_fen for need in needs),
        "leaves": {leaf.code: leaf for leaf in system.leaves},
        "reports": results.reports_of_unit(score),
        "missing_count": sum(row.is_missing for row in rows),
        "parent_code": None if score.level == Level.COUNTY else parent_of(score.code),
        "weak_reasons": weak_reasons(result, system) if result.is_weak else [],
        "weak_below": system.grades.fair,
        "weak_dimension": system.grades.weak_dimension,
        "least_completeness": system.grades.least_completeness,
    }
    return context | _past(past) | _way_up(result, system)


def scored_value(found: LeafScore) -> float | None:
    """Return the value that was scored, None where it is missing."""
    return found.evidence_value if found.is_doubtful else found.value


def leaf_rows(result: UnitResult, system: System, before: Mapping[str, float]) -> list[LeafRow]:
    """Return the unit's leaves in the system's order."""
    leaves = {leaf.code: leaf for leaf in system.leaves}
    return [_leaf_row(leaves[found.leaf_code], found, before.get(found.leaf_code)) for found in result.leaves]


def _leaf_row(leaf: Leaf, found: LeafScore, before: float | None) -> LeafRow:
    return LeafRow(leaf, found, None if found.score is None or before is None else found.score - before)


def weights_of(method: str, system: System) -> dict[Dimension, float]:
    """Return the weights of the dimensions that the assessment was computed with."""
    return dict(zip(Dimension, dimension_weights(method, system).tolist(), strict=True))


def dimension_rows(
    result: UnitResult, rows: list[LeafRow], children: list[UnitScore], weights: Mapping[Dimension, float]
) -> list[DimensionRow]:
    """Return the dimensions with their leaves and the weakest unit below."""
    by_code = {child.code: child for child in children}
    return [
        DimensionRow(
            dimension=figures.dimension,
            figures=figures,
            weight=weights[figures.dimension],
            weakest=by_code.get(figures.weakest_code or ""),
            leaves=tuple(row for row in rows if row.leaf.dimension == figures.dimension),
        )
        for figures in result.dimensions
    ]


def main_obstacles(rows: list[LeafRow]) -> list[LeafRow]:
    """Return the leaves that cost the unit most."""
    return sorted((row for row in rows if row.found.obstacle), key=lambda row: -row.found.obstacle)[:MAIN_OBSTACLES]


def weak_reasons(result: UnitResult, system: System) -> list[str]:
    """Return why the unit counts as weak, in words."""
    rule, reasons = system.grades, []
    if result.score is not None and result.score < rule.fair:
        reasons.append(_("the total is below %(limit)g") % {"limit": rule.fair * 100})
    low = [one for one in result.dimensions if one.score is not None and one.score < rule.weak_dimension]
    for one in low:
        values = {"dimension": _(DIMENSION_NAMES[one.dimension]), "limit": rule.weak_dimension * 100}
        reasons.append(_("%(dimension)s is below %(limit)g") % values)
    return reasons


def _past(past: list[comparison.PastScore]) -> dict[str, Any]:
    scored = [one for one in past if one.score is not None]
    change = None
    if len(past) > 1 and past[-1].score is not None and past[-2].score is not None:
        change = past[-1].score - past[-2].score
    return {
        "past": past,
        "last": past[-2] if len(past) > 1 else None,
        "change": change,
        "line": pictures.line_of(past) if len(scored) > 1 else None,
    }


def _way_up(result: UnitResult, system: System) -> dict[str, Any]:
    """Return what would change the grade."""
    leaves = {leaf.code: leaf for leaf in system.leaves}
    steps = [Step(leaves[step.leaf_code], step) for step in grade_steps(result, system)]
    goal = NEXT_GRADE.get(result.grade) if result.grade else None
    return {
        "steps": steps,
        "next_grade": goal,
        "next_grade_name": GRADE_NAMES[goal] if goal else "",
        "is_reached": bool(steps) and steps[-1].step.reaches,
    }
