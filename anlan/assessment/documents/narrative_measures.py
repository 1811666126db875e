"""What a report recommends: the priced needs, the first measures, and what would lift the grade."""

from collections import defaultdict
from collections.abc import Sequence

from anlan.assessment.core.change import NEXT_GRADE, grade_steps
from anlan.assessment.core.names import DEPARTMENT_NAMES, GRADE_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Need, Result, UnitResult
from anlan.assessment.documents.narrative import (
    ORDINALS,
    Measure,
    Paragraph,
    Sentence,
    Value,
    listed,
    name_within,
    points,
)
from anlan.kernel.codes import is_within, prefix_of
from anlan.kernel.money import wan_text
from anlan.kernel.refusal import mark


def needs_within(result: Result, code: str) -> tuple[Need, ...]:
    """Return the needs of the unit and of the units within it, first need first."""
    prefix = prefix_of(code)
    mine = (need for need in result.needs if is_within(need.unit_code, prefix))
    return tuple(sorted(mine, key=lambda need: (need.priority, need.unit_code, need.leaf_code)))


def recommendations(result: Result, unit: UnitResult) -> tuple[Paragraph, ...]:
    """Say the number and the price of the needs, the first measures and the way to a better grade."""
    needs = needs_within(result, unit.unit.code)
    if not needs:
        nothing = Sentence(mark("No answered indicator falls short of its target: no support need was priced."))
        return (Paragraph((nothing,)),)
    each = (
        _measure(result, unit, group, ordinal) for ordinal, group in zip(ORDINALS, first_measures(needs), strict=False)
    )
    return (Paragraph((_total(unit, needs), _by_dimension(needs))), *each, *_grade_way(result, unit))


def first_measures(needs: Sequence[Need]) -> tuple[tuple[Need, ...], ...]:
    """Return the needs of the first few leaves, in the order in which the list names a leaf first."""
    groups: dict[str, list[Need]] = defaultdict(list)
    for need in needs:
        groups[need.leaf_code].append(need)
    return tuple(tuple(group) for group in list(groups.values())[: len(ORDINALS)])


def _total(unit: UnitResult, needs: Sequence[Need]) -> Sentence:
    own = [need for need in needs if need.unit_code == unit.unit.code]
    values: dict[str, Value] = {
        "count": len(needs),
        "cost": wan_text(sum(need.cost_fen for need in needs)),
        "own": len(own),
        "own_cost": wan_text(sum(need.cost_fen for need in own)),
        "units": len({need.unit_code for need in needs}),
    }
    return Sentence(
        mark(
            "Closing all gaps takes %(count)d needs in %(units)d units at %(cost)s × 10 000 yuan, of which %(own)d "
            "needs and %(own_cost)s × 10 000 yuan for the unit itself."
        ),
        values,
    )


def _by_dimension(needs: Sequence[Need]) -> Sentence:
    cost: dict[Dimension, int] = defaultdict(int)
    for need in needs:
        cost[need.dimension] += need.cost_fen
    ordered = sorted(cost.items(), key=lambda pair: (-pair[1], pair[0]))
    named = tuple(
        Sentence(
            mark("%(dimension)s %(cost)s × 10 000 yuan"),
            {"dimension": Sentence(DIMENSION_NAMES[dimension]), "cost": wan_text(fen)},
        )
        for dimension, fen in ordered
    )
    return Sentence(mark("By dimension: %(named)s. The first measures are:"), {"named": named})


def _measure(result: Result, unit: UnitResult, needs: Sequence[Need], ordinal: str) -> Paragraph:
    leaf = next(leaf for leaf in result.system.leaves if leaf.code == needs[0].leaf_code)
    names = [name_within(result, need.unit_code, unit.unit.code) for need in needs]
    lead = Sentence(
        mark("%(ordinal)s %(measure)s."), {"ordinal": Sentence(ordinal), "measure": Measure(leaf, needs[0].measure_zh)}
    )
    values: dict[str, Value] = {
        "leaf": leaf,
        "units": listed(names, most=4),
        "cost": wan_text(sum(need.cost_fen for need in needs)),
        "department": department(needs[0].department),
        "due": max(need.due_on for need in needs),
    }
    sentence = Sentence(
        mark("For %(leaf)s, in %(units)s; %(cost)s × 10 000 yuan; responsible: %(department)s; deadline %(due)s."),
        values,
    )
    return Paragraph((sentence,), lead)


def department(key: str) -> Sentence:
    """Return the department's name; one that a county added itself keeps its key."""
    return Sentence(DEPARTMENT_NAMES[key]) if key in DEPARTMENT_NAMES else Sentence("%(name)s", {"name": key})


def _grade_way(result: Result, unit: UnitResult) -> tuple[Paragraph, ...]:
    steps = grade_steps(unit, result.system)
    if not steps or unit.grade is None or not steps[-1].reaches:
        return ()
    leaves = {leaf.code: leaf for leaf in result.system.leaves}
    values: dict[str, Value] = {
        "count": len(steps),
        "leaves": listed([leaves[step.leaf_code] for step in steps]),
        "score": points(steps[-1].score_after),
        "grade": Sentence(GRADE_NAMES[NEXT_GRADE[unit.grade]]),
    }
    return (
        Paragraph(
            (
                Sentence(
                    mark(
                        "Bringing %(count)d of the unit's own indicators to their targets would lift the total to "
                        "%(score)s points and the grade to “%(grade)s”: %(leaves)s."
                    ),
                    values,
                ),
            )
        ),
    )
