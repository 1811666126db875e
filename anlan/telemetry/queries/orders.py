"""What was asked of stations, and what they answered."""

from django.db.models import QuerySet

from anlan.telemetry.core.order_content import is_askable
from anlan.telemetry.core.sl651.codes import FUNCTION_NAMES, Function
from anlan.telemetry.models import Order, OrderState


def orders_of(device_id: int) -> QuerySet[Order]:
    """Return the orders of a device, the newest first."""
    return Order.objects.filter(device_id=device_id).order_by("-asked_at", "-id")


def orders_within(prefix: str) -> QuerySet[Order]:
    """Return the orders of the stations of an area, the newest first, with device and station."""
    return (
        Order.objects.filter(device__station__division_code__startswith=prefix)
        .select_related("device__station")
        .order_by("-asked_at", "-id")
    )


def waiting_orders(device_id: int) -> QuerySet[Order]:
    """Return what a station was asked and has not answered."""
    return orders_of(device_id).filter(state__in=[OrderState.QUEUED, OrderState.SENT])


def askable_functions() -> list[tuple[int, str]]:
    """Return the functions that a person may ask for: code and name (msgid)."""
    return [(int(function), name) for function, name in FUNCTION_NAMES.items() if is_askable(Function(function))]
