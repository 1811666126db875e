"""What the pages of plans show: the list, one plan, one unit in it, two side by side, all years."""

from collections import defaultdict
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.accounts.queries import Scope
from anlan.allocation.core.asked import asked_from_content
from anlan.allocation.core.notes import note_from
from anlan.allocation.models import Plan, PlanLine, PlanMiss, PlanUnit
from anlan.allocation.plan_words import wishes_of
from anlan.allocation.queries.rule_pages import QUIET
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension
from anlan.assessment.queries import results
from anlan.kernel.codes import Level, prefix_of
from anlan.kernel.money import FEN_PER_WAN
from anlan.kernel.refusal import mark
from anlan.places import queries as places

MAPPED_LEVELS = {Level.TOWNSHIP: mark("Townships"), Level.VILLAGE: mark("Villages")}
GAIN_STOPS = ((0, "#F1F4F8"), (2, "#D5E6D8"), (5, "#A8CFB0"), (10, "#6FAE7F"), (15, "#3E8756"), (25, "#1F6A3C"))
NO_VALUE = "#ECEEF1"


def plans_of(county_code: str, *, with_drafts: bool) -> QuerySet[Plan]:
    """Return the county's plans; those that are not decided only for whoever makes or decides them."""
    rows = Plan.objects.filter(county_code=county_code).plain()
    rows = rows if with_drafts else rows.decided()
    return rows.select_related("assessment__round").defer("content", "assessment__content").order_by("-number")


def lines_within(plan: Plan, scope: Scope) -> QuerySet[PlanLine]:
    """Return the plan's lines within the scope, in their order."""
    return PlanLine.objects.filter(scope.q("unit_code"), plan=plan).select_related("measure").order_by("position")


def units_within(plan: Plan, scope: Scope) -> QuerySet[PlanUnit]:
    """Return what the plan gives the units within the scope."""
    rows = PlanUnit.objects.filter(scope.q("code"), plan=plan)
    return rows.annotate(gained=F("score_after") - F("score_before"))


def misses_within(plan: Plan, scope: Scope) -> QuerySet[PlanMiss]:
    """Return what units within the scope do not get, the nearest first."""
    return PlanMiss.objects.filter(scope.q("unit_code"), plan=plan).select_related("measure").order_by("rank")


def wan(fen: float) -> float:
    """Return fen as 10 000 yuan, two decimals: a chart's figure."""
    return round(fen / FEN_PER_WAN, 2)


def plan_page(plan: Plan, scope: Scope, level: str) -> dict[str, Any]:
    """Return a plan's figures, map, townships, money and rules, as far as the reader sees them."""
    units = list(units_within(plan, scope).order_by("code"))
    asked = asked_from_content(plan.asked)
    townships = _townships(units)
    shown = level if level in MAPPED_LEVELS else Level.VILLAGE.value
    return {
        "asked": asked,
        "wishes": list(wishes_of(asked)),
        "weak": sum(unit.is_weak for unit in units),
        "weak_left": sum(unit.is_weak and unit.score_after < 0.6 for unit in units),
        "served": sum(unit.line_count > 0 for unit in units),
        "line_count": sum(unit.line_count for unit in units),
        "money_fen": sum(unit.money_fen for unit in units),
        "needs_fen": sum(unit.needs_fen for unit in units),
        "townships": townships,
        "township_chart": _township_chart(townships) if townships else None,
        "dimensions": _dimensions(plan, scope),
        "map": plan_map(plan, shown) if units else None,
        "level": shown,
        "levels": [(each.value, name) for each, name in MAPPED_LEVELS.items()],
        "notes": [note_from(note) for note in plan.notes],
        "binding": [floor for floor in plan.figures.get("floors", []) if floor["is_binding"]],
        "rule_count": len(plan.figures.get("floors", [])),
    }


def _townships(units: list[PlanUnit]) -> list[dict[str, Any]]:
    """Return each township with what lies in it within the reader's scope."""
    groups: dict[str, list[PlanUnit]] = defaultdict(list)
    for unit in units:
        groups[unit.township_code].append(unit)
    found = []
    for code, members in sorted(groups.items()):
        own = next((unit for unit in members if unit.code == code), None)
        people = own.population if own else sum(unit.population for unit in members)
        money = sum(unit.money_fen for unit in members)
        found.append(
            {
                "code": code,
                "name": own.name if own else members[0].township_name,
                "own": own,
                "lines": sum(unit.line_count for unit in members),
                "needs_fen": sum(unit.needs_fen for unit in members),
                "money_fen": money,
                "per_head_fen": round(money / people) if people else None,
                "gain": sum(unit.gain for unit in members) / len(members),
            }
        )
    return found


def _township_chart(townships: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "kind": "bar",
        "categories": [each["name"] for each in townships],
        "series": [
            {"name": _("Given"), "values": [wan(each["money_fen"]) for each in townships]},
            {"name": _("Needs"), "values": [wan(each["needs_fen"]) for each in townships]},
        ],
        "unit": _("10 000 yuan"),
        "horizontal": True,
    }


