"""Classes, lines of the approved plan and pairs as the one map draws and lists them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import shapely
from django.db.models import Count, Max, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.accounts import queries as accounts
from anlan.allocation.core.classes import table_from_content
from anlan.allocation.core.plan_life import PlanState
from anlan.allocation.models import Agreement, Plan, PlanLine, PlanUnit, RuleKind, RuleVersion, UnitClass
from anlan.allocation.queries import rule_pages, rules
from anlan.allocation.queries.plans import wan
from anlan.allocation.rule_words import name_of
from anlan.kernel.codes import Level, ancestor_at, prefix_of
from anlan.kernel.refusal import mark
from anlan.places import queries as places
from anlan.places.core.finding import Inside, InsideRow
from anlan.places.core.finding import Sum as Figure
from anlan.places.core.layers import LegendEntry
from anlan.places.queries.layers import areas_of
from anlan.web.http import Person

READ, PAIRS = "allocation.read", "pairing.read"
NOTHING = json.dumps({"type": "FeatureCollection", "features": []})
Feature = Mapping[str, Any]


def classes_drawn(person: Person, division: Any, level: Level) -> str:
    """Return the units of a level within a division with the class that the rules in force give them."""
    county = _county(division.code)
    if not _has_classes(county):
        return NOTHING
    found = rule_pages.classes_features(county, accounts.scope_of(person, READ), level)
    within = prefix_of(division.code)
    return _collection(each for each in found["features"] if each["properties"]["code"].startswith(within))


def class_stamp(person: Person, division: Any) -> str:
    rows = UnitClass.objects.filter(code__startswith=prefix_of(division.code))
    state = rows.aggregate(rows=Count("pk"), last=Max("pk"), at=Max("classified_at"))
    return " ".join([*map(str, state.values()), *accounts.scope_of(person, READ).prefixes])


def count_classes(person: Person, level: Level) -> int:
    versions = RuleVersion.objects.filter(kind=RuleKind.CLASSES).published()
    reach = accounts.scope_of(person, READ).q("code")
    return UnitClass.objects.filter(reach, level=level, rule_version__in=versions.values("pk")).count()


def class_dress(person: Person) -> tuple[Mapping[str, Any], tuple[LegendEntry, ...]]:
    """Return the colours of the decision table in force in the person's first county."""
    counties = [_county(area.code) for area in areas_of(person, READ)]
    county = next((each for each in counties if _has_classes(each)), None)
    classes = table_from_content(rules.published_version(county, RuleKind.CLASSES).content).classes if county else ()
    stops = [[number, each.colour] for number, each in enumerate(classes)]
    legend = tuple(LegendEntry(each.colour, name_of(each), "fill", place) for place, each in enumerate(classes))
    colour = {"property": "class_number", "stops": stops, "missing": rule_pages.NO_CLASS}
    return colour, (*legend, LegendEntry(rule_pages.NO_CLASS, mark("no class"), "fill"))


def plan_drawn(person: Person, division: Any) -> str:
    """Return the units that the county's approved plan gives something, each at its seat."""
    rows = _units(person, prefix_of(division.code))
    spots = places.spots_of([row.code for row in rows])
    return _collection(_unit(row, spots[row.code]) for row in rows if row.code in spots)


def _unit(row: PlanUnit, spot: tuple[float, float]) -> Feature:
    told = {
        "id": row.pk, "plan": row.plan_id, "code": row.code, "name": row.name, "lines": row.line_count,
        "money": wan(row.money_fen), "gain": round((row.score_after - row.score_before) * 100, 2),
    }  # fmt: skip
    return _feature(row.pk, {"type": "Point", "coordinates": spot}, told)


def plan_stamp(person: Person, division: Any) -> str:
    plans = [plan.pk for plan in _approved([_county(division.code)])]
    return f"{division.pk} {plans} {' '.join(accounts.scope_of(person, READ).prefixes)}"


def count_plan_units(person: Person) -> int:
    return len(_units(person, ""))


