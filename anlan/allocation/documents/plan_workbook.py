"""《资源分配方案》 as a workbook: every line with its reasons, units, townships, money, rules, and what was missed."""

from collections.abc import Iterator

from django.utils.translation import gettext

from anlan.allocation.core.measures import UNIT_NAMES
from anlan.allocation.documents.plan_told import ToldPlan, note_text, reasons_text, townships_of
from anlan.assessment.core.names import DEPARTMENT_NAMES, LEVEL_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension
from anlan.kernel.codes import Level
from anlan.kernel.money import FEN_PER_YUAN, wan_text
from anlan.kernel.refusal import mark
from anlan.web.sheets import Cell, Column, Look, Table, workbook_bytes

FACTS = mark(
    "%(plan)s, %(years)s; %(spent)s of %(budget)s × 10 000 yuan; within %(gap)s %% of what no plan can exceed; "
    "problem %(digest)s"
)
DRAFT = mark("Draft, not approved")


def plan_workbook(told: ToldPlan) -> bytes:
    """Return the plan as a workbook; the same plan gives the same bytes."""
    values = {
        "plan": told.name,
        "years": told.years_text,
        "spent": wan_text(told.spent_fen),
        "budget": wan_text(told.budget_fen),
        "gap": f"{told.gap * 100:.3f}",
        "digest": told.sha256[:12],
    }
    facts = gettext(FACTS) % values
    if told.approved_on is None:
        facts = f"{gettext(DRAFT)} · {facts}"
    tables = [_lines(told, facts), _units(told, facts), _townships(told, facts), _money(told, facts)]
    tables += [_rules(told, facts), _misses(told, facts)]
    return workbook_bytes(tables, title=gettext("Allocation plan"), made_on=told.made_on)


def _yuan(fen: float) -> float:
    return fen / FEN_PER_YUAN


def _lines(told: ToldPlan, facts: str) -> Table:
    columns = [
        Column(gettext("No."), 6, Look.NUMBER),
        Column(gettext("Township"), 12),
        Column(gettext("Unit"), 14),
        Column(gettext("Level"), 7),
        Column(gettext("Division code"), 14),
        Column(gettext("Dimension"), 10),
        Column(gettext("Measure"), 30, Look.WRAPPED),
        Column(gettext("Year"), 7, Look.TEXT),
        Column(gettext("Quantity"), 8, Look.NUMBER),
        Column(gettext("Unit of measure"), 8),
        Column(gettext("Unit price (yuan)"), 12, Look.YUAN),
        Column(gettext("Cost (yuan)"), 14, Look.YUAN, is_summed=True),
        Column(gettext("Running cost within the plan (yuan)"), 14, Look.YUAN, is_summed=True),
        Column(gettext("Source of funds"), 20, Look.WRAPPED),
        Column(gettext("Gain (points)"), 9, Look.FINE),
        Column(gettext("Weighted points per 10 000 yuan"), 10, Look.FINE),
        Column(gettext("Responsible"), 14),
        Column(gettext("Why"), 60, Look.WRAPPED),
    ]
    return Table(gettext("Lines"), gettext("Allocation plan"), facts, columns, list(_line_rows(told)), frozen_columns=3)


def _line_rows(told: ToldPlan) -> Iterator[list[Cell]]:
    for number, line in enumerate(told.lines, 1):
        yield [
            number,
            line.township_name,
            line.unit_name,
            gettext(LEVEL_NAMES[Level(line.level)]),
            line.unit_code,
            gettext(DIMENSION_NAMES[Dimension(line.dimension)]),
            line.measure_name,
            str(line.year),
            line.pieces,
            gettext(UNIT_NAMES.get(line.measure_unit, line.measure_unit)),
            _yuan(line.unit_price_fen),
            _yuan(line.cost_fen),
            _yuan(line.running_fen),
            line.source_name,
            line.gain * 100,
            line.points_per_wan,
            gettext(DEPARTMENT_NAMES.get(line.department, line.department)),
            reasons_text(line.reasons),
        ]


