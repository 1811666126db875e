"""Asking an SL 651 station: what may be asked, what was asked, and what it answered."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anlan.telemetry import access
from anlan.telemetry.actions import orders as actions
from anlan.telemetry.order_forms import WARNINGS, order_form
from anlan.telemetry.queries import orders as queries
from anlan.web.http import Request, page


@require_http_methods(["GET", "POST"])
@login_required
def orders(request: Request, device_id: int) -> HttpResponse:
    device = access.device_for(request.user, device_id)
    asked = queries.asked_in(request.GET.get("ask", ""))
    context = queries.orders_page(request.user, device, asked)
    if asked is None:
        return page(request, "telemetry/orders.html", context)
    device = access.orderable_for(request.user, device_id, asked)
    data = request.POST if request.method == "POST" else None
    form = order_form(asked, context["elements"], now(), data)
    if data is not None and form.attempt(lambda: _order(request, device.pk, asked, form.content())):
        messages.success(request, _("The question waits for the station"))
        return redirect("device-orders", device.pk)
    context |= {"form": form, "warning": WARNINGS.get(asked, "")}
    return page(request, "telemetry/order.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def withdraw(request: Request, device_id: int, order_id: int) -> HttpResponse:
    found = queries.orders_of(device_id).filter(pk=order_id).first()
    if found is None:
        raise Http404
    access.orderable_for(request.user, device_id, found.function)
    actions.withdraw_order(actor=request.user, order_id=found.pk, at=now())
    messages.success(request, _("The question is withdrawn"))
    return redirect("device-orders", device_id)


def _order(request: Request, device_id: int, function: int, content: dict[str, Any]) -> Any:
    return actions.order_reading(actor=request.user, device_id=device_id, function=function, content=content, at=now())
