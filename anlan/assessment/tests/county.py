"""A stored county for tests: two townships of two villages each, surveyed by the default system; and its cast."""

from datetime import UTC, date, datetime

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, person
from anlan.assessment.actions import rounds
from anlan.assessment.actions.answers import AnswerChange, save_answers
from anlan.assessment.actions.systems import load_system
from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.entry import Entered
from anlan.assessment.models import Answer, Assignment, Round
from anlan.places.actions import load_divisions
from anlan.places.core.values import DivisionRow

FIRST = date(2020, 1, 1)
OPENS, CLOSES = date(2026, 11, 1), date(2026, 11, 30)
MORNING = datetime(2026, 11, 10, 1, tzinfo=UTC)
TODAY = date(2026, 11, 10)
VILLAGE = "999901101201"
SECOND_VILLAGE = "999901101202"
NEXT_TOWNSHIP = "999901102000"
NEXT_VILLAGE = "999901102201"
ROWS = (
    DivisionRow(COUNTY, "青岚县", 100_000, 30_000, hazards=("mountain",)),
    DivisionRow(TOWNSHIP, "柳溪镇", 20_000, 6_000, region_type="mountain"),
    DivisionRow(VILLAGE, "柳溪村", 900, 300),
    DivisionRow(SECOND_VILLAGE, "上湾村", 600, 200),
    DivisionRow(NEXT_TOWNSHIP, "河口镇", 30_000, 9_000),
    DivisionRow(NEXT_VILLAGE, "河口村", 1_500, 480),
    DivisionRow("999901102202", "沙坝村", 700, 210),
)


def county() -> None:
    """Record the divisions and publish the default indicator system."""
    load_divisions(actor=None, rows=ROWS, valid_from=FIRST, at=MORNING)
    load_system(actor=None, system=default_system(), at=MORNING)


def draft(*, name: str = "2026年度摸底", opens_on: date = OPENS, closes_on: date = CLOSES) -> Round:
    return rounds.create_round(
        actor=None, name=name, county_code=COUNTY, opens_on=opens_on, closes_on=closes_on, at=MORNING
    )


def opened(**given: object) -> Round:
    """Return a round that takes answers."""
    row = draft(**given)  # type: ignore[arg-type]
    return rounds.open_round(actor=None, round_id=row.pk, expected_version=row.version, at=MORNING)


def ready() -> Round:
    """Return an open round in a county that is recorded."""
    county()
    return opened()


def neighbour():
    """Erin, officer of the next township."""
    return person("erin", Role.TOWNSHIP_OFFICER, NEXT_TOWNSHIP)


def water_officer():
    """Frank of the water bureau, for the whole county."""
    return person("frank", Role.DEPARTMENT_OFFICER, COUNTY, department="water")


def say(actor, row: Round, unit: str, leaf: str, value: float | None = None, *, version: int | None = None, **more):
    """Save one answer."""
    change = AnswerChange(unit, leaf, Entered(value, more.get("day")), version)
    return save_answers(actor=actor, round_id=row.pk, changes=[change], way=more.get("way", "web"), at=MORNING)


def answer(row: Round, unit: str, leaf: str) -> Answer:
    return Answer.objects.get(round=row, division__code=unit, leaf__code=leaf)


def assignment(row: Round, unit: str, department: str = "emergency") -> Assignment:
    return Assignment.objects.select_related("round", "division").get(
        round=row, division__code=unit, department=department
    )
