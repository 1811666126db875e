"""What the pages of divisions show: the list, one division, its history."""

from datetime import date
from typing import Any

from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat, Substr

from anlan.accounts import queries as accounts
from anlan.kernel.codes import LENGTH, PREFIX_LENGTH, Level, ancestor_at, prefix_of
from anlan.kernel.refusal import mark
from anlan.places.core.values import HAZARD_NAMES, Hazard
from anlan.places.models import Division, SuccessorLink
from anlan.places.queries.divisions import ancestors_of, completeness_of
from anlan.places.queries.maps import map_of
from anlan.web.http import Person

SHAPES = ("boundary", "outline", "seat")
MOST_CHILDREN = 500
FACT_NAMES = {
    "population": mark("population"),
    "households": mark("households"),
    "area": mark("area"),
    "boundary": mark("boundary"),
    "urban_rural_code": mark("urban–rural code"),
    "region_type": mark("region type"),
}


def divisions_for(person: Person) -> QuerySet[Division]:
    """Return the divisions that stand today within the person's areas, each with the name of the one above."""
    rows = Division.objects.valid_today().filter(accounts.scope_of(person, "places.read").q("code")).plain()
    above = Division.objects.valid_today().filter(code=OuterRef("parent_code")).values("name")[:1]
    return rows.annotate(parent_code=_parent_code()).annotate(parent_name=Subquery(above))


def _parent_code() -> Case:
    levels = list(Level)
    cases = []
    for above, level in zip(levels, levels[1:], strict=False):
        length = PREFIX_LENGTH[above]
        code = Concat(Substr("code", 1, length), Value("0" * (LENGTH - length)))
        cases.append(When(level=level.value, then=code))
    return Case(*cases, default=Value(""), output_field=CharField())


def division_page(person: Person, division: Division, on: date) -> dict[str, Any]:
    """Return all that the division's page shows."""
    scope = accounts.scope_of(person, "places.read")
    return {
        "division": division,
        "above": [(code, name, scope.covers(code)) for code, name in ancestors_of(division.code)],
        "hazards": [HAZARD_NAMES[Hazard(hazard)] for hazard in division.hazards],
        "missing": missing_facts(division),
        "completeness": completeness_of(prefix_of(division.code), on),
        "children": list(_children(division)),
        "map": map_of(person, division),
        "became": _links(division.successor_links, "successor"),
        "was": _links(division.predecessor_links, "division"),
        "may_manage": person.can("places.manage", division.code) and _stands(division, on),
    }


def _stands(division: Division, on: date) -> bool:
    return division.valid_from <= on and (division.valid_until is None or on < division.valid_until)


def missing_facts(division: Division) -> list[str]:
    """Return the names of facts that are not on record."""
    absent = [known for known, is_known in _known(division).items() if not is_known]
    return [FACT_NAMES[name] for name in absent]


def _known(division: Division) -> dict[str, bool]:
    return {
        "population": division.population is not None,
        "households": division.households is not None,
        "area": division.area_km2 is not None,
        "boundary": Division.objects.filter(pk=division.pk, boundary__isnull=False).exists(),
        "urban_rural_code": bool(division.urban_rural_code) or division.level != Level.VILLAGE.value,
        "region_type": bool(division.region_type),
    }


def _children(division: Division) -> QuerySet[Division]:
    levels = list(Level)
    below = levels[levels.index(Level(division.level)) + 1 :][:1]
    rows = Division.objects.valid_today().within(prefix_of(division.code))
    return rows.filter(level__in=[level.value for level in below]).plain().order_by("code", "pk")[:MOST_CHILDREN]


def _links(rows: Any, end: str) -> list[SuccessorLink]:
    found = rows.select_related(end).defer(*(f"{end}__{shape}" for shape in SHAPES))
    return list(found.order_by(f"{end}__code", "pk"))


def siblings_of(division: Division) -> list[tuple[str, str]]:
    """Return code and name of the county's other divisions of the level that stand today."""
    rows = Division.objects.valid_today().within(division.code[: PREFIX_LENGTH[Level.COUNTY]])
    others = rows.filter(level=division.level).exclude(pk=division.pk).order_by("code")
    if division.level == Level.VILLAGE.value:
        others = others.filter(code__startswith=division.code[: PREFIX_LENGTH[Level.TOWNSHIP]])
    return list(others.values_list("code", "name"))


def children_choices(division: Division) -> list[tuple[str, str]]:
    """Return code and name of everything that lies within today."""
    rows = Division.objects.valid_today().within(prefix_of(division.code)).exclude(pk=division.pk)
    return list(rows.order_by("code").values_list("code", "name"))


def county_name(person: Person) -> str:
    """Return the name of the county that the person works in, the first of several; to strangers that of the site."""
    counties = Division.objects.valid_today().filter(level=Level.COUNTY)
    if person.is_authenticated:
        prefixes = accounts.scope_of(person, "places.read").prefixes
        codes = [ancestor_at(prefix.ljust(LENGTH, "0"), Level.COUNTY) for prefix in prefixes[:1]]
        counties = counties.filter(code__in=codes)
    names = list(counties.values_list("name", flat=True)[:2])
    return names[0] if len(names) == 1 else ""
