"""The pages of siting, by HTTP: what they show, in both languages, and to whom."""

import pytest
from django.db import connection, transaction
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, VILLAGE, alice, bob, carol, person
from anlan.allocation import siting_access
from anlan.allocation.core.siting_study import Question
from anlan.allocation.models import Siting
from anlan.allocation.queries.siting import fitting_measures
from anlan.allocation.tasks import siting as tasks
from anlan.allocation.tests.siting_county import ISLAND, begun, county, solved
from anlan.places.models import RoadNet
from anlan.places.tests.factories import OTHER_TOWNSHIP
from anlan.stores.models import Site
from anlan.web.models import Job

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "储备点选址",
    "kind": "reserve_point",
    "weighing": "people",
    "candidates": "villages",
    "keeps_existing": "on",
    "way": "car",
    "within_minutes": "20",
    "question": "fewest_points",
    "percent": "85",
    "minute_yuan": "0.5",
    "is_whole": "on",
}
READ = ("siting", "siting-points", "siting-villages", "siting-data villages", "siting-compare")
WRITTEN = ("siting-edit", "siting-solve", "siting-copy", "siting-discard", "siting-adopt", "siting-withdraw")


@pytest.fixture(autouse=True)
def places(db):
    county(with_rules=True)


@pytest.fixture
def planner():
    return alice()


def as_(somebody, language: str = "zh-hans") -> Client:
    client = Client()
    if somebody:
        client.force_login(somebody)
    client.cookies["anlan_language"] = language
    return client


def address(name: str, pk: int) -> str:
    word, *rest = name.split()
    return reverse(word, args=[pk, *rest])


def test_a_study_goes_from_the_question_by_a_job_to_the_map(planner):
    client = as_(planner)

    asked = client.post(reverse("siting-new", args=[COUNTY]), TYPED)
    row = Siting.objects.get()
    begun_page = client.get(asked["Location"]).content.decode()
    answered = client.post(reverse("siting-solve", args=[row.pk]), {"version": row.version})
    job = Job.objects.get()
    tasks.solve(job.pk, siting_id=row.pk, expected_version=row.version, actor_id=planner.pk)
    shown = client.get(reverse("siting", args=[row.pk])).content.decode()

    assert asked["Location"] == reverse("siting", args=[row.pk])
    assert "改问题" in begun_page or "修改" in begun_page
    assert answered["Location"] == reverse("job", args=[job.pk])
    job.refresh_from_db()
    assert (job.state, job.result_url) == ("done", reverse("siting", args=[row.pk]))
    assert "2 个点" in shown
    assert reverse("siting-data", args=[row.pk, "villages"]) in shown
    assert "芦塘村" in shown


def test_a_question_without_its_number_is_answered_beside_the_field(planner):
    response = as_(planner).post(reverse("siting-new", args=[COUNTY]), TYPED | {"percent": ""})

    assert response.status_code == 422
    assert response.context["form"].errors["percent"]
    assert not Siting.objects.exists()


def test_a_job_that_finds_no_answer_says_which_number_to_change(planner):
    row = begun(planner, points=5)
    client = as_(planner)
    client.post(reverse("siting-solve", args=[row.pk]), {"version": row.version})
    job = Job.objects.get()

    tasks.solve(job.pk, siting_id=row.pk, expected_version=row.version, actor_id=planner.pk)

    job.refresh_from_db()
    row.refresh_from_db()
    assert job.state == "failed"
    assert "4 个" in client.get(reverse("job", args=[job.pk])).content.decode()
    assert row.status == "draft"


def test_without_roads_solving_offers_straight_lines(planner):
    RoadNet.objects.all().delete()
    row = begun(planner)

    response = as_(planner).post(reverse("siting-solve", args=[row.pk]), {"version": row.version})

    assert response.status_code == 409
    assert "直线" in response.content.decode()


