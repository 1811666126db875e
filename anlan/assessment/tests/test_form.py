"""The web form saves answer by answer, says what is wrong beside the field, and never loses typed text."""

import re

import pytest
from django.urls import reverse

from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, alice, bob, person
from anlan.assessment.actions import results, rounds
from anlan.assessment.models import Answer
from anlan.assessment.tests.county import MORNING, SECOND_VILLAGE, VILLAGE, answer, assignment, ready, say
from anlan.assessment.tests.test_answers import hand_in

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def type_in(client, row, leaf, value, *, version=0, **headers):
    url = reverse("survey-answer", args=[row.pk, VILLAGE, "emergency", leaf])
    return client.post(url, {"value": value, "version": version}, **headers)


def form(client, row, unit=VILLAGE, department="emergency") -> str:
    return client.get(reverse("survey-form", args=[row.pk, unit, department])).content.decode()


def test_an_answer_is_saved_as_its_field_is_left_and_the_form_resumes_there(client):
    row, officer = ready(), bob()
    client.force_login(officer)

    got = type_in(client, row, "CAP-V-01", "12", **HTMX)

    assert got.status_code == 200
    assert "saved-mark" in got.content.decode()
    assert 'hx-swap-oob="true"' in got.content.decode()
    assert 'value="12"' in form(client, row)


def test_without_javascript_the_form_comes_back_at_the_field(client):
    row, officer = ready(), bob()
    client.force_login(officer)

    got = type_in(client, row, "CAP-V-01", "12")

    assert got["Location"].endswith(f"/units/{VILLAGE}/emergency/#CAP-V-01")


@pytest.mark.parametrize(
    ("leaf", "typed", "suggestion"),
    [
        ("CAP-V-01", "十二人", "12"),
        ("CAP-V-01", "-3", None),
        ("CAP-V-05", "37", "37%"),
        ("ORG-V-01", "没有建立", "否"),
        ("PRO-V-01", "2027-01-01", None),
    ],
)
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_bad_entry_is_told_beside_its_field_with_the_text_kept(client, leaf, typed, suggestion, headers):
    row, officer = ready(), bob()
    client.force_login(officer)

    got = type_in(client, row, leaf, typed, **headers)

    text = got.content.decode()
    assert got.status_code == 422
    assert typed in text
    assert (f'data-value="{suggestion}"' in text) == (suggestion is not None)
    assert not Answer.objects.exists()


def test_two_people_in_one_field_see_both_values_and_choose(client):
    row, officer, analyst = ready(), bob(), alice()
    say(analyst, row, VILLAGE, "CAP-V-01", 20)
    client.force_login(officer)

    clash = type_in(client, row, "CAP-V-01", "12", **HTMX)

    text = clash.content.decode()
    assert clash.status_code == 422
    assert "Alice" in text
    assert 'value="12"' in text
    assert 'data-value="20"' in text
    theirs = re.search(r'name="version" value="(\d+)"', text)[1]
    assert type_in(client, row, "CAP-V-01", "12", version=theirs, **HTMX).status_code == 200
    assert answer(row, VILLAGE, "CAP-V-01").value == 12


def test_an_emptied_field_clears_the_answer(client):
    row, officer = ready(), bob()
    say(officer, row, VILLAGE, "CAP-V-01", 2)
    client.force_login(officer)

    type_in(client, row, "CAP-V-01", "", version=1, **HTMX)

    assert answer(row, VILLAGE, "CAP-V-01").value is None


def test_a_leaf_of_another_form_is_refused(client):
    row, officer = ready(), bob()
    client.force_login(officer)

    assert type_in(client, row, "ORG-V-02", "1").status_code == 409


def test_a_closed_round_s_form_can_be_looked_at_but_not_filled_in(client):
    row, officer = ready(), bob()
    say(officer, row, VILLAGE, "CAP-V-01", 12)
    rounds.close_round(actor=None, round_id=row.pk, expected_version=row.version, at=MORNING)
    client.force_login(officer)

    text = form(client, row)

    assert 'value="12"' in text
    assert text.count(" disabled") >= 14


def test_whoever_only_reads_sees_the_form_without_filling_in(client):
    row = ready()
    client.force_login(person("gina", "evaluator", COUNTY))

    text = form(client, row)

    assert "disabled" in text
    assert type_in(client, row, "CAP-V-01", "1").status_code == 404


def test_one_click_hands_in_every_form_of_the_township_that_has_answers(client):
    row, officer = ready(), bob()
    for unit in (VILLAGE, SECOND_VILLAGE):
        say(officer, row, unit, "CAP-V-01", 12)
    client.force_login(officer)
    url = reverse("survey-units", args=[row.pk, TOWNSHIP])
    ticked = re.findall(r'name="assignment" value="([^"]+)"', client.get(url).content.decode())

    client.post(reverse("survey-hand-in-all", args=[row.pk, TOWNSHIP]), {"assignment": ticked})

    assert len(ticked) == 2
    assert {assignment(row, unit).status for unit in (VILLAGE, SECOND_VILLAGE)} == {"submitted"}


def test_what_records_show_stands_beside_the_answer(client):
    row, officer = ready(), bob()
    results.record_evidence(
        round_id=row.pk, unit_code=VILLAGE, leaf_code="CAP-V-01", value=8, source="records", at=MORNING
    )
    say(officer, row, VILLAGE, "CAP-V-01", 12)
    client.force_login(officer)

    assert re.search(r'text-warning">\s*8', form(client, row))


def test_an_answer_has_a_panel_of_its_own_for_files_and_history(client):
    row, officer = ready(), bob()
    say(officer, row, VILLAGE, "CAP-V-01", 12)
    client.force_login(officer)

    panel = client.get(reverse("panel", args=["assessment.answer", answer(row, VILLAGE, "CAP-V-01").pk]))

    assert panel.status_code == 200
    assert "Bob" in panel.content.decode()


def test_a_village_officer_reaches_their_village_through_the_township_s_list(client):
    row = ready()
    client.force_login(person("hugo", "village_officer", VILLAGE))

    text = client.get(reverse("survey-units", args=[row.pk, TOWNSHIP])).content.decode()

    assert "柳溪村" in text
    assert "上湾村" not in text


def test_the_verifier_s_page_leaves_out_what_one_wrote_oneself(client):
    row, officer, analyst = ready(), bob(), alice()
    say(officer, row, VILLAGE, "CAP-V-01", 12)
    say(analyst, row, VILLAGE, "CAP-V-02", 1)
    hand_in(officer, row)
    client.force_login(analyst)

    text = client.get(reverse("survey-verify", args=[row.pk, TOWNSHIP])).content.decode()

    boxes = dict(re.findall(r'name="answer" value="(\d+):\d+"[^>]*?( checked| disabled)>', text))
    mine, theirs = answer(row, VILLAGE, "CAP-V-02").pk, answer(row, VILLAGE, "CAP-V-01").pk
    assert (boxes[str(mine)], boxes[str(theirs)]) == (" disabled", " checked")
