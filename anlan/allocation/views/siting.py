"""Siting studies: the list, the question, what was found, what becomes of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.accounts import queries as accounts
from anlan.allocation import access, siting_access, siting_tables
from anlan.allocation.actions import siting as actions
from anlan.allocation.actions import siting_adoption
from anlan.allocation.queries import siting as queries
from anlan.allocation.queries import siting_pages
from anlan.allocation.siting_forms import SitingForm
from anlan.ground.versions import Conflict
from anlan.kernel.refusal import Refusal
from anlan.web.http import Request, page, version_in


@require_GET
@login_required
def sitings(request: Request) -> HttpResponse:
    county_code = access.county_for(request.user, request.GET.get("county", ""))
    may_plan = siting_access.may_plan(request.user, county_code)
    rows = queries.sitings_within(county_code, with_drafts=may_plan)
    context = {"county_code": county_code, "counties": access.counties_of(request.user), "may_plan": may_plan}
    return siting_tables.SITINGS.respond(request, "allocation/sitings.html", rows, context)


@require_http_methods(["GET", "POST"])
@login_required
def siting_new(request: Request, code: str) -> HttpResponse:
    county_code = siting_access.county_to_plan(request.user, code)
    form = SitingForm(request.POST or None, units=queries.units_of(county_code, localdate()))
    if request.method == "POST" and form.is_valid():
        try:
            settings = form.settings()
            row = actions.begin_siting(actor=request.user, county_code=county_code, settings=settings, at=now())
            return redirect("siting", row.pk)
        except Refusal as refused:
            form.refuse(refused)
    return _form_page(request, form, {"county_code": county_code})


def _form_page(request: Request, form: SitingForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return page(request, "allocation/siting_form.html", {"form": form, **context}, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def siting_edit(request: Request, siting_id: int) -> HttpResponse:
    row = siting_access.draft_to_plan(request.user, siting_id)
    form = SitingForm(request.POST or None, units=queries.units_of(row.county_code, localdate()), siting=row)
    if request.method == "POST" and form.is_valid():
        try:
            return _changed(request, row.pk, form)
        except Conflict:
            raise
        except Refusal as refused:
            form.refuse(refused)
    return _form_page(request, form, {"siting": row, "county_code": row.county_code})


def _changed(request: Request, siting_id: int, form: SitingForm) -> HttpResponse:
    actions.change_siting(
        actor=request.user,
        siting_id=siting_id,
        expected_version=version_in(request),
        settings=form.settings(),
        at=now(),
    )
    return redirect("siting", siting_id)


@require_GET
@login_required
def siting(request: Request, siting_id: int) -> HttpResponse:
    row = siting_access.siting_for(request.user, siting_id)
    context = siting_pages.siting_page(row, accounts.scope_of(request.user, "allocation.read"))
    return page(request, "allocation/siting.html", context | _frame(request, row))


def _frame(request: Request, row: Any) -> dict[str, Any]:
    """Return what every page of a study shows: whether the reader plans the county, and the other studies."""
    may_plan = siting_access.may_plan(request.user, row.county_code)
    return {"siting": row, "may_plan": may_plan, "others": queries.others_of(row)}


@require_GET
@login_required
def siting_points(request: Request, siting_id: int) -> HttpResponse:
    row = siting_access.solved_for(request.user, siting_id)
    scope = accounts.scope_of(request.user, "allocation.read")
    served = siting_pages.served_names(row, scope)
    table = siting_tables.points_table(served, siting_pages.counted_name(row))
    rows = queries.points_within(row, scope)
    return table.respond(request, "allocation/siting_points.html", rows, _frame(request, row))


@require_GET
@login_required
def siting_villages(request: Request, siting_id: int) -> HttpResponse:
    row = siting_access.solved_for(request.user, siting_id)
    rows = queries.villages_within(row, accounts.scope_of(request.user, "allocation.read"))
    table = siting_tables.villages_table(siting_pages.counted_name(row))
    return table.respond(request, "allocation/siting_villages.html", rows, _frame(request, row))


@require_GET
@login_required
def siting_data(request: Request, siting_id: int, layer: str) -> HttpResponse:
    row = siting_access.solved_for(request.user, siting_id)
    if layer not in siting_pages.FEATURES:
        raise Http404
    scope = accounts.scope_of(request.user, "allocation.read")
    return JsonResponse(siting_pages.siting_features(row, scope, layer))


@require_GET
@login_required
def siting_compare(request: Request, siting_id: int) -> HttpResponse:
    one = siting_access.solved_for(request.user, siting_id)
    wanted = request.GET.get("with", "")
    other = siting_access.solved_for(request.user, int(wanted) if wanted.isdecimal() else 0)
    if other.county_code != one.county_code:
        raise Http404
    scope = accounts.scope_of(request.user, "allocation.read")
    context = siting_pages.comparison_page(one, other, scope)
    return page(request, "allocation/siting_compare.html", _frame(request, one) | context)


@require_POST
@login_required
def siting_solve(request: Request, siting_id: int) -> HttpResponse:
    row = siting_access.siting_to_plan(request.user, siting_id)
    job = actions.request_solution(actor=request.user, siting_id=row.pk, expected_version=version_in(request), at=now())
    return redirect("job", job.pk)


@require_POST
@login_required
def siting_copy(request: Request, siting_id: int) -> HttpResponse:
    row = siting_access.siting_to_plan(request.user, siting_id)
    copied = actions.copy_siting(actor=request.user, siting_id=row.pk, name=row.name, at=now())
    messages.success(request, _("The study is copied. Change the question, then solve it."))
    return redirect("siting-edit", copied.pk)


@require_POST
@login_required
def siting_discard(request: Request, siting_id: int) -> HttpResponse:
    row = siting_access.siting_to_plan(request.user, siting_id)
    actions.discard_siting(actor=request.user, siting_id=row.pk, expected_version=version_in(request), at=now())
    messages.success(request, _("The study is thrown away."))
    return redirect("sitings")


@require_POST
@login_required
def siting_adopt(request: Request, siting_id: int) -> HttpResponse:
    row = siting_access.siting_to_plan(request.user, siting_id)
    siting_adoption.adopt_siting(
        actor=request.user,
        siting_id=row.pk,
        expected_version=version_in(request),
        measure_code=request.POST.get("measure_code", ""),
        at=now(),
    )
    messages.success(request, _("The proposed points are in the plan: plans made from now on hold them."))
    return redirect("siting", row.pk)


@require_POST
@login_required
def siting_withdraw(request: Request, siting_id: int) -> HttpResponse:
    row = siting_access.siting_to_plan(request.user, siting_id)
    siting_adoption.withdraw_siting(
        actor=request.user,
        siting_id=row.pk,
        expected_version=version_in(request),
        reason=request.POST.get("reason", ""),
        at=now(),
    )
    messages.success(request, _("The study is withdrawn."))
    return redirect("siting", row.pk)


@require_POST
@login_required
def siting_open(request: Request, point_id: int) -> HttpResponse:
    point = siting_access.point_to_open(request.user, point_id)
    siting_adoption.open_point(actor=request.user, point_id=point.pk, name=request.POST.get("name", ""), at=now())
    messages.success(request, _("%(name)s is on record as a site.") % {"name": point.name})
    return redirect("siting", point.siting_id)
