"""A made-up county with its answers: as values for the core, or stored in a database of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.values import Answer, Kind, Leaf, Region, Survey, Unit
from anlan.kernel.codes import Level
from bench.fresh import fresh_database

if TYPE_CHECKING:
    from django.test import Client

COUNTY, PREFIX = "999909000000", "999909"
SINCE, OPENS, CLOSES = date(2020, 1, 1), date(2026, 9, 1), date(2026, 10, 31)
NOON = datetime(2026, 10, 31, 4, tzinfo=UTC)
SIDE = 0.01  # of a village's square, in degrees


@dataclass(frozen=True, slots=True)
class Place:
    """One unit and the lower left corner of its square."""

    unit: Unit
    west: float
    south: float
    width: float
    height: float


def places(townships: int, villages: int) -> Iterator[Place]:
    """Yield the county, its townships and as many villages in all: squares side by side."""
    each = villages // townships
    yield Place(
        Unit(COUNTY, "量县", Level.COUNTY, None, 1000 * villages, 300 * villages),
        109,
        28,
        each * SIDE,
        townships * SIDE,
    )
    for town in range(townships):
        code, south = f"{PREFIX}{101 + town}000", 28 + town * SIDE
        region = list(Region)[town % len(Region)]
        yield Place(
            Unit(code, f"第{town + 1}镇", Level.TOWNSHIP, COUNTY, 1000 * each, 300 * each, region),
            109,
            south,
            each * SIDE,
            SIDE,
        )
        for number in range(each):
            name = f"{town + 1}镇{number + 1}村"
            unit = Unit(f"{code[:9]}{201 + number}", name, Level.VILLAGE, code, 1000, 300, region)
            yield Place(unit, 109 + number * SIDE, south, SIDE, SIDE)


def survey(townships: int, villages: int, *, seed: int = 1) -> Survey:
    """Return the same answers each time; one in a hundred is missing."""
    rng = np.random.default_rng(seed)
    units = tuple(place.unit for place in places(townships, villages))
    system = default_system()
    answers = {
        (unit.code, leaf.code): answer_of(leaf, share)
        for unit in units
        for leaf, share, is_missing in zip(
            system.at_level(unit.level), rng.uniform(0.2, 1.1, 60), rng.random(60) < 0.01, strict=False
        )
        if not is_missing
    }
    return Survey("2026", CLOSES, units, answers)


def answer_of(leaf: Leaf, share: float) -> Answer:
    """Return an answer that reaches that share of the target."""
    if leaf.kind is Kind.BOOLEAN:
        return Answer(value=float(share > 0.5))
    if leaf.kind is Kind.DATE:
        return Answer(day=CLOSES - timedelta(days=round(leaf.target * (2 - share))))
    value = min(leaf.target * share, 1.0) if leaf.kind is Kind.RATIO else float(round(leaf.target * share))
    return Answer(value=value)


def stored_county(townships: int, villages: int) -> "tuple[Client, int]":
    """Return somebody logged in, and the published assessment of the county, in a database that goes away again."""
    client, analyst = empty_county(townships, villages)
    from anlan.assessment.actions import answers, results
    from anlan.assessment.core.entry import Entered

    round_id = opened_round("2026")
    changes = [
        answers.AnswerChange(unit, leaf, Entered(answer.value, answer.day), None)
        for (unit, leaf), answer in survey(townships, villages).answers.items()
    ]
    answers.save_answers(actor=analyst, round_id=round_id, changes=changes, way="workbook", at=NOON)
    found = results.run_assessment(actor=analyst, round_id=round_id, method="default", at=NOON)
    results.publish_assessment(actor=analyst, assessment_id=found.pk, at=NOON)
    return client, found.pk


def empty_county(townships: int, villages: int) -> "tuple[Client, Any]":
    """Return somebody logged in, and who it is: a county without a survey, in a database that goes away again."""
    fresh_database()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    return _with_units(townships, villages)


def _with_units(townships: int, villages: int) -> "tuple[Client, Any]":
    from django.test import Client

    from anlan.accounts.core.roles import Role
    from anlan.accounts.tests.factories import person
    from anlan.assessment.actions import systems
    from anlan.places.actions import load_divisions

    analyst = person("bench", Role.ANALYST, COUNTY)
    systems.load_system(actor=None, system=default_system(), at=NOON)
    load_divisions(actor=None, rows=_rows(townships, villages), valid_from=SINCE, at=NOON)
    client = Client()
    client.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")
    return client, analyst


def opened_round(name: str) -> int:
    """Prepare and open a survey of the county; return its id."""
    from anlan.assessment.actions import rounds

    row = rounds.create_round(actor=None, name=name, county_code=COUNTY, opens_on=OPENS, closes_on=CLOSES, at=NOON)
    rounds.open_round(actor=None, round_id=row.pk, expected_version=row.version, at=NOON)
    return row.pk


def _rows(townships: int, villages: int) -> list[Any]:
    from anlan.places.core.values import DivisionRow

    return [
        DivisionRow(
            place.unit.code,
            place.unit.name,
            place.unit.population,
            place.unit.households,
            region_type=place.unit.region or "",
            boundary=_square(place),
        )
        for place in places(townships, villages)
    ]


def _square(place: Place) -> dict[str, Any]:
    west, south, east, north = place.west, place.south, place.west + place.width, place.south + place.height
    return {
        "type": "Polygon",
        "coordinates": [[(west, south), (east, south), (east, north), (west, north), (west, south)]],
    }
