"""What is missing to the targets, priced and put in order: the needs list (帮扶需求清单).

Source: docs/methods/needs.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil

from anlan.assessment.core.entry import COUNTED
from anlan.assessment.core.values import Direction, Kind, Leaf, LeafScore, Need, System, Unit, UnitResult
from anlan.kernel.codes import Level

_ROUNDING = 1e-9


def gap_of(leaf: Leaf, value: float) -> float:
    """Return how far a value is from its target, in the leaf's unit; 0 where it is reached.

    Source: docs/methods/needs.md, equation (1).
    """
    if leaf.kind is Kind.BOOLEAN:
        is_good = (value >= 0.5) == (leaf.direction is Direction.POSITIVE)
        return 0.0 if is_good else 1.0
    is_more_better = leaf.direction is Direction.POSITIVE and leaf.kind is not Kind.DATE
    gap = leaf.target - value if is_more_better else value - leaf.target  # (1)
    return gap if gap > _ROUNDING else 0.0


def quantity_of(leaf: Leaf, gap: float) -> float:
    """Return how many unit prices closing the gap takes.

    Whole persons, sets and times; a share of the way for ratios; once for a yes-or-no, a time or an age.

    Source: docs/methods/needs.md, equation (2).
    """
    if gap <= 0:
        return 0.0
    if leaf.kind in {Kind.BOOLEAN, Kind.DATE} or leaf.direction is Direction.NEGATIVE:
        return 1.0
    return float(ceil(gap - _ROUNDING)) if leaf.unit in COUNTED else gap


def cost_fen_of(leaf: Leaf, quantity: float) -> int:
    """Return the price of a quantity in whole fen; 0 where the leaf has no price.

    Source: docs/methods/needs.md, equation (3).
    """
    return round(quantity * (leaf.unit_price_fen or 0))


def needs_of(results: Sequence[UnitResult], system: System, closes_on: date) -> tuple[Need, ...]:
    """Return the needs of all units in order of priority; a missing leaf is no need.

    The largest weighted loss comes first; among equals the unit with more people, then by codes.

    Source: docs/methods/needs.md, equation (4).
    """
    leaves = {leaf.code: leaf for leaf in system.leaves}
    units = {result.unit.code: result.unit for result in results}
    open_gaps = [
        (result.unit, leaves[found.leaf_code], found, gap)
        for result in results
        for found in result.leaves
        if found.score is not None and (gap := gap_of(leaves[found.leaf_code], scored_value_of(found))) > 0
    ]
    open_gaps.sort(key=lambda one: (-one[2].loss, -one[0].population, one[0].code, one[1].code))  # (4)
    return tuple(_needs(open_gaps, units, closes_on))


def scored_value_of(found: LeafScore) -> float:
    """Return the value that was scored: the evidence's where it contradicts the report.

    Raises:
        ValueError: the leaf is missing.
    """
    value = found.evidence_value if found.is_doubtful else found.value
    if value is None:
        raise ValueError(f"{found.leaf_code} is missing")
    return value


def _needs(
    open_gaps: Iterable[tuple[Unit, Leaf, LeafScore, float]], units: Mapping[str, Unit], closes_on: date
) -> Iterable[Need]:
    for priority, (unit, leaf, found, gap) in enumerate(open_gaps, 1):
        township = _township_of(unit, units)
        quantity = quantity_of(leaf, gap)
        yield Need(
            unit_code=unit.code,
            unit_name=unit.name,
            township_code=township.code if township else None,
            township_name=township.name if township else "",
            leaf_code=leaf.code,
            dimension=leaf.dimension,
            current=scored_value_of(found),
            target=leaf.target,
            gap=gap,
            loss=found.loss,
            obstacle=found.obstacle,
            measure_zh=leaf.measure_zh,
            unit_price_fen=leaf.unit_price_fen or 0,
            quantity=quantity,
            cost_fen=cost_fen_of(leaf, quantity),
            priority=priority,
            department=leaf.department,
            due_on=closes_on + timedelta(days=leaf.lead_days),
        )


def _township_of(unit: Unit, units: Mapping[str, Unit]) -> Unit | None:
    """Return the township that the unit is or lies in, None for a county or where it is not in the survey."""
    while unit.level is not Level.TOWNSHIP:
        if unit.parent_code is None or unit.parent_code not in units or unit.level is Level.COUNTY:
            return None
        unit = units[unit.parent_code]
    return unit
