"""A county with an assessment, rules and money: what a plan is made from; and its cast."""

from datetime import UTC, datetime
from typing import Any

from anlan.accounts.core.roles import Role
from anlan.accounts.models import User
from anlan.accounts.tests.factories import COUNTY, person
from anlan.allocation.actions import plan_decisions, plan_solving, plans, rules
from anlan.allocation.core.asked import Asked, begun
from anlan.allocation.models import Plan
from anlan.allocation.queries import plan_inputs
from anlan.assessment.core.values import Leaf
from anlan.assessment.tests.assessed import published
from anlan.assessment.tests.county import SECOND_VILLAGE
from anlan.funds.core.values import NewEarmark
from anlan.funds.models import Source
from anlan.funds.tests.factories import source

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
YEARS = (2026,)
NAME = "2026年度资源分配方案"
YUAN = 100


def shares(unit: str, _leaf: Leaf) -> float:
    """Return what each answer reaches: one village is far behind the others."""
    return 0.2 if unit == SECOND_VILLAGE else 0.6


def county(planner: Any, *, yuan: int = 200_000) -> Source:
    """Record a county that was assessed, its rules and one source of money that may buy anything."""
    published(planner, shares)
    rules.load_default_rules(actor=None, county_code=COUNTY, at=NOON)
    return source(None, amount_fen=yuan * YUAN)


def bound_source(*, yuan: int, **purpose: Any) -> Source:
    return source(None, NewEarmark(**purpose), amount_fen=yuan * YUAN, document_number="另一文号")


def grace() -> User:
    """The commander, who approves what others made."""
    return person("grace", Role.COMMANDER)


def wishes(years: tuple[int, ...] = YEARS) -> Asked:
    return begun(plan_inputs.usual_budgets(COUNTY, years), years)


def drafted(actor: Any, asked: Asked | None = None, **given: Any) -> Plan:
    return plans.draft_plan(
        actor=actor, county_code=COUNTY, **({"name": NAME, "asked": asked or wishes(), "at": NOON} | given)
    )


def solved(actor: Any, asked: Asked | None = None, **given: Any) -> Plan:
    row = drafted(actor, asked, **given)
    return plan_solving.solve_plan(actor=actor, plan_id=row.pk, expected_version=row.version, at=NOON)


def put_forward(actor: Any, asked: Asked | None = None, **given: Any) -> Plan:
    row = solved(actor, asked, **given)
    return plan_decisions.put_forward(actor=actor, plan_id=row.pk, expected_version=row.version, at=NOON)


def approved(actor: Any, approver: Any, asked: Asked | None = None, **given: Any) -> Plan:
    row = put_forward(actor, asked, **given)
    return plan_decisions.approve_plan(actor=approver, plan_id=row.pk, expected_version=row.version, at=NOON)
