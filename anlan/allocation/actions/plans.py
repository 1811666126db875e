"""Drafting a plan: what it is asked, lines kept and barred, variants of it, throwing it away."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from anlan.allocation.core.asked import Asked, asked_content, asked_from_content, check_asked, with_line
from anlan.allocation.core.plan_life import PlanState
from anlan.allocation.models import Plan
from anlan.allocation.queries import plan_inputs, rules
from anlan.assessment.queries import results
from anlan.ground.audit import audit
from anlan.ground.versions import check_version, save_version
from anlan.kernel.refusal import Refusal
from anlan.web.http import Person

Line = tuple[str, str]  # unit code, measure code
SOLUTION: dict[str, object] = {
    "content": None,
    "sha256": "",
    "rule_hashes": {},
    "newer_round": "",
    "notes": [],
    "figures": {},
    "solver": "",
    "objective": None,
    "bound": None,
    "gap": None,
    "budget_fen": 0,
    "spent_fen": 0,
    "solved_at": None,
}


class NoAssessment(Refusal):
    """Without a published assessment there is nothing to plan by."""


class NotADraftPlan(Refusal):
    """Only a draft is changed."""


class NoName(Refusal):
    """A plan has a name."""


@transaction.atomic
def draft_plan(
    *, actor: Person, county_code: str, name: str, asked: Asked, at: datetime, variant_of: int | None = None
) -> Plan:
    """Begin a plan of the county's money by its latest published assessment.

    Raises:
        NoAssessment: the county has none.
        NoRules: the county has no rules of the allocation.
        BadWish: something is asked that cannot be.
        NoName: the name is empty.
    """
    assessment = results.published_of_county(county_code)
    if assessment is None:
        raise NoAssessment("The county has no published assessment yet; assess a round and publish it first")
    rules.rules_of(county_code)
    check_asked(asked)
    plan_inputs.earmarked(county_code, asked)
    plan = Plan.objects.create(
        county_code=county_code,
        number=(Plan.objects.filter(county_code=county_code).aggregate(last=Max("number"))["last"] or 0) + 1,
        name=_name(name),
        first_year=asked.years[0],
        last_year=asked.years[-1],
        assessment=assessment,
        variant_of_id=variant_of,
        asked=asked_content(asked),
        author_ids=[actor.pk],
        made_by_name=actor.name,
        made_at=at,
    )
    audit(actor, "plan drafted", plan, at=at, detail={"name": plan.name})
    return plan


def _name(text: str) -> str:
    if not text.strip():
        raise NoName("Give the plan a name")
    return text.strip()[:80]


@transaction.atomic
def change_wishes(*, actor: Person, plan_id: int, name: str, asked: Asked, expected_version: int, at: datetime) -> Plan:
    """Ask a draft for something else; its answer, which was to another question, goes.

    Raises:
        NotADraftPlan: it was put forward or approved meanwhile.
        Conflict: somebody else changed it.
        BadWish: something is asked that cannot be.
    """
    plan = draft_of(plan_id, expected_version)
    check_asked(asked)
    plan_inputs.earmarked(plan.county_code, asked)
    plan.name = _name(name)
    _ask(actor, plan, asked)
    audit(actor, "plan changed", plan, at=at)
    return plan


@transaction.atomic
def set_lines(
    *, actor: Person, plan_id: int, lines: Iterable[tuple[Line, int | None]], expected_version: int, at: datetime
) -> Plan:
    """Keep lines at their pieces, bar them at 0, or leave them free again at None; the plan must be solved anew.

    Raises:
        NotADraftPlan, Conflict, BadWish: as for `change_wishes`.
    """
    plan = draft_of(plan_id, expected_version)
    asked = asked_from_content(plan.asked)
    for line, pieces in lines:
        asked = with_line(asked, line, pieces=pieces)
    check_asked(asked)
    _ask(actor, plan, asked)
    audit(actor, "plan changed", plan, at=at, detail={"count": len(asked.settings.pinned) + len(asked.settings.barred)})
    return plan


@transaction.atomic
def refresh_assessment(*, actor: Person, plan_id: int, expected_version: int, at: datetime) -> Plan:
    """Let a draft follow the county's latest published assessment.

    Raises:
        NotADraftPlan, Conflict: as for `change_wishes`.
    """
    plan = draft_of(plan_id, expected_version)
    latest = results.published_of_county(plan.county_code)
    if latest is None:
        raise NoAssessment("The county has no published assessment yet; assess a round and publish it first")
    plan.assessment = latest
    _ask(actor, plan, asked_from_content(plan.asked))
    audit(actor, "plan changed", plan, at=at)
    return plan


@transaction.atomic
def discard_plan(*, actor: Person, plan_id: int, expected_version: int, at: datetime) -> None:
    """Throw a draft away.

    Raises:
        NotADraftPlan, Conflict: as for `change_wishes`.
    """
    plan = draft_of(plan_id, expected_version)
    audit(actor, "plan discarded", plan, at=at, detail={"name": plan.name})
    plan.delete()


def draft_of(plan_id: int, expected_version: int) -> Plan:
    """Return a draft, held until the change commits.

    Raises:
        NotADraftPlan: it is none any more.
        Conflict: somebody else changed it.
    """
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan_id)
    if plan.state != PlanState.DRAFT:
        raise NotADraftPlan("This plan was put forward or approved; what changes it is a new plan")
    check_version(plan, expected_version)
    return plan


def _ask(actor: Person, plan: Plan, asked: Asked) -> None:
    """Write the wishes, and drop the answer to the old ones."""
    plan.lines.all().delete()
    plan.units.all().delete()
    plan.misses.all().delete()
    plan.asked = asked_content(asked)
    plan.first_year, plan.last_year = asked.years[0], asked.years[-1]
    if actor.pk not in plan.author_ids:
        plan.author_ids = [*plan.author_ids, actor.pk]
    for field, value in SOLUTION.items():
        setattr(plan, field, value)
    own = ["name", "asked", "first_year", "last_year", "author_ids", "assessment"]
    save_version(plan, [*own, *SOLUTION])
