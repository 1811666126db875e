from dataclasses import replace

import pytest

from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, VILLAGE, alice, carol
from anlan.ground.audit import history_of
from anlan.places import access, queries
from anlan.places.actions import BadRows, DivisionRow, Loaded
from anlan.places.models import Division
from anlan.places.tests.factories import TODAY, load, small_county

pytestmark = pytest.mark.django_db


def test_divisions_are_found_by_prefix_and_day():
    load()

    assert [unit.name for unit in queries.units_within("999901101", TODAY)] == ["柳溪镇", "柳溪村", "竹坞村"]
    assert queries.division_at(VILLAGE, TODAY).level == "village"


def test_loading_twice_changes_nothing():
    first, second = load(), load()

    assert first == Loaded(created=7)
    assert second == Loaded(unchanged=7)
    assert set(Division.objects.values_list("version", flat=True)) == {1}


def test_what_a_row_does_not_say_stays_as_recorded():
    load()

    loaded = load([DivisionRow(VILLAGE, "柳溪村", population=1600)])

    village = queries.division_at(VILLAGE, TODAY)
    assert loaded == Loaded(changed=1)
    assert (village.population, village.households, village.urban_rural_code) == (1600, 500, "220")


def test_each_change_of_a_load_is_audited():
    load()
    load([DivisionRow(VILLAGE, "柳溪村", population=1600)])

    newest = history_of("places.division", queries.division_at(VILLAGE, TODAY).pk)[0]

    assert (newest.verb, newest.detail) == ("division corrected", {"population": 1600})


def test_one_faulty_row_stops_all():
    rows = [*small_county(), DivisionRow("999901103201", "孤村")]

    with pytest.raises(BadRows, match="1 faults in the rows"):
        load(rows)

    assert not Division.objects.exists()


def test_a_broken_boundary_names_its_division():
    county = replace(small_county()[0], boundary={"type": "Point", "coordinates": [109, 28]})

    with pytest.raises(BadRows, match="boundary, 青岚县"):
        load([county])


def test_a_stranger_finds_no_door():
    load()

    assert access.division_for(alice(), TOWNSHIP).name == "柳溪镇"
    with pytest.raises(access.Http404):
        access.division_for(carol(), TOWNSHIP)


def test_completeness_is_the_share_of_facts_on_record():
    load([DivisionRow(COUNTY, "青岚县", population=1, households=1, area_km2=1.0)])

    # Of six facts the boundary and the region type are missing; a county needs no urban–rural code.
    assert queries.completeness_of("999901", TODAY) == pytest.approx(4 / 6)
    assert queries.completeness_of("999902", TODAY) is None
