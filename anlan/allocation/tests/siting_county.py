"""A small county for siting: four villages, one of them an island, two roads; and how a study is asked and solved."""

from dataclasses import replace
from typing import Any

from anlan.accounts.tests.factories import COUNTY, NOON, VILLAGE
from anlan.allocation.actions import rules, siting
from anlan.allocation.core.siting_study import Question, SitingSettings
from anlan.allocation.models import Siting
from anlan.places import actions as places
from anlan.places.core.values import RoadRow
from anlan.places.models import Division
from anlan.places.tests.factories import OTHER_VILLAGE, load

MAPLE, ISLAND = "999901102201", "999901102202"
SEATS = {VILLAGE: (109.02, 28.05), OTHER_VILLAGE: (109.08, 28.05), MAPLE: (109.15, 28.15), ISLAND: (109.19, 28.01)}
POINTS = SitingSettings("储备点选址", "reserve_point", Question.MOST_COVERED, points=1, within_minutes=20.0)


def county(*, with_roads: bool = True, with_rules: bool = False) -> None:
    """Record the county; the village 芦塘村 lies off every road."""
    load()
    for code, (longitude, latitude) in SEATS.items():
        Division.objects.filter(code=code).update(seat=f"SRID=4326;POINT({longitude} {latitude})")
    if with_roads:
        lines = [[(109.0, 28.05), (109.1, 28.05)], [(109.1, 28.05), (109.15, 28.15)]]
        rows = [RoadRow("", "", "village", {"type": "LineString", "coordinates": line}) for line in lines]
        places.load_roads(actor=None, county_code=COUNTY, rows=rows, at=NOON)
    if with_rules:
        rules.load_default_rules(actor=None, county_code=COUNTY, at=NOON)


def begun(actor: Any, settings: SitingSettings = POINTS, **changes: Any) -> Siting:
    """Return a study that is asked and not solved."""
    return siting.begin_siting(actor=actor, county_code=COUNTY, settings=replace(settings, **changes), at=NOON)


def solved(actor: Any, settings: SitingSettings = POINTS, **changes: Any) -> Siting:
    """Return a study with its answer."""
    row = begun(actor, settings, **changes)
    return siting.solve_siting(actor=actor, siting_id=row.pk, expected_version=row.version, at=NOON)
