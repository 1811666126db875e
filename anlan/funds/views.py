"""Pages of the money: the list with the sums of each year, one source, its purposes, and its withdrawal."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.funds import access, actions, queries
from anlan.funds.documents.sources_file import sources_workbook
from anlan.funds.forms import EarmarkForm, SourceForm, SourcesFileForm, WithdrawForm
from anlan.funds.tables import SOURCES
from anlan.web.exports import WRITERS, attachment
from anlan.web.faulted_forms import FaultedForm
from anlan.web.http import Request, page, version_in

BOOK = WRITERS["xlsx"][1]


@require_GET
@login_required
def source_list(request: Request) -> HttpResponse:
    context = {"sums": queries.sums_for(request.user), "may_manage": bool(queries.counties_of(request.user))}
    return SOURCES.respond(request, "funds/sources.html", queries.sources_for(request.user), context)


@require_GET
@login_required
def source(request: Request, source_id: int) -> HttpResponse:
    found = access.source_for(request.user, source_id)
    return page(request, "funds/source.html", queries.source_page(request.user, found))


@require_http_methods(["GET", "POST"])
@login_required
def add(request: Request) -> HttpResponse:
    counties = access.counties_to_manage(request.user)
    form = SourceForm(_data(request), counties=counties, year=localdate().year)
    added = form.attempt(lambda: actions.add_source(actor=request.user, source=form.source, at=now()))
    if added:
        messages.success(request, _("%(name)s is recorded; say next what it is for") % {"name": added.name})
        return redirect("source", added.pk)
    return page(request, "funds/source_form.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@login_required
def workbook(request: Request) -> HttpResponse:
    return attachment(sources_workbook(queries.standing_for(request.user)), "sources.xlsx", BOOK)


@require_http_methods(["GET", "POST"])
@login_required
def bring_in(request: Request) -> HttpResponse:
    counties = access.counties_to_manage(request.user)
    form = SourcesFileForm(_data(request), request.FILES or None, counties=counties)
    loaded = form.attempt(lambda: actions.bring_in_sources(actor=request.user, **form.given, at=now()))
    if loaded:
        messages.success(request, _("%(added)d new, %(changed)d changed") % {"added": loaded[0], "changed": loaded[1]})
        return redirect("sources")
    context = {"form": form, "faults": form.row_faults}
    return page(request, "funds/sources_file.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, source_id: int) -> HttpResponse:
    found = access.standing_source_for(request.user, source_id)
    form = SourceForm(_data(request), counties=[], source=found)
    changed = form.attempt(lambda: actions.change_source(**_on(request, found.pk), changes=form.changes))
    if changed:
        messages.success(request, _("%(name)s is corrected") % {"name": changed.name})
        return redirect("source", found.pk)
    return page(request, "funds/source_form.html", _formed(request, form, found), status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def bind(request: Request, source_id: int) -> HttpResponse:
    found = access.standing_source_for(request.user, source_id)
    form = EarmarkForm(_data(request), county_code=found.county_code)
    if form.attempt(lambda: actions.add_earmark(**_on(request, found.pk), earmark=form.earmark)):
        messages.success(request, _("The purpose is recorded"))
        return redirect("source", found.pk)
    return page(request, "funds/earmark_form.html", _formed(request, form, found), status=422 if form.errors else 200)


@require_POST
@login_required
def unbind(request: Request, source_id: int, earmark_id: int) -> HttpResponse:
    found = access.standing_source_for(request.user, source_id)
    actions.remove_earmark(**_on(request, found.pk), earmark_id=earmark_id)
    messages.success(request, _("The purpose is taken away"))
    return redirect("source", found.pk)


@require_http_methods(["GET", "POST"])
@login_required
def withdraw(request: Request, source_id: int) -> HttpResponse:
    found = access.standing_source_for(request.user, source_id)
    form = WithdrawForm(_data(request))
    if form.attempt(lambda: actions.withdraw_source(**_on(request, found.pk), reason=form.cleaned_data["reason"])):
        messages.success(request, _("%(name)s is withdrawn; it stays on record") % {"name": found.name})
        return redirect("source", found.pk)
    return page(request, "funds/withdraw.html", _formed(request, form, found), status=422 if form.errors else 200)


def _data(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _on(request: Request, source_id: int) -> dict[str, Any]:
    """Return who changes which source as they saw it, and when."""
    return {"actor": request.user, "source_id": source_id, "expected_version": version_in(request), "at": now()}


def _formed(request: Request, form: FaultedForm, found: Any) -> dict[str, Any]:
    return {"form": form, "source": found, "version": request.POST.get("version", found.version)}
