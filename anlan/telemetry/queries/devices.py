"""Devices: who may see which, and how they do, apart from what they measure."""

from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    DurationField,
    F,
    FloatField,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from anlan.accounts import queries as accounts
from anlan.kernel.refusal import mark
from anlan.telemetry.core.series import HOUR
from anlan.telemetry.models import Datastream, Device
from anlan.telemetry.queries.quarantine import quarantined_for
from anlan.telemetry.queries.stations import MANAGE, READ
from anlan.web.http import Person

MISSED_INTERVALS = 3  # so many reports must be missing before a device counts as silent
CLOCK_S = 600.0
LOW_V = 11.0
NEVER, CLOSED, SILENT, LOW, CLOCK, WELL = "never", "closed", "silent", "low", "clock", "well"
HEALTH_NAMES = {
    WELL: mark("well"),
    SILENT: mark("silent"),
    LOW: mark("supply low"),
    CLOCK: mark("clock wrong"),
    NEVER: mark("never heard"),
    CLOSED: mark("closed"),
}


def devices_for(person: Person) -> QuerySet[Device]:
    """Return the devices that the person may see."""
    return Device.objects.filter(accounts.scope_of(person, READ).q("station__division_code"))


def listed_for(person: Person, at: datetime) -> QuerySet[Any]:
    """Return the devices of the person's list, each with its `health` in one word, the worst first."""
    rows = devices_for(person).select_related("station", "state")
    return rows.annotate(due_s=_due_s()).annotate(health=_health(at))


def _due_s() -> Coalesce:
    """Return after how many seconds without a report a device is silent: so many of its shortest interval."""
    streams = Datastream.objects.filter(device=OuterRef("pk"), is_in_use=True).order_by().values("device")
    shortest = streams.annotate(shortest=Min("interval_s")).values("shortest")
    return Coalesce(Subquery(shortest), Value(HOUR), output_field=FloatField()) * Value(MISSED_INTERVALS)  # type: ignore[return-value]


def _health(at: datetime) -> Case:
    since = Func(F("due_s"), template="make_interval(secs => %(expressions)s)", output_field=DurationField())
    return Case(
        When(Q(is_in_use=False) | Q(station__is_in_use=False), then=Value(CLOSED)),
        When(state__heard_at__isnull=True, then=Value(NEVER)),
        When(state__heard_at__lt=Value(at, output_field=DateTimeField()) - since, then=Value(SILENT)),
        When(state__voltage__lt=LOW_V, then=Value(LOW)),
        When(Q(state__clock_error_s__gt=CLOCK_S) | Q(state__clock_error_s__lt=-CLOCK_S), then=Value(CLOCK)),
        default=Value(WELL),
        output_field=CharField(),
    )


def device_page(person: Person, device: Device, at: datetime) -> dict[str, Any]:
    """Return all that the device's page shows."""
    listed = listed_for(person, at).get(pk=device.pk)
    streams = device.datastreams.select_related("latest").order_by("element", "pk")
    waiting = quarantined_for(person).filter(device_code=device.code, state="waiting")
    return {
        "device": device,
        "station": device.station,
        "state": getattr(device, "state", None),
        "health": listed.health,
        "health_words": _(HEALTH_NAMES[listed.health]),
        "datastreams": list(streams),
        "quarantined": waiting.count(),
        "may_manage": person.can(MANAGE, device.division_code),
    }
