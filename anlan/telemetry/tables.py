"""The lists of telemetry."""

from operator import attrgetter

from django.db.models import Q, QuerySet
from django.urls import reverse

from anlan.kernel.refusal import mark
from anlan.telemetry.core.properties import STATION_KIND_NAMES
from anlan.telemetry.core.wording import STATE_NAMES
from anlan.telemetry.models import Station
from anlan.telemetry.queries.stations import state_text, told_text
from anlan.web.tables import Column, Filter, Table

KINDS = tuple((kind.value, name) for kind, name in STATION_KIND_NAMES.items())
STATES = (
    *((str(colour), name) for colour, name in sorted(STATE_NAMES.items(), reverse=True)),
    ("trouble", mark("Device in trouble")),
    ("closed", mark("closed")),
)


def _of_unit(rows: QuerySet[Station], text: str) -> QuerySet[Station]:
    return rows.filter(Q(division_code__startswith=text) | Q(unit_name__icontains=text))


def _called(rows: QuerySet[Station], text: str) -> QuerySet[Station]:
    return rows.filter(Q(name__icontains=text) | Q(code__icontains=text))


def _in_state(rows: QuerySet[Station], state: str) -> QuerySet[Station]:
    if state == "closed":
        return rows.filter(is_in_use=False)
    open_ones = rows.filter(is_in_use=True)
    return open_ones.filter(state__device__gt=0) if state == "trouble" else open_ones.filter(state__hazard=int(state))


STATIONS = Table(
    "stations",
    (
        Column("name", mark("Name"), attrgetter("name"), sort="name"),
        Column("code", mark("Code"), attrgetter("code"), sort="code"),
        Column("kind", mark("Kind of station"), lambda row: row.get_kind_display(), sort="kind"),
        Column("unit", mark("Unit"), attrgetter("unit_name"), sort="division_code"),
        Column("state", mark("State"), state_text, cell="telemetry/cell_state.html", sort="state__hazard"),
        Column("told", mark("Latest readings"), told_text),
        Column("heard_at", mark("Last heard"), attrgetter("heard_at"), sort="heard_at"),
        Column("site", mark("Monitored site"), attrgetter("site"), sort="site", is_shown=False),
        Column("river", mark("River"), attrgetter("river"), sort="river", is_shown=False),
        Column("keeper", mark("Responsible person"), attrgetter("keeper_name"), is_shown=False),
        Column("owner", mark("Owner"), attrgetter("owner"), sort="owner", is_shown=False),
        Column("longitude", mark("Longitude"), lambda row: f"{row.place.x:.6f}", is_shown=False),
        Column("latitude", mark("Latitude"), lambda row: f"{row.place.y:.6f}", is_shown=False),
    ),
    filters=(
        Filter("name", mark("Name or code"), "", narrow=_called),
        Filter("kind", mark("Kind of station"), "kind", KINDS),
        Filter("unit", mark("Unit (name or code)"), "", narrow=_of_unit),
        Filter("state", mark("State"), "", STATES, narrow=_in_state),
        Filter("site", mark("Monitored site"), "site__icontains"),
    ),
    order=("division_code", "kind", "name", "pk"),
    row_url=lambda row: reverse("station", args=[row.pk]),
    file_name="stations",
    is_stacked=True,
)
