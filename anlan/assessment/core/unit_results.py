"""From arrays to the results of units, one value each."""

from collections.abc import Sequence

from anlan.assessment.core.computation import Computed
from anlan.assessment.core.grading import GRADES, grade_of, is_weak
from anlan.assessment.core.level_table import DIMENSIONS
from anlan.assessment.core.robustness import Firmness
from anlan.assessment.core.values import DimensionScore, GradeRule, Unit, UnitResult


def unit_results(
    units: Sequence[Unit], computed: Computed, firmness: Firmness, rule: GradeRule
) -> tuple[UnitResult, ...]:
    """Return the results in the order of the units."""
    return tuple(_unit_result(unit, place, computed, firmness, rule) for place, unit in enumerate(units))


def _unit_result(unit: Unit, place: int, computed: Computed, firmness: Firmness, rule: GradeRule) -> UnitResult:
    totals = computed.totals
    score, completeness = _plain(totals.score[place]), _share(totals.completeness[place])
    dimensions = _dimensions(place, computed)
    scored = [each.score for each in dimensions if each.score is not None]
    grade = grade_of(score, completeness, rule)
    rank = int(computed.ranks[place]) or None
    return UnitResult(
        unit=unit,
        score=score,
        lower=float(totals.lower[place]),
        upper=float(totals.upper[place]),
        completeness=completeness,
        grade=grade,
        is_weak=score is not None and grade is not None and is_weak(score, scored, rule),
        rank=rank,
        rank_low=rank and min(rank, int(firmness.rank_low[place])),
        rank_high=rank and max(rank, int(firmness.rank_high[place])),
        grade_probability=dict(zip(GRADES, firmness.grade_shares[place].tolist(), strict=True)) if grade else {},
        coupling=_plain(computed.coupling[place]),
        dimensions=dimensions,
        leaves=computed.leaves[place],
    )


def _dimensions(place: int, computed: Computed) -> tuple[DimensionScore, ...]:
    figures = computed.dimensions
    return tuple(
        DimensionScore(
            dimension=dimension,
            score=_plain(figures.score[place, number]),
            own=_plain(computed.own.score[place, number]),
            below=_plain(computed.below[place, number]),
            weakest_code=computed.weakest[number][place],
            lower=float(figures.lower[place, number]),
            upper=float(figures.upper[place, number]),
            completeness=_share(figures.completeness[place, number]),
        )
        for number, dimension in enumerate(DIMENSIONS)
    )


def _plain(number: float) -> float | None:
    """Return the number as Python's, None for NaN."""
    return None if number != number else float(number)


def _share(value: float) -> float:
    """Return an answered share without the crumbs of summing weights: what is whole is exactly 1."""
    return round(float(value), 12)
