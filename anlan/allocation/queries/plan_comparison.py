"""Two plans side by side, and what more or less money would bring."""

from typing import Any

from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from anlan.accounts.queries import Scope
from anlan.allocation.core.asked import Asked, asked_from_content
from anlan.allocation.core.frontier import frontier
from anlan.allocation.core.problem import Problem
from anlan.allocation.models import Plan, PlanLine, PlanUnit
from anlan.allocation.plan_words import wishes_of
from anlan.allocation.queries import plan_inputs
from anlan.allocation.queries.plans import wan

SHARES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5)
MOST_DIFFERENCES = 300
SAME_SCORE = 5e-4


def others_of(plan: Plan, *, with_drafts: bool) -> QuerySet[Plan]:
    """Return the county's other solved plans: what a plan may be compared with."""
    rows = Plan.objects.filter(county_code=plan.county_code, solved_at__isnull=False).exclude(pk=plan.pk).plain()
    return (rows if with_drafts else rows.decided()).order_by("-number")


def compared(one: Plan, other: Plan, scope: Scope) -> dict[str, Any]:
    """Return both plans' figures, townships, units that differ, and lines that only one of them has."""
    units = {plan.pk: _units(plan, scope) for plan in (one, other)}
    lines = {plan.pk: _lines(plan, scope) for plan in (one, other)}
    return {
        "plans": [
            {"plan": plan, "wishes": list(wishes_of(asked_from_content(plan.asked))), **_figures(plan, units[plan.pk])}
            for plan in (one, other)
        ],
        "townships": _townships(one, other, scope),
        "units": _different_units(units[one.pk], units[other.pk]),
        "only_one": _only(lines[one.pk], lines[other.pk]),
        "only_other": _only(lines[other.pk], lines[one.pk]),
        "shared_count": len(lines[one.pk].keys() & lines[other.pk].keys()),
    }


def _units(plan: Plan, scope: Scope) -> dict[str, PlanUnit]:
    return {unit.code: unit for unit in PlanUnit.objects.filter(scope.q("code"), plan=plan).order_by("code")}


def _lines(plan: Plan, scope: Scope) -> dict[tuple[str, str], PlanLine]:
    """Return the lines by unit and measure; one bought in parts stands once, with all its pieces."""
    rows = PlanLine.objects.filter(scope.q("unit_code"), plan=plan).select_related("measure").order_by("position")
    found: dict[tuple[str, str], PlanLine] = {}
    for row in rows:
        key = (row.unit_code, row.measure.code)
        if key in found:
            found[key].pieces += row.pieces
            found[key].cost_fen += row.cost_fen
        else:
            found[key] = row
    return found


def _figures(plan: Plan, units: dict[str, PlanUnit]) -> dict[str, Any]:
    fair = plan.figures.get("fairness", {})
    return {
        "money_fen": sum(unit.money_fen for unit in units.values()),
        "served": sum(unit.line_count > 0 for unit in units.values()),
        "weak_left": sum(unit.is_weak and unit.score_after < 0.6 for unit in units.values()),
        "gain": sum(unit.gain for unit in units.values()) / len(units) if units else 0.0,
        "lowest": min((unit.score_after for unit in units.values()), default=0.0),
        "gini_after": fair.get("gini_after"),
    }


def _townships(one: Plan, other: Plan, scope: Scope) -> dict[str, Any]:
    rows = PlanUnit.objects.filter(scope.q("code"), plan__in=[one, other]).values("plan_id", "township_code")
    sums = rows.annotate(fen=Sum("money_fen"), gained=Sum(F("score_after") - F("score_before")))
    names = dict(PlanUnit.objects.filter(plan__in=[one, other]).values_list("code", "name"))
    found: dict[str, dict[int, Any]] = {}
    for row in sums.order_by("township_code"):
        found.setdefault(row["township_code"], {})[row["plan_id"]] = row
    table = [
        {
            "name": names.get(code, code),
            "one": of.get(one.pk, {}).get("fen", 0),
            "other": of.get(other.pk, {}).get("fen", 0),
            "difference": of.get(other.pk, {}).get("fen", 0) - of.get(one.pk, {}).get("fen", 0),
        }
        for code, of in found.items()
    ]
    chart = {
        "kind": "bar",
        "categories": [row["name"] for row in table],
        "series": [
            {"name": f"{plan.number} {plan.name}", "values": [wan(row[key]) for row in table]}
            for plan, key in ((one, "one"), (other, "other"))
        ],
        "unit": _("10 000 yuan"),
    }
    return {"rows": table, "chart": chart if table else None}


def _different_units(one: dict[str, PlanUnit], other: dict[str, PlanUnit]) -> list[dict[str, Any]]:
    rows = [
        {
            "name": unit.name,
            "code": code,
            "one": unit.score_after,
            "other": other[code].score_after,
            "difference": other[code].score_after - unit.score_after,
            "money": other[code].money_fen - unit.money_fen,
        }
        for code, unit in one.items()
        if code in other
        and (abs(other[code].score_after - unit.score_after) > 5e-4 or other[code].money_fen != unit.money_fen)
    ]
    return sorted(rows, key=lambda row: (-abs(row["difference"]), row["code"]))[:MOST_DIFFERENCES]


def _differ(one: PlanUnit, other: PlanUnit) -> bool:
    return one.money_fen != other.money_fen or abs(one.score_after - other.score_after) > SAME_SCORE


def _only(lines: dict[tuple[str, str], PlanLine], others: dict[tuple[str, str], PlanLine]) -> list[PlanLine]:
    """Return the lines that the others lack, or have fewer pieces of."""
    found = [line for key, line in lines.items() if key not in others or others[key].pieces < line.pieces]
    return found[:MOST_DIFFERENCES]


def estimate_of(plan: Plan, asked: Asked) -> dict[str, Any]:
    """Return the frontier of the whole's gain over 50 to 150 % of the budget: a bound, for a quick look.

    Raises:
        Refusal: the problem cannot be built.
    """
    problem: Problem = plan_inputs.built_for(plan, asked).problem
    points = frontier(problem, SHARES)
    chart = {
        "kind": "line",
        "categories": [f"{round(point.share * 100)}%" for point in points],
        "series": [{"name": _("Gain at most (weighted points)"), "values": [_points(point.bound) for point in points]}],
        "unit": _("points"),
    }
    rows = [
        {
            "percent": round(point.share * 100),
            "budget_fen": point.budget_fen,
            "bound": _points(point.bound),
            "more": _more(before.bound, point.bound) if before else None,
        }
        for before, point in zip([None, *points], points, strict=False)
    ]
    return {"chart": chart, "rows": rows}


def _points(value: float | None) -> float | None:
    return None if value is None else round(value * 100, 2)


def _more(before: float | None, value: float | None) -> float | None:
    return None if before is None or value is None else _points(value - before)
