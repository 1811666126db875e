from datetime import date

import pytest
from django.db import IntegrityError

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, NOON, TOWNSHIP, VILLAGE, alice, bob, person
from anlan.ground.audit import history_of
from anlan.places.tests.factories import load
from anlan.records.models import Notice
from anlan.worklists import actions
from anlan.worklists.actions.putting import BadTask, HandTask
from anlan.worklists.models import Task
from anlan.worklists.tests.factories import NEXT_WEEK, TODAY, YESTERDAY, again, done, put

pytestmark = pytest.mark.django_db


def verbs(task):
    return [entry.verb for entry in history_of("worklists.task", task.pk)]


def test_the_same_key_is_the_same_work():
    first, second = put(), put()

    assert first.pk == second.pk
    assert (again(first).version, verbs(first)) == (1, ["task put"])


def test_putting_again_changes_what_is_different():
    task = put()
    put(due_on=date(2026, 12, 1), values={"round": "2026 补查"})

    assert again(task).heading == "Work of the survey 2026 补查"
    assert history_of("worklists.task", task.pk)[0].detail == {"changed": ["due_on", "values"]}


@pytest.mark.parametrize("ending", ["done", "signed off", "withdrawn"])
def test_putting_again_opens_what_was_over(ending):
    task, who = put(), bob()
    if ending == "withdrawn":
        actions.withdraw_tasks(actor=None, key_prefix="survey:", at=NOON)
    else:
        done(task, who)
    if ending == "signed off":
        actions.sign_off_task(actor=alice(), task_id=task.pk, expected_version=again(task).version, at=NOON)

    put()

    task = again(task)
    assert (task.state, task.done_at, task.done_by_id, task.signed_off_at) == ("open", None, None, None)
    assert verbs(task)[0] == "task opened again"


def test_who_has_taken_a_task_keeps_it_when_it_is_put_again():
    task, who = put(), bob()
    actions.take_task(actor=who, task_id=task.pk, expected_version=1, at=NOON)

    put(due_on=date(2026, 12, 1))

    assert again(task).person_name == "Bob"


def test_a_later_day_brings_a_risen_task_back_to_its_unit():
    task = put(due_on=YESTERDAY)
    actions.escalate_late(today=TODAY, at=NOON)

    put(due_on=NEXT_WEEK)

    task = again(task)
    assert (task.list_code, task.escalation, task.escalated_on) == (TOWNSHIP, 0, None)


def test_a_task_knows_its_unit_and_person_by_name():
    load()
    task = put(code=VILLAGE, person_id=bob().pk)

    assert (task.unit_name, task.person_name) == ("柳溪村", "Bob")


def test_finishing_by_key_may_be_asked_for_twice():
    task, who = put(), bob()

    assert actions.finish_task(actor=who, key="survey:1", at=NOON).state == "done"
    assert actions.finish_task(actor=who, key="survey:1", at=NOON) is None
    assert actions.finish_task(actor=who, key="unknown", at=NOON) is None
    assert verbs(task) == ["task done", "task put"]


def test_the_system_finishes_work_too():
    put()

    task = actions.finish_task(actor=None, key="survey:1", at=NOON)

    assert (task.done_by_id, task.done_by_name) == (None, "")


def test_withdrawing_takes_off_what_waits_under_the_beginning_of_the_key_alone():
    kept, gone, finished = put("round:10:a"), put("round:1:a"), put("round:1:b")
    done(finished, bob())

    assert actions.withdraw_tasks(actor=None, key_prefix="round:1:", at=NOON) == 1
    assert [again(task).state for task in (kept, gone, finished)] == ["open", "withdrawn", "done"]


def test_a_task_by_hand_is_told_to_whom_it_is_given():
    alice_, bob_ = alice(), bob()
    given = HandTask("巡查河堤", TOWNSHIP, "", bob_.pk, TODAY)

    task = actions.give_task(actor=alice_, task=given, today=TODAY, at=NOON)

    notice = Notice.objects.get()
    assert (task.heading, task.put_by_name) == ("巡查河堤", "Alice")
    assert (notice.to_person_id, notice.url) == (bob_.pk, f"/work/{task.pk}/")


def test_a_task_by_hand_for_a_unit_is_told_to_its_people():
    bob(), person("ben", Role.TOWNSHIP_OFFICER, TOWNSHIP), person("nele", Role.TOWNSHIP_OFFICER, "999901102000")

    actions.give_task(actor=alice(), task=HandTask("100% 巡查", TOWNSHIP, "", None, TODAY), today=TODAY, at=NOON)

    told = Notice.objects.values_list("to_person__username", flat=True)
    assert sorted(told) == ["ben", "bob"]
    assert Notice.objects.first().values["task"] == "100% 巡查"


@pytest.mark.parametrize(
    ("title", "day", "words"), [(" ", TODAY, "Say what is to be done"), ("巡查", YESTERDAY, "lies in the past")]
)
def test_a_task_by_hand_has_words_and_a_day_to_come(title, day, words):
    with pytest.raises(BadTask, match=words):
        actions.give_task(actor=alice(), task=HandTask(title, COUNTY, "", None, day), today=TODAY, at=NOON)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "lost"}, "task_state_is_known"),
        ({"list_code": "9999"}, "task_unit_and_list_are_codes"),
        ({"url": "https://elsewhere.example/"}, "task_leads_nowhere_else"),
        ({"url": "//elsewhere.example/"}, "task_leads_nowhere_else"),
        ({"state": "done"}, "task_done_has_its_time"),
        ({"done_at": NOON}, "task_done_has_its_time"),
        ({"state": "returned"}, "task_returned_says_why"),
        ({"state": "signed_off", "done_at": NOON}, "task_signed_off_has_its_signer"),
        ({"signed_off_at": NOON}, "task_signed_off_has_its_signer"),
        (
            {
                "state": "signed_off",
                "done_at": NOON,
                "done_by_id": 5,
                "signed_off_at": NOON,
                "signed_off_by_id": 5,
            },
            "task_signed_off_by_another",
        ),
        ({"escalation": 1}, "task_escalated_has_its_day"),
        ({"escalated_on": TODAY}, "task_escalated_has_its_day"),
    ],
)
def test_the_database_holds_what_a_task_is(changes, constraint):
    put()

    with pytest.raises(IntegrityError, match=constraint):
        Task.objects.update(**changes)


def test_the_database_holds_one_task_a_key():
    task = put()
    task.pk = None

    with pytest.raises(IntegrityError, match="worklists_task_key"):
        task.save(force_insert=True)
