from datetime import date, timedelta

import pytest

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, NOON, TOWNSHIP, VILLAGE, alice, bob, carol, person
from anlan.ground.audit import history_of
from anlan.records.models import Notice
from anlan.worklists import actions
from anlan.worklists.tasks import escalate_late
from anlan.worklists.tests.factories import NEXT_WEEK, TODAY, YESTERDAY, again, done, put

pytestmark = pytest.mark.django_db


def days_on(number):
    return TODAY + timedelta(days=number)


def test_late_work_of_a_village_rises_to_its_township_and_then_to_its_county_and_no_further():
    task = put(code=VILLAGE, due_on=YESTERDAY)

    lists = []
    for number in range(4):
        actions.escalate_late(today=days_on(number), at=NOON)
        lists.append(again(task).list_code)

    assert lists == [TOWNSHIP, COUNTY, COUNTY, COUNTY]
    assert again(task).escalation == 2
    assert again(task).division_code == VILLAGE


def test_a_task_rises_once_a_day():
    task = put(code=VILLAGE, due_on=YESTERDAY)

    assert [actions.escalate_late(today=TODAY, at=NOON) for _time in range(2)] == [1, 0]
    assert again(task).list_code == TOWNSHIP


def test_only_what_waits_beyond_its_day_rises():
    today, later, finished, county = put("a", due_on=TODAY), put("b"), put("c", due_on=YESTERDAY), put("d", COUNTY)
    done(finished, bob())
    done(county, alice())

    assert actions.escalate_late(today=TODAY, at=NOON) == 0
    assert {again(task).escalation for task in (today, later, finished, county)} == {0}


def test_a_returned_task_rises_too():
    task = put(due_on=YESTERDAY)
    done(task, bob())
    actions.return_task(actor=alice(), task_id=task.pk, expected_version=again(task).version, reason="缺", at=NOON)

    assert actions.escalate_late(today=TODAY, at=NOON) == 1


def test_those_who_manage_the_list_above_get_one_notice_with_the_number():
    alice(), bob(), carol()
    person("kai", Role.COMMANDER)
    person("duty", Role.DUTY_OFFICER)
    for number in range(3):
        put(f"township:{number}", due_on=YESTERDAY)
    put("village", VILLAGE, due_on=YESTERDAY)

    actions.escalate_late(today=TODAY, at=NOON)

    told = {notice.to_person.username: notice.values["count"] for notice in Notice.objects.select_related("to_person")}
    assert told == {"alice": 3, "kai": 3, "bob": 1}


def test_each_rise_is_logged():
    task = put(due_on=YESTERDAY)
    actions.escalate_late(today=TODAY, at=NOON)

    newest = history_of("worklists.task", task.pk)[0]

    assert (newest.verb, newest.actor_name, newest.detail) == ("task escalated", "", {"to": COUNTY})


def test_the_timer_reads_the_day_as_it_is_in_china():
    task = put(due_on=date(2026, 11, 22))

    escalate_late(timestamp=1_795_388_400)  # 23 November, seven in the morning in China; the 22nd in UTC

    assert again(task).escalated_on == date(2026, 11, 23)


def test_many_late_tasks_cost_no_more_statements(django_assert_max_num_queries):
    alice()
    for number in range(20):
        put(f"late:{number}", due_on=YESTERDAY)

    with django_assert_max_num_queries(12):
        assert actions.escalate_late(today=TODAY, at=NOON) == 20
    assert put("late:0", due_on=NEXT_WEEK).escalation == 0
