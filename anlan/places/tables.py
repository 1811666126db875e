"""The list of divisions."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark
from anlan.places.core.values import HAZARD_NAMES, LANDFORM_NAMES, LEVEL_NAMES, REGION_NAMES, URBAN_RURAL_NAMES
from anlan.places.models import Division
from anlan.places.queries.search import narrowed_by_text
from anlan.web.tables import Column, Filter, Table

GAPS = (
    ("any", mark("Something is missing")),
    ("population", mark("Without population")),
    ("boundary", mark("Without boundary")),
)
Names = Mapping[Any, str]
_GAP = {
    "any": Q(population__isnull=True)
    | Q(households__isnull=True)
    | Q(area_km2__isnull=True)
    | Q(boundary__isnull=True)
    | Q(region_type="")
    | Q(level=Level.VILLAGE.value, urban_rural_code=""),
    "population": Q(population__isnull=True),
    "boundary": Q(boundary__isnull=True),
}


def _with_gap(rows: QuerySet[Division], gap: str) -> QuerySet[Division]:
    return rows.filter(_GAP[gap])


def _within(rows: QuerySet[Division], text: str) -> QuerySet[Division]:
    return rows.filter(Q(code__startswith=text) | Q(parent_name__contains=text))


def _threatened(rows: QuerySet[Division], hazard: str) -> QuerySet[Division]:
    return rows.filter(hazards__contains=[hazard])


def _choices(names: Names) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), name) for key, name in names.items())


def _named(names: Names, key: str) -> str:
    return _(names[key]) if key else ""


def _hazards(row: Division) -> str:
    return ", ".join(_named(HAZARD_NAMES, hazard) for hazard in row.hazards)


DIVISIONS = Table(
    "divisions",
    (
        Column("name", mark("Name"), attrgetter("name"), cell="places/cells.html#name", sort="name"),
        Column("code", mark("Code"), attrgetter("code"), sort="code"),
        Column("level", mark("Level"), lambda row: _named(LEVEL_NAMES, row.level), sort="level"),
        Column("parent", mark("Within"), attrgetter("parent_name")),
        Column("population", mark("Population"), attrgetter("population"), sort="population", is_number=True),
        Column("households", mark("Households"), attrgetter("households"), sort="households", is_number=True),
        Column("area", mark("Area"), attrgetter("area_km2"), sort="area_km2", is_number=True, unit="km²"),
        Column("landform", mark("Landform"), lambda row: _named(LANDFORM_NAMES, row.landform), is_shown=False),
        Column("region", mark("Region type"), lambda row: _named(REGION_NAMES, row.region_type)),
        Column(
            "urban", mark("Urban–rural"), lambda row: _named(URBAN_RURAL_NAMES, row.urban_rural_code), is_shown=False
        ),
        Column("hazards", mark("Hazards"), _hazards, is_shown=False),
    ),
    filters=(
        Filter("search", mark("Name, code or pinyin"), "", narrow=narrowed_by_text),
        Filter("within", mark("Within (name or code)"), "", narrow=_within),
        Filter("level", mark("Level"), "level", _choices(LEVEL_NAMES)),
        Filter("region", mark("Region type"), "region_type", _choices(REGION_NAMES)),
        Filter("hazard", mark("Hazard"), "", _choices(HAZARD_NAMES), narrow=_threatened),
        Filter("gap", mark("On record"), "", GAPS, narrow=_with_gap),
    ),
    order=("code", "pk"),
    row_url=lambda row: reverse("division", args=[row.code]),
    file_name="divisions",
)  # fmt: skip
