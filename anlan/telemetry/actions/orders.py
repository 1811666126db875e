"""Asking a station to tell or to set something; the gateway sends it when the station is on line."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from anlan.ground.audit import audit
from anlan.kernel.refusal import Refusal, mark
from anlan.telemetry.core.order_content import UNWRITTEN, BadOrder, question
from anlan.telemetry.core.properties import Protocol
from anlan.telemetry.core.sl651.codes import Direction
from anlan.telemetry.core.sl651.decoding import decode
from anlan.telemetry.core.sl651.dialect_content import dialect_from_json
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.faults import DecodeFault
from anlan.telemetry.core.sl651.replies import Centre
from anlan.telemetry.models import Device, Order, OrderState
from anlan.telemetry.sealing import sealed
from anlan.web.http import Person

ORDER_CHANNEL = "telemetry_order"
MOST_WAITING = 20  # orders of one station


class NotAskable(Refusal):
    """The device cannot be asked."""


class TooManyOrders(Refusal):
    """The station has not been on line for what was asked before."""


class OrderSettled(Refusal):
    """It was answered, or given up, before."""


@transaction.atomic
def order_reading(*, actor: Person, device_id: int, function: int, content: Mapping[str, Any], at: datetime) -> Order:
    """Ask a station; `core.order_content` tells what content each function has.

    Raises:
        NotAskable: the device speaks no SL 651, or is out of use.
        BadOrder: it is no question that can be put.
        TooManyOrders: as many wait already as may.
    """
    device = Device.objects.select_related("station").select_for_update(of=("self",)).get(pk=device_id)
    if device.protocol != Protocol.SL651 or not device.address or not device.is_in_use:
        raise NotAskable(mark("%(device)s is no SL 651 station in use and cannot be asked"), device=device.code)
    _check_question(device, function, content, at)
    if Order.objects.filter(device=device, state=OrderState.QUEUED).count() >= MOST_WAITING:
        raise TooManyOrders(mark("%(count)d questions wait for this station already"), count=MOST_WAITING)
    order = Order.objects.create(
        device=device,
        function=function,
        content=sealed(content),
        asked_by_id=actor.pk,
        asked_by_name=actor.name,
        asked_at=at,
    )
    # What the content holds may be a password: the trail tells the function only.
    audit(actor, "station asked", device, at=at, detail={"function": f"{function:02X}", "order": order.pk})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [ORDER_CHANNEL])
    return order


def _check_question(device: Device, function: int, content: Mapping[str, Any], at: datetime) -> None:
    """Build the question and read it back, so that nothing waits that cannot be sent."""
    dialect = dialect_from_json(device.dialect)
    centre = Centre(centre=device.centre, station=device.address or "", password=0)
    asked = question(centre, function, content, at=at, dialect=dialect)
    try:
        decode(encode(asked, dialect=dialect), heard=Direction.DOWN, dialect=dialect)
    except (ValueError, DecodeFault) as fault:
        raise BadOrder(UNWRITTEN, why=str(fault)) from None


@transaction.atomic
def withdraw_order(*, actor: Person, order_id: int, at: datetime) -> None:
    """Take back what was not sent yet.

    Raises:
        OrderSettled: it was sent already.
    """
    order = Order.objects.select_related("device__station").select_for_update(of=("self",)).get(pk=order_id)
    if order.state != OrderState.QUEUED:
        raise OrderSettled(mark("The question was sent already"))
    audit(actor, "question withdrawn", order.device, at=at, detail={"function": f"{order.function:02X}"})
    order.delete()
