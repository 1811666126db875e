"""The list of hazard zones."""

from operator import attrgetter

from django.db.models import Q, QuerySet
from django.urls import reverse

from anlan.kernel.refusal import mark
from anlan.places.core.hazard_values import HAZARD_KIND_NAMES, RISK_NAMES
from anlan.places.models import HazardZone
from anlan.web.tables import Column, Filter, Table

STATES = (("standing", mark("Standing")), ("off", mark("Struck off")))


def _of_unit(rows: QuerySet[HazardZone], text: str) -> QuerySet[HazardZone]:
    return rows.filter(Q(division_code__startswith=text) | Q(unit_name__icontains=text))


def _in_state(rows: QuerySet[HazardZone], state: str) -> QuerySet[HazardZone]:
    return rows.filter(retired_on__isnull=state == "standing")


HAZARD_ZONES = Table(
    "hazard_zones",
    (
        Column("name", mark("Name"), attrgetter("name"), sort="name"),
        Column("kind", mark("Kind of hazard"), lambda row: row.get_kind_display(), sort="kind"),
        Column("risk", mark("Risk"), lambda row: row.get_risk_display(), sort="risk"),
        Column("unit", mark("Unit"), attrgetter("unit_name"), sort="division_code"),
        Column("people", mark("People threatened"), attrgetter("people"), sort="people", is_number=True),
        Column(
            "households", mark("Households threatened"), attrgetter("households"), sort="households", is_number=True
        ),
        Column("code", mark("Number"), attrgetter("code"), sort="code"),
        Column("off", mark("Struck off"), attrgetter("retired_on"), sort="retired_on", is_shown=False),
        Column("longitude", mark("Longitude"), lambda row: f"{row.place.x:.6f}", is_shown=False),
        Column("latitude", mark("Latitude"), lambda row: f"{row.place.y:.6f}", is_shown=False),
    ),
    filters=(
        Filter("name", mark("Name"), "name__icontains"),
        Filter("unit", mark("Unit (name or code)"), "", narrow=_of_unit),
        Filter("kind", mark("Kind of hazard"), "kind", tuple((k.value, name) for k, name in HAZARD_KIND_NAMES.items())),
        Filter("risk", mark("Risk"), "risk", tuple((str(risk.value), name) for risk, name in RISK_NAMES.items())),
        Filter("state", mark("State"), "", STATES, narrow=_in_state),
    ),
    order=("-risk", "division_code", "pk"),
    row_url=lambda row: reverse("hazard-zone", args=[row.pk]),
    file_name="hazard-zones",
    is_stacked=True,
)
