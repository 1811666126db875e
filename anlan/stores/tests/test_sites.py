from dataclasses import replace

import pytest
from django.db import IntegrityError, connection
from hypothesis import given
from hypothesis import strategies as st

from anlan.accounts.tests.factories import COUNTY, ELSEWHERE, NOON, alice
from anlan.ground.audit import history_of
from anlan.ground.versions import Conflict
from anlan.places.tests.factories import load
from anlan.stores import actions, queries
from anlan.stores.actions import PurposeMissing
from anlan.stores.core.checking import BadSite
from anlan.stores.core.values import AREA_PER_PERSON_M2, SHELTERS, STORES, SiteKind, persons_on
from anlan.stores.models import Site
from anlan.stores.tests.factories import SHELTER, STORE, site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county(db):
    load()


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"name": ""}, "site_has_a_name"),
        ({"kind": "tent"}, "site_kind_is_known"),
        ({"division_code": "9999"}, "site_unit_is_a_code"),
        ({"effective_area_m2": 10.0}, "site_area_is_a_shelters"),
        ({"kind": "central", "effective_area_m2": 0.0}, "site_area_is_a_shelters"),
        ({"capacity": -1}, "stores_site_capacity_check"),
    ],
)
def test_a_site_that_cannot_be_is_not_stored(changes, constraint):
    row = site()

    with pytest.raises(IntegrityError, match=constraint):
        Site.objects.filter(pk=row.pk).update(**changes)


def test_a_unit_has_a_site_of_a_name_and_kind_once():
    row = site()
    row.pk = None

    with pytest.raises(IntegrityError, match="site_once_a_unit"):
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": " "}, "1 to 80 characters"),
        ({"kind": "tent"}, "no kind of site tent"),
        ({"division_code": "99990"}, "5 digits"),
        ({"division_code": "990000000000"}, "county, township or village"),
        ({"division_code": "999901109000"}, "no unit 999901109000 on record"),
        ({"longitude": 181.0}, "no place on earth"),
        ({"latitude": float("nan")}, "no place on earth"),
        ({"capacity": -1}, "not negative"),
        ({"effective_area_m2": 20.0}, "Only shelters"),
        ({"kind": "central", "effective_area_m2": 0.0}, "above zero"),
        ({"keeper_phone": "call me"}, "no telephone number"),
        ({"keeper_name": "x" * 41}, "1 to 40 characters"),
    ],
)
def test_a_site_that_cannot_be_is_refused_in_words(changes, why):
    with pytest.raises(BadSite, match=why):
        site(**changes)


def test_a_unit_has_no_two_sites_of_a_name_and_kind():
    site()

    with pytest.raises(BadSite, match="of this kind already"):
        site()


@pytest.mark.parametrize(
    ("kind", "persons"),
    [("emergency", 2000), ("fixed_short", 500), ("fixed_medium", 333), ("fixed_long", 222), ("central", 222)],
)
def test_a_thousand_square_metres_hold(kind, persons):
    assert site(SHELTER, kind=kind).persons_by_area == persons


@given(st.sampled_from(sorted(SHELTERS)), st.integers(0, 100_000))
def test_the_area_that_some_people_need_holds_them(kind, persons):
    assert persons_on(kind, persons * AREA_PER_PERSON_M2[kind]) == persons


@pytest.mark.parametrize(("kind", "area"), [(SiteKind.WAREHOUSE, 10.0), (SiteKind.CENTRAL, -1.0)])
def test_nobody_is_sheltered_in_a_warehouse_or_on_less_than_nothing(kind, area):
    with pytest.raises(ValueError, match="holds nobody"):
        persons_on(kind, area)


def test_sites_are_told_with_the_capacity_to_plan_with():
    site()
    site(SHELTER, capacity=9999)
    site(SHELTER, name="旧粮站", effective_area_m2=None, is_open=False)

    stores, shelters = queries.sites_of(COUNTY, STORES), queries.sites_of(COUNTY, SHELTERS)

    assert [(one.name, one.capacity, one.is_shelter) for one in stores] == [("柳溪镇储备点", 120, False)]
    assert {(one.name, one.capacity, one.is_open) for one in shelters} == {
        ("柳溪村小学", 2000, True),
        ("旧粮站", None, False),
    }
    assert (stores[0].longitude, stores[0].latitude) == (109.05, 28.1)
    assert queries.sites_of(ELSEWHERE, STORES) == []


def test_sites_are_read_in_one_statement(django_assert_num_queries):
    for number in range(5):
        site(name=f"储备点{number}")

    with django_assert_num_queries(1):
        assert len(queries.sites_of(COUNTY, ["reserve_point"])) == 5


def test_the_keepers_phone_is_encrypted_and_never_told_in_the_trail():
    row, analyst = site(SHELTER), alice()

    changed = replace(SHELTER, keeper_phone="13900005678", capacity=1500)
    actions.change_site(actor=analyst, site_id=row.pk, expected_version=1, site=changed, at=NOON)

    with connection.cursor() as cursor:
        cursor.execute("SELECT keeper_phone FROM stores_site")
        assert b"13900005678" not in bytes(cursor.fetchone()[0])
    entry = history_of("stores.site", row.pk)[0]
    assert entry.detail == {"keeper_phone": {}, "capacity": {"from": None, "to": 1500}}
    assert Site.objects.get().keeper_phone == "13900005678"


def test_whoever_sees_the_whole_number_says_what_for():
    row, analyst = site(SHELTER), alice()

    with pytest.raises(PurposeMissing):
        actions.show_keeper_phone(actor=analyst, site_id=row.pk, purpose=" ", at=NOON)

    assert actions.show_keeper_phone(actor=analyst, site_id=row.pk, purpose="转移", at=NOON) == "13800001234"
    assert history_of("stores.site", row.pk)[0].detail == {"purpose": "转移"}


def test_whoever_changes_a_site_second_is_told():
    row, analyst = site(), alice()
    moved = replace(STORE, longitude=109.06)
    actions.change_site(actor=analyst, site_id=row.pk, expected_version=1, site=moved, at=NOON)

    with pytest.raises(Conflict):
        actions.change_site(actor=analyst, site_id=row.pk, expected_version=1, site=STORE, at=NOON)
    assert Site.objects.get().place.x == 109.06


def test_loading_twice_is_the_same_as_once():
    rows = [STORE, SHELTER]

    assert actions.load_sites(actor=None, rows=rows, at=NOON) == (2, 0)
    assert actions.load_sites(actor=None, rows=rows, at=NOON) == (0, 0)
    assert actions.load_sites(actor=None, rows=[replace(STORE, capacity=5), SHELTER], at=NOON) == (0, 1)


def test_a_faulty_row_loads_nothing():
    with pytest.raises(BadSite):
        actions.load_sites(actor=None, rows=[STORE, replace(SHELTER, capacity=-1)], at=NOON)

    assert Site.objects.count() == 0


def test_a_site_that_never_was_is_struck():
    row, analyst = site(), alice()

    actions.remove_site(actor=analyst, site_id=row.pk, expected_version=1, at=NOON)

    assert Site.objects.count() == 0
    assert history_of("stores.site", row.pk)[0].verb == "site struck"
