import pytest

from anlan.accounts.tests.factories import COUNTY, VILLAGE
from anlan.allocation.queries.facts import distances_within, facts_within
from anlan.allocation.tests.siting_county import ISLAND, MAPLE, county
from anlan.places.models import Division
from anlan.places.tests.factories import OTHER_VILLAGE, TODAY

pytestmark = pytest.mark.django_db


def minutes_of() -> dict[str, tuple[float | None, bool]]:
    return {each.code: (each.minutes, each.is_by_road) for each in facts_within(COUNTY, TODAY).values()}


def place_the_seat() -> None:
    Division.objects.filter(code=COUNTY).update(seat="SRID=4326;POINT(109.02 28.05)")


def test_minutes_to_the_seat_are_along_the_roads_and_straight_where_none_lead():
    county()
    place_the_seat()

    found = minutes_of()

    assert found[MAPLE][1]
    assert not found[ISLAND][1]
    assert found[ISLAND][0] > 0
    assert found[MAPLE][0] > found[OTHER_VILLAGE][0] > found[VILLAGE][0]


def test_without_roads_all_minutes_are_straight():
    county(with_roads=False)
    place_the_seat()

    assert {by_road for _minutes, by_road in minutes_of().values()} == {False}


def test_where_the_seat_is_not_on_record_the_middle_of_the_county_stands_for_it_in_straight_lines():
    county()

    assert not any(by_road for _minutes, by_road in minutes_of().values())


def test_how_far_an_island_lies_is_not_known_along_the_roads():
    county()

    far = distances_within(COUNTY, TODAY)

    assert far(VILLAGE, ISLAND) is None
    assert far(VILLAGE, OTHER_VILLAGE) == pytest.approx(5.9, abs=0.3)


def test_without_roads_the_straight_line_is_made_longer():
    county(with_roads=False)

    far = distances_within(COUNTY, TODAY)

    assert far(VILLAGE, OTHER_VILLAGE) == pytest.approx(5.9 * 1.3, abs=0.3)
    assert far(VILLAGE, "999901109999") is None
