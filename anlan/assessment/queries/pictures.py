"""Scores as pictures: maps, radars and lines, as values that the page's islands draw."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Avg, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.accounts.queries import Scope
from anlan.assessment.core.names import GRADE_NAMES, REGION_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Grade, GradeRule, Region
from anlan.assessment.documents.charts_map import FILLS, UNGRADED, band_floors
from anlan.assessment.models import Assessment, Report, UnitScore
from anlan.assessment.queries import results
from anlan.assessment.queries.comparison import PastScore
from anlan.assessment.queries.surveys import system_of
from anlan.kernel.codes import LENGTH, Level, prefix_of
from anlan.kernel.refusal import mark
from anlan.places import queries as places

MAPPED = ("score", *(dimension.value for dimension in Dimension))
MAPPED_LEVELS = {Level.TOWNSHIP: mark("Townships"), Level.VILLAGE: mark("Villages")}
QUIET = ("rivers", "roads")
MEANS = {
    Level.COUNTY: mark("Mean of the counties"),
    Level.TOWNSHIP: mark("Mean of the townships"),
    Level.VILLAGE: mark("Mean of the villages"),
}


def points(score: float | None) -> float | None:
    """Return a score as points of 100 with one decimal."""
    return None if score is None else round(score * 100, 1)


def map_features(assessment: Assessment, scope: Scope, level: str) -> dict[str, Any]:
    """Return the units of a level as GeoJSON features that carry their scores (×100, one decimal)."""
    rows = list(results.scores_of(assessment, scope).filter(level=level).order_by("code"))
    shapes = places.boundaries_of([row.division_id for row in rows])
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": int(row.code[-9:]),
                "geometry": shapes[row.division_id],
                "properties": _properties(row),
            }
            for row in rows
            if row.division_id in shapes
        ],
    }


def _properties(row: UnitScore) -> dict[str, Any]:
    grade = _(GRADE_NAMES[Grade(row.grade)]) if row.grade else _("not graded")
    known = {"code": row.code, "name": row.name, "grade": grade, "rank": row.rank, "weak": row.is_weak}
    return known | {name: points(getattr(row, name)) for name in MAPPED}


def score_map(
    assessment: Assessment, scope: Scope, rule: GradeRule, *, level: str = "", metric: str = ""
) -> dict[str, Any]:
    """Return the map's settings: units coloured by score or dimension, rivers and roads quiet below them."""
    area = area_within(assessment.round.county_code, scope)
    is_small = area != assessment.round.county_code
    shown = level if level in MAPPED_LEVELS else (Level.VILLAGE if is_small else Level.TOWNSHIP).value
    settings: dict[str, Any] = {
        "layers": [
            *places.ground_layers(area, QUIET),
            *(_score_layer(assessment, rule, each, is_visible=each == shown) for each in MAPPED_LEVELS),
        ],
        "metrics": [
            {"key": name, "title": metric_name(name), "layers": [level.value for level in MAPPED_LEVELS]}
            for name in MAPPED
        ],
        "metric": metric if metric in MAPPED else "score",
        "legend": [*_legend(rule), [UNGRADED, _("no score")]],
    }
    bounds = places.bounds_of(prefix_of(area))
    return settings | ({"bounds": list(bounds)} if bounds else {})


def map_page(assessment: Assessment, scope: Scope, *, level: str, metric: str) -> dict[str, Any]:
    """Return the map with its table: the level's units with the scores that colour them."""
    system = system_of(assessment.round)
    settings = score_map(assessment, scope, system.grades, level=level, metric=metric)
    shown = next(layer["key"] for layer in settings["layers"] if layer["visible"] and layer["key"] in MAPPED_LEVELS)
    return {
        "map": settings,
        "level": shown,
        "metric": settings["metric"],
        "metrics": [(name, metric_name(name)) for name in MAPPED],
        "levels": [(each.value, name) for each, name in MAPPED_LEVELS.items()],
        "units": results.scores_of(assessment, scope).filter(level=shown),
    }


def metric_name(name: str) -> str:
    """Return what a map can be coloured by, in words."""
    return _("Total score") if name == "score" else _(DIMENSION_NAMES[Dimension(name)])


