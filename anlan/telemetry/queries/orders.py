"""What was asked of stations, and what they answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anlan.kernel.refusal import mark
from anlan.telemetry.core.order_content import SWITCHING, is_askable
from anlan.telemetry.core.sl651.codes import FUNCTION_NAMES, STATUS_NAMES, Function
from anlan.telemetry.core.sl651.element_table import ELEMENTS
from anlan.telemetry.core.wording import unit_words
from anlan.telemetry.models import Device, Order, OrderState
from anlan.web.http import Person
from anlan.web.templatetags.shown import moment

MANAGE, ACT = "telemetry.manage", "telemetry.act"
MOST_SHOWN = 50
STATUS = 0x45
STATE_NAMES: Mapping[str, str] = {
    OrderState.QUEUED: mark("waiting for the station"),
    OrderState.SENT: mark("sent to the station"),
    OrderState.ANSWERED: mark("the station answered"),
    OrderState.FAILED: mark("no answer"),
}
# They change what the station does or knows; the others only ask.
CHANGING = frozenset(
    {
        Function.WRITE_BASE, Function.WRITE_RUN, Function.CLEAR_STORE, Function.FACTORY_RESET, Function.PASSWORD,
        Function.SET_CLOCK, *SWITCHING,
    }
)  # fmt: skip


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


def changes_something(function: int) -> bool:
    """Tell whether it changes what a station does or knows."""
    return function in CHANGING


def asked_in(text: str) -> int | None:
    """Return the function of an address, None where there is none that may be asked."""
    try:
        function = int(text, 16)
    except ValueError:
        return None
    return function if is_askable(function) else None


def orders_page(person: Person, device: Device, asked: int | None) -> dict[str, Any]:
    """Return all that the page of a station's orders shows."""
    rows = [_told(order) for order in orders_of(device.pk)[:MOST_SHOWN]]
    return {
        "device": device,
        "station": device.station,
        "orders": rows,
        "is_waiting": any(row.order.state in {OrderState.QUEUED, OrderState.SENT} for row in rows),
        "questions": _functions(person, device, changing=False),
        "changes": _functions(person, device, changing=True),
        "elements": _elements(device),
        "asked": "" if asked is None else f"{asked:02X}",
        "asked_name": "" if asked is None else _(FUNCTION_NAMES[Function(asked)]),
        "may_change": person.can(MANAGE, device.division_code),
    }


def _functions(person: Person, device: Device, *, changing: bool) -> list[tuple[str, str]]:
    """Return the functions that the person may ask of a device: code and name."""
    wanted = (MANAGE,) if changing else (MANAGE, ACT)
    if not any(person.can(each, device.division_code) for each in wanted):
        return []
    some = (each for each in FUNCTION_NAMES if is_askable(each) and changes_something(each) == changing)
    return [(f"{each:02X}", _(FUNCTION_NAMES[each])) for each in some]


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
    fault = answer.get("fault", "")
    name, state = _(FUNCTION_NAMES[Function(order.function)]), _(STATE_NAMES[order.state])
    return ToldOrder(order, name, state, lines, _(fault) if fault else "")


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
    element = ELEMENTS.get(int(one["element"], 16))
    words = element.name if element else ""
    if int(one["element"], 16) == STATUS:
        words = FUNCTION_NAMES[Function.STATUS]
    name = f"{one['element']} {_(words)}" if words else one["element"]
    at = moment(datetime.fromisoformat(one["at"]))
    if one["value"] is not None and int(one["element"], 16) == STATUS:
        on = [_(words) for bit, words in STATUS_NAMES.items() if int(one["value"]) & bit]
        return name, f"{'; '.join(on) or _('nothing to report')} · {at}"
    unit = unit_words(element.unit) if element else ""
    number = "–" if one["value"] is None else f"{one['value']:,.{element.decimals if element else 2}f} {unit}".strip()
    return name, f"{number} · {at}"