def _units(told: ToldPlan, facts: str) -> Table:
    columns = [
        Column(gettext("Division code"), 14),
        Column(gettext("Township"), 14),
        Column(gettext("Unit"), 16),
        Column(gettext("Level"), 8),
        Column(gettext("Population"), 10, Look.NUMBER),
        Column(gettext("Weak unit"), 8),
        Column(gettext("Score before"), 9, Look.POINTS),
        Column(gettext("Score after"), 9, Look.POINTS),
        Column(gettext("Gain (points)"), 9, Look.FINE),
        Column(gettext("Needs (yuan)"), 15, Look.YUAN, is_summed=True),
        Column(gettext("Given (yuan)"), 15, Look.YUAN, is_summed=True),
        Column(gettext("Lines"), 7, Look.NUMBER, is_summed=True),
    ]
    rows: list[list[Cell]] = [
        [
            unit.code,
            unit.township_name,
            unit.name,
            gettext(LEVEL_NAMES[Level(unit.level)]),
            unit.population,
            gettext("yes") if unit.is_weak else gettext("no"),
            unit.score_before * 100,
            unit.score_after * 100,
            (unit.score_after - unit.score_before) * 100,
            _yuan(unit.needs_fen),
            _yuan(unit.money_fen),
            unit.line_count,
        ]
        for unit in told.units
    ]
    name = gettext("Units")
    return Table(name, gettext("What each unit gets"), facts, columns, rows, frozen_columns=3)


def _townships(told: ToldPlan, facts: str) -> Table:
    columns = [
        Column(gettext("Division code"), 14),
        Column(gettext("Township"), 18),
        Column(gettext("Population"), 10, Look.NUMBER),
        Column(gettext("Units"), 8, Look.NUMBER),
        Column(gettext("Lines"), 8, Look.NUMBER, is_summed=True),
        Column(gettext("Needs (yuan)"), 16, Look.YUAN, is_summed=True),
        Column(gettext("Given (yuan)"), 16, Look.YUAN, is_summed=True),
        Column(gettext("Yuan per head"), 11, Look.YUAN),
        Column(gettext("Score before"), 9, Look.POINTS),
        Column(gettext("Score after"), 9, Look.POINTS),
    ]
    rows: list[list[Cell]] = [
        [
            each.code,
            each.name,
            each.population,
            each.units,
            each.lines,
            _yuan(each.needs_fen),
            _yuan(each.money_fen),
            None if each.per_head_fen is None else _yuan(each.per_head_fen),
            each.score_before * 100,
            each.score_after * 100,
        ]
        for each in townships_of(told.units)
    ]
    name = gettext("Totals by township")
    return Table(name, name, facts, columns, rows)


def _money(told: ToldPlan, facts: str) -> Table:
    columns = [
        Column(gettext("Source of funds"), 30, Look.WRAPPED),
        Column(gettext("Year"), 8),
        Column(gettext("Budget (yuan)"), 18, Look.YUAN, is_summed=True),
        Column(gettext("Spent (yuan)"), 18, Look.YUAN, is_summed=True),
        Column(gettext("Left (yuan)"), 18, Look.YUAN, is_summed=True),
        Column(gettext("10 000 yuan more would buy (points)"), 16, Look.FINE),
        Column(gettext("The same, solved again at 1 % more"), 16, Look.FINE),
    ]
    rows: list[list[Cell]] = [
        [
            each.source,
            str(each.year),
            _yuan(each.budget_fen),
            _yuan(each.spent_fen),
            _yuan(each.budget_fen - each.spent_fen),
            each.points_per_wan,
            each.checked,
        ]
        for each in told.prices
    ]
    name = gettext("Money")
    return Table(name, gettext("Sources of money"), facts, columns, rows)


def _rules(told: ToldPlan, facts: str) -> Table:
    columns = [
        Column(gettext("Rule"), 60, Look.WRAPPED),
        Column(gettext("Binds"), 10),
        Column(gettext("What it costs the whole (points)"), 16, Look.FINE),
    ]
    rows: list[list[Cell]] = [
        [note_text(each.words), gettext("yes") if each.is_binding else gettext("no"), each.cost] for each in told.floors
    ]
    rows += [[note_text(note), "", None] for note in told.notes]
    name = gettext("Rules and notes")
    return Table(name, name, facts, columns, rows)


def _misses(told: ToldPlan, facts: str) -> Table:
    columns = [
        Column(gettext("No."), 6, Look.NUMBER),
        Column(gettext("Unit"), 16),
        Column(gettext("Measure"), 34, Look.WRAPPED),
        Column(gettext("Unit price (yuan)"), 14, Look.YUAN),
        Column(gettext("Weighted points per 10 000 yuan"), 12, Look.FINE),
        Column(gettext("Why not"), 60, Look.WRAPPED),
    ]
    rows: list[list[Cell]] = [
        [
            number,
            each.unit_name,
            each.measure_name,
            _yuan(each.price_fen),
            each.points_per_wan,
            note_text(each.reason),
        ]
        for number, each in enumerate(told.misses, 1)
    ]
    name = gettext("Next in line")
    return Table(name, gettext("Next in line and missed"), facts, columns, rows)
