"""Pages of stations: the list with its map, one station, and its changes."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.telemetry import access
from anlan.telemetry.actions import stations as actions
from anlan.telemetry.forms import PurposeForm, StationForm
from anlan.telemetry.queries import forecasts, station_pages
from anlan.telemetry.queries import stations as queries
from anlan.telemetry.tables import STATIONS
from anlan.web.http import Request, page, version_in

READ, MANAGE, ACT = queries.READ, queries.MANAGE, queries.ACT


@require_GET
@login_required
def station_list(request: Request) -> HttpResponse:
    own = access.own_division(request.user)
    context = {"map": queries.map_of(request.user, own), "may_manage": request.user.can(MANAGE)}
    return STATIONS.respond(request, "telemetry/stations.html", queries.listed_for(request.user), context)


@require_GET
@login_required
def station(request: Request, station_id: int) -> HttpResponse:
    found = access.station_for(request.user, station_id)
    context = station_pages.station_page(request.user, found, request.GET.get("hours", ""), now())
    context["forecasts"] = forecasts.foretold_at(found, now())
    return page(request, "telemetry/station.html", context)


@require_GET
@login_required
def card(request: Request, station_id: int) -> HttpResponse:
    found = access.station_for(request.user, station_id)
    return page(request, "telemetry/station_card.html", station_pages.station_card(request.user, found, now()))


@require_http_methods(["GET", "POST"])
@login_required
def add(request: Request) -> HttpResponse:
    units = access.units_to_manage(request.user, localdate())
    form = StationForm(_data(request), units=units, upstream=queries.may_lie_upstream(request.user, None))
    added = form.attempt(lambda: actions.add_station(actor=request.user, row=form.row, at=now()))
    if added:
        messages.success(request, _("%(name)s is recorded") % {"name": added.name})
        return redirect("station", added.pk)
    context = {"form": form, "map": queries.map_of(request.user, access.own_division(request.user))}
    return page(request, "telemetry/station_form.html", _picked(context), status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, station_id: int) -> HttpResponse:
    found = access.station_for(request.user, station_id, MANAGE)
    units, upstream = access.units_to_manage(request.user, localdate()), queries.may_lie_upstream(request.user, found)
    form = StationForm(_data(request), units=units, upstream=upstream, station=found)
    if form.attempt(lambda: actions.change_station(**_on(request, found.pk), row=form.row)):
        messages.success(request, _("%(name)s is corrected") % {"name": form.cleaned_data["name"]})
        return redirect("station", found.pk)
    version = request.POST.get("version", found.version)
    context = {"form": form, "station": found, "version": version, "map": queries.map_around(request.user, found)}
    return page(request, "telemetry/station_form.html", _picked(context), status=422 if form.errors else 200)


@require_POST
@login_required
def close(request: Request, station_id: int) -> HttpResponse:
    found = access.station_for(request.user, station_id, MANAGE)
    actions.close_station(**_on(request, found.pk))
    messages.success(request, _("%(name)s is closed") % {"name": found.name})
    return redirect("station", found.pk)


@require_POST
@login_required
def reopen(request: Request, station_id: int) -> HttpResponse:
    found = access.station_for(request.user, station_id, MANAGE)
    actions.open_station(**_on(request, found.pk))
    messages.success(request, _("%(name)s is in use again") % {"name": found.name})
    return redirect("station", found.pk)


@require_POST
@login_required
def strike(request: Request, station_id: int) -> HttpResponse:
    found = access.station_for(request.user, station_id, MANAGE)
    actions.strike_station(**_on(request, found.pk))
    messages.success(request, _("%(name)s is struck from the record") % {"name": found.name})
    return redirect("stations")


@require_POST
@login_required
def phone(request: Request, station_id: int) -> HttpResponse:
    found = access.station_for(request.user, station_id, ACT if request.user.can(ACT) else MANAGE)
    form = PurposeForm(request.POST)
    purpose = form.cleaned_data["purpose"] if form.is_valid() else ""
    number = actions.show_keeper_phone(actor=request.user, station_id=found.pk, purpose=purpose, at=now())
    return page(request, "telemetry/station_phone.html", {"station": found, "phone": number})


def _data(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _on(request: Request, station_id: int) -> dict[str, Any]:
    """Return who changes which station as they saw it, and when."""
    return {"actor": request.user, "station_id": station_id, "expected_version": version_in(request), "at": now()}


def _picked(context: dict[str, Any]) -> dict[str, Any]:
    """Return the context with a map that fills in the form's place."""
    if context["map"]:
        context["map"]["pick"] = {"longitude": "id_longitude", "latitude": "id_latitude"}
    return context
