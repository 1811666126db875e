"""What would change a unit's grade: the leaves that lift the total most, one after another."""

from dataclasses import dataclass

from anlan.assessment.core.values import Dimension, Grade, GradeRule, System, UnitResult

NEXT_GRADE = {Grade.WEAK: Grade.FAIR, Grade.FAIR: Grade.GOOD, Grade.GOOD: Grade.EXCELLENT}


@dataclass(frozen=True, slots=True)
class GradeStep:
    """Bringing one leaf to its target: what it adds to the unit's own score, and the total that results."""

    leaf_code: str
    gain: float
    score_after: float
    reaches: bool  # the next grade is reached with this step


def grade_floor(rule: GradeRule, grade: Grade) -> float:
    """Return the least total of a grade."""
    return {Grade.EXCELLENT: rule.excellent, Grade.GOOD: rule.good, Grade.FAIR: rule.fair, Grade.WEAK: 0.0}[grade]


def grade_steps(result: UnitResult, system: System) -> tuple[GradeStep, ...]:
    """Return the shortest row of leaves, largest gain first, that lifts the unit to its next grade.

    A leaf's gain is its loss times the share that own leaves have in the dimension (1 for villages and
    for dimensions without a part below). Empty when the unit is ungraded or at the top; where even all
    leaves together do not suffice, all are returned and none `reaches`.
    """
    if result.score is None or result.grade is None or result.grade not in NEXT_GRADE:
        return ()
    goal = grade_floor(system.grades, NEXT_GRADE[result.grade])
    shares = _own_shares(result, system)
    dimensions = {leaf.code: leaf.dimension for leaf in system.leaves}
    gains = sorted(
        ((leaf.loss * shares[dimensions[leaf.leaf_code]], leaf.leaf_code) for leaf in result.leaves if leaf.loss > 0),
        key=lambda pair: (-pair[0], pair[1]),
    )
    steps, total = [], result.score
    for gain, code in gains:
        total = min(total + gain, 1.0)
        steps.append(GradeStep(code, gain, total, reaches=total >= goal - 1e-12))
        if steps[-1].reaches:
            break
    return tuple(steps)


def _own_shares(result: UnitResult, system: System) -> dict[Dimension, float]:
    return {
        score.dimension: 1.0 if score.below is None else system.own_share if score.own is not None else 0.0
        for score in result.dimensions
    }