def _dimensions(plan: Plan, scope: Scope) -> list[dict[str, Any]]:
    sums = lines_within(plan, scope).order_by().values("dimension")
    found = {
        row["dimension"]: row
        for row in sums.annotate(count=Count("pk"), fen=Sum(F("cost_fen") + F("running_fen")), points=Sum("gain"))
    }
    return [
        {"name": DIMENSION_NAMES[each], **found.get(each.value, {"count": 0, "fen": 0, "points": 0.0})}
        for each in Dimension
    ]


def plan_map(plan: Plan, level: str) -> dict[str, Any]:
    """Return the map's settings: units coloured by what they gain, rivers and roads quiet below them."""
    settings: dict[str, Any] = {
        "layers": [
            *places.ground_layers(plan.county_code, QUIET),
            *(_unit_layer(plan, each, is_visible=each == level) for each in MAPPED_LEVELS),
        ],
        "legend": [[colour, f"≥ {stop} {_('points')}"] for stop, colour in GAIN_STOPS],
    }
    bounds = places.bounds_of(prefix_of(plan.county_code))
    return settings | ({"bounds": list(bounds)} if bounds else {})


def _unit_layer(plan: Plan, level: Level, *, is_visible: bool) -> dict[str, Any]:
    return {
        "key": level.value,
        "title": _(MAPPED_LEVELS[level]),
        "kind": "fill",
        "url": reverse("plan-map-data", args=[plan.pk, level.value]),
        "visible": is_visible,
        "label": "name",
        "link": reverse("plan-unit", args=[plan.pk, "CODE"]).replace("CODE", "{code}"),
        "card": [
            [_("Gain (points)"), "gain"],
            [_("Score before"), "before"],
            [_("Score after"), "after"],
            [_("Given (10 000 yuan)"), "money"],
        ],
        "colour": {"property": "gain", "stops": [list(stop) for stop in GAIN_STOPS], "missing": NO_VALUE},
    }


def map_features(plan: Plan, scope: Scope, level: str) -> dict[str, Any]:
    """Return the units of a level as GeoJSON features that carry what the plan gives them."""
    rows = list(units_within(plan, scope).filter(level=level).order_by("code"))
    shapes = places.boundaries_of([row.division_id for row in rows])
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": int(row.code[-9:]),
                "geometry": shapes[row.division_id],
                "properties": {
                    "code": row.code,
                    "name": row.name,
                    "gain": round(row.gain * 100, 2),
                    "before": round(row.score_before * 100, 1),
                    "after": round(row.score_after * 100, 1),
                    "money": wan(row.money_fen),
                },
            }
            for row in rows
            if row.division_id in shapes
        ],
    }


def unit_page(unit: PlanUnit) -> dict[str, Any]:
    """Return what a unit asked for, what it gets, what it does not get and why, and who is above or below it."""
    plan = unit.plan
    below = PlanUnit.objects.filter(plan=plan, township_code=unit.code).exclude(code=unit.code).order_by("code")
    return {
        "unit": unit,
        "plan": plan,
        "lines": plan.lines.filter(unit_code=unit.code).select_related("measure").order_by("position"),
        "misses": plan.misses.filter(unit_code=unit.code).select_related("measure").order_by("rank"),
        "needs": results.needs_of_code(plan.assessment_id, unit.code),
        "below": below if unit.level == Level.TOWNSHIP else [],
        "own_gain": unit.gain - unit.gain_from_others,
    }


def history_of(county_code: str, scope: Scope) -> dict[str, Any]:
    """Return what each township got by the approved plans of all years, as a table and a chart."""
    rows = PlanLine.objects.filter(scope.q("unit_code"), plan__county_code=county_code, plan__state="approved")
    sums = rows.values("year", "township_code", "township_name").annotate(
        fen=Sum(F("cost_fen") + F("running_fen")), count=Count("pk"), points=Sum("gain")
    )
    found = list(sums.order_by("township_code", "year"))
    years = sorted({row["year"] for row in found})
    table: dict[str, dict[str, Any]] = {}
    for row in found:
        kept = table.setdefault(
            row["township_code"], {"name": row["township_name"], "by_year": {}, "fen": 0, "points": 0}
        )
        kept["by_year"][row["year"]] = row["fen"]
        kept["fen"] += row["fen"]
        kept["points"] += row["points"]
    lines = [row | {"cells": [row["by_year"].get(year, 0) for year in years]} for row in table.values()]
    chart = {
        "kind": "bar",
        "categories": [row["name"] for row in lines],
        "series": [
            {"name": str(year), "values": [wan(row["by_year"].get(year, 0)) for row in lines]} for year in years
        ],
        "unit": _("10 000 yuan"),
    }
    return {"years": years, "rows": lines, "chart": chart if lines else None}
