"""The tables of a report, in words: dimensions, ranking, obstacles, needs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from anlan.assessment.core.names import LEVEL_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Need, Result, UnitResult
from anlan.assessment.documents.narrative import BELOW, Measure, listed, name_within, percent, within
from anlan.assessment.documents.narrative_findings import PLACES, places_of
from anlan.assessment.documents.narrative_measures import needs_within
from anlan.assessment.documents.report_losses import Obstacle, obstacles_of
from anlan.assessment.documents.report_words import (
    NONE,
    grade_text,
    leaf_text,
    measure_text,
    points_text,
    say,
)
from anlan.assessment.documents.workbook_words import department_name, leaf_name, said
from anlan.kernel.codes import Level, is_within, prefix_of
from anlan.kernel.money import wan_text
from anlan.kernel.refusal import mark

OBSTACLES = 10
FIRST_NEEDS = 15


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head: its words, its width as a share of the page, how its cells stand (left, center, right)."""

    text: str
    width: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table as words; `total` is its last row, set apart."""

    caption: str
    columns: Sequence[Heading]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()


def _columns(*columns: tuple[str, float, str]) -> list[Heading]:
    whole = sum(width for _, width, _ in columns)
    return [Heading(text, width / whole, align) for text, width, align in columns]


def dimension_table(result: Result, unit: UnitResult) -> ReportTable:
    """Return the unit's dimensions: own part, part of the units below, score, bounds, weakest unit."""
    names = {other.unit.code: other.unit.name for other in result.units}
    rows = [
        [
            gettext(DIMENSION_NAMES[scored.dimension]),
            percent(result.system.dimension_weights[scored.dimension]).replace(".0%", "%"),
            points_text(scored.own),
            points_text(scored.below),
            points_text(scored.score),
            f"{points_text(scored.lower)}–{points_text(scored.upper)}",
            percent(scored.completeness),
            names.get(scored.weakest_code or "", NONE),
        ]
        for scored in unit.dimensions
    ]
    bounds = f"{points_text(unit.lower)}–{points_text(unit.upper)}"
    total = [gettext("Total"), "100%", "", "", points_text(unit.score), bounds, percent(unit.completeness), ""]
    columns = _columns(
        (gettext("Dimension"), 17, "left"),
        (gettext("Weight"), 9, "right"),
        (gettext("Own part"), 11, "right"),
        (gettext("Part below"), 11, "right"),
        (gettext("Score"), 10, "right"),
        (gettext("Bounds"), 16, "right"),
        (gettext("Completeness"), 13, "right"),
        (gettext("Weakest below"), 15, "left"),
    )
    return ReportTable(gettext("Scores by dimension"), columns, rows, total)


def ranking_table(result: Result, unit: UnitResult) -> ReportTable | None:
    """Return the units directly below by rank within this table; None where there are none."""
    level = BELOW.get(unit.unit.level)
    below = [other for other in within(result, unit.unit.code) if other.unit.level == level]
    if level is None or not below:
        return None
    ordered = sorted(below, key=lambda other: (other.score is None, -(other.score or 0.0), other.unit.code))
    columns = _columns(
        (gettext("No."), 7, "right"),
        (gettext("Unit"), 20, "left"),
        (gettext("Score"), 10, "right"),
        (gettext("Grade"), 9, "center"),
        *((gettext(DIMENSION_NAMES[dimension]), 11, "right") for dimension in Dimension),
        (gettext("Completeness"), 12, "right"),
    )
    rows = [_ranking_row(number, other) for number, other in enumerate(ordered, 1)]
    titles = {Level.TOWNSHIP: gettext("Scores of the townships"), Level.VILLAGE: gettext("Scores of the villages")}
    return ReportTable(titles[level], columns, rows)


def _ranking_row(number: int, unit: UnitResult) -> list[str]:
    scores = {scored.dimension: scored.score for scored in unit.dimensions}
    return [
        NONE if unit.score is None else str(number),
        unit.unit.name,
        points_text(unit.score),
        grade_text(unit.grade),
        *(points_text(scores.get(dimension)) for dimension in Dimension),
        percent(unit.completeness),
    ]


