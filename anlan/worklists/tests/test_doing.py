import pytest

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import NOON, TOWNSHIP, alice, bob, carol, person
from anlan.ground.versions import Conflict
from anlan.records.models import Notice
from anlan.worklists import actions, events
from anlan.worklists.actions.doing import AlreadyTaken, NothingToTake, ReasonMissing
from anlan.worklists.core.lifecycle import BadMove, OwnWork
from anlan.worklists.tests.factories import TODAY, YESTERDAY, again, done, put

pytestmark = pytest.mark.django_db


def moved(action, task, by, **told):
    task = again(task)
    return action(actor=by, task_id=task.pk, expected_version=task.version, at=NOON, **told)


def test_somebody_takes_a_task_from_the_units_list_and_gives_it_back():
    task, who = put(), bob()

    assert moved(actions.take_task, task, who).person_name == "Bob"
    assert moved(actions.release_task, task, who).person_id is None


@pytest.mark.parametrize(
    ("action", "told"),
    [(actions.take_task, {}), (actions.release_task, {}), (actions.complete_task, {"remark": ""})],
)
def test_what_a_colleague_has_in_hand_is_theirs(action, told):
    task = put()
    moved(actions.take_task, task, bob())

    with pytest.raises(AlreadyTaken, match="Bob has taken this task"):
        moved(action, task, person("ben", Role.TOWNSHIP_OFFICER, TOWNSHIP), **told)


@pytest.mark.parametrize("action", [actions.take_task, actions.release_task])
def test_what_is_done_is_not_taken(action):
    task, who = put(), bob()
    done(task, who)

    with pytest.raises(NothingToTake, match="does not wait"):
        moved(action, task, who)


def test_done_with_a_remark_returned_with_a_reason_done_again_and_signed_off():
    task, who, above = put(), bob(), alice()

    moved(actions.complete_task, task, who, remark=" 已填报 ")
    assert (again(task).state, again(task).remark) == ("done", "已填报")
    moved(actions.return_task, task, above, reason="缺两个村")
    assert (again(task).state, again(task).return_reason, again(task).done_at) == ("returned", "缺两个村", None)
    moved(actions.complete_task, task, who, remark="")
    moved(actions.sign_off_task, task, above)
    assert (again(task).state, again(task).signed_off_by_name) == ("signed_off", "Alice")


def test_who_did_it_is_told_that_it_was_returned():
    task, who = put(), bob()
    done(task, who)

    moved(actions.return_task, task, alice(), reason="缺两个村")

    notice = Notice.objects.get()
    assert notice.to_person_id == who.pk
    assert notice.values == {"task": "Work of the survey 2026", "who": "Alice", "reason": "缺两个村"}


def test_what_the_system_did_is_returned_to_nobody_in_person():
    task = put()
    actions.finish_task(actor=None, key=task.key, at=NOON)

    moved(actions.return_task, task, alice(), reason="缺")

    assert not Notice.objects.exists()


def test_a_return_says_why():
    task = put()
    done(task, bob())

    with pytest.raises(ReasonMissing, match="what must be mended"):
        moved(actions.return_task, task, alice(), reason="  ")


def test_nobody_signs_off_what_they_did():
    task, who = put(), bob()
    done(task, who)

    with pytest.raises(OwnWork):
        moved(actions.sign_off_task, task, who)


@pytest.mark.parametrize(("action", "told"), [(actions.sign_off_task, {}), (actions.return_task, {"reason": "缺"})])
def test_what_is_still_to_be_done_is_neither_signed_off_nor_returned(action, told):
    with pytest.raises(BadMove, match="still to be done"):
        moved(action, put(), alice(), **told)


def test_what_was_withdrawn_is_not_done():
    task = put()
    moved(actions.withdraw_task, task, alice())

    with pytest.raises(BadMove, match="was withdrawn"):
        moved(actions.complete_task, task, bob(), remark="")


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (actions.take_task, {}),
        (actions.release_task, {}),
        (actions.complete_task, {"remark": ""}),
        (actions.return_task, {"reason": "缺"}),
        (actions.sign_off_task, {}),
        (actions.withdraw_task, {}),
    ],
)
def test_whoever_saves_second_is_told(action, told):
    task = put()

    with pytest.raises(Conflict, match="you saw 9"):
        action(actor=carol(), task_id=task.pk, expected_version=9, at=NOON, **told)


def test_the_news_of_a_task_is_announced(monkeypatch):
    heard = []
    monkeypatch.setattr("anlan.worklists.actions.putting.announce", lambda event, **ids: heard.append((event, ids)))
    monkeypatch.setattr("anlan.worklists.actions.doing.announce", lambda event, **ids: heard.append((event, ids)))
    monkeypatch.setattr("anlan.worklists.actions.rising.announce", lambda event, **ids: heard.append((event, ids)))
    task = put(due_on=YESTERDAY)

    actions.escalate_late(today=TODAY, at=NOON)
    done(task, bob())
    moved(actions.return_task, task, alice(), reason="缺")

    ids = {"task_id": task.pk, "key": "survey:1"}
    assert heard == [(events.TASK_ESCALATED, ids), (events.TASK_DONE, ids), (events.TASK_RETURNED, ids)]
