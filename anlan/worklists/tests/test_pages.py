from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, VILLAGE, alice, bob, carol, person
from anlan.places.tests.factories import load
from anlan.worklists import actions
from anlan.worklists.home import own_list
from anlan.worklists.models import Task
from anlan.worklists.tests.factories import again, done, put

pytestmark = pytest.mark.django_db
MOVES = ("take", "release", "complete", "return", "sign-off", "withdraw")


def shown(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_own_list_shows_what_waits_and_leads_to_the_place_of_work(client):
    who = bob()
    put("mine", person_id=who.pk, url="/survey/7/", due_on=localdate() - timedelta(days=3))
    put("unit", url="/survey/8/")
    client.force_login(who)

    page = shown(client, "/work/")

    assert '<a href="/survey/7/">' in page
    assert "/survey/8/" not in page
    assert "▲" in page


def test_the_state_filter_finds_what_is_done(client):
    who = bob()
    done(put("mine", person_id=who.pk, values={"round": "第一轮"}), who)
    client.force_login(who)

    assert "第一轮" not in shown(client, "/work/")
    assert "第一轮" in shown(client, "/work/", state="done")
    assert "第一轮" in shown(client, "/work/", state="all")


def test_the_list_below_is_narrowed_to_a_township(client):
    put("a", VILLAGE, values={"round": "柳溪"}), put("b", "999901102000", values={"round": "枫渡"})
    client.force_login(alice())

    page = shown(client, f"/work/below/{TOWNSHIP}/")

    assert "柳溪" in page
    assert "枫渡" not in page


@pytest.mark.parametrize("address", ["/work/", "/work/unit/", "/work/below/"])
def test_a_list_costs_the_same_for_one_task_and_for_many(client, django_assert_max_num_queries, address):
    who = bob()
    for number in range(40):
        put(f"task:{number}", VILLAGE if number % 2 else TOWNSHIP, person_id=who.pk)
    client.force_login(who)

    with django_assert_max_num_queries(14):
        shown(client, address)


def test_a_list_is_exported_as_it_is_shown(client):
    who = bob()
    put("mine", person_id=who.pk, values={"round": "2026"})
    client.force_login(who)

    answer = client.get("/work/", {"export": "csv"})

    assert "2026" in b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")


def test_a_task_is_taken_done_and_signed_off_on_its_page(client):
    who, task = bob(), put()
    client.force_login(who)
    client.post(f"/work/{task.pk}/take/", {"version": 1})
    client.post(f"/work/{task.pk}/complete/", {"version": 2, "remark": "已填报"})
    client.force_login(alice())

    page = shown(client, f"/work/{task.pk}/")
    client.post(f"/work/{task.pk}/sign-off/", {"version": 3})

    assert "已填报" in page
    assert again(task).state == "signed_off"


def test_a_task_is_given_back_and_withdrawn_on_its_page(client):
    who, task = bob(), put()
    client.force_login(who)

    client.post(f"/work/{task.pk}/take/", {"version": 1})
    client.post(f"/work/{task.pk}/release/", {"version": 2})
    client.post(f"/work/{task.pk}/withdraw/", {"version": 3})

    assert (again(task).person_id, again(task).state) == (None, "withdrawn")


def test_a_return_keeps_its_reason_on_the_page(client):
    task = put()
    done(task, bob())
    client.force_login(alice())

    page = client.post(f"/work/{task.pk}/return/", {"version": 2, "reason": "缺两个村"}, follow=True).content.decode()

    assert "缺两个村" in page


def test_who_did_it_is_not_offered_to_sign_it_off(client):
    who, task = bob(), put()
    done(task, who)
    client.force_login(who)

    assert f"/work/{task.pk}/sign-off/" not in shown(client, f"/work/{task.pk}/")
    assert client.post(f"/work/{task.pk}/sign-off/", {"version": 2}).status_code == 409


def test_an_old_page_is_refused(client):
    task = put()
    client.force_login(bob())

    assert client.post(f"/work/{task.pk}/take/", {"version": 9}).status_code == 409
    assert client.post(f"/work/{task.pk}/take/").status_code == 409


@pytest.mark.parametrize("move", MOVES)
def test_strangers_find_no_task(client, move):
    task = put()
    client.force_login(carol())

    assert client.get(f"/work/{task.pk}/").status_code == 404
    assert client.post(f"/work/{task.pk}/{move}/", {"version": 1}).status_code == 404


@pytest.mark.parametrize("move", MOVES)
def test_neighbours_find_no_task(client, move):
    task = put()
    client.force_login(person("nele", Role.TOWNSHIP_OFFICER, "999901102000"))

    assert client.post(f"/work/{task.pk}/{move}/", {"version": 1}).status_code == 404


@pytest.mark.parametrize("move", ["return", "sign-off", "withdraw"])
def test_who_manages_no_tasks_neither_returns_nor_signs_off(client, move):
    task = put(code=VILLAGE)
    client.force_login(person("vera", Role.VILLAGE_OFFICER, VILLAGE))

    assert client.post(f"/work/{task.pk}/{move}/", {"version": 1}).status_code == 404


@pytest.mark.parametrize("move", ["take", "complete"])
def test_who_stands_above_sees_the_work_but_does_not_do_it(client, move):
    task = put()
    client.force_login(alice())

    assert client.get(f"/work/{task.pk}/").status_code == 200
    assert client.post(f"/work/{task.pk}/{move}/", {"version": 1}).status_code == 404


@pytest.mark.parametrize("address", ["/work/", "/work/unit/", "/work/below/", "/work/board/", "/work/new/", "/work/1/"])
def test_anonymous_people_are_asked_to_log_in(client, address):
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", ["/work/board/", "/work/new/"])
def test_who_manages_no_tasks_has_no_board_and_gives_none(client, address):
    client.force_login(person("vera", Role.VILLAGE_OFFICER, VILLAGE))

    assert client.get(address).status_code == 404


def test_the_board_leads_to_each_townships_work(client):
    load()
    put()
    client.force_login(alice())

    page = shown(client, "/work/board/")

    assert f'<a href="/work/below/{TOWNSHIP}/">柳溪镇</a>' in page


def given(**changes):
    return {"title": "巡查河堤", "unit": TOWNSHIP, "department": "", "person": "", "due_on": localdate()} | changes


def test_a_task_is_given_to_one_of_a_units_people(client):
    load()
    who = bob()
    client.force_login(alice())

    assert f'<option value="{who.pk}">Bob</option>' in shown(client, "/work/new/", unit=TOWNSHIP)
    client.post("/work/new/", given(person=who.pk, department="water"))

    task = Task.objects.get()
    assert (task.heading, task.person_id, task.department) == ("巡查河堤", who.pk, "water")


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"unit": "999902101000"},
        {"unit": COUNTY, "person": "999"},
        {"due_on": localdate() - timedelta(days=1)},
        {"due_on": "soon"},
        {"department": "navy"},
    ],
)
def test_a_faulty_form_comes_back_with_what_was_typed(client, changes):
    load()
    client.force_login(alice())

    answer = client.post("/work/new/", given(**changes))

    assert answer.status_code == 422
    assert not Task.objects.exists()


