"""The doors of plans. A draft is seen by whoever plans or decides for the county; decided plans by all inside it."""

from django.http import Http404

from anlan.accounts import queries as accounts
from anlan.allocation.core.plan_life import PlanState
from anlan.allocation.models import Plan, PlanDocument, PlanUnit
from anlan.web.http import Person

DECIDED = (PlanState.APPROVED, PlanState.SUPERSEDED)


def sees_drafts(person: Person, county_code: str) -> bool:
    """Tell whether the person sees the county's plans before they are approved."""
    return any(person.can(capability, county_code) for capability in ("allocation.plan", "allocation.approve"))


def plan_for(person: Person, plan_id: int) -> Plan:
    """Return a plan for whoever answers for its county or for something inside it; drafts for those who plan.

    Raises:
        Http404: it does not exist, is another county's, or is not decided yet.
    """
    rows = Plan.objects.plain().select_related("assessment__round", "supersedes", "variant_of")
    found = rows.defer("content", "assessment__content", "supersedes__content", "variant_of__content")
    plan = found.filter(pk=plan_id).first()
    if plan is None:
        raise Http404
    if sees_drafts(person, plan.county_code):
        return plan
    if plan.state not in DECIDED or not accounts.scope_of(person, "allocation.read").reaches(plan.county_code):
        raise Http404
    return plan


def plan_to_change(person: Person, plan_id: int) -> Plan:
    """Return a plan for whoever makes the county's plans; the actions refuse to change one that is no draft.

    Raises:
        Http404: it does not exist, or the person does not make them.
    """
    plan = plan_for(person, plan_id)
    if not person.can("allocation.plan", plan.county_code):
        raise Http404
    return plan


def plan_to_decide(person: Person, plan_id: int) -> Plan:
    """Return a plan for whoever approves the county's plans.

    Raises:
        Http404: it does not exist, or the person does not approve them.
    """
    plan = plan_for(person, plan_id)
    if not person.can("allocation.approve", plan.county_code):
        raise Http404
    return plan


def plan_unit_for(person: Person, plan_id: int, code: str) -> PlanUnit:
    """Return what a plan gives a unit that the person answers for, with the plan.

    Raises:
        Http404: the plan or the unit is not the person's, or the plan knows no such unit.
    """
    plan = plan_for(person, plan_id)
    found = PlanUnit.objects.filter(plan=plan, code=code).first()
    scope = accounts.scope_of(person, "allocation.read")
    if found is None or not scope.covers(code):
        raise Http404
    found.plan = plan
    return found


def county_to_plan(person: Person, county_code: str) -> str:
    """Return the county's code for whoever makes its plans.

    Raises:
        Http404: the person does not.
    """
    if not person.can("allocation.plan", county_code):
        raise Http404
    return county_code


def document_for(person: Person, document_id: int) -> PlanDocument:
    """Return an issued document of a plan; it tells of the whole county, so only those who see all of it have it.

    Raises:
        Http404: it does not exist, or the person answers for a part only.
    """
    found = PlanDocument.objects.select_related("plan").defer("plan__content").filter(pk=document_id).first()
    if found is None or not sees_whole(person, found.plan.county_code):
        raise Http404
    return found


def sees_whole(person: Person, county_code: str) -> bool:
    """Tell whether the person reads the plans of the whole county."""
    return accounts.scope_of(person, "allocation.read").covers(county_code)


def solved_plan_for(person: Person, plan_id: int) -> Plan:
    """Return a solved plan for whoever sees all of it: to take its documents away.

    Raises:
        Http404: it has no answer yet, or the person answers for a part only.
    """
    plan = plan_for(person, plan_id)
    if not plan.is_solved or not sees_whole(person, plan.county_code):
        raise Http404
    return plan