def _score_layer(assessment: Assessment, rule: GradeRule, level: Level, *, is_visible: bool) -> dict[str, Any]:
    card = [[metric_name(name), name] for name in MAPPED]
    return {
        "key": level.value,
        "title": _(MAPPED_LEVELS[level]),
        "kind": "fill",
        "url": reverse("score-map-data", args=[assessment.pk, level.value]),
        "visible": is_visible,
        "label": "name",
        "link": reverse("unit-score", args=[assessment.pk, "CODE"]).replace("CODE", "{code}"),
        "card": [[_("Grade"), "grade"], [_("Rank"), "rank"], *card],
        "colour": {"property": "score", "stops": _stops(rule), "missing": UNGRADED},
    }


def _stops(rule: GradeRule) -> list[list[Any]]:
    return [[round(floor * 100, 6), fill] for floor, fill in zip(band_floors(rule), FILLS, strict=True)]


def _legend(rule: GradeRule) -> list[list[str]]:
    """Return colour and words of each band, the best first, as the map in the reports has them."""
    floors = [f"{floor * 100:g}" for floor in band_floors(rule)]
    words = [_("below %(score)s") % {"score": floors[1]}]
    words += [f"{low}–{high}" for low, high in zip(floors[1:-1], floors[2:], strict=True)]  # noqa: RUF001
    words.append(f"≥ {floors[-1]}")
    return [[fill, text] for fill, text in zip(FILLS, words, strict=True)][::-1]


def area_within(county_code: str, scope: Scope) -> str:
    """Return the code of the county, or of the first part of it that the reader answers for."""
    if scope.covers(county_code):
        return county_code
    parts = [prefix for prefix in scope.prefixes if prefix.startswith(prefix_of(county_code))]
    return parts[0].ljust(LENGTH, "0") if parts else county_code


def radar_of(score: UnitScore) -> dict[str, Any]:
    """Return the radar: the unit beside the mean of its level and of like units; a county beside those below."""
    return {
        "kind": "radar",
        "axes": [_(DIMENSION_NAMES[dimension]) for dimension in Dimension],
        "max": 100,
        "series": [
            {"name": score.name, "values": [points(getattr(score, each)) for each in Dimension]},
            *_beside(score),
        ],
    }


def _beside(score: UnitScore) -> list[dict[str, Any]]:
    if score.level == Level.COUNTY:
        means = _means(score, {level: Q(level=level) for level in (Level.TOWNSHIP, Level.VILLAGE)})
        return [{"name": _(MEANS[Level(level)]), "values": values} for level, values in means.items()]
    groups = {"all": Q(level=score.level)} | (
        {"like": Q(level=score.level, region=score.region)} if score.region else {}
    )
    names = {"all": _(MEANS[Level(score.level)])}
    if score.region:
        words = {"region": _(REGION_NAMES[Region(score.region)])}
        names["like"] = _("Mean of like units (%(region)s)") % words
    return [{"name": names[key], "values": values} for key, values in _means(score, groups).items()]


def _means(score: UnitScore, groups: Mapping[str, Q]) -> dict[str, list[float | None]]:
    """Return the mean dimension scores of several groups of units, in one statement."""
    figures = {f"{key}_{each}": Avg(each.value, filter=group) for key, group in groups.items() for each in Dimension}
    found = UnitScore.objects.filter(assessment=score.assessment_id).aggregate(**figures)
    return {key: [points(found[f"{key}_{each}"]) for each in Dimension] for key in groups}


def table_of(chart: Mapping[str, Any]) -> list[tuple[str, Sequence[float | None]]]:
    """Return a chart's table: each axis or category with the value of every series."""
    rows = zip(*(one["values"] for one in chart["series"]), strict=True)
    return list(zip(chart.get("axes") or chart["categories"], rows, strict=True))


def line_of(past: Sequence[PastScore]) -> dict[str, Any]:
    """Return the settings of the line of a unit's scores over the rounds."""
    return {
        "kind": "line",
        "categories": [one.round_name for one in past],
        "series": [{"name": _("Score"), "values": [points(one.score) for one in past]}],
        "unit": _("points"),
    }


def documents_context(assessment: Assessment) -> dict[str, Any]:
    """Return what reports draw beside the result: boundaries as GeoJSON, by code."""
    ids = dict(assessment.unit_scores.order_by("pk").values_list("division_id", "code"))
    shapes = places.boundaries_of(list(ids))
    return {"boundaries": {ids[division_id]: shape for division_id, shape in shapes.items()}}


def open_report(report: Report) -> Any:
    """Return the issued file, opened for reading."""
    return default_storage.open(report.path)
