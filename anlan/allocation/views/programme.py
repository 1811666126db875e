"""The programme of a county, township or village on one page."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from anlan.accounts import queries as accounts
from anlan.allocation import access
from anlan.allocation.queries import programme
from anlan.places.access import division_for
from anlan.web.http import Request, page


@require_GET
@login_required
def own(request: Request) -> HttpResponse:
    code = programme.first_area(accounts.scope_of(request.user, "allocation.read"))
    if not code:
        code = access.county_for(request.user)
    return redirect("programme", code)


@require_GET
@login_required
def unit(request: Request, code: str) -> HttpResponse:
    division = division_for(request.user, code, "allocation.read")
    if division.level not in {"county", "township", "village"}:
        raise Http404
    sees_tasks = request.user.can("tasks.read", code)
    context = programme.programme_page(division.code, division.name, localdate(), sees_tasks=sees_tasks)
    scope = accounts.scope_of(request.user, "allocation.read")
    context["above"] = [(each, name) for each, name in context["above"] if scope.covers(each)]
    return page(request, "allocation/programme.html", context)
