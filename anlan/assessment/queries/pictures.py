"""Scores as pictures: maps, radars and the tables behind them."""

from collections.abc import Mapping
from typing import Any

from django.core.files.storage import default_storage

from anlan.accounts.queries import Scope
from anlan.assessment.core.change import grade_steps
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Leaf, LeafScore, System
from anlan.assessment.models import Assessment, Report, UnitScore
from anlan.assessment.queries import results
from anlan.assessment.queries.surveys import system_of
from anlan.kernel.codes import Level
from anlan.places import queries as places

MAPPED = ("score", *(dimension.value for dimension in Dimension))


def map_features(assessment: Assessment, scope: Scope, level: str) -> dict[str, Any]:
    """Return the units of a level as GeoJSON features that carry their scores (×100, one decimal)."""
    rows = results.scores_of(assessment, scope).filter(level=level).order_by("code")
    shapes = places.boundaries_of([row.division_id for row in rows])
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": int(row.code[-9:]),
                "geometry": shapes[row.division_id],
                "properties": {"code": row.code, "name": row.name, "grade": row.grade, "weak": row.is_weak}
                | {name: _shown(getattr(row, name)) for name in MAPPED},
            }
            for row in rows
            if row.division_id in shapes
        ],
    }


def _shown(score: float | None) -> float | None:
    return None if score is None else round(score * 100, 1)


def radar_of(score: UnitScore) -> dict[str, Any]:
    """Return the radar's axes and lines: the unit, the county's mean and like units' mean, ×100."""
    beside = results.means_beside(score)
    own = [_shown(getattr(score, dimension.value)) for dimension in Dimension]
    return {
        "axes": [DIMENSION_NAMES[dimension] for dimension in Dimension],
        "own": own,
        "county": [_shown(value) for value in beside["county"]],
        "like": [_shown(value) for value in beside["like"]],
    }


def leaf_rows(score: UnitScore, system: System) -> list[dict[str, Any]]:
    """Return the unit's leaves with value, target, score, evidence, obstacle and change since the last round."""
    leaves = {leaf.code: leaf for leaf in system.leaves}
    before = _leaf_scores_before(score)
    result = results.unit_result(score)
    return [_leaf_row(leaves[found.leaf_code], found, before.get(found.leaf_code)) for found in result.leaves]


def _leaf_row(leaf: Leaf, found: LeafScore, before: float | None) -> dict[str, Any]:
    change = None if found.score is None or before is None else found.score - before
    return {"leaf": leaf, "found": found, "change": change}


def _leaf_scores_before(score: UnitScore) -> Mapping[str, float]:
    previous_id = score.assessment.round.previous_id
    row = (
        UnitScore.objects.filter(assessment__round=previous_id, assessment__status="published", code=score.code).first()
        if previous_id
        else None
    )
    leaves = row.detail["leaves"] if row else []
    return {leaf["leaf_code"]: leaf["score"] for leaf in leaves if leaf["score"] is not None}


def unit_page(score: UnitScore) -> dict[str, Any]:
    """Return all that the unit's page shows."""
    system = system_of(score.assessment.round)
    result = results.unit_result(score)
    rows = leaf_rows(score, system)
    return {
        "assessment": score.assessment,
        "score": score,
        "result": result,
        "radar": radar_of(score),
        "leaves": rows,
        "obstacles": sorted((row for row in rows if row["found"].obstacle), key=lambda row: -row["found"].obstacle)[:3],
        "steps": grade_steps(result, system),
        "children": results.children_of(score),
        "needs": score.assessment.needs.filter(unit_code=score.code).select_related("leaf").order_by("priority", "pk"),
        "before": results.previous_scores(score.assessment).get(score.code),
    }


def documents_context(assessment: Assessment) -> dict[str, Any]:
    """Return what reports draw beside the result: boundaries and rivers as GeoJSON."""
    rows = assessment.unit_scores.filter(level__in=[Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE])
    ids = dict(rows.values_list("division_id", "code"))
    shapes = places.boundaries_of(list(ids))
    return {"boundaries": {ids[division_id]: shape for division_id, shape in shapes.items()}}


def open_report(report: Report) -> Any:
    """Return the issued file, opened for reading."""
    return default_storage.open(report.path)
