"""Reserve points and shelters by Excel, both ways."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import NOON, TOWNSHIP, VILLAGE, bob, person
from anlan.places.tests.factories import OTHER_TOWNSHIP, load
from anlan.stores import actions
from anlan.stores.documents.sites_file import FIELDS
from anlan.stores.models import Site
from anlan.stores.tests.factories import SHELTER, STORE, site
from anlan.web.row_books import FaultyRows, rows_workbook

pytestmark = pytest.mark.django_db
ROW = {
    "name": "竹坞避灾点",
    "kind": "fixed_short",
    "division_code": VILLAGE,
    "longitude": 109.04,
    "latitude": 28.05,
    "effective_area_m2": 600,
    "state": "open",
}


@pytest.fixture(autouse=True)
def county():
    load()


@pytest.fixture
def as_bob(client):
    client.force_login(bob())
    return client


def send(client, content: bytes):
    return client.post(reverse("sites-file"), {"file": SimpleUploadedFile("sites.xlsx", content)})


def bring_in(*rows: dict) -> tuple[int, int]:
    content = rows_workbook(FIELDS, rows)
    return actions.bring_in_sites(actor=None, units={TOWNSHIP, VILLAGE}, content=content, at=NOON)


def test_what_is_on_record_taken_over_again_changes_nothing(as_bob):
    site(), site(SHELTER), site(SHELTER, name="旧粮站", is_open=False, effective_area_m2=None)

    assert send(as_bob, as_bob.get(reverse("sites-workbook")).content).status_code == 302
    assert set(Site.objects.values_list("version", flat=True)) == {1}
    assert Site.objects.get(name=SHELTER.name).keeper_phone == SHELTER.keeper_phone


def test_keepers_numbers_stay_out_of_the_workbook(as_bob):
    site(SHELTER)

    assert "phone" not in "".join(column.name for column in FIELDS)
    assert SHELTER.keeper_phone.encode() not in as_bob.get(reverse("sites-workbook")).content


def test_new_sites_are_recorded_and_known_ones_corrected():
    site(SHELTER)
    known = {"name": SHELTER.name, "kind": SHELTER.kind, "division_code": VILLAGE, "longitude": 109.04}

    assert bring_in(ROW, known | {"latitude": 28.05, "effective_area_m2": 800, "state": "closed"}) == (1, 1)
    row = Site.objects.get(name=SHELTER.name)
    assert (row.holds, row.is_open, row.keeper_phone) == (1600, False, SHELTER.keeper_phone)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"longitude": None}, "Longitude"),
        ({"kind": "warehouse"}, "Effective area (m²)"),
        ({"division_code": OTHER_TOWNSHIP}, "Unit's code"),
        ({"name": ""}, "Name"),
    ],
)
def test_one_faulty_row_takes_nothing_over(changes, column):
    with pytest.raises(FaultyRows) as refused:
        bring_in(ROW, ROW | changes)

    assert {(fault.row, fault.column) for fault in refused.value.rows} == {(3, column)}
    assert not Site.objects.exists()


def test_a_township_brings_in_no_sites_of_another(as_bob):
    response = send(as_bob, rows_workbook(FIELDS, [ROW | {"division_code": OTHER_TOWNSHIP}]))

    assert response.status_code == 422
    assert OTHER_TOWNSHIP in response.content.decode()
    assert not Site.objects.exists()


def test_a_village_officer_brings_nothing_in(client):
    site(STORE)
    client.force_login(person("vera", Role.VILLAGE_OFFICER, VILLAGE))

    assert client.get(reverse("sites-file")).status_code == 404
    assert STORE.name.encode() not in client.get(reverse("sites-workbook")).content
