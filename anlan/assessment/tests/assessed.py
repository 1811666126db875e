"""A county that was surveyed and assessed: two townships of two villages, every answer at a share of its target."""

from collections.abc import Callable, Collection
from datetime import timedelta

from anlan.accounts.tests.factories import COUNTY
from anlan.assessment.actions import results
from anlan.assessment.actions.answers import AnswerChange, save_answers
from anlan.assessment.core.entry import Entered
from anlan.assessment.core.values import Direction, Kind, Leaf
from anlan.assessment.models import Assessment, Round
from anlan.assessment.queries.surveys import system_of
from anlan.assessment.tests.county import MORNING, ready
from anlan.places import queries as places

Share = Callable[[str, Leaf], float | None]  # unit code and leaf → share of the target, None leaves it out
COUNTED = ("person", "set", "time/year")


def entered(leaf: Leaf, share: float, closes_on) -> Entered:
    """Return the entry that reaches that share of the target; of times and ages, that misses it by as much."""
    if leaf.kind is Kind.BOOLEAN:
        return Entered(value=float(share >= 0.5))
    if leaf.kind is Kind.DATE:
        return Entered(day=closes_on - timedelta(days=round(leaf.target * (2 - share))))
    if leaf.direction is Direction.NEGATIVE:
        return Entered(value=leaf.target * (2 - share))
    value = leaf.target * share
    return Entered(value=float(round(value)) if leaf.unit in COUNTED else value)


def alike(share: float, missing: Collection[tuple[str, str]] = ()) -> Share:
    """Return the same share everywhere, but for the answers that are left out."""
    return lambda unit, leaf: None if (unit, leaf.code) in missing else share


def fill(row: Round, actor, share: Share) -> None:
    leaves = system_of(row).leaves
    changes = [
        AnswerChange(unit.code, leaf.code, entered(leaf, reached, row.closes_on), None)
        for unit in places.units_within(COUNTY[:6], row.opens_on)
        for leaf in leaves
        if leaf.level == unit.level and (reached := share(unit.code, leaf)) is not None
    ]
    if changes:
        save_answers(actor=actor, round_id=row.pk, changes=changes, way="workbook", at=MORNING)


def assessed(actor, share: Share | None = None, *, row: Round | None = None, method: str = "default") -> Assessment:
    """Return the assessment of a round, by default of a new one in a county just recorded."""
    held = row or ready()
    fill(held, actor, share or alike(0.6))
    return results.run_assessment(actor=actor, round_id=held.pk, method=method, at=MORNING)


def published(actor, share: Share | None = None, **given) -> Assessment:
    found = assessed(actor, share, **given)
    return results.publish_assessment(actor=actor, assessment_id=found.pk, at=MORNING)
