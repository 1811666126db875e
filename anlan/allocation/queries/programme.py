"""The programme as one unit sees it: what it asked for, what it gets, what it must do; and the same of those below."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import F, Q, Sum

from anlan.accounts.queries import Scope
from anlan.allocation.core.pairing_life import LIVE
from anlan.allocation.models import Agreement, Plan, PlanUnit
from anlan.assessment.queries import results
from anlan.kernel.codes import LENGTH, PREFIX_LENGTH, Level, ancestor_at, level_of, prefix_of
from anlan.places import queries as places
from anlan.worklists import queries as worklists

BELOW = {Level.COUNTY: Level.TOWNSHIP, Level.TOWNSHIP: Level.VILLAGE}
MOST = 8


def plan_in_force(county_code: str) -> Plan | None:
    """Return the county's approved plan of the latest year."""
    rows = Plan.objects.approved().filter(county_code=county_code).plain()
    return (
        rows.select_related("assessment__round").defer("content", "assessment__content").order_by("-first_year").first()
    )


def programme_page(code: str, name: str, today: date, *, sees_tasks: bool) -> dict[str, Any]:
    """Return the programme of one county, township or village."""
    county_code = ancestor_at(code, Level.COUNTY)
    assessment, plan = results.published_of_county(county_code), plan_in_force(county_code)
    level, wanted = level_of(code), results.wanted_by_units(assessment) if assessment else {}
    return {
        "code": code,
        "name": name,
        "level": level.value,
        "assessment": assessment,
        "plan": plan,
        "asked": _asked(assessment, wanted, code) if assessment else None,
        "given": _given(plan, code) if plan else None,
        "agreements": list(_agreements(code)),
        "tasks": worklists.waiting_at(code, MOST) if sees_tasks else [],
        "above": _above(code),
        "below": _below(code, wanted, plan, today) if level in BELOW else [],
    }


def _asked(assessment: Any, wanted: Mapping[str, tuple[int, int]], code: str) -> dict[str, Any]:
    """Return how much the unit and all within it ask for, its own first needs, and its score."""
    prefix = prefix_of(code)
    within = [each for unit, each in wanted.items() if unit.startswith(prefix)]
    found = results.latest_of_unit(code)
    return {
        "count": sum(count for count, _fen in within),
        "fen": sum(fen for _count, fen in within),
        "needs": list(results.needs_of_code(assessment.pk, code)[:MOST]),
        "score": found["result"].score if found else None,
        "grade": found["result"].grade if found else "",
    }


def _given(plan: Plan, code: str) -> dict[str, Any]:
    """Return what the plan gives the unit and all within it, and its own lines that cost most."""
    units = PlanUnit.objects.filter(plan=plan, code__startswith=prefix_of(code))
    sums = units.aggregate(fen=Sum("money_fen"), lines=Sum("line_count"))
    own = units.filter(code=code).first()
    lines = plan.lines.filter(unit_code=code).select_related("measure").annotate(whole=F("cost_fen") + F("running_fen"))
    return {
        "fen": sums["fen"] or 0,
        "lines": sums["lines"] or 0,
        "own": own,
        "first": list(lines.order_by("-whole", "position")[:MOST]),
    }


def _agreements(code: str) -> Any:
    sides = Q(helper_code=code) | Q(helped_code=code)
    waiting = Q(state="proposed") | Q(state__in=sorted(LIVE))
    return Agreement.objects.filter(sides, waiting).order_by("pk")[:MOST]


def _above(code: str) -> list[tuple[str, str]]:
    codes = dict.fromkeys(ancestor_at(code, level) for level in (Level.COUNTY, Level.TOWNSHIP))
    return places.names_of(each for each in codes if each != code)


def _below(code: str, wanted: Mapping[str, tuple[int, int]], plan: Plan | None, today: date) -> list[dict[str, Any]]:
    """Return each unit directly below with what it and all within it ask for, get, and have to do."""
    level = BELOW[level_of(code)]
    digits = PREFIX_LENGTH[level]
    asked = _summed(wanted, digits)
    given = _summed(_money_by_unit(plan) if plan else {}, digits)
    work = worklists.work_by_unit(prefix_of(code), digits, today)
    units = [(each, name) for each, name in places.names_within(prefix_of(code)) if level_of(each) is level]
    return [
        {
            "code": each,
            "name": name,
            "needs": asked.get(each, (0, 0))[0],
            "asked_fen": asked.get(each, (0, 0))[1],
            "lines": given.get(each, (0, 0))[0],
            "given_fen": given.get(each, (0, 0))[1],
            "work": work.get(each),
        }
        for each, name in units
    ]


def _money_by_unit(plan: Plan) -> dict[str, tuple[int, int]]:
    rows = PlanUnit.objects.filter(plan=plan).values_list("code", "line_count", "money_fen")
    return {code: (lines, fen) for code, lines, fen in rows}


def _summed(by_unit: Mapping[str, tuple[int, int]], digits: int) -> dict[str, tuple[int, int]]:
    """Return counts and fen summed over everything within each unit of that depth."""
    found: dict[str, tuple[int, int]] = {}
    for code, (count, fen) in by_unit.items():
        above = code[:digits].ljust(LENGTH, "0")
        before = found.get(above, (0, 0))
        found[above] = (before[0] + count, before[1] + fen)
    return found


def first_area(scope: Scope) -> str:
    """Return the code of the highest county, township or village that the scope holds; "" if there is none."""
    codes = sorted((grant.prefix for grant in scope.grants), key=lambda prefix: (len(prefix), prefix))
    wide = [prefix.ljust(LENGTH, "0") for prefix in codes if len(prefix) >= PREFIX_LENGTH[Level.COUNTY]]
    return wide[0] if wide else ""
