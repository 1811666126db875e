"""Published scores as the one map draws them."""

import json
from collections.abc import Mapping
from typing import Any

from anlan.accounts import queries as accounts
from anlan.assessment.documents.charts_map import FILLS, UNGRADED, band_floors
from anlan.assessment.models import Assessment
from anlan.assessment.queries import results
from anlan.assessment.queries.pictures import map_features
from anlan.assessment.queries.surveys import system_of
from anlan.kernel.codes import Level, ancestor_at, prefix_of
from anlan.kernel.refusal import mark
from anlan.places.core.layers import LegendEntry
from anlan.web.http import Person

READ = "assessment.read"
NO_COLOUR: Mapping[str, Any] = {"property": "score", "stops": [], "missing": UNGRADED}


def scores_drawn(person: Person, division: Any, level: Level) -> str:
    """Return the units of a level within a division, coloured by the county's latest published score."""
    assessment = _published(division)
    if assessment is None:
        return json.dumps({"type": "FeatureCollection", "features": []})
    found = map_features(assessment, accounts.scope_of(person, READ), level)
    within = prefix_of(division.code)
    features = [
        {**feature, "properties": {**feature["properties"], "id": feature["id"], "assessment": assessment.pk}}
        for feature in found["features"]
        if feature["properties"]["code"].startswith(within)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def score_stamp(person: Person, division: Any) -> str:
    """Return what changes when another assessment is published: a published one never does."""
    assessment = _published(division)
    reach = accounts.scope_of(person, READ).prefixes
    return f"{division.pk} {division.version} {assessment.pk if assessment else ''} {' '.join(reach)}"


def count_scores(person: Person, level: Level) -> int:
    scope = accounts.scope_of(person, READ)
    assessment = results.latest_assessment(scope)
    return results.scores_of(assessment, scope).filter(level=level).count() if assessment else 0


def score_dress(person: Person) -> tuple[Mapping[str, Any], tuple[LegendEntry, ...]]:
    """Return the bands of the system by which the person's county was assessed."""
    assessment = results.latest_assessment(accounts.scope_of(person, READ))
    if assessment is None:
        return NO_COLOUR, (LegendEntry(UNGRADED, mark("no score"), "fill"),)
    floors = [round(floor * 100, 1) for floor in band_floors(system_of(assessment.round).grades)]
    bands = list(zip(floors, FILLS, strict=True))
    legend = [LegendEntry(fill, f"≥ {floor:g}", "fill", floor) for floor, fill in reversed(bands)]
    colour = {"property": "score", "stops": [list(band) for band in bands], "missing": UNGRADED}
    return colour, (*legend, LegendEntry(UNGRADED, mark("no score"), "fill"))


def _published(division: Any) -> Assessment | None:
    return results.published_of_county(ancestor_at(division.code, Level.COUNTY))