def obstacle_table(result: Result, unit: UnitResult) -> ReportTable | None:
    """Return the first ten obstacles with what they cost and where; None where nothing is lost."""
    found = [obstacle for obstacle in obstacles_of(result, unit.unit.code)[:OBSTACLES] if obstacle.lost > 0]
    if not found:
        return None
    columns = _columns(
        (gettext("No."), 6, "right"),
        (gettext("Indicator"), 31, "left"),
        (gettext("Level"), 8, "center"),
        (gettext("Dimension"), 12, "left"),
        (gettext("Mean score"), 10, "right"),
        (gettext("Points lost"), 9, "right"),
        (gettext("Obstacle degree"), 10, "right"),
        (gettext("Mainly in"), 22, "left"),
    )
    rows = [_obstacle_row(result, unit, obstacle, number) for number, obstacle in enumerate(found, 1)]
    return ReportTable(gettext("Main obstacles"), columns, rows)


def _obstacle_row(result: Result, unit: UnitResult, obstacle: Obstacle, number: int) -> list[str]:
    losing = [part for part in obstacle.parts if part.lost > 0]
    own = losing[0].unit.unit.code == unit.unit.code
    places = unit.unit.name if own else say(listed([name for name, _ in places_of(result, unit, losing)], most=PLACES))
    return [
        str(number),
        leaf_name(obstacle.leaf),
        gettext(LEVEL_NAMES[obstacle.leaf.level]),
        gettext(DIMENSION_NAMES[obstacle.leaf.dimension]),
        points_text(obstacle.score),
        f"{obstacle.lost * 100:.2f}",
        percent(obstacle.share),
        places,
    ]


def needs_table(result: Result, unit: UnitResult) -> ReportTable | None:
    """Return count and cost of the needs, of the unit itself and of each unit below; None without needs."""
    needs = needs_within(result, unit.unit.code)
    if not needs:
        return None
    below = [other for other in within(result, unit.unit.code) if other.unit.parent_code == unit.unit.code]
    groups = [(unit.unit.name, [need for need in needs if need.unit_code == unit.unit.code])]
    if below:
        groups = [(said(mark("%(unit)s itself"), {"unit": unit.unit.name}), groups[0][1])]
    for other in below:
        prefix = prefix_of(other.unit.code)
        groups.append((other.unit.name, [need for need in needs if is_within(need.unit_code, prefix)]))
    columns = _columns(
        (gettext("Unit"), 20, "left"),
        (gettext("Items"), 9, "right"),
        *((gettext(DIMENSION_NAMES[dimension]), 13, "right") for dimension in Dimension),
        (gettext("Total"), 14, "right"),
    )
    rows = [_needs_row(name, group) for name, group in groups]
    caption = gettext("Needs and their cost (10 000 yuan)")
    return ReportTable(caption, columns, rows, _needs_row(gettext("Total"), needs))


def _needs_row(name: str, needs: Sequence[Need]) -> list[str]:
    cost: dict[Dimension, int] = defaultdict(int)
    for need in needs:
        cost[need.dimension] += need.cost_fen
    return [
        name,
        str(len(needs)),
        *(wan_text(cost[dimension]) for dimension in Dimension),
        wan_text(sum(cost.values())),
    ]


def first_needs_table(result: Result, unit: UnitResult) -> ReportTable | None:
    """Return the first needs one by one; None without needs."""
    needs = needs_within(result, unit.unit.code)[:FIRST_NEEDS]
    if not needs:
        return None
    columns = _columns(
        (gettext("No."), 7, "right"),
        (gettext("Unit"), 13, "left"),
        (gettext("Indicator"), 24, "left"),
        (gettext("Current"), 10, "right"),
        (gettext("Target"), 10, "right"),
        (gettext("Measure"), 25, "left"),
        (gettext("Cost"), 9, "right"),
        (gettext("Responsible"), 13, "left"),
        (gettext("Deadline"), 17, "center"),
    )
    rows = [_need_row(result, unit, need, number) for number, need in enumerate(needs, 1)]
    return ReportTable(gettext("Needs of first priority (cost in 10 000 yuan)"), columns, rows)


def _need_row(result: Result, unit: UnitResult, need: Need, number: int) -> list[str]:
    leaf = next(leaf for leaf in result.system.leaves if leaf.code == need.leaf_code)
    return [
        str(number),
        name_within(result, need.unit_code, unit.unit.code),
        leaf_name(leaf),
        leaf_text(leaf, need.current),
        leaf_text(leaf, need.target),
        measure_text(Measure(leaf, need.measure_zh)),
        wan_text(need.cost_fen),
        department_name(need.department),
        need.due_on.isoformat(),
    ]
