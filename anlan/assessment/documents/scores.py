"""The results as a workbook (assessment.xlsx): overview, rankings, every leaf, what is missing, how it was computed."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext

from anlan.assessment.core.names import LEVEL_NAMES, METHOD_NAMES, REGION_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Grade, Leaf, LeafScore, Result, UnitResult
from anlan.assessment.documents.report_words import grade_text, leaf_cell, leaf_unit
from anlan.assessment.documents.workbook_words import department_name, leaf_name, said, target_text
from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark
from anlan.web.sheets import Cell, Column, Look, Shown, Table, workbook_bytes

RANKING_SHEETS = {
    Level.COUNTY: mark("County"),
    Level.TOWNSHIP: mark("Townships"),
    Level.VILLAGE: mark("Villages"),
}
FACTS = mark("%(survey)s, closing date %(day)s")


def make_scores_workbook(result: Result) -> bytes:
    """Return the workbook of a whole result; the same result gives the same bytes."""
    title = gettext("Assessment of grassroots emergency capability")
    facts = said(FACTS, {"survey": result.survey_name, "day": result.closes_on.isoformat()})
    tables = [_overview(result, title, facts)]
    tables += [_ranking(result, level, facts) for level in RANKING_SHEETS if _at(result, level)]
    tables += [_leaves(result, facts), _missing(result, facts), _method(result, facts)]
    return workbook_bytes(tables, title=title, made_on=result.closes_on)


def _at(result: Result, level: Level) -> list[UnitResult]:
    return [unit for unit in result.units if unit.unit.level == level]


def _overview(result: Result, title: str, facts: str) -> Table:
    columns = [
        Column(gettext("Level"), 12),
        Column(gettext("Units"), 10, Look.NUMBER),
        *(Column(grade_text(grade), 10, Look.NUMBER) for grade in Grade),
        Column(gettext("not graded"), 10, Look.NUMBER),
        Column(gettext("Weak units"), 10, Look.NUMBER),
        Column(gettext("Mean score"), 10, Look.POINTS),
        Column(gettext("Lowest"), 10, Look.POINTS),
        Column(gettext("Highest"), 10, Look.POINTS),
        Column(gettext("Completeness"), 12, Look.PERCENT),
        Column(gettext("Missing answers"), 12, Look.NUMBER),
    ]
    rows = [_overview_row(level, _at(result, level)) for level in RANKING_SHEETS if _at(result, level)]
    return Table(gettext("Overview"), title, facts, columns, rows)


def _overview_row(level: Level, units: Sequence[UnitResult]) -> list[Cell]:
    scores = [unit.score * 100 for unit in units if unit.score is not None]
    missing = sum(leaf.score is None for unit in units for leaf in unit.leaves)
    return [
        gettext(LEVEL_NAMES[level]),
        len(units),
        *(sum(unit.grade == grade for unit in units) for grade in Grade),
        sum(unit.grade is None for unit in units),
        sum(unit.is_weak for unit in units),
        sum(scores) / len(scores) if scores else None,
        min(scores, default=None),
        max(scores, default=None),
        sum(unit.completeness for unit in units) / len(units),
        missing,
    ]


def _ranking(result: Result, level: Level, facts: str) -> Table:
    names = {unit.unit.code: unit.unit.name for unit in result.units}
    units = sorted(_at(result, level), key=lambda unit: (unit.rank is None, unit.rank or 0, unit.unit.code))
    columns = [
        Column(gettext("Rank"), 7, Look.NUMBER),
        Column(gettext("Division code"), 15),
        Column(gettext("Name"), 18),
        Column(gettext("Belongs to"), 16),
        Column(gettext("Region type"), 12),
        Column(gettext("Population"), 11, Look.NUMBER),
        Column(gettext("Score"), 9, Look.POINTS),
        Column(gettext("Grade"), 9),
        Column(gettext("Weak unit"), 9),
        *(Column(gettext(DIMENSION_NAMES[dimension]), 11, Look.POINTS) for dimension in Dimension),
        Column(gettext("Coupling coordination"), 12, Look.FINE),
        Column(gettext("Completeness"), 12, Look.PERCENT),
        Column(gettext("Lower bound"), 9, Look.POINTS),
        Column(gettext("Upper bound"), 9, Look.POINTS),
        Column(gettext("Best rank (95 %)"), 10, Look.NUMBER),
        Column(gettext("Worst rank (95 %)"), 10, Look.NUMBER),
        Column(gettext("Probability of the grade"), 12, Look.PERCENT),
    ]
    rows = [_ranking_row(unit, names) for unit in units]
    return Table(gettext(RANKING_SHEETS[level]), gettext(RANKING_SHEETS[level]), facts, columns, rows, frozen_columns=3)


def _ranking_row(result: UnitResult, names: dict[str, str]) -> list[Cell]:
    unit = result.unit
    scores = {score.dimension: score.score for score in result.dimensions}
    return [
        result.rank,
        unit.code,
        unit.name,
        names.get(unit.parent_code or "", ""),
        gettext(REGION_NAMES[unit.region]) if unit.region else "",
        unit.population,
        _points(result.score),
        grade_text(result.grade),
        gettext("yes") if result.is_weak else "",
        *(_points(scores.get(dimension)) for dimension in Dimension),
        result.coupling,
        result.completeness,
        _points(result.lower),
        _points(result.upper),
        result.rank_low,
        result.rank_high,
        result.grade_probability.get(result.grade) if result.grade else None,
    ]


def _points(score: float | None) -> float | None:
    return None if score is None else score * 100


def _leaves(result: Result, facts: str) -> Table:
    columns = [
        Column(gettext("Level"), 8),
        Column(gettext("Division code"), 15),
        Column(gettext("Name"), 16),
        Column(gettext("Dimension"), 12),
        Column(gettext("Code"), 11),
        Column(gettext("Indicator"), 34),
        Column(gettext("Value"), 11, Look.NUMBER),
        Column(gettext("Unit of measure"), 10),
        Column(gettext("Target"), 20),
        Column(gettext("Value by evidence"), 11, Look.NUMBER),
        Column(gettext("Doubtful"), 9),
        Column(gettext("Score"), 9, Look.POINTS),
        Column(gettext("Weight within its dimension"), 11, Look.PERCENT),
        Column(gettext("Loss (points)"), 10, Look.POINTS),
        Column(gettext("Obstacle"), 10, Look.PERCENT),
    ]
    name = gettext("Scores by indicator")
    return Table(name, name, facts, columns, list(_leaf_rows(result)), frozen_columns=3)


def _leaf_rows(result: Result) -> Iterator[list[Cell]]:
    words = {leaf.code: _leaf_words(leaf) for leaf in result.system.leaves}
    leaves = {leaf.code: leaf for leaf in result.system.leaves}
    for unit in result.units:
        head: list[Cell] = [gettext(LEVEL_NAMES[unit.unit.level]), unit.unit.code, unit.unit.name]
        for found in unit.leaves:
            yield head + _leaf_row(leaves[found.leaf_code], words[found.leaf_code], found)


def _leaf_words(leaf: Leaf) -> tuple[str, str, str, str]:
    return gettext(DIMENSION_NAMES[leaf.dimension]), leaf_name(leaf), leaf_unit(leaf), target_text(leaf)


def _leaf_row(leaf: Leaf, words: tuple[str, str, str, str], found: LeafScore) -> list[Cell]:
    dimension, name, unit, target = words
    value = leaf_cell(leaf, found.value) if found.score is not None else Shown(gettext("missing"), Look.TEXT)
    return [
        dimension,
        leaf.code,
        name,
        value,
        unit,
        target,
        leaf_cell(leaf, found.evidence_value),
        gettext("yes") if found.is_doubtful else "",
        _points(found.score),
        found.weight,
        found.loss * 100,
        found.obstacle,
    ]


def _missing(result: Result, facts: str) -> Table:
    units = {unit.unit.code: unit.unit for unit in result.units}
    leaves = {leaf.code: leaf for leaf in result.system.leaves}
    columns = [
        Column(gettext("Division code"), 15),
        Column(gettext("Name"), 20),
        Column(gettext("Level"), 10),
        Column(gettext("Code"), 12),
        Column(gettext("Indicator"), 44),
        Column(gettext("Filled in by"), 20),
    ]
    rows = [
        [
            unit,
            units[unit].name,
            gettext(LEVEL_NAMES[units[unit].level]),
            leaf,
            leaf_name(leaves[leaf]),
            department_name(leaves[leaf].department),
        ]
        for unit, leaf in result.missing
    ]
    name = gettext("Missing answers")
    return Table(name, gettext("Missing answers: to be asked again, never scored as zero"), facts, columns, rows)


def _method(result: Result, facts: str) -> Table:
    rule, system = result.system.grades, result.system
    rows: list[list[Cell]] = [
        [gettext("Survey"), result.survey_name],
        [gettext("Closing date"), result.closes_on.isoformat()],
        [gettext("Indicator system"), f"{system.name_zh} / {system.name_en}"],
        [gettext("Weights"), gettext(METHOD_NAMES[result.method])],
        *(  # type: ignore[list-item]
            [said(mark("Weight of %(dimension)s"), {"dimension": gettext(DIMENSION_NAMES[dimension])}), f"{weight:.2%}"]
            for dimension, weight in system.dimension_weights.items()
        ),
        [gettext("Share of a unit's own part beside the units below it"), f"{system.own_share:.0%}"],
        [gettext("Grade bands"), _bands(result)],
        [
            gettext("Weak unit"),
            said(
                mark("score below %(fair)g or a dimension below %(dimension)g"),
                {"fair": rule.fair * 100, "dimension": rule.weak_dimension * 100},
            ),
        ],
        [
            gettext("No grade"),
            said(mark("less than %(share)d%% of the weight answered"), {"share": round(rule.least_completeness * 100)}),
        ],
        [gettext("Missing answers"), gettext("left out, the other weights scaled up; the bounds show worst and best")],
        [gettext("SHA-256 of the answers"), result.input_sha256],
        [gettext("SHA-256 of the indicator system"), result.system_sha256],
    ]
    name = gettext("Method")
    columns = [Column(gettext("What"), 34), Column(gettext("How"), 90, Look.WRAPPED)]
    return Table(name, gettext("How the result was computed"), facts, columns, rows)


def _bands(result: Result) -> str:
    rule = result.system.grades
    floors = {Grade.EXCELLENT: rule.excellent, Grade.GOOD: rule.good, Grade.FAIR: rule.fair}
    return "; ".join(f"{grade_text(grade)} ≥ {floor * 100:g}" for grade, floor in floors.items())
