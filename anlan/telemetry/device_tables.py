"""The list of devices."""

from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.kernel.refusal import mark
from anlan.telemetry.core.properties import PROTOCOL_NAMES
from anlan.telemetry.queries.devices import HEALTH_NAMES
from anlan.web.tables import Column, Filter, Table

PROTOCOLS = tuple((each.value, name) for each, name in PROTOCOL_NAMES.items())


def _called(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(code__icontains=text) | Q(address__icontains=text) | Q(station__name__icontains=text))


def _of_unit(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(station__division_code__startswith=text) | Q(station__unit_name__icontains=text))


def _state(name: str) -> Any:
    return lambda row: getattr(row.state, name) if hasattr(row, "state") else None


DEVICES = Table(
    "devices",
    (
        Column("code", mark("Code"), attrgetter("code"), sort="code"),
        Column("station", mark("Station"), lambda row: row.station.name, sort="station__name"),
        Column("unit", mark("Unit"), lambda row: row.station.unit_name, sort="station__division_code"),
        Column("protocol", mark("Protocol"), lambda row: row.get_protocol_display(), sort="protocol"),
        Column(
            "health", mark("State of the device"), lambda row: _(HEALTH_NAMES[row.health]),
            cell="telemetry/cell_health.html",
            sort="health",
        ),
        Column("heard_at", mark("Last heard"), _state("heard_at"), sort="state__heard_at"),
        Column("voltage", mark("Supply"), _state("voltage"), sort="state__voltage", is_number=True, unit="V"),
        Column(
            "clock", mark("Clock error"), _state("clock_error_s"), sort="state__clock_error_s", is_number=True, unit="s"
        ),
        Column("address", mark("SL 651 address"), lambda row: row.address or "", is_shown=False),
        Column("model", mark("Make and model"), attrgetter("model"), sort="model", is_shown=False),
    ),
    filters=(
        Filter("code", mark("Code, address or station"), "", narrow=_called),
        Filter("unit", mark("Unit (name or code)"), "", narrow=_of_unit),
        Filter("protocol", mark("Protocol"), "protocol", PROTOCOLS),
        Filter("health", mark("State of the device"), "health", tuple(HEALTH_NAMES.items())),
    ),
    order=("station__division_code", "station__name", "code", "pk"),
    row_url=lambda row: reverse("device", args=[row.pk]),
    file_name="devices",
    is_stacked=True,
)  # fmt: skip
