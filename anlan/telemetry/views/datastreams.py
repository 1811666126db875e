"""Changes of datastreams: what an element measures, its limits, the uniform rate of a slope."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.telemetry import access
from anlan.telemetry.actions import datastreams as actions
from anlan.telemetry.device_forms import DatastreamForm, LimitsForm, UniformForm, UniformSpanForm
from anlan.telemetry.queries import uniform as uniform_queries
from anlan.telemetry.queries.stations import MANAGE
from anlan.web.http import Request, page, version_in


@require_http_methods(["GET", "POST"])
@login_required
def add(request: Request, device_id: int) -> HttpResponse:
    device = access.device_for(request.user, device_id, MANAGE)
    form = DatastreamForm(_data(request), device=device)
    added = form.attempt(lambda: actions.add_datastream(actor=request.user, row=form.row, at=now()))
    if added:
        messages.success(request, _("%(name)s is recorded") % {"name": added.element})
        return redirect("datastream", added.pk)
    context = {"form": form, "device": device, "station": device.station}
    return page(request, "telemetry/datastream_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, datastream_id: int) -> HttpResponse:
    found = access.datastream_for(request.user, datastream_id, MANAGE)
    form = DatastreamForm(_data(request), device=found.device, stream=found)
    if form.attempt(lambda: actions.change_datastream(**_on(request, found.pk), row=form.row)):
        messages.success(request, _("%(name)s is corrected") % {"name": str(found)})
        return redirect("datastream", found.pk)
    context = {"form": form, "stream": found, "station": found.station, "version": _version(request, found.version)}
    return page(request, "telemetry/datastream_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def limits(request: Request, datastream_id: int) -> HttpResponse:
    found = access.datastream_for(request.user, datastream_id, MANAGE)
    form = LimitsForm(_data(request), stream=found)
    if form.attempt(lambda: actions.change_limits(**_on(request, found.pk), limits=form.limits)):
        messages.success(request, _("The limits of %(name)s are kept") % {"name": str(found)})
        return redirect("datastream", found.pk)
    context = {"form": form, "stream": found, "station": found.station, "version": _version(request, found.version)}
    return page(request, "telemetry/limits.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def uniform(request: Request, datastream_id: int) -> HttpResponse:
    found = access.datastream_for(request.user, datastream_id, MANAGE)
    span, form = UniformSpanForm(request.GET or None), UniformForm(_data(request))
    proposed = uniform_queries.proposed_rate(found, span.cleaned_data) if span.is_valid() else None
    if form.attempt(
        lambda: actions.confirm_uniform_rate(**_on(request, found.pk), uniform_mm_d=form.cleaned_data["uniform_mm_d"])
    ):
        messages.success(request, _("The uniform rate of %(name)s is confirmed") % {"name": str(found)})
        return redirect("datastream", found.pk)
    if proposed and proposed.uniform and not form.is_bound:
        form.initial["uniform_mm_d"] = round(proposed.uniform.rate_mm_d, 3)
    context = {"form": form, "span": span, "proposed": proposed, "stream": found}
    context["version"] = _version(request, found.version)
    return page(request, "telemetry/uniform.html", context, status=422 if form.errors else 200)


def _version(request: Request, standing: int) -> Any:
    return request.POST.get("version", standing)


def _data(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _on(request: Request, datastream_id: int) -> dict[str, Any]:
    """Return who changes which datastream as they saw it, and when."""
    return {
        "actor": request.user,
        "datastream_id": datastream_id,
        "expected_version": version_in(request),
        "at": now(),
    }
