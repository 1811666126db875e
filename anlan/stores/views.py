"""Pages of reserve points and shelters: the list with its map, one site, and its changes."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.stores import access, actions, queries
from anlan.stores.documents.sites_file import sites_workbook
from anlan.stores.forms import PurposeForm, SiteForm
from anlan.stores.tables import SITES
from anlan.web.exports import WRITERS, attachment
from anlan.web.http import Request, page, version_in
from anlan.web.row_forms import WorkbookForm

BOOK = WRITERS["xlsx"][1]


@require_GET
@login_required
def site_list(request: Request) -> HttpResponse:
    own = access.own_division(request.user)
    context = {"map": queries.map_of(request.user, own), "may_manage": request.user.can("stores.manage")}
    return SITES.respond(request, "stores/sites.html", queries.sites_for(request.user), context)


@require_GET
@login_required
def site(request: Request, site_id: int) -> HttpResponse:
    found = access.site_for(request.user, site_id)
    return page(request, "stores/site.html", queries.site_page(request.user, found))


@require_http_methods(["GET", "POST"])
@login_required
def add(request: Request) -> HttpResponse:
    units = access.units_to_manage(request.user, localdate())
    form = SiteForm(_data(request), units=units)
    added = form.attempt(lambda: actions.add_site(actor=request.user, site=form.row, at=now()))
    if added:
        messages.success(request, _("%(name)s is recorded") % {"name": added.name})
        return redirect("site", added.pk)
    context = {"form": form, "map": queries.map_of(request.user, access.own_division(request.user))}
    return page(request, "stores/site_form.html", _picked(context), status=422 if form.errors else 200)


@require_GET
@login_required
def workbook(request: Request) -> HttpResponse:
    return attachment(sites_workbook(queries.rows_for(request.user)), "sites.xlsx", BOOK)


@require_http_methods(["GET", "POST"])
@login_required
def bring_in(request: Request) -> HttpResponse:
    units = dict(access.units_to_manage(request.user, localdate()))
    form = WorkbookForm(_data(request), request.FILES or None)
    loaded = form.attempt(
        lambda: actions.bring_in_sites(actor=request.user, units=units, content=form.content, at=now())
    )
    if loaded:
        messages.success(request, _("%(added)d new, %(changed)d changed") % {"added": loaded[0], "changed": loaded[1]})
        return redirect("sites")
    context = {"form": form, "faults": form.row_faults}
    return page(request, "stores/sites_file.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, site_id: int) -> HttpResponse:
    found = access.site_to_change(request.user, site_id)
    form = SiteForm(_data(request), units=access.units_to_manage(request.user, localdate()), site=found)
    if form.attempt(lambda: actions.change_site(**_on(request, found.pk), site=form.row)):
        messages.success(request, _("%(name)s is corrected") % {"name": form.cleaned_data["name"]})
        return redirect("site", found.pk)
    version = request.POST.get("version", found.version)
    context = {"form": form, "site": found, "version": version, "map": queries.map_around(request.user, found)}
    return page(request, "stores/site_form.html", _picked(context), status=422 if form.errors else 200)


@require_POST
@login_required
def close(request: Request, site_id: int) -> HttpResponse:
    found = access.site_to_change(request.user, site_id)
    actions.close_site(**_on(request, found.pk))
    messages.success(request, _("%(name)s is closed") % {"name": found.name})
    return redirect("site", found.pk)


@require_POST
@login_required
def reopen(request: Request, site_id: int) -> HttpResponse:
    found = access.site_to_change(request.user, site_id)
    actions.open_site(**_on(request, found.pk))
    messages.success(request, _("%(name)s is in use again") % {"name": found.name})
    return redirect("site", found.pk)


@require_POST
@login_required
def strike(request: Request, site_id: int) -> HttpResponse:
    found = access.site_to_change(request.user, site_id)
    actions.remove_site(**_on(request, found.pk))
    messages.success(request, _("%(name)s is struck from the record") % {"name": found.name})
    return redirect("sites")


@require_POST
@login_required
def phone(request: Request, site_id: int) -> HttpResponse:
    found = access.site_to_change(request.user, site_id)
    form = PurposeForm(request.POST)
    purpose = form.cleaned_data["purpose"] if form.is_valid() else ""
    number = actions.show_keeper_phone(actor=request.user, site_id=found.pk, purpose=purpose, at=now())
    return page(request, "stores/site.html", queries.site_page(request.user, found) | {"phone": number})


def _data(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _on(request: Request, site_id: int) -> dict[str, Any]:
    """Return who changes which site as they saw it, and when."""
    return {"actor": request.user, "site_id": site_id, "expected_version": version_in(request), "at": now()}


def _picked(context: dict[str, Any]) -> dict[str, Any]:
    """Return the context with a map that fills in the form's place."""
    if context["map"]:
        context["map"]["pick"] = {"longitude": "id_longitude", "latitude": "id_latitude"}
    return context
