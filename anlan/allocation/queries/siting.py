"""What others may ask about siting studies: their questions, and what the plan takes over from them."""

from datetime import date
from importlib.metadata import version
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from anlan.accounts.queries import Scope
from anlan.allocation.core.measures import Measure
from anlan.allocation.core.siting_measure import fitting
from anlan.allocation.core.siting_study import (
    Candidates,
    Question,
    SitingSettings,
    Way,
    Weighing,
)
from anlan.allocation.models import Siting, SitingPoint, SitingVillage
from anlan.allocation.queries import rules
from anlan.kernel.codes import ancestor_at, prefix_of
from anlan.places import queries as places
from anlan.records.core.panels import Subject

SITING = "allocation.siting"
ENUMS = {"question": Question, "weighing": Weighing, "candidates": Candidates, "way": Way}


def settings_of(row: Siting, **changes: Any) -> SitingSettings:
    """Return what the study asks, with some of it changed."""
    content = {name: getattr(row, name) for name in SitingSettings.__slots__}
    content |= {name: kind(content[name]) for name, kind in ENUMS.items()} | {"chosen": tuple(row.chosen)}
    return SitingSettings(**(content | changes))


def solver_version() -> str:
    """Return the solver's name and version: an answer keeps what it was found by."""
    return f"highspy {version('highspy')}"


def units_of(county_code: str, on: date) -> list[tuple[str, str]]:
    """Return code and name of the county's units on that day, by code."""
    return [(unit.code, unit.name) for unit in places.units_within(prefix_of(county_code), on)]


def sitings_within(county_code: str, *, with_drafts: bool) -> QuerySet[Siting]:
    """Return the county's studies; those being prepared are for their planners."""
    rows = Siting.objects.filter(county_code=county_code)
    return rows if with_drafts else rows.solved()


def villages_within(row: Siting, scope: Scope) -> QuerySet[SitingVillage]:
    """Return the villages of the study that the reader answers for."""
    return row.villages.filter(scope.q("code")).select_related("point")


def points_within(row: Siting, scope: Scope) -> QuerySet[SitingPoint]:
    """Return the points that stand where the reader answers for, or serve a village there."""
    served = villages_within(row, scope).values("point")
    return row.places.filter(scope.q("code")) | row.places.filter(pk__in=served)


def pinned_of(county_code: str) -> dict[tuple[str, str], int]:
    """Return how many pieces of which measure the county's adopted studies ask for at which unit.

    By (unit code, measure code). A point that is a site on record by now is asked for no more. A measure of a level
    above the point's unit is asked for at the unit of that level that the point lies in.
    """
    rows = Siting.objects.adopted().filter(county_code=county_code)
    codes = dict(rows.values_list("pk", "measure_code"))
    if not codes:
        return {}
    levels = {measure.code: measure.level for measure in rules.catalogue_of(county_code).measures}
    points = SitingPoint.objects.filter(siting__in=codes, is_existing=False, site=None)
    pinned: dict[tuple[str, str], int] = {}
    for siting_id, code in points.order_by("pk").values_list("siting_id", "code"):
        measure = codes[siting_id]
        if measure in levels:
            unit = ancestor_at(code, levels[measure])
            pinned[unit, measure] = pinned.get((unit, measure), 0) + 1
    return pinned


def fitting_measures(row: Siting) -> list[Measure]:
    """Return the measures in force that the study's proposed points may be pieces of; none without rules."""
    codes = list(row.places.filter(is_existing=False).values_list("code", flat=True))
    if not codes or not rules.has_rules(row.county_code):
        return []
    return fitting(rules.catalogue_of(row.county_code).measures, codes, row.kind)


def others_of(row: Siting) -> QuerySet[Siting]:
    """Return the county's other solved studies, the latest first: with what this one may be compared."""
    return sitings_within(row.county_code, with_drafts=False).exclude(pk=row.pk).order_by("-solved_at", "pk")


def siting_subject(row: Siting, *, may_write: bool) -> Subject:
    """Return a study as the side panel knows it."""
    return Subject(SITING, row.pk, row.name, row.county_code, reverse("siting", args=[row.pk]), may_write)
