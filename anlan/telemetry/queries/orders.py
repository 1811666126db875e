"""What was asked of stations, and what they answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anlan.kernel.refusal import Refusal, mark
from anlan.telemetry.core.order_content import CHANGING, is_askable
from anlan.telemetry.core.sl651.codes import FUNCTION_NAMES, STATUS_NAMES, Function
from anlan.telemetry.core.sl651.element_table import ELEMENTS
from anlan.telemetry.core.wording import unit_words
from anlan.telemetry.models import Device, Order, OrderState
from anlan.web.http import Person
from anlan.web.templatetags.shown import moment, refusal_text

MANAGE, ACT = "telemetry.manage", "telemetry.act"
MOST_SHOWN = 50
STATUS = 0x45
STATE_NAMES: Mapping[str, str] = {
    OrderState.QUEUED: mark("waiting for the station"),
    OrderState.SENT: mark("sent to the station"),
    OrderState.ANSWERED: mark("the station answered"),
    OrderState.FAILED: mark("no answer"),
}


@dataclass(frozen=True, slots=True)
class ToldOrder:
    """An order as its page tells it.

    Attributes:
        order: it.
        name: of the function.
        state: in words.
        lines: what the station answered: what it is, and its value.
        fault: why there is no answer, "" where there is one or it is waited for.
    """

    order: Order
    name: str
    state: str
    lines: list[tuple[str, str]]
    fault: str


def orders_of(device_id: int) -> QuerySet[Order]:
    """Return the orders of a device, the newest first."""
    return Order.objects.filter(device_id=device_id).order_by("-asked_at", "-id")


def asked_by(function: int) -> tuple[str, ...]:
    """Return the capabilities of which any lets a person ask for a function.

    Whoever acts on alarms may ask what a station knows; only who looks after it may change something there.
    """
    return (MANAGE,) if function in CHANGING else (MANAGE, ACT)


def asked_in(text: str) -> int | None:
    """Return the function of an address, None where there is none that may be asked."""
    function = _code(text)
    return function if function is not None and is_askable(function) else None


def orders_page(person: Person, device: Device, asked: int | None) -> dict[str, Any]:
    """Return all that the page of a station's orders shows."""
    rows = [_told(order) for order in orders_of(device.pk)[:MOST_SHOWN]]
    functions = [
        each
        for each in FUNCTION_NAMES
        if is_askable(each) and any(person.can(capability, device.division_code) for capability in asked_by(each))
    ]
    return {
        "device": device,
        "station": device.station,
        "orders": rows,
        "is_waiting": any(row.order.state in {OrderState.QUEUED, OrderState.SENT} for row in rows),
        "questions": [_named(each) for each in functions if each not in CHANGING],
        "changes": [_named(each) for each in functions if each in CHANGING],
        "elements": _elements(device),
        "asked_name": "" if asked is None else _(FUNCTION_NAMES[Function(asked)]),
    }


def _named(function: Function) -> tuple[str, str]:
    return f"{function:02X}", _(FUNCTION_NAMES[function])


def _elements(device: Device) -> list[tuple[str, str]]:
    """Return the elements that a station has told of: code and name."""
    rows = device.datastreams.filter(is_in_use=True).order_by("element")
    return [(row.element, row.name or row.get_property_display()) for row in rows if _code(row.element) is not None]


def _code(text: str) -> int | None:
    try:
        return int(text, 16)
    except ValueError:
        return None


def _told(order: Order) -> ToldOrder:
    answer = order.answer
    lines = [line for part in answer.get("parts", ()) for line in _lines(part)]
    fault = refusal_text(Refusal(answer["fault"], **answer.get("values", {}))) if answer.get("fault") else ""
    name, state = _(FUNCTION_NAMES[Function(order.function)]), _(STATE_NAMES[order.state])
    return ToldOrder(order, name, state, lines, fault)


def _lines(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what one frame of an answer says."""
    if "sent_at" in part:
        yield _("Time of the station"), moment(datetime.fromisoformat(part["sent_at"]))
    for one in part.get("values", ()):
        yield _value(one)
    for one in part.get("settings", ()):
        yield _("Setting %(code)s") % {"code": one["code"]}, one["content"]
    if "version" in part:
        yield _("Version"), part["version"]
    yield from _switches(part)
    for number, count in enumerate(part.get("counts", ())):
        if count:
            yield _("Event %(number)d") % {"number": number + 1}, str(count)


def _switches(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield how pumps, valves or gates, and the quota, stand."""
    openings = part.get("openings") or ()
    for number, is_on in enumerate(part.get("states", ())):
        words = _("on") if is_on else _("off")
        opening = f" {openings[number]} cm" if number < len(openings) else ""
        yield _("Number %(number)d") % {"number": number + 1}, words + opening
    if "is_on" in part:
        yield _("Water quota"), _("on") if part["is_on"] else _("off")


def _value(one: Mapping[str, Any]) -> tuple[str, str]:
    code, value, at = int(one["element"], 16), one["value"], moment(datetime.fromisoformat(one["at"]))
    element = ELEMENTS.get(code)
    words = FUNCTION_NAMES[Function.STATUS] if code == STATUS else element.name if element else ""
    name = f"{one['element']} {_(words)}" if words else one["element"]
    if code == STATUS and value is not None:
        on = [_(told) for bit, told in STATUS_NAMES.items() if int(value) & bit]
        return name, f"{'; '.join(on) or _('nothing to report')} · {at}"
    unit = unit_words(element.unit) if element else ""
    number = "–" if value is None else f"{value:,.{element.decimals if element else 2}f} {unit}".strip()
    return name, f"{number} · {at}"
