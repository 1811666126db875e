"""The register by Excel, both ways: looked at first, all or nothing, marked where it is wrong."""

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import NOON, VILLAGE, bob, person
from anlan.places.tests.factories import OTHER_TOWNSHIP, load
from anlan.telemetry.actions.register import load_register, take_register
from anlan.telemetry.core.register_rows import Register, StationRow
from anlan.telemetry.documents.register_file import register_in, register_workbook
from anlan.telemetry.models import Datastream, Device, Station
from anlan.telemetry.tests.test_register import BOX, GAUGE, LEVEL, LIMITS, RAIN, WHOLE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county():
    load()


@pytest.fixture
def as_bob(client):
    client.force_login(bob())
    return client


def send(client, content: bytes):
    return client.post(reverse("register-file"), {"file": SimpleUploadedFile("register.xlsx", content)})


def test_what_a_workbook_says_is_what_was_written():
    bare = replace(WHOLE, stations=(RAIN, replace(GAUGE, keeper_phone="")), devices=(replace(BOX, password=""),))

    found, numbers = register_in(register_workbook(bare))

    assert found == replace(bare, datastreams=(replace(LEVEL, unit=""),))
    assert numbers == {"stations": [2, 3], "devices": [2], "datastreams": [2], "thresholds": [2, 3]}


def test_what_is_on_record_brought_in_again_changes_nothing(as_bob):
    take_register(actor=None, register=WHOLE, units=None, at=NOON)
    Device.objects.update(dialect={"elements": {}})
    Datastream.objects.update(is_confirmed=False)

    preview = as_bob.get(send(as_bob, as_bob.get(reverse("register-workbook")).content)["Location"])

    assert preview.status_code == 200
    assert "disabled" in preview.content.decode()
    assert as_bob.post(commit_of(preview)).status_code == 302
    assert Station.objects.get(code="QL-W01").keeper_phone == GAUGE.keeper_phone
    assert Device.objects.get().dialect == {"elements": {}}
    assert not Datastream.objects.get().is_confirmed


def commit_of(preview) -> str:
    return reverse("register-commit", args=[preview.context["upload"].pk])


def test_nothing_is_kept_before_it_is_taken_over(as_bob):
    preview = as_bob.get(send(as_bob, register_workbook(WHOLE))["Location"])

    assert not Station.objects.exists()
    assert as_bob.post(commit_of(preview))["Location"] == reverse("stations")
    assert Station.objects.count() == 2
    assert as_bob.post(commit_of(preview)).status_code == 409


def test_a_file_may_be_dropped(as_bob):
    preview = as_bob.get(send(as_bob, register_workbook(WHOLE))["Location"])

    as_bob.post(reverse("register-discard", args=[preview.context["upload"].pk]))

    assert as_bob.post(commit_of(preview)).status_code == 409
    assert not Station.objects.exists()


def test_one_faulty_row_takes_nothing_over_and_comes_back_marked(as_bob):
    wrong = replace(WHOLE, stations=(RAIN, replace(GAUGE, division_code=OTHER_TOWNSHIP)))
    preview = as_bob.get(send(as_bob, register_workbook(wrong))["Location"])

    assert preview.status_code == 422
    assert OTHER_TOWNSHIP in preview.content.decode()
    book = openpyxl.load_workbook(
        BytesIO(as_bob.get(reverse("register-marked", args=[preview.context["upload"].pk])).content)
    )
    cell = book.worksheets[0]["D3"]
    assert cell.value == OTHER_TOWNSHIP
    assert OTHER_TOWNSHIP in cell.comment.text
    assert as_bob.post(commit_of(preview)).status_code == 409
    assert not Station.objects.exists()


def test_a_cell_that_holds_something_else_is_told_by_sheet_and_row(as_bob):
    book = openpyxl.load_workbook(BytesIO(register_workbook(WHOLE)))
    book.worksheets[2]["F2"] = "much"
    stream = BytesIO()
    book.save(stream)

    preview = as_bob.get(send(as_bob, stream.getvalue())["Location"])

    fault = preview.context["found"].faults[0]
    assert (fault.sheet.key, fault.fault.row, fault.fault.value) == ("datastreams", 2, "much")


def test_what_is_no_register_is_refused_in_words(as_bob):
    book = openpyxl.Workbook()
    stream = BytesIO()
    book.save(stream)

    assert as_bob.get(send(as_bob, stream.getvalue())["Location"]).status_code == 422
    assert send(as_bob, b"").status_code == 422


def test_each_township_downloads_its_own(as_bob):
    elsewhere = StationRow("X-1", "枫渡站", "rain", OTHER_TOWNSHIP, 109.0, 28.0)
    load_register(actor=None, stations=[RAIN, GAUGE, elsewhere], at=NOON)

    found, _numbers = register_in(as_bob.get(reverse("register-workbook")).content)

    assert {row.code for row in found.stations} == {"QL-R01", "QL-W01"}


def test_numbers_and_passwords_stay_out_of_the_workbook():
    content = register_workbook(Register((GAUGE,), (BOX,)))

    book = openpyxl.load_workbook(BytesIO(content))
    told = {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert not told & {GAUGE.keeper_phone, BOX.password}


def test_a_village_officer_brings_nothing_in(client):
    client.force_login(person("vera", Role.VILLAGE_OFFICER, VILLAGE))

    assert client.get(reverse("register-file")).status_code == 404


def test_limits_stand_by_colour_in_words():
    book = openpyxl.load_workbook(BytesIO(register_workbook(WHOLE)))

    assert [cell.value for cell in book.worksheets[3][2]][2:] == ["实测值", "黄色", LIMITS[0].value]
