"""Plans: the list, a new one, one plan with its lines, units and what was missed, its unit's share, all years."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.accounts import queries as accounts
from anlan.allocation import access, plan_access, plan_tables
from anlan.allocation.actions import plan_solving
from anlan.allocation.actions import plans as actions
from anlan.allocation.core.asked import Asked, begun
from anlan.allocation.plan_forms import WishesForm, YearsForm
from anlan.allocation.queries import plan_inputs, plans, rules, siting
from anlan.funds import queries as funds
from anlan.kernel.refusal import Refusal
from anlan.web.http import Request, page


def rights(request: Request, plan: Any) -> dict[str, Any]:
    """Return what every page of a plan asks: the plan, and what the reader may do with it."""
    may_plan = request.user.can("allocation.plan", plan.county_code)
    may_decide = request.user.can("allocation.approve", plan.county_code)
    is_own = request.user.pk in {*plan.author_ids, plan.reviewed_by_id}
    return {
        "plan": plan,
        "round": plan.assessment.round,
        "may_change": may_plan and plan.is_draft,
        "may_plan": may_plan,
        "may_decide": may_decide and plan.state == "reviewed" and not is_own,
        "is_own": is_own and may_decide and plan.state == "reviewed",
        "sees_whole": plan_access.sees_whole(request.user, plan.county_code),
    }


@require_GET
@login_required
def plan_list(request: Request) -> HttpResponse:
    county_code = access.county_for(request.user, request.GET.get("county", ""))
    with_drafts = plan_access.sees_drafts(request.user, county_code)
    context = {
        "county_code": county_code,
        "counties": access.counties_of(request.user),
        "may_plan": request.user.can("allocation.plan", county_code),
        "has_rules": rules.has_rules(county_code),
    }
    rows = plans.plans_of(county_code, with_drafts=with_drafts)
    return plan_tables.PLANS.respond(request, "allocation/plans.html", rows, context)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: Request, code: str) -> HttpResponse:
    county_code = plan_access.county_to_plan(request.user, code)
    asked, years = _beginning(request, county_code)
    sources = funds.sources_of(county_code, asked.years)
    form = WishesForm(asked, sources, request.POST or None, name=_("Plan %(year)s") % {"year": asked.first_year})
    if request.method == "POST" and form.is_valid():
        try:
            return _drafted(request, county_code, form)
        except Refusal as refused:
            form.refuse(refused)
    context = {"form": form, "years": years, "asked": asked, "county_code": county_code, "sources": sources}
    return page(request, "allocation/plan_new.html", context, status=422 if request.method == "POST" else 200)


def _beginning(request: Request, county_code: str) -> tuple[Asked, YearsForm]:
    """Return what a new plan asks to begin with, for the years in the address."""
    this_year = localdate().year
    form = YearsForm({"first_year": this_year, "years": 1} | request.GET.dict())
    years = form.years_chosen() if form.is_valid() else (this_year,)
    pinned = siting.pinned_of(county_code) if rules.has_rules(county_code) else {}
    return begun(plan_inputs.usual_budgets(county_code, years), years, pinned), form


def _drafted(request: Request, county_code: str, form: WishesForm) -> HttpResponse:
    given = {"name": form.cleaned_data["name"], "asked": form.wished()}
    plan = actions.draft_plan(actor=request.user, county_code=county_code, at=now(), **given)
    if "draft" in request.POST:
        messages.success(request, _("The draft is saved."))
        return redirect("plan", plan.pk)
    job = plan_solving.request_solution(actor=request.user, plan_id=plan.pk, expected_version=plan.version, at=now())
    return redirect("job", job.pk)


@require_GET
@login_required
def plan(request: Request, plan_id: int) -> HttpResponse:
    found = plan_access.plan_for(request.user, plan_id)
    scope = accounts.scope_of(request.user, "allocation.read")
    context = rights(request, found) | plans.plan_page(found, scope, request.GET.get("level", ""))
    return page(request, "allocation/plan.html", context)


@require_GET
@login_required
def map_data(request: Request, plan_id: int, level: str) -> HttpResponse:
    found = plan_access.plan_for(request.user, plan_id)
    scope = accounts.scope_of(request.user, "allocation.read")
    return JsonResponse(plans.map_features(found, scope, level))


@require_GET
@login_required
def lines(request: Request, plan_id: int) -> HttpResponse:
    found = plan_access.plan_for(request.user, plan_id)
    rows = plans.lines_within(found, accounts.scope_of(request.user, "allocation.read"))
    pairs = rows.order_by("township_code").values_list("township_code", "township_name").distinct()
    table = plan_tables.lines_table(tuple(pairs))
    return table.respond(request, "allocation/plan_lines.html", rows, rights(request, found))


@require_GET
@login_required
def units(request: Request, plan_id: int) -> HttpResponse:
    found = plan_access.plan_for(request.user, plan_id)
    rows = plans.units_within(found, accounts.scope_of(request.user, "allocation.read"))
    return plan_tables.UNITS.respond(request, "allocation/plan_units.html", rows, rights(request, found))


@require_GET
@login_required
def misses(request: Request, plan_id: int) -> HttpResponse:
    found = plan_access.plan_for(request.user, plan_id)
    rows = plans.misses_within(found, accounts.scope_of(request.user, "allocation.read"))
    return plan_tables.MISSES.respond(request, "allocation/plan_misses.html", rows, rights(request, found))


@require_GET
@login_required
def unit(request: Request, plan_id: int, code: str) -> HttpResponse:
    found: Any = plan_access.plan_unit_for(request.user, plan_id, code)
    return page(request, "allocation/plan_unit.html", rights(request, found.plan) | plans.unit_page(found))


@require_GET
@login_required
def history(request: Request) -> HttpResponse:
    county_code = access.county_for(request.user, request.GET.get("county", ""))
    scope = accounts.scope_of(request.user, "allocation.read")
    context = {"county_code": county_code, "history": plans.history_of(county_code, scope)}
    return page(request, "allocation/plan_history.html", context)
