"""The API: each operation, its doors, paging and filters; always JSON."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from anlan.accounts.actions import own
from anlan.accounts.models import User
from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, alice, bob, carol
from anlan.assessment.models import UnitScore
from anlan.assessment.tests.assessed import alike, published
from anlan.assessment.tests.county import NEXT_TOWNSHIP, NEXT_VILLAGE, SECOND_VILLAGE, VILLAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return alice()


@pytest.fixture
def found(analyst):
    return published(analyst, alike(0.6, missing=[(VILLAGE, "ORG-V-02")]))


def ask(who, path, **query):
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(f"/api{path}", query)


def test_units_are_listed_by_code(found, analyst):
    answer = ask(analyst, "/units").json()

    assert answer["count"] == 7
    assert [unit["code"] for unit in answer["items"]][:2] == [COUNTY, TOWNSHIP]
    assert answer["items"][1]["parent_code"] == COUNTY


def test_units_are_paged_and_narrowed(found, analyst):
    paged = ask(analyst, "/units", limit=2, offset=1).json()
    narrowed = ask(analyst, "/units", level="village", within=TOWNSHIP[:9]).json()

    assert [unit["code"] for unit in paged["items"]] == [TOWNSHIP, VILLAGE]
    assert paged["count"] == 7
    assert [unit["code"] for unit in narrowed["items"]] == [VILLAGE, SECOND_VILLAGE]


def test_a_unit_brings_its_latest_result(found, analyst):
    answer = ask(analyst, f"/units/{VILLAGE}").json()

    assert answer["name"] == "柳溪村"
    assert answer["latest"]["assessment_id"] == found.pk
    assert answer["latest"]["result"]["completeness"] < 1


def test_assessments_carry_the_hashes_of_what_they_came_from(found, analyst):
    (answer,) = ask(analyst, "/assessments", status="published").json()["items"]

    assert answer["id"] == found.pk
    assert answer["answers_sha256"] == found.sha256
    assert answer["system_sha256"] == found.system_sha256
    assert ask(analyst, "/assessments", status="draft").json()["count"] == 0


def test_scores_are_shares_and_what_is_missing_is_null(found, analyst):
    UnitScore.objects.filter(assessment=found, code=VILLAGE).update(score=None, grade="")

    rows = {row["code"]: row for row in ask(analyst, f"/assessments/{found.pk}/scores").json()["items"]}

    assert (rows[VILLAGE]["score"], rows[VILLAGE]["grade"]) == (None, None)
    assert 0 <= rows[SECOND_VILLAGE]["score"] <= 1
    assert set(rows[TOWNSHIP]["dimensions"]) == {"org", "capability", "materials", "process", "digital"}


def test_scores_are_narrowed(found, analyst):
    answer = ask(analyst, f"/assessments/{found.pk}/scores", level="township", is_weak=False).json()

    assert [row["code"] for row in answer["items"]] == [TOWNSHIP, NEXT_TOWNSHIP]


def test_needs_come_first_priority_first_with_money_in_fen(found, analyst):
    answer = ask(analyst, f"/assessments/{found.pk}/needs", limit=3).json()

    assert [need["priority"] for need in answer["items"]] == [1, 2, 3]
    assert all(isinstance(need["cost_fen"], int) and need["leaf_code"] for need in answer["items"])


def test_needs_are_narrowed_by_dimension_and_place(found, analyst):
    items = ask(analyst, f"/assessments/{found.pk}/needs", dimension="digital", within=VILLAGE).json()["items"]

    assert {(need["dimension"], need["unit_code"]) for need in items} == {("digital", VILLAGE)}


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 5000}, {"offset": -1}, {"within": "x"}, {"level": "hamlet"}])
def test_bad_parameters_are_told(found, analyst, query):
    response = ask(analyst, "/units", **query)

    assert response.status_code == 422
    assert response.json()["detail"]


@pytest.mark.parametrize("path", ["/units/999902000000", "/assessments/0/scores", "/assessments/0/needs", "/nowhere"])
def test_what_is_not_there_is_told_as_json(found, analyst, path):
    response = ask(analyst, path)

    assert (response.status_code, response["Content-Type"].split(";")[0]) == (404, "application/json")


@pytest.mark.parametrize("path", ["/units", "/assessments", "/units/999901000000", "/assessments/1/scores"])
def test_nobody_in_particular_is_told_to_log_in_as_json(path):
    response = Client().get(f"/api{path}")

    assert (response.status_code, response.json()) == (401, {"detail": "Unauthorized"})


@pytest.mark.parametrize("part", ["scores", "needs"])
def test_a_stranger_finds_no_assessment(found, part):
    stranger = carol()

    assert ask(stranger, f"/assessments/{found.pk}/{part}").status_code == 404
    assert ask(stranger, "/assessments").json()["count"] == 0


def test_a_township_officer_gets_their_own_part(found):
    officer = bob()

    units = {unit["code"] for unit in ask(officer, "/units").json()["items"]}
    scores = {row["code"] for row in ask(officer, f"/assessments/{found.pk}/scores").json()["items"]}
    needs = {need["unit_code"] for need in ask(officer, f"/assessments/{found.pk}/needs").json()["items"]}

    assert units == scores == {TOWNSHIP, VILLAGE, SECOND_VILLAGE}
    assert needs <= units
    assert ask(officer, f"/units/{NEXT_VILLAGE}").status_code == 404


@pytest.mark.parametrize("path", ["/units", "/assessments", "/assessments/{}/scores", "/assessments/{}/needs"])
def test_each_list_asks_the_same_few_statements_for_any_page(found, analyst, path):
    few, many = (_queries_of(analyst, path.format(found.pk), limit) for limit in (1, 100))

    assert many == few <= 6


def _queries_of(who, path, limit) -> int:
    """Count a token's statements: a session's own are no part of the interface."""
    _row, text = token_of(who)
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(f"/api{path}?limit={limit}", headers={"Authorization": f"Bearer {text}"}).status_code == 200
    return len(captured)


def with_token(text: str):
    return Client().get("/api/units", headers={"Authorization": f"Bearer {text}"})


def token_of(who, *, days=30, at=None):
    return own.make_token(actor=who, name="a program", days=days, at=at or now())


def test_a_token_sees_what_its_person_sees(found):
    _row, text = token_of(bob())

    assert {unit["code"] for unit in with_token(text).json()["items"]} == {TOWNSHIP, VILLAGE, SECOND_VILLAGE}


def test_a_token_that_was_taken_back_opens_nothing(found, analyst):
    row, text = token_of(analyst)
    own.revoke_token(actor=analyst, token_id=row.pk, at=now())

    assert with_token(text).status_code == 401


def test_a_token_out_of_date_opens_nothing(found, analyst):
    _row, text = token_of(analyst, days=1, at=now() - timedelta(days=2))

    assert with_token(text).status_code == 401


def test_the_token_of_a_disabled_person_opens_nothing(found, analyst):
    _row, text = token_of(analyst)
    User.objects.filter(pk=analyst.pk).update(is_active=False, disabled_at=now())

    assert with_token(text).status_code == 401


def test_the_description_names_every_operation():
    schema = Client().get("/api/openapi.json").json()

    assert schema["openapi"].startswith("3.1")
    assert set(schema["paths"]) == {
        "/api/units",
        "/api/units/{code}",
        "/api/assessments",
        "/api/assessments/{assessment_id}/scores",
        "/api/assessments/{assessment_id}/needs",
    }
    assert {method for path in schema["paths"].values() for method in path} == {"get"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_description_is_a_page_that_loads_nothing_from_elsewhere(analyst, language):
    client = Client()
    client.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["anlan_language"] = language

    text = client.get("/api/docs").content.decode()

    assert "/api/assessments/{assessment_id}/needs" in text
    assert 'src="http' not in text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_changed_through_the_api(found, analyst, method):
    _row, text = token_of(analyst)

    response = getattr(Client(), method)("/api/units", headers={"Authorization": f"Bearer {text}"})

    assert response.status_code == 405
