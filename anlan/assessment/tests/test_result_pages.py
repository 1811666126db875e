"""The pages of results: what they show, in both languages, and to whom."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, alice, bob, carol, person
from anlan.assessment.models import UnitScore
from anlan.assessment.tests.assessed import alike, fill, published
from anlan.assessment.tests.county import (
    MORNING,
    NEXT_TOWNSHIP,
    NEXT_VILLAGE,
    SECOND_VILLAGE,
    VILLAGE,
    neighbour,
    ready,
)
from anlan.places.actions import load_divisions
from anlan.places.core.values import DivisionRow
from anlan.web.models import Job

pytestmark = pytest.mark.django_db
PAGES = ("ranking", "score-map", "needs", "quality", "reports", "methods")


def uneven(unit: str, leaf) -> float | None:
    """Digital is weak everywhere, the first village weaker; one answer is missing."""
    if (unit, leaf.code) == (VILLAGE, "ORG-V-02"):
        return None
    return 0.3 if leaf.dimension == "digital" else 0.5 if unit == VILLAGE else 0.8


@pytest.fixture
def analyst():
    return alice()


@pytest.fixture
def found(analyst):
    return published(analyst, uneven)


def open_as(who, page, *args, language="zh-hans", **query):
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["anlan_language"] = language
    return client.get(reverse(page, args=args), query)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_in_both_languages(found, analyst, name, language):
    response = open_as(analyst, name, found.pk, language=language)

    assert response.status_code == 200
    assert found.sha256[:12] in response.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", [COUNTY, TOWNSHIP, VILLAGE])
def test_the_page_of_every_level_opens_in_both_languages(found, analyst, code, language):
    assert open_as(analyst, "unit-score", found.pk, code, language=language).status_code == 200


@pytest.mark.parametrize("name", [*PAGES, "unit-score", "score-map-data"])
def test_a_stranger_finds_nothing(found, name):
    more = {"unit-score": [TOWNSHIP], "score-map-data": ["township"]}.get(name, [])

    assert open_as(carol(), name, found.pk, *more).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_logged_in_is_sent_to_log_in(found, name):
    response = Client().get(reverse(name, args=[found.pk]))

    assert response.status_code == 302
    assert "login" in response["Location"]


def test_a_township_officer_sees_their_own_units_only(found):
    text = open_as(bob(), "ranking", found.pk).content.decode()

    assert "柳溪镇" in text
    assert "河口镇" not in text


@pytest.mark.parametrize("code", [NEXT_TOWNSHIP, NEXT_VILLAGE, COUNTY])
def test_a_township_officer_cannot_open_another_unit(found, code):
    assert open_as(bob(), "unit-score", found.pk, code).status_code == 404


def test_the_map_of_a_township_officer_carries_their_own_villages_only(found):
    answer = open_as(bob(), "score-map-data", found.pk, "village").json()

    assert {feature["properties"]["code"] for feature in answer["features"]} <= {VILLAGE, SECOND_VILLAGE}


def test_needs_and_totals_of_a_township_officer_are_their_own(found):
    text = open_as(neighbour(), "needs", found.pk).content.decode()

    assert "河口村" in text
    assert "柳溪村" not in text


def test_a_village_officer_begins_with_their_own_village(found):
    officer = person("vera", Role.VILLAGE_OFFICER, VILLAGE)

    text = open_as(officer, "ranking", found.pk).content.decode()

    assert "柳溪村" in text
    assert "上湾村" not in text


def test_missing_is_said_to_be_missing(found, analyst):
    response = open_as(analyst, "unit-score", found.pk, VILLAGE, language="en")

    assert "1 answer is missing; it is left out, not counted as zero" in response.content.decode()


def test_the_unit_page_says_why_a_unit_is_weak(found, analyst):
    assert "Digital is below 40" in open_as(analyst, "unit-score", found.pk, VILLAGE, language="en").content.decode()


def test_the_unit_page_leads_to_the_next_grade(found, analyst):
    text = open_as(analyst, "unit-score", found.pk, NEXT_VILLAGE, language="en").content.decode()

    assert "What would lift it to “Good”" in text


def test_the_ranking_is_narrowed_and_sorted(found, analyst):
    rows = open_as(analyst, "ranking", found.pk, level="village", sort="score").context["table"].lines
    named = open_as(analyst, "ranking", found.pk, level="village", name="河口").context["table"]
    weak = open_as(analyst, "ranking", found.pk, level="village", weak="1").context["table"]

    assert "柳溪村" in rows[0].cells[1].content
    assert named.total == 1
    assert weak.total == 4


@pytest.mark.parametrize(
    ("query", "count"),
    [({"region": "mountain"}, 1), ({"hazard": "river"}, 0), ({"grade": "none"}, 0), ({"grade": "fair"}, 2)],
)
def test_townships_are_narrowed_by_class_hazard_and_grade(found, analyst, query, count):
    assert open_as(analyst, "ranking", found.pk, **query).context["table"].total == count


def test_the_export_holds_what_is_shown(found, analyst):
    response = open_as(analyst, "ranking", found.pk, export="csv", columns="name,score", language="en")

    assert response.content.decode("utf-8-sig").splitlines()[0] == "Name,Score"


def test_the_quality_page_counts_what_was_verified_and_lists_what_is_missing(found, analyst):
    quality = open_as(analyst, "quality", found.pk).context["quality"]

    assert (quality["units"], quality["complete"], quality["verified"]) == (7, 4, 0)
    assert [row.leaf.code for row in quality["missing"].rows] == ["ORG-V-02"]


def test_the_quality_of_a_neighbour_lists_nothing_of_others(found):
    quality = open_as(neighbour(), "quality", found.pk).context["quality"]

    assert quality["units"] == 3
    assert quality["missing"].total == 0


def test_the_methods_page_computes_its_example_from_a_real_unit(found, analyst):
    example = open_as(analyst, "methods", found.pk).context["example"]

    assert sum(part.product for part in example.parts) == pytest.approx(example.row.score)


def test_without_a_published_assessment_the_page_says_where_to_begin():
    assert "No assessment has been published yet" in open_as(alice(), "assessments", language="en").content.decode()


def test_the_latest_published_assessment_opens_by_itself(found, analyst):
    assert open_as(analyst, "assessments")["Location"] == reverse("ranking", args=[found.pk])


def test_only_who_answers_for_the_county_publishes(found, analyst):
    url = reverse("assessment-publish", args=[found.pk])
    client, helper = Client(), Client()
    client.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")
    helper.force_login(bob(), backend="django.contrib.auth.backends.ModelBackend")

    assert helper.post(url).status_code == 404
    response = client.post(url)

    assert response["Location"] == reverse("job", args=[Job.objects.get().pk])


def test_assessing_from_the_round_s_page_leads_to_the_job(analyst):
    row = ready()
    fill(row, analyst, alike(0.6))
    client = Client()
    client.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")

    response = client.post(reverse("round-assess", args=[row.pk]), {"method": "entropy"})

    assert response["Location"] == reverse("job", args=[Job.objects.get().pk])


@pytest.mark.parametrize("name", [*PAGES, "score-map-data", "unit-score"])
def test_a_page_asks_as_often_for_many_units_as_for_few(found, analyst, name):
    more = {"unit-score": [TOWNSHIP], "score-map-data": ["village"]}.get(name, [])
    few = _queries_of(analyst, name, found.pk, *more)
    rows = [DivisionRow(f"999901101{number}", f"{number}村", 100, 30) for number in range(300, 340)]
    load_divisions(actor=None, rows=rows, valid_from=MORNING.date().replace(year=2020), at=MORNING)
    model = UnitScore.objects.get(assessment=found, code=SECOND_VILLAGE)
    for row in rows:
        model.pk, model.code, model.name = None, row.code, row.name
        model.save(force_insert=True)

    many = _queries_of(analyst, name, found.pk, *more)

    assert many == few


def _queries_of(who, name, *args) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert open_as(who, name, *args).status_code == 200
    return len(captured)
