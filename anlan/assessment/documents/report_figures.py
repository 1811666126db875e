"""The figures of a report: the radar against the county and like units, the map of the units below."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from anlan.assessment.core.names import REGION_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Result, UnitResult
from anlan.assessment.documents.charts import Drawing, RadarLine, radar
from anlan.assessment.documents.charts_map import MapUnit, score_map
from anlan.assessment.documents.narrative import BELOW, within
from anlan.assessment.documents.workbook_words import said
from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark

Boundaries = Mapping[str, Mapping[str, Any]]
MEANS = {
    Level.COUNTY: mark("Mean of %(count)d counties"),
    Level.TOWNSHIP: mark("Mean of %(count)d townships"),
    Level.VILLAGE: mark("Mean of %(count)d villages"),
}


def unit_radar(result: Result, unit: UnitResult) -> Drawing:
    """Return the unit's radar: a county beside the means of its townships and villages, others beside their peers."""
    axes = [gettext(DIMENSION_NAMES[dimension]) for dimension in Dimension]
    return radar(axes, [RadarLine(unit.unit.name, _scores(unit)), *_beside(result, unit)])


def _scores(unit: UnitResult) -> list[float | None]:
    scores = {scored.dimension: scored.score for scored in unit.dimensions}
    return [scores.get(dimension) for dimension in Dimension]


def _beside(result: Result, unit: UnitResult) -> list[RadarLine]:
    if unit.unit.level == Level.COUNTY:
        levels = [[other for other in result.units if other.unit.level == level] for level in MEANS]
        return [_mean(units) for units in levels[1:] if units]
    peers = [other for other in result.units if other.unit.level == unit.unit.level]
    like = [other for other in peers if other.unit.region == unit.unit.region]
    lines = [_mean(peers)]
    if unit.unit.region and len(like) < len(peers):
        values = {"region": gettext(REGION_NAMES[unit.unit.region]), "count": len(like)}
        lines.append(RadarLine(said(mark("Mean of %(count)d like units (%(region)s)"), values), _mean(like).values))
    return lines


def _mean(units: Sequence[UnitResult]) -> RadarLine:
    rows = [_scores(unit) for unit in units]
    columns = [[value for value in column if value is not None] for column in zip(*rows, strict=True)]
    means = [sum(column) / len(column) if column else None for column in columns]
    return RadarLine(said(MEANS[units[0].unit.level], {"count": len(units)}), means)


def unit_map(result: Result, unit: UnitResult, boundaries: Boundaries | None) -> Drawing | None:
    """Return the map of the units directly below that have a boundary; None where none has."""
    level = BELOW.get(unit.unit.level)
    below = [other for other in within(result, unit.unit.code) if other.unit.level == level]
    units = [
        MapUnit(boundaries[other.unit.code], other.unit.name, other.score)
        for other in below
        if boundaries and other.unit.code in boundaries
    ]
    return score_map(units, result.system.grades, gettext("no score")) if units else None
