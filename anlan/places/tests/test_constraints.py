from datetime import date

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import IntegrityError

from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, VILLAGE
from anlan.places.models import Division, River, Road, SuccessorLink
from anlan.places.tests.factories import SINCE

pytestmark = pytest.mark.django_db
LINE = GEOSGeometry("LINESTRING(109 28, 110 29)", srid=4326)


def division(**changed) -> Division:
    return Division.objects.create(
        **({"code": TOWNSHIP, "name": "柳溪镇", "level": "township", "valid_from": SINCE} | changed)
    )


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"code": "99990110100"}, "division_code_fits_level"),
        ({"code": "99990110100x"}, "division_code_fits_level"),
        ({"code": VILLAGE}, "division_code_fits_level"),
        ({"level": "village"}, "division_code_fits_level"),
        ({"level": "hamlet"}, "division_code_fits_level"),
        ({"name": ""}, "division_has_a_name"),
        ({"valid_until": SINCE}, "division_ends_after_it_starts"),
        ({"population": -1}, "division_counts_are_not_negative"),
        ({"households": -1}, "division_counts_are_not_negative"),
        ({"area_km2": -0.1}, "division_counts_are_not_negative"),
        ({"population": 10, "households": 11}, "division_households_within_population"),
        ({"landform": "lake"}, "division_landform_is_known"),
        ({"urban_rural_code": "999"}, "division_urban_rural_code_is_known"),
        ({"region_type": "rich"}, "division_region_type_is_known"),
        ({"hazards": ["river", "meteor"]}, "division_hazards_are_known"),
    ],
)
def test_a_division_that_cannot_be_is_not_stored(changed, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        division(**changed)


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("990000000000", "province"),
        ("999900000000", "city"),
        (COUNTY, "county"),
        (TOWNSHIP, "township"),
        (VILLAGE, "village"),
    ],
)
def test_each_level_has_its_code(code, level):
    assert division(code=code, level=level).pk


def test_a_code_stands_once_at_a_time():
    division(valid_until=date(2026, 7, 1))

    with pytest.raises(IntegrityError, match="division_code_stands_once_at_a_time"):
        division(valid_from=date(2026, 6, 30))


def test_a_code_may_stand_again_from_the_day_it_ended():
    division(valid_until=date(2026, 7, 1))

    assert division(valid_from=date(2026, 7, 1)).pk


@pytest.mark.parametrize(
    ("share", "constraint"), [(0, "successor_share_is_a_part"), (1.01, "successor_share_is_a_part")]
)
def test_a_share_is_a_part(share, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        SuccessorLink.objects.create(
            division=division(), successor=division(code=VILLAGE, level="village"), share=share
        )


def test_nothing_succeeds_itself():
    row = division()

    with pytest.raises(IntegrityError, match="successor_is_another"):
        SuccessorLink.objects.create(division=row, successor=row)


def test_a_successor_is_named_once():
    old, new = division(), division(code=VILLAGE, level="village")
    SuccessorLink.objects.create(division=old, successor=new, share=0.5)

    with pytest.raises(IntegrityError, match="successor_once"):
        SuccessorLink.objects.create(division=old, successor=new, share=0.5)


def test_a_county_has_a_river_once():
    lines = GEOSGeometry("MULTILINESTRING((109 28, 110 29))", srid=4326)
    River.objects.create(county_code=COUNTY, name="青岚江", lines=lines)

    with pytest.raises(IntegrityError, match="river_once_a_county"):
        River.objects.create(county_code=COUNTY, name="青岚江", lines=lines)


def test_a_river_drains_no_less_than_nothing():
    lines = GEOSGeometry("MULTILINESTRING((109 28, 110 29))", srid=4326)

    with pytest.raises(IntegrityError, match="river_drains_land"):
        River.objects.create(county_code=COUNTY, name="青岚江", drained_km2=-1, lines=lines)


def test_a_road_is_of_a_known_kind():
    with pytest.raises(IntegrityError, match="road_kind_is_known"):
        Road.objects.create(county_code=COUNTY, kind="path", line=LINE)
