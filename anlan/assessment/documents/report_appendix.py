"""The appendix of a report: every leaf of the unit, and the leaves of the units below side by side."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from anlan.assessment.core.values import DIMENSION_NAMES, Leaf, LeafScore, Result, UnitResult
from anlan.assessment.documents.narrative import percent, within
from anlan.assessment.documents.report_tables import Heading, ReportTable
from anlan.assessment.documents.report_words import NONE, leaf_text, points_text
from anlan.assessment.documents.workbook_words import leaf_name, said, target_text
from anlan.kernel.codes import Level, ancestor_at
from anlan.kernel.refusal import mark

ABREAST = 8  # units beside each other on a page
UNIT_WIDTH = 0.074
REACHED = 1 - 1e-9
Scores = dict[str, list[tuple[float, int]]]  # leaf code → scores with the population that answers


@dataclass(frozen=True, slots=True)
class _Group:
    """A column of a comparison: a unit, or all villages of a township."""

    name: str
    scores: Scores


def own_leaves(result: Result, unit: UnitResult) -> ReportTable:
    """Return every leaf asked of the unit: value, target, score, evidence, obstacle."""
    leaves = {leaf.code: leaf for leaf in result.system.leaves}
    columns = [
        Heading(gettext("Dimension"), 0.12),
        Heading(gettext("Indicator"), 0.30),
        Heading(gettext("Value"), 0.11, "right"),
        Heading(gettext("Target"), 0.14, "right"),
        Heading(gettext("Score"), 0.08, "right"),
        Heading(gettext("Value by evidence"), 0.15, "right"),
        Heading(gettext("Obstacle"), 0.10, "right"),
    ]
    rows = [_leaf_row(leaves[found.leaf_code], found) for found in unit.leaves]
    return ReportTable(said(mark("Indicators of %(unit)s itself"), {"unit": unit.unit.name}), columns, rows)


def _leaf_row(leaf: Leaf, found: LeafScore) -> list[str]:
    return [
        gettext(DIMENSION_NAMES[leaf.dimension]),
        f"{leaf.code} {leaf_name(leaf)}",
        gettext("missing") if found.score is None else leaf_text(leaf, found.value),
        target_text(leaf),
        points_text(found.score),
        _evidence(leaf, found),
        NONE if found.score is None else percent(found.obstacle),
    ]


def _evidence(leaf: Leaf, found: LeafScore) -> str:
    if found.evidence_value is None:
        return NONE
    shown = leaf_text(leaf, found.evidence_value)
    return said(mark("%(value)s, doubtful"), {"value": shown}) if found.is_doubtful else shown


def comparisons(result: Result, unit: UnitResult) -> list[ReportTable]:
    """Return the leaves of the levels below, unit beside unit; villages of a county by township."""
    tables: list[ReportTable] = []
    below = within(result, unit.unit.code)
    for level in (Level.TOWNSHIP, Level.VILLAGE):
        units = [other for other in below if other.unit.level == level]
        if not units:
            continue
        groups = _groups(result, units, by_township=unit.unit.level == Level.COUNTY)
        parts = -(-len(groups) // ABREAST)
        size = -(-len(groups) // parts)
        for part in range(parts):
            table = _comparison(result, level, groups, groups[part * size : (part + 1) * size])
            tables.append(replace(table, caption=_part_caption(table.caption, part + 1, parts)))
    return tables


def _part_caption(caption: str, part: int, parts: int) -> str:
    return (
        caption if parts == 1 else caption + said(mark(" (part %(part)d of %(parts)d)"), {"part": part, "parts": parts})
    )


def _groups(result: Result, units: Sequence[UnitResult], *, by_township: bool) -> list[_Group]:
    names = {unit.unit.code: unit.unit.name for unit in result.units}
    grouped: dict[str, Scores] = {}
    for unit in units:
        code = ancestor_at(unit.unit.code, Level.TOWNSHIP) if by_township else unit.unit.code
        scores = grouped.setdefault(code, defaultdict(list))
        for found in unit.leaves:
            if found.score is not None:
                scores[found.leaf_code].append((found.score, unit.unit.population))
    return [_Group(names[code], scores) for code, scores in grouped.items()]


def _comparison(result: Result, level: Level, groups: Sequence[_Group], shown: Sequence[_Group]) -> ReportTable:
    columns = [
        Heading(gettext("Indicator"), 1 - 0.18 - len(shown) * UNIT_WIDTH),
        Heading(gettext("Mean"), 0.08, "right"),
        Heading(gettext("At target"), 0.10, "right"),
        *(Heading(group.name, UNIT_WIDTH, "right") for group in shown),
    ]
    rows = [_comparison_row(leaf, groups, shown) for leaf in result.system.at_level(level)]
    titles = {
        Level.TOWNSHIP: gettext("Township indicators: scores by township"),
        Level.VILLAGE: gettext("Village indicators: scores by unit"),
    }
    return ReportTable(titles[level], columns, rows)


def _comparison_row(leaf: Leaf, groups: Sequence[_Group], shown: Sequence[_Group]) -> list[str]:
    every = [pair for group in groups for pair in group.scores.get(leaf.code, ())]
    reached = sum(score >= REACHED for score, _ in every)
    return [
        f"{leaf.code} {leaf_name(leaf)}",
        points_text(_mean(every)),
        f"{reached}/{len(every)}",
        *(points_text(_mean(group.scores.get(leaf.code, ()))) for group in shown),
    ]


def _mean(scores: Sequence[tuple[float, int]]) -> float | None:
    """The mean weighted by population, as in the score of the unit above."""
    if not scores:
        return None
    people = sum(population for _, population in scores)
    if not people:
        return sum(score for score, _ in scores) / len(scores)
    return sum(score * population for score, population in scores) / people
