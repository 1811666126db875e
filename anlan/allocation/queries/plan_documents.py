"""A stored plan as its documents tell it."""

from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from rich.console import Console

from anlan.allocation.core.notes import note_from
from anlan.allocation.core.plan_life import PlanState
from anlan.allocation.documents.plan_document import plan_docx
from anlan.allocation.documents.plan_summary import print_plan
from anlan.allocation.documents.plan_told import (
    ToldFairness,
    ToldFloor,
    ToldLine,
    ToldMiss,
    ToldPlan,
    ToldPrice,
    ToldUnit,
)
from anlan.allocation.documents.plan_workbook import plan_workbook
from anlan.allocation.models import Plan, PlanDocument, PlanLine, PlanMiss, PlanUnit
from anlan.allocation.rule_words import name_of
from anlan.places import queries as places


def told_plan(plan: Plan) -> ToldPlan:
    """Return a solved plan with all its rows, named in the reader's language."""
    figures, held = plan.figures, plan.assessment.round
    is_decided = plan.state in {PlanState.APPROVED, PlanState.SUPERSEDED}
    years = tuple(range(plan.first_year, plan.last_year + 1))
    return ToldPlan(
        county_name=dict(places.names_of([plan.county_code])).get(plan.county_code, plan.county_code),
        name=plan.name,
        survey_name=held.name,
        closes_on=held.closes_on,
        years=years,
        budget_fen=plan.budget_fen,
        spent_fen=plan.spent_fen,
        gap=plan.gap or 0.0,
        solver=plan.solver,
        sha256=plan.sha256,
        made_on=localtime(plan.solved_at).date(),
        approved_by=plan.approved_by_name if is_decided else "",
        approved_on=localtime(plan.approved_at).date() if is_decided else None,
        newer_round=plan.newer_round,
        notes=tuple(note_from(note) for note in plan.notes),
        lines=tuple(_line(line) for line in plan.lines.select_related("measure").order_by("position")),
        units=tuple(_unit(unit) for unit in plan.units.order_by("code")),
        misses=tuple(_miss(miss) for miss in plan.misses.select_related("measure").order_by("rank")),
        prices=tuple(_price(price, years) for price in figures["prices"]),
        floors=tuple(
            ToldFloor(floor["key"], note_from(floor["words"]), floor["is_binding"], floor["cost"])
            for floor in figures["floors"]
        ),
        fairness=_fairness(figures["fairness"]),
    )


def _fairness(content: dict[str, Any]) -> ToldFairness:
    (low, before), (lower, after) = content["worst_before"], content["worst_after"]
    return ToldFairness(content["gini_before"], content["gini_after"], (low, before), (lower, after))


def _price(price: dict[str, Any], years: tuple[int, ...]) -> ToldPrice:
    return ToldPrice(
        source=price["source"],
        year=years[price["year"]],
        budget_fen=price["budget_fen"],
        spent_fen=price["spent_fen"],
        points_per_wan=price["points_per_wan"],
        checked=price["checked"],
    )


def _line(line: PlanLine) -> ToldLine:
    return ToldLine(
        unit_code=line.unit_code,
        unit_name=line.unit_name,
        level=line.level,
        township_code=line.township_code,
        township_name=line.township_name,
        dimension=line.dimension,
        measure_code=line.measure.code,
        measure_name=name_of(line.measure),
        measure_unit=line.measure.unit,
        department=line.measure.department,
        source_name=line.source_name,
        year=line.year,
        pieces=line.pieces,
        unit_price_fen=line.unit_price_fen,
        cost_fen=line.cost_fen,
        running_fen=line.running_fen,
        gain=line.gain,
        points_per_wan=line.points_per_wan,
        reasons=tuple(note_from(note) for note in line.reasons),
    )


def _unit(unit: PlanUnit) -> ToldUnit:
    return ToldUnit(
        code=unit.code,
        name=unit.name,
        level=unit.level,
        township_code=unit.township_code,
        township_name=unit.township_name,
        population=unit.population,
        is_weak=unit.is_weak,
        score_before=unit.score_before,
        score_after=unit.score_after,
        money_fen=unit.money_fen,
        needs_fen=unit.needs_fen,
        line_count=unit.line_count,
    )


def _miss(miss: PlanMiss) -> ToldMiss:
    return ToldMiss(
        unit_code=miss.unit_code,
        unit_name=miss.unit_name,
        measure_code=miss.measure.code,
        measure_name=name_of(miss.measure),
        price_fen=miss.price_fen,
        points_per_wan=miss.points_per_wan,
        reason=note_from(miss.reason),
    )


def draft_of(plan: Plan, media: str) -> tuple[bytes, str]:
    """Return the documents of a plan as it stands now, marked as a draft unless it is approved, and their name."""
    told = told_plan(plan)
    make = {"docx": plan_docx, "xlsx": plan_workbook}[media]
    return make(told), f"{_('Allocation plan')}-{plan.number}.{media}"


def open_document(document: PlanDocument) -> "File[bytes]":
    """Return an issued document's file."""
    return default_storage.open(document.path)


def print_stored(plan: Plan, console: Console) -> None:
    """Print what came of a solved plan on a terminal."""
    print_plan(told_plan(plan), console)