def test_a_units_people_and_those_of_departments_are_offered_and_nobody_from_above(client):
    load()
    bob(), person("hana", Role.DEPARTMENT_OFFICER, department="health"), person("duty", Role.DUTY_OFFICER)
    client.force_login(alice())

    page = shown(client, "/work/new/", unit=TOWNSHIP)

    assert [name in page for name in (">Bob<", ">Hana<", ">Duty<")] == [True, True, False]


def test_nobody_gives_work_to_units_that_they_do_not_manage(client):
    load()
    client.force_login(bob())

    assert client.post("/work/new/", given(unit=COUNTY)).status_code == 422


def test_a_task_has_its_panel(client):
    task = put()
    client.force_login(bob())

    page = client.post(f"/records/worklists.task/{task.pk}/comments/", {"text": "路断了"}, follow=True).content.decode()

    assert "路断了" in page
    client.force_login(carol())
    assert client.get(f"/records/worklists.task/{task.pk}/").status_code == 404


def test_the_start_page_begins_with_ones_own_list(client):
    who = bob()
    put("mine", person_id=who.pk, values={"round": "我的"})
    client.force_login(who)

    page = shown(client, "/")

    assert "我的" in page
    assert page.index('id="card-tasks"') < page.index('id="card-notices"')


def test_whoever_has_no_list_has_no_card():
    assert own_list(person("erin")) is None
    assert own_list(bob())["counts"]["own"] == 0


def test_a_task_page_costs_a_constant_number_of_statements(client, django_assert_max_num_queries):
    load()
    who, task = bob(), put(department="health")
    for _number in range(20):
        actions.take_task(actor=who, task_id=task.pk, expected_version=again(task).version, at=now())
    client.force_login(who)

    with django_assert_max_num_queries(14):
        shown(client, f"/work/{task.pk}/")