def test_whoever_saves_second_is_told(planner):
    row = begun(planner)
    client = as_(planner)
    client.post(reverse("siting-edit", args=[row.pk]), TYPED | {"version": 1, "percent": "50"})

    second = client.post(reverse("siting-edit", args=[row.pk]), TYPED | {"version": 1})

    assert second.status_code == 409


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("question", list(Question))
def test_every_page_of_every_question_opens_in_both_languages(planner, question, language):
    asked = {
        Question.FEWEST_POINTS: {"share": 0.85, "points": None},
        Question.ENOUGH_ROOM: {"kind": "emergency", "capacity": 2500, "cost_fen": 100, "points": None},
    }
    row = solved(planner, question=question, **asked.get(question, {}))
    other = solved(planner, name="另一个")
    client = as_(planner, language)

    statuses = {name: client.get(address(name, row.pk), {"with": other.pk}).status_code for name in READ}
    lists = [client.get(reverse("sitings")), client.get(reverse("siting-new", args=[COUNTY]))]

    assert set(statuses.values()) == {200}
    assert {each.status_code for each in lists} == {200}


def test_the_map_holds_villages_ways_and_points(planner):
    row = solved(planner)
    client = as_(planner)

    layers = {
        layer: client.get(reverse("siting-data", args=[row.pk, layer])).json()["features"]
        for layer in ("villages", "ways", "existing", "new")
    }

    island = next(each["properties"] for each in layers["villages"] if each["properties"]["code"] == ISLAND)
    assert len(layers["villages"]) == 4
    assert island["minutes"] is None
    assert island["why"]
    assert len(layers["ways"]) == 2
    assert (len(layers["existing"]), len(layers["new"])) == (0, 1)
    assert client.get(reverse("siting-data", args=[row.pk, "secrets"])).status_code == 404


def test_lists_are_exported_as_they_are_shown(planner):
    row = solved(planner)

    response = as_(planner).get(
        reverse("siting-villages", args=[row.pk]), {"export": "csv", "columns": "name,minutes,why"}
    )

    assert response.status_code == 200
    assert "芦塘村" in response.content.decode("utf-8-sig")


@pytest.mark.parametrize(("name", "word"), [("siting-villages", "芦塘"), ("siting-points", "柳溪")])
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_one(planner, name, word):
    row = solved(planner, points=3)
    client, counts = as_(planner), []

    for query in ({}, {}, {"name": word}):  # the first opens caches
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(name, args=[row.pk]), query)
        counts.append(len(asked))

    assert counts[1] == counts[2]


def test_two_studies_stand_side_by_side(planner):
    one, other = solved(planner), solved(planner, name="两个", points=2)

    response = as_(planner).get(reverse("siting-compare", args=[one.pk]), {"with": other.pk})

    assert len(response.context["both"]) + len(response.context["only_other"]) == 2
    assert response.context["nearer_other"] >= 1
    assert as_(planner).get(reverse("siting-compare", args=[one.pk]), {"with": "x"}).status_code == 404


def test_a_solved_study_is_adopted_opened_and_withdrawn_by_its_page(planner):
    row = solved(planner)
    client = as_(planner)
    measure = next(each.code for each in fitting_measures(row) if each.level == "village")

    client.post(reverse("siting-adopt", args=[row.pk]), {"version": row.version, "measure_code": measure})
    row.refresh_from_db()
    adopted = client.get(reverse("siting", args=[row.pk])).content.decode()
    client.post(reverse("siting-open", args=[row.places.get().pk]), {"name": "柳溪储备点"})
    client.post(reverse("siting-withdraw", args=[row.pk]), {"version": row.version, "reason": "另选"})

    row.refresh_from_db()
    assert measure in adopted or "计划" in adopted
    assert Site.objects.get().name == "柳溪储备点"
    assert (row.status, row.reason) == ("withdrawn", "另选")


