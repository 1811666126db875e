"""What holds for any county: loading twice is loading once; mergers lose nobody."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.accounts.tests.factories import COUNTY, NOON, TOWNSHIP
from anlan.places import queries
from anlan.places.actions import DivisionRow, Heir, Loaded, merge_divisions
from anlan.places.models import Division, SuccessorLink
from anlan.places.tests.factories import OTHER_TOWNSHIP, SINCE, load

pytestmark = pytest.mark.django_db
THEN = date(2026, 7, 1)
few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
people = st.one_of(st.none(), st.integers(0, 50_000))
numbers = st.sets(st.integers(1, 399), max_size=6)


def county(first: set[int], second: set[int], populations: list[int | None]) -> list[DivisionRow]:
    SuccessorLink.objects.all().delete()
    Division.objects.all().delete()
    codes = [
        f"{parent[:9]}{number:03}" for parent, own in ((TOWNSHIP, first), (OTHER_TOWNSHIP, second)) for number in own
    ]
    villages = [
        DivisionRow(code, f"第{code[-3:]}村", population=populations[position % len(populations)])
        for position, code in enumerate(codes)
    ]
    return [
        DivisionRow(COUNTY, "青岚县"),
        DivisionRow(TOWNSHIP, "柳溪镇"),
        DivisionRow(OTHER_TOWNSHIP, "枫渡镇"),
        *villages,
    ]


@few
@given(first=numbers, second=numbers, populations=st.lists(people, min_size=1, max_size=6))
def test_loading_twice_is_loading_once(first, second, populations):
    rows = county(first, second, populations)

    assert load(rows) == Loaded(created=len(rows))
    assert load(list(reversed(rows))) == Loaded(unchanged=len(rows))


@few
@given(first=numbers, second=numbers, populations=st.lists(people, min_size=1, max_size=6))
def test_a_merger_keeps_every_village_and_everybody(first, second, populations):
    load(county(first, second, populations))

    merge_divisions(actor=None, codes=[TOWNSHIP, OTHER_TOWNSHIP], heir=Heir(OTHER_TOWNSHIP, "双溪镇"), on=THEN, at=NOON)

    def standing(day: date) -> list[tuple[str, int | None]]:
        rows = queries.units_within("999901", day).filter(level="village")
        return sorted(rows.values_list("name", "population"), key=str)

    assert standing(THEN) == standing(SINCE)
    assert all(unit.code.startswith(OTHER_TOWNSHIP[:9]) for unit in queries.units_within("999901", THEN)[1:])
