"""The list of sites."""

from operator import attrgetter

from django.db.models import Q, QuerySet
from django.urls import reverse

from anlan.kernel.refusal import mark
from anlan.stores.core.values import KIND_NAMES, SHELTERS, STORES
from anlan.stores.models import Site
from anlan.stores.queries import state_text
from anlan.web.tables import Column, Filter, Table

GROUPS = {"stores": STORES, "shelters": SHELTERS}
GROUP_NAMES = (("stores", mark("Reserve points and warehouses")), ("shelters", mark("Shelters")))
STATES = (("open", mark("In use")), ("closed", mark("Closed")), ("unknown", mark("Capacity not known")))


def _of_group(rows: QuerySet[Site], group: str) -> QuerySet[Site]:
    return rows.filter(kind__in=[kind.value for kind in GROUPS[group]])


def _of_unit(rows: QuerySet[Site], text: str) -> QuerySet[Site]:
    return rows.filter(Q(division_code__startswith=text) | Q(unit_name__icontains=text))


def _in_state(rows: QuerySet[Site], state: str) -> QuerySet[Site]:
    if state == "unknown":
        return rows.filter(capacity__isnull=True, effective_area_m2__isnull=True)
    return rows.filter(is_open=state == "open")


SITES = Table(
    "sites",
    (
        Column("name", mark("Name"), attrgetter("name"), sort="name"),
        Column("kind", mark("Kind of site"), lambda row: row.get_kind_display(), sort="kind"),
        Column("unit", mark("Unit"), attrgetter("unit_name"), sort="division_code"),
        Column(
            "persons",
            mark("Holds people"),
            lambda row: row.holds if row.is_shelter else None,
            is_number=True,
        ),
        Column(
            "volume",
            mark("Volume"),
            lambda row: None if row.is_shelter else row.holds,
            is_number=True,
            unit="m³",
        ),
        Column("state", mark("State"), state_text, sort="is_open"),
        Column("keeper", mark("Keeper"), attrgetter("keeper_name"), sort="keeper_name", is_shown=False),
        Column("longitude", mark("Longitude"), lambda row: f"{row.place.x:.6f}", is_shown=False),
        Column("latitude", mark("Latitude"), lambda row: f"{row.place.y:.6f}", is_shown=False),
    ),
    filters=(
        Filter("name", mark("Name"), "name__icontains"),
        Filter("unit", mark("Unit (name or code)"), "", narrow=_of_unit),
        Filter("group", mark("Stores or shelters"), "", GROUP_NAMES, narrow=_of_group),
        Filter("kind", mark("Kind of site"), "kind", tuple((kind.value, name) for kind, name in KIND_NAMES.items())),
        Filter("state", mark("State"), "", STATES, narrow=_in_state),
    ),
    order=("division_code", "kind", "pk"),
    row_url=lambda row: reverse("site", args=[row.pk]),
    file_name="sites",
    is_stacked=True,
)
