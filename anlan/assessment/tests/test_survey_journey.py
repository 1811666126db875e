"""The main path of a survey over HTTP, by whoever would walk it."""

import re

import pytest
from django.urls import reverse

from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, alice, bob
from anlan.assessment.models import Answer, Assignment, Flag, Round
from anlan.assessment.tests.county import SECOND_VILLAGE, VILLAGE, county
from anlan.assessment.tests.test_phones import empty_instance, filled
from anlan.assessment.tests.test_phones import send as send_by_phone
from anlan.assessment.tests.test_workbook_upload import cell, commit, download, send
from anlan.worklists import queries as worklists

pytestmark = pytest.mark.django_db


def test_a_survey_is_opened_filled_in_by_three_ways_and_verified_by_a_second_person(client):
    county()
    analyst, officer = alice(), bob()

    client.force_login(analyst)
    row = open_round(client)

    client.force_login(officer)
    assert row.name in client.get(reverse("home")).content.decode()
    fill_in_by_web(client, row)
    book = download(client, row)
    cell(book, SECOND_VILLAGE, "CAP-V-01").value = 9
    assert commit(client, send(client, row, book)).status_code == 302
    client.logout()
    instance = empty_instance(client, row, "township")
    assert send_by_phone(client, row, filled(instance, unit=TOWNSHIP, ORG_T_02="2", ORG_T_03="3")).status_code == 201
    client.force_login(officer)
    hand_in_everything(client, row)
    settle_the_only_flag(client, row)

    client.force_login(analyst)
    assert any("Verify" in task.title for task in worklists.tasks_for(analyst))
    return_one_and_have_it_mended(client, row, analyst, officer)
    accept_everything(client, row)
    client.post(reverse("round-close", args=[row.pk]), {"version": Round.objects.get().version})

    assert set(Answer.objects.values_list("way", flat=True)) == {"web", "workbook", "phone"}
    assert set(Answer.objects.values_list("status", flat=True)) == {"verified"}
    assert Round.objects.get().status == "closed"


def open_round(client) -> Round:
    values = {"county_code": COUNTY, "name": "2026年度摸底", "opens_on": "2026-11-01", "closes_on": "2026-11-30"}
    board = client.post(reverse("round-create"), values)["Location"]
    client.post(f"{board}open/", {"version": "1"})
    assert "柳溪镇" in client.get(board).content.decode()
    return Round.objects.get()


def fill_in_by_web(client, row) -> None:
    for leaf, value in (("CAP-V-01", "12"), ("CAP-V-05", "90%"), ("ORG-V-01", "是")):
        url = reverse("survey-answer", args=[row.pk, VILLAGE, "emergency", leaf])
        assert client.post(url, {"value": value, "version": "0"}, HTTP_HX_REQUEST="true").status_code == 200


def hand_in_everything(client, row) -> None:
    page = client.get(reverse("survey-units", args=[row.pk, TOWNSHIP])).content.decode()
    ticked = re.findall(r'name="assignment" value="([^"]+)"', page)
    assert (
        client.post(reverse("survey-hand-in-all", args=[row.pk, TOWNSHIP]), {"assignment": ticked}).status_code == 302
    )
    assert Assignment.objects.filter(status="submitted").count() == 3


def settle_the_only_flag(client, row) -> None:
    flag = Flag.objects.get(status="open")
    client.post(reverse("flag-settle", args=[flag.pk]), {"remark": "两个岗位外另有一名借调"})


def return_one_and_have_it_mended(client, row, analyst, officer) -> None:
    found = Answer.objects.get(division__code=VILLAGE, leaf__code="CAP-V-05")
    values = {"version": found.version, "reason": "附入户调查表"}
    client.post(reverse("answer-return", args=[found.pk]), values)

    client.force_login(officer)
    form = reverse("survey-form", args=[row.pk, VILLAGE, "emergency"])
    assert "附入户调查表" in client.get(form).content.decode()
    found.refresh_from_db()
    url = reverse("survey-answer", args=[row.pk, VILLAGE, "emergency", "CAP-V-05"])
    client.post(url, {"value": "0.85", "version": found.version}, HTTP_HX_REQUEST="true")
    hand_in = Assignment.objects.get(division__code=VILLAGE, department="emergency")
    client.post(f"{form}hand-in/", {"version": hand_in.version})

    client.force_login(analyst)


def accept_everything(client, row) -> None:
    url = reverse("survey-verify", args=[row.pk, TOWNSHIP])
    ticked = re.findall(r'name="answer" value="([^"]+)"[^>]* checked', client.get(url).content.decode())
    assert client.post(f"{url}accept/", {"answer": ticked}).status_code == 302
