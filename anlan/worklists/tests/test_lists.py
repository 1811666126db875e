from datetime import UTC, date, datetime

import pytest

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, ELSEWHERE, NOON, TOWNSHIP, VILLAGE, alice, bob, carol, person
from anlan.places.tests.factories import OTHER_TOWNSHIP, load
from anlan.worklists import actions, queries
from anlan.worklists.queries import ListName
from anlan.worklists.tests.factories import TODAY, YESTERDAY, again, done, put

pytestmark = pytest.mark.django_db


def keys(rows):
    return sorted(task.key for task in rows)


def work_everywhere():
    for key, code, department in (
        ("county", COUNTY, None),
        ("township", TOWNSHIP, None),
        ("township.health", TOWNSHIP, "health"),
        ("village", VILLAGE, None),
        ("other", OTHER_TOWNSHIP, "water"),
        ("elsewhere", ELSEWHERE, "health"),
    ):
        put(key, code, department=department)


def test_each_sees_the_work_within_their_areas_and_departments():
    work_everywhere()
    hana = person("hana", Role.DEPARTMENT_OFFICER, department="health")

    assert keys(queries.tasks_for(alice())) == ["county", "other", "township", "township.health", "village"]
    assert keys(queries.tasks_for(bob())) == ["township", "township.health", "village"]
    assert keys(queries.tasks_for(hana)) == ["township.health"]
    assert keys(queries.tasks_for(carol())) == ["elsewhere"]
    assert keys(queries.tasks_for(person("erin"))) == []


def test_ones_own_work_is_seen_wherever_it_lies():
    put("mine", ELSEWHERE, person_id=bob().pk)

    assert keys(queries.tasks_for(bob_again())) == ["mine"]


def bob_again():
    from anlan.accounts.models import User

    return User.objects.get(username="bob")


def test_a_person_has_three_lists():
    work_everywhere()
    who = bob()
    put("mine", TOWNSHIP, person_id=who.pk)

    assert keys(queries.list_for(who, ListName.OWN)) == ["mine"]
    assert keys(queries.list_for(who, ListName.UNIT)) == ["mine", "township", "township.health"]
    assert keys(queries.list_for(who, ListName.BELOW)) == ["village"]


def test_a_departments_list_is_its_part_of_all_units():
    work_everywhere()
    hana = person("hana", Role.DEPARTMENT_OFFICER, department="health")

    assert keys(queries.list_for(hana, ListName.UNIT)) == ["township.health"]
    assert keys(queries.list_for(hana, ListName.BELOW)) == []


def test_risen_work_stands_on_the_list_above_and_stays_on_its_units():
    put("late", VILLAGE, due_on=YESTERDAY)
    actions.escalate_late(today=TODAY, at=NOON)
    vera = person("vera", Role.VILLAGE_OFFICER, VILLAGE)

    assert keys(queries.list_for(bob(), ListName.UNIT)) == ["late"]
    assert keys(queries.list_for(vera, ListName.UNIT)) == ["late"]


def test_the_lists_are_counted_in_one_statement(django_assert_num_queries):
    work_everywhere()
    who = bob()
    put("mine", TOWNSHIP, person_id=who.pk, due_on=YESTERDAY)
    assert who.can("tasks.read")

    with django_assert_num_queries(1):
        counts = queries.counts_for(who, TODAY)

    assert counts == {"own": 1, "own_late": 1, "unit": 3, "unit_late": 1, "below": 1, "below_late": 0}


def test_ones_own_work_comes_first_and_a_colleagues_not_at_all():
    who, ben = bob(), person("ben", Role.TOWNSHIP_OFFICER, TOWNSHIP)
    put("unit.late", due_on=YESTERDAY)
    put("mine.later", person_id=who.pk)
    put("mine.late", person_id=who.pk, due_on=date(2026, 11, 1))
    put("bens", person_id=ben.pk)
    put("village", VILLAGE)

    assert [task.key for task in queries.urgent_for(who, 8)] == ["mine.late", "mine.later", "unit.late"]


def test_late_work_is_what_waits_beyond_its_day():
    put("late", due_on=YESTERDAY), put("today", due_on=TODAY)
    done(put("done", due_on=YESTERDAY), bob())

    assert keys(queries.late(TODAY)) == ["late"]


def finished(key, due_on, at, code=TOWNSHIP):
    put(key, code, due_on=due_on)
    actions.finish_task(actor=None, key=key, at=at)


def test_the_share_done_in_time_counts_what_was_due_in_the_span():
    evening = datetime(2026, 11, 10, 15, 59, tzinfo=UTC)  # one minute before midnight in China
    finished("in time", date(2026, 11, 10), evening)
    finished("a minute late", date(2026, 11, 10), evening.replace(hour=16, minute=0))
    finished("early", date(2026, 11, 20), evening)
    put("never", due_on=date(2026, 11, 1))
    put("withdrawn", due_on=date(2026, 11, 1))
    actions.withdraw_tasks(actor=None, key_prefix="withdrawn", at=NOON)
    finished("before the span", date(2026, 10, 31), NOON)
    put("on its last day", due_on=date(2026, 12, 1))
    finished("elsewhere", date(2026, 11, 10), evening, ELSEWHERE)

    assert queries.on_time_share("999901", date(2026, 11, 1), date(2026, 12, 1)) == 0.5


def test_where_nothing_was_due_there_is_no_share():
    put(due_on=TODAY)

    assert queries.on_time_share("999901", TODAY, TODAY) is None
    assert queries.on_time_share("999902", YESTERDAY, date(2027, 1, 1)) is None


def test_the_board_shows_where_each_townships_work_stands(django_assert_num_queries):
    load()
    who, above = bob(), alice()
    put("open"), put("late", VILLAGE, due_on=YESTERDAY), put("own", COUNTY), put("gone")
    done(put("done"), who)
    signed = done(put("signed", OTHER_TOWNSHIP), who)
    actions.sign_off_task(actor=above, task_id=signed.pk, expected_version=again(signed).version, at=NOON)
    actions.withdraw_tasks(actor=None, key_prefix="gone", at=NOON)
    assert above.can("tasks.manage")

    with django_assert_num_queries(2):
        rows = queries.board_for(above, TODAY)

    assert [(row.name, row.waiting, row.late, row.done, row.signed_off) for row in rows] == [
        ("青岚县", 1, 0, 0, 0),
        ("柳溪镇", 2, 1, 1, 0),
        ("枫渡镇", 0, 0, 0, 1),
    ]
