import pytest
from django.utils.timezone import localdate

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, NOON, TOWNSHIP, bob, person, post
from anlan.ground.audit import history_of
from anlan.records.models import Notice
from anlan.worklists import actions
from anlan.worklists.receivers import hand_over_of_disabled, hand_over_of_moved
from anlan.worklists.tests.factories import again, done, put

pytestmark = pytest.mark.django_db
OTHER_TOWNSHIP = "999901102000"


def taken(key, by, code=TOWNSHIP):
    return put(key, code, person_id=by.pk)


def test_open_work_goes_to_the_successor_who_is_told_how_much_it_is():
    who, ben = bob(), person("ben", Role.TOWNSHIP_OFFICER, TOWNSHIP)
    first, second, finished = taken("a", who), taken("b", who), taken("c", who)
    done(finished, who)

    assert actions.hand_over(from_person_id=who.pk, to_person_id=ben.pk, at=NOON) == 2

    assert [again(task).person_name for task in (first, second, finished)] == ["Ben", "Ben", "Bob"]
    assert Notice.objects.get().values == {"count": 2}
    assert history_of("worklists.task", first.pk)[0].detail == {"from": "Bob", "to": "Ben"}


def test_without_a_successor_it_goes_back_to_the_units_list():
    who = bob()
    task = taken("a", who)

    actions.hand_over(from_person_id=who.pk, to_person_id=None, at=NOON)

    assert (again(task).person_id, again(task).person_name) == (None, "")
    assert not Notice.objects.exists()


@pytest.mark.parametrize("receiver", [hand_over_of_disabled, hand_over_of_moved])
def test_receivers_run_twice_without_harm(receiver):
    who, ben = bob(), person("ben", Role.TOWNSHIP_OFFICER, TOWNSHIP)
    task = taken("a", who)

    for _time in range(2):
        receiver(person_id=who.pk, successor_id=ben.pk)

    assert (again(task).person_name, again(task).version) == ("Ben", 2)
    assert Notice.objects.count() == 1


def test_a_disabled_persons_work_is_nobodys_until_somebody_takes_it():
    who = bob()
    task = taken("a", who)

    hand_over_of_disabled(person_id=who.pk, successor_id=None)

    assert again(task).person_id is None


def test_whoever_moves_without_a_successor_keeps_what_lies_within_their_posts():
    who = bob()
    left, kept = taken("a", who), taken("b", who, OTHER_TOWNSHIP)
    who.postings.update(ends_on=localdate())
    post(who, Role.TOWNSHIP_OFFICER, OTHER_TOWNSHIP)

    hand_over_of_moved(person_id=who.pk, successor_id=None)

    assert [again(task).person_id for task in (left, kept)] == [None, who.pk]


def test_a_further_post_takes_no_work_away():
    who = bob()
    task = taken("a", who)
    post(who, Role.DUTY_OFFICER, COUNTY)

    hand_over_of_moved(person_id=who.pk, successor_id=None)

    assert (again(task).person_id, again(task).version) == (who.pk, 1)
