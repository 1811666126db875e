"""The list of divisions, one division, its facts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.places import access, queries
from anlan.places.actions.facts import correct_facts
from anlan.places.core.checking import BadRows
from anlan.places.forms import FactsForm
from anlan.places.tables import DIVISIONS
from anlan.web.http import Request, page, version_in


@require_GET
@login_required
def division_list(request: Request) -> HttpResponse:
    context = {"may_manage": request.user.can("places.manage")}
    return DIVISIONS.respond(request, "places/divisions.html", queries.divisions_for(request.user), context)


@require_GET
@login_required
def division(request: Request, code: str) -> HttpResponse:
    found = access.division_for(request.user, code)
    return page(request, "places/division.html", queries.division_page(request.user, found, localdate()))


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, code: str) -> HttpResponse:
    found = access.standing_division_for(request.user, code)
    form = FactsForm(request.POST if request.method == "POST" else None, division=found)
    if form.is_valid() and _corrected(request, found.pk, form):
        messages.success(request, _("%(name)s is corrected") % {"name": form.cleaned_data["name"]})
        return redirect("division", code)
    context = {"division": found, "form": form, "version": request.POST.get("version", found.version)}
    return page(request, "places/edit.html", context, status=422 if form.errors else 200)


def _corrected(request: Request, division_id: int, form: FactsForm) -> bool:
    try:
        correct_facts(
            actor=request.user,
            division_id=division_id,
            expected_version=version_in(request),
            facts=form.cleaned_data,
            at=now(),
        )
    except BadRows as refused:
        form.refuse(refused)
        return False
    return True
