"""The priced needs as a workbook, 《帮扶需求清单》: every line, totals by township and by dimension."""

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext

from anlan.assessment.core.names import LEVEL_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Kind, Leaf, Need, Result
from anlan.assessment.documents.narrative import Measure
from anlan.assessment.documents.report_words import leaf_cell, leaf_unit, measure_text
from anlan.assessment.documents.workbook_words import department_name, leaf_name, said
from anlan.kernel.codes import level_of
from anlan.kernel.money import FEN_PER_YUAN
from anlan.kernel.refusal import mark
from anlan.web.sheets import Cell, Column, Look, Table, workbook_bytes

FACTS = mark(
    "%(survey)s, closing date %(day)s; %(count)d needs, %(cost)s yuan; computed from the answers %(digest)s, "
    "missing answers are not priced"
)


def make_needs_workbook(result: Result) -> bytes:
    """Return the needs list of a result; the same result gives the same bytes."""
    title = gettext("List of support needs")
    facts = said(
        FACTS,
        {
            "survey": result.survey_name,
            "day": result.closes_on.isoformat(),
            "count": len(result.needs),
            "cost": f"{_yuan(result.needs):,.2f}",
            "digest": result.input_sha256[:12],
        },
    )
    tables = [_list(result, title, facts), _by_township(result, facts), _by_dimension(result, facts)]
    return workbook_bytes(tables, title=title, made_on=result.closes_on)


def _yuan(needs: Sequence[Need]) -> float:
    return sum(need.cost_fen for need in needs) / FEN_PER_YUAN


def _list(result: Result, title: str, facts: str) -> Table:
    columns = [
        Column(gettext("Priority"), 7, Look.NUMBER),
        Column(gettext("Township"), 12),
        Column(gettext("Unit"), 14),
        Column(gettext("Level"), 7),
        Column(gettext("Division code"), 14),
        Column(gettext("Dimension"), 10),
        Column(gettext("Code"), 10),
        Column(gettext("Indicator"), 28, Look.WRAPPED),
        Column(gettext("Current"), 9, Look.NUMBER),
        Column(gettext("Target"), 9, Look.NUMBER),
        Column(gettext("Gap"), 9, Look.NUMBER),
        Column(gettext("Unit of measure"), 9),
        Column(gettext("Weighted loss (points)"), 9, Look.FINE),
        Column(gettext("Obstacle"), 8, Look.PERCENT),
        Column(gettext("Measure"), 36, Look.WRAPPED),
        Column(gettext("Unit price (yuan)"), 12, Look.YUAN),
        Column(gettext("Quantity"), 9, Look.NUMBER),
        Column(gettext("Estimated cost (yuan)"), 14, Look.YUAN, is_summed=True),
        Column(gettext("Responsible"), 14),
        Column(gettext("Deadline"), 11, Look.DAY),
        Column(gettext("Evidence of completion"), 30, Look.WRAPPED),
        Column(gettext("Paired partner (to be agreed)"), 14),
        Column(gettext("Source of funds (to be agreed)"), 14),
    ]
    leaves = {leaf.code: leaf for leaf in result.system.leaves}
    ordered = sorted(result.needs, key=lambda need: (need.priority, need.unit_code, need.leaf_code))
    rows = [_row(need, leaves[need.leaf_code]) for need in ordered]
    return Table(gettext("Needs"), title, facts, columns, rows, frozen_columns=3)


def _row(need: Need, leaf: Leaf) -> list[Cell]:
    return [
        need.priority,
        need.township_name,
        need.unit_name,
        gettext(LEVEL_NAMES[level_of(need.unit_code)]),
        need.unit_code,
        gettext(DIMENSION_NAMES[need.dimension]),
        need.leaf_code,
        leaf_name(leaf),
        leaf_cell(leaf, need.current),
        leaf_cell(leaf, need.target),
        need.gap if leaf.kind is Kind.BOOLEAN else leaf_cell(leaf, need.gap),
        leaf_unit(leaf),
        need.loss * 100,
        need.obstacle,
        measure_text(Measure(leaf, need.measure_zh)),
        need.unit_price_fen / FEN_PER_YUAN,
        need.quantity,
        need.cost_fen / FEN_PER_YUAN,
        department_name(need.department),
        need.due_on,
        leaf.evidence_zh,
        None,
        None,
    ]


def _by_township(result: Result, facts: str) -> Table:
    groups: dict[tuple[str, str], list[Need]] = defaultdict(list)
    for need in result.needs:
        groups[need.township_code or "", need.township_name or need.unit_name].append(need)
    columns = [
        Column(gettext("Division code"), 15),
        Column(gettext("Township"), 18),
        Column(gettext("Needs"), 9, Look.NUMBER, is_summed=True),
        *(Column(gettext(DIMENSION_NAMES[dimension]), 16, Look.YUAN, is_summed=True) for dimension in Dimension),
        Column(gettext("Estimated cost (yuan)"), 18, Look.YUAN, is_summed=True),
    ]
    rows: list[list[Cell]] = []
    for (code, name), needs in sorted(groups.items()):
        parts = [_yuan([need for need in needs if need.dimension == dimension]) for dimension in Dimension]
        rows.append([code, name, len(needs), *parts, _yuan(needs)])
    name = gettext("Totals by township")
    return Table(name, name, facts, columns, rows)


def _by_dimension(result: Result, facts: str) -> Table:
    columns = [
        Column(gettext("Dimension"), 18),
        Column(gettext("Needs"), 10, Look.NUMBER, is_summed=True),
        Column(gettext("Units"), 10, Look.NUMBER),
        Column(gettext("Estimated cost (yuan)"), 20, Look.YUAN, is_summed=True),
        Column(gettext("Share of the cost"), 14, Look.PERCENT),
    ]
    whole = _yuan(result.needs)
    rows: list[list[Cell]] = []
    for dimension in Dimension:
        needs = [need for need in result.needs if need.dimension == dimension]
        cost = _yuan(needs)
        units = len({need.unit_code for need in needs})
        rows.append([gettext(DIMENSION_NAMES[dimension]), len(needs), units, cost, cost / whole if whole else 0.0])
    name = gettext("Totals by dimension")
    return Table(name, name, facts, columns, rows)