def test_a_new_plan_begins_with_the_points_of_adopted_studies(planner):
    row = solved(planner)
    measure = next(each.code for each in fitting_measures(row) if each.level == "township")
    client = as_(planner)
    client.post(reverse("siting-adopt", args=[row.pk]), {"version": row.version, "measure_code": measure})

    asked = client.get(reverse("plan-new", args=[COUNTY])).context["asked"]

    assert asked.settings.pinned == {(TOWNSHIP, measure): 1}


def test_a_township_sees_a_solved_study_and_its_own_villages(planner):
    row, draft = solved(planner, points=2), begun(planner, name="草稿")
    client = as_(bob())

    villages = client.get(reverse("siting-data", args=[row.pk, "villages"])).json()["features"]

    assert client.get(reverse("siting", args=[row.pk])).status_code == 200
    assert {each["properties"]["code"][:9] for each in villages} == {VILLAGE[:9]}
    assert client.get(reverse("siting", args=[draft.pk])).status_code == 404
    assert draft.name not in client.get(reverse("sitings")).content.decode()


def walk(somebody, row: Siting) -> set[int]:
    client, statuses = as_(somebody), set()
    for name in (*READ, *WRITTEN):
        url = address(name, row.pk)
        with transaction.atomic():
            answered = client.get(url, {"with": row.pk}) if name in READ else client.post(url, {"version": row.version})
            statuses.add(answered.status_code)
            transaction.set_rollback(True)
    statuses.add(client.post(reverse("siting-open", args=[row.places.get().pk]), {"name": "x"}).status_code)
    return statuses | {client.get(reverse("siting-new", args=[COUNTY])).status_code}


def test_a_stranger_finds_every_door_closed(planner):
    assert walk(carol(), solved(planner)) == {404}


def test_nobody_gets_in_without_logging_in(planner):
    assert walk(None, solved(planner)) == {302, 401}


def test_a_township_officer_changes_nothing(planner):
    row = solved(planner)
    client = as_(bob())

    statuses = {name: client.post(address(name, row.pk), {"version": row.version}).status_code for name in WRITTEN}

    assert set(statuses.values()) == {404}
    assert client.get(reverse("siting-new", args=[COUNTY])).status_code == 404


class PlansOnly:
    """Somebody who plans, and manages no sites."""

    pk, name, is_authenticated = 1, "Frank", True

    def can(self, capability, code=None, department=None):
        return capability == "allocation.plan"


def test_a_point_is_opened_by_whoever_manages_the_units_sites(planner):
    point = solved(planner).places.get()

    assert siting_access.point_to_open(planner, point.pk) == point
    with pytest.raises(Http404):
        siting_access.point_to_open(PlansOnly(), point.pk)


def test_a_neighbour_sees_no_village_of_another_township(planner):
    row = solved(planner)
    neighbour = person("erin", Role.TOWNSHIP_OFFICER, OTHER_TOWNSHIP)

    response = as_(neighbour).get(reverse("siting-villages", args=[row.pk]))

    names = {line.name for line in response.context["table"].page}
    assert names == {"枫渡村", "芦塘村"}


def test_the_side_panel_opens_by_the_studys_own_door(planner):
    row, draft = solved(planner), begun(planner, name="草稿")

    assert as_(planner).get(reverse("panel", args=["allocation.siting", row.pk])).status_code == 200
    assert as_(bob()).get(reverse("panel", args=["allocation.siting", draft.pk])).status_code == 404
    assert as_(carol()).get(reverse("panel", args=["allocation.siting", row.pk])).status_code == 404


def test_an_empty_county_is_told_the_next_step(planner):
    assert reverse("siting-new", args=[COUNTY]) in as_(planner).get(reverse("sitings")).content.decode()


def test_a_number_too_large_is_refused_at_its_field(planner):
    response = as_(planner).post(
        reverse("siting-new", args=[COUNTY]), TYPED | {"question": "most_covered", "points": "99999999999"}
    )

    assert response.status_code == 422