def plan_lines_inside(person: Person, area: str) -> Inside:
    """Return the lines of the approved plan for units whose seat lies inside."""
    shape = shapely.from_wkt(area)
    units = _units(person, "")
    spots = places.spots_of([row.code for row in units])
    inside = [row for row in units if row.code in spots and shape.covers(shapely.Point(spots[row.code]))]
    lines = PlanLine.objects.filter(
        plan__in={row.plan_id for row in inside}, unit_code__in=[row.code for row in inside]
    )
    listed = list(lines.select_related("measure").order_by("unit_code", "year", "position"))
    return Inside(
        columns=(_("Unit"), _("Measure"), _("Year"), _("Pieces"), _("Cost (10 000 yuan)")),
        rows=[
            InsideRow(
                (line.unit_name, str(line.measure), str(line.year), line.pieces, f"{wan(line.cost_fen):,.2f}"),
                spots[line.unit_code],
                reverse("plan-unit", args=[line.plan_id, line.unit_code]),
            )
            for line in listed
        ],
        sums=(Figure(_("Cost"), wan(sum(line.cost_fen for line in listed)), _("10 000 yuan")),),
        notes=(_("Lines of the approved plan count where the seat of their unit lies inside."),),
    )


def pairs_drawn(person: Person, division: Any) -> str:
    """Return a line from who helps to who is helped, of live agreements with an end within the division."""
    rows = list(_agreements(person, prefix_of(division.code)))
    spots = places.spots_of([code for row in rows for code in (row.helper_code, row.helped_code)])
    return _collection(
        _feature(
            row.pk,
            {"type": "LineString", "coordinates": [spots[row.helper_code], spots[row.helped_code]]},
            {
                "id": row.pk,
                "name": f"{row.helper_name} – {row.helped_name}",
                "km": None if row.distance_km is None else round(row.distance_km, 1),
                "state": row.get_state_display(),
            },
        )
        for row in rows
        if row.helper_code in spots and row.helped_code in spots
    )


def pair_stamp(person: Person, division: Any) -> str:
    rows = _agreements(person, prefix_of(division.code))
    state = rows.aggregate(rows=Count("pk"), changes=Sum("version"), last=Max("pk"))
    return " ".join(map(str, state.values()))


def count_pairs(person: Person) -> int:
    return int(_agreements(person, "").count())


def _county(code: str) -> str:
    return ancestor_at(code, Level.COUNTY)


def _has_classes(county_code: str) -> bool:
    return RuleVersion.objects.of(county_code, RuleKind.CLASSES).published().exists()


def _approved(county_codes: Iterable[str]) -> list[Plan]:
    """Return the latest approved plan of each county."""
    rows = Plan.objects.filter(county_code__in=set(county_codes), state=PlanState.APPROVED).only("pk", "county_code")
    return list({plan.county_code: plan for plan in rows.order_by("number", "pk")}.values())


def _units(person: Person, prefix: str) -> list[PlanUnit]:
    counties = [_county(area.code) for area in areas_of(person, READ)]
    reach = accounts.scope_of(person, READ).q("code")
    rows = PlanUnit.objects.filter(reach, plan__in=_approved(counties), line_count__gt=0, code__startswith=prefix)
    return list(rows.order_by("code", "pk"))


def _agreements(person: Person, prefix: str) -> Any:
    scope = accounts.scope_of(person, PAIRS)
    rows = Agreement.objects.live().filter(scope.q("helper_code") | scope.q("helped_code"))
    within = rows.filter(helper_code__startswith=prefix) | rows.filter(helped_code__startswith=prefix)
    return within.order_by("pk")


def _feature(pk: int, geometry: Mapping[str, Any], properties: Mapping[str, Any]) -> Feature:
    return {"type": "Feature", "id": pk, "geometry": geometry, "properties": properties}


def _collection(features: Iterable[Feature]) -> str:
    told = [{**each, "properties": {"id": each["id"], **each["properties"]}} for each in features]
    return json.dumps({"type": "FeatureCollection", "features": told}, ensure_ascii=False)
