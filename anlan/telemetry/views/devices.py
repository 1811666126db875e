"""Pages of devices: the list with their health, one device, its changes and its key."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.telemetry import access
from anlan.telemetry.actions import devices as actions
from anlan.telemetry.device_forms import DeviceForm
from anlan.telemetry.device_tables import DEVICES
from anlan.telemetry.queries import devices as queries
from anlan.telemetry.queries.stations import MANAGE
from anlan.web.http import Request, page, version_in


@require_GET
@login_required
def device_list(request: Request) -> HttpResponse:
    return DEVICES.respond(request, "telemetry/devices.html", queries.listed_for(request.user, now()))


@require_GET
@login_required
def device(request: Request, device_id: int) -> HttpResponse:
    found = access.device_for(request.user, device_id)
    return page(request, "telemetry/device.html", queries.device_page(request.user, found, now()))


@require_http_methods(["GET", "POST"])
@login_required
def add(request: Request, station_id: int) -> HttpResponse:
    station = access.station_for(request.user, station_id, MANAGE)
    form = DeviceForm(_data(request), station=station)
    added = form.attempt(lambda: actions.add_device(actor=request.user, row=form.row, at=now()))
    if added:
        messages.success(request, _("%(name)s is recorded") % {"name": added.code})
        return redirect("device", added.pk)
    context = {"form": form, "station": station}
    return page(request, "telemetry/device_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, device_id: int) -> HttpResponse:
    found = access.device_for(request.user, device_id, MANAGE)
    form = DeviceForm(_data(request), station=found.station, device=found)
    if form.attempt(lambda: actions.change_device(**_on(request, found.pk), row=form.row)):
        messages.success(request, _("%(name)s is corrected") % {"name": found.code})
        return redirect("device", found.pk)
    version = request.POST.get("version", found.version)
    context = {"form": form, "device": found, "station": found.station, "version": version}
    return page(request, "telemetry/device_form.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def key(request: Request, device_id: int) -> HttpResponse:
    found = access.device_for(request.user, device_id, MANAGE)
    found, issued = actions.issue_key(**_on(request, found.pk))
    context = queries.device_page(request.user, found, now()) | {"key": issued}
    response = page(request, "telemetry/device.html", context)
    response["Cache-Control"] = "no-store"  # told this once
    return response


@require_POST
@login_required
def withdraw_key(request: Request, device_id: int) -> HttpResponse:
    found = access.device_for(request.user, device_id, MANAGE)
    actions.withdraw_key(**_on(request, found.pk))
    messages.success(request, _("The key of %(name)s is good for nothing now") % {"name": found.code})
    return redirect("device", found.pk)


@require_POST
@login_required
def strike(request: Request, device_id: int) -> HttpResponse:
    found = access.device_for(request.user, device_id, MANAGE)
    actions.strike_device(**_on(request, found.pk))
    messages.success(request, _("%(name)s is struck from the record") % {"name": found.code})
    return redirect("station", found.station_id)


def _data(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _on(request: Request, device_id: int) -> dict[str, Any]:
    """Return who changes which device as they saw it, and when."""
    return {"actor": request.user, "device_id": device_id, "expected_version": version_in(request), "at": now()}
