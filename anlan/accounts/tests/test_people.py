"""What a county's administrator does to accounts and posts."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.accounts.actions import people, posts, setting_up
from anlan.accounts.actions.people import AccountClosed, BadSuccessor, PurposeMissing, UsernameTaken
from anlan.accounts.actions.setting_up import LoadedPerson
from anlan.accounts.core.people import BadDetail, BadMove, Ending, Move, NewPerson, NotOneself, NotYourPost
from anlan.accounts.core.roles import Post, Role
from anlan.accounts.models import LogIn, Posting, User
from anlan.accounts.tests.factories import COUNTY, ELSEWHERE, LONG_AGO, NOON, TOWNSHIP, admin, alice, bob, person
from anlan.ground.audit import history_of
from anlan.ground.models import AuditEntry
from anlan.ground.versions import Conflict

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)
NEXT_TOWNSHIP = "999901102000"
NEXT_POST = Post(Role.TOWNSHIP_OFFICER, NEXT_TOWNSHIP)


def newcomer(**changes) -> NewPerson:
    details = {"username": "frank", "name": "Frank", "phone": "13800138000", "post": NEXT_POST, **changes}
    return NewPerson(**details)


def move(who: User, target: Post = NEXT_POST, on: date = TODAY, *, further: bool = False, successor=None) -> Posting:
    old = None if further else who.postings.latest("pk").pk
    return posts.move_post(
        actor=User.objects.get(username="dora"),
        person_id=who.pk,
        expected_version=User.objects.get(pk=who.pk).version,
        move=Move(old, target, on, successor),
        at=NOON,
    )


def held(who: User, on: date) -> list[str]:
    return list(who.postings.held_on(on).order_by("area_code").values_list("area_code", flat=True))


def news() -> list[dict]:
    return list(ProcrastinateJob.objects.filter(queue_name="news").values_list("args", flat=True))


@pytest.fixture
def dora() -> User:
    return admin()


def test_a_new_person_gets_a_post_and_a_password_that_must_be_changed(dora):
    row, password = people.create_person(actor=dora, person=newcomer(username=" Frank "), at=NOON)

    stored = User.objects.get(username="frank")
    assert stored.check_password(password)
    assert stored.must_change_password
    assert stored.phone == "13800138000"
    assert held(row, TODAY) == [NEXT_TOWNSHIP]
    assert history_of("accounts.user", row.pk)[0].verb == "person created"


def test_the_telephone_is_not_readable_in_the_database(dora):
    row, _password = people.create_person(actor=dora, person=newcomer(), at=NOON)

    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_user WHERE id = %s", [row.pk])
        assert b"13800138000" not in bytes(cursor.fetchone()[0])


def test_a_log_in_name_is_given_once(dora):
    bob()

    with pytest.raises(UsernameTaken, match="bob is taken"):
        people.create_person(actor=dora, person=newcomer(username="Bob"), at=NOON)


def test_nobody_is_appointed_outside_the_administrators_area(dora):
    with pytest.raises(NotYourPost):
        people.create_person(actor=dora, person=newcomer(post=Post(Role.ANALYST, ELSEWHERE)), at=NOON)

    assert not User.objects.filter(username="frank").exists()


def test_a_name_of_blanks_is_refused(dora):
    with pytest.raises(BadDetail):
        people.create_person(actor=dora, person=newcomer(name="  "), at=NOON)


def test_a_reset_gives_another_password_to_be_changed(dora):
    who = bob()

    password = people.reset_password(actor=dora, person_id=who.pk, expected_version=1, at=NOON)

    stored = User.objects.get(pk=who.pk)
    assert stored.check_password(password)
    assert stored.must_change_password
    assert stored.version == 2


@pytest.mark.parametrize("change", [people.reset_password, people.enable_person])
def test_nobody_changes_their_own_account(dora, change):
    with pytest.raises(NotOneself):
        change(actor=dora, person_id=dora.pk, expected_version=1, at=NOON)


def test_nobody_gives_themselves_a_post_or_closes_their_own_account(dora):
    with pytest.raises(NotOneself):
        move(dora, Post(Role.ANALYST, COUNTY), further=True)
    with pytest.raises(NotOneself):
        people.disable_person(actor=dora, person_id=dora.pk, expected_version=1, successor_id=None, at=NOON)


def test_whoever_saw_an_older_state_is_told(dora):
    who = bob()
    people.reset_password(actor=dora, person_id=who.pk, expected_version=1, at=NOON)

    with pytest.raises(Conflict):
        people.reset_password(actor=dora, person_id=who.pk, expected_version=1, at=NOON)


def test_a_move_ends_one_post_and_starts_another_on_the_same_day(dora):
    who = bob()

    move(who, on=TOMORROW)

    assert held(who, TODAY) == [TOWNSHIP]
    assert held(who, TOMORROW) == [NEXT_TOWNSHIP]
    assert history_of("accounts.user", who.pk)[0].verb == "post moved"


def test_a_further_post_leaves_the_first(dora):
    who = bob()

    move(who, further=True)

    assert held(who, TODAY) == [TOWNSHIP, NEXT_TOWNSHIP]
    assert history_of("accounts.user", who.pk)[0].verb == "post given"


def test_a_post_is_not_given_twice(dora):
    who = bob()

    with pytest.raises(BadMove, match="holds this post already"):
        move(who, Post(Role.TOWNSHIP_OFFICER, TOWNSHIP), further=True)


def test_a_move_to_where_one_is_already_is_refused(dora):
    who = bob()

    with pytest.raises(BadMove, match="holds already"):
        move(who, Post(Role.TOWNSHIP_OFFICER, TOWNSHIP))


def test_a_move_does_not_reach_back_before_the_post_began(dora):
    who = bob()

    with pytest.raises(BadMove, match="began on 2020-01-01"):
        move(who, on=LONG_AGO - timedelta(days=1))


def test_nobody_is_moved_out_of_the_administrators_area(dora):
    who = bob()

    with pytest.raises(NotYourPost):
        move(who, Post(Role.ANALYST, ELSEWHERE))

    assert held(who, TODAY) == [TOWNSHIP]


def test_a_post_that_the_administrator_could_not_give_is_not_taken_either(dora):
    who = bob()
    other = Posting.objects.create(user=who, role="analyst", area_code=ELSEWHERE, starts_on=LONG_AGO)

    with pytest.raises(NotYourPost):
        posts.end_post(actor=dora, person_id=who.pk, expected_version=1, ending=Ending(other.pk, TODAY), at=NOON)


def test_a_post_ends_without_another_in_its_place(dora):
    who = bob()

    posts.end_post(
        actor=dora,
        person_id=who.pk,
        expected_version=1,
        ending=Ending(who.postings.get().pk, TOMORROW),
        at=NOON,
    )

    assert held(who, TODAY) == [TOWNSHIP]
    assert held(who, TOMORROW) == []


def test_a_move_today_hands_the_open_work_over_at_once(dora):
    who, successor = bob(), alice()

    move(who, successor=successor.pk)

    assert {"person_id": who.pk, "successor_id": successor.pk} in news()


def test_a_move_tomorrow_hands_the_open_work_over_tomorrow(dora):
    who, successor = bob(), alice()
    old = who.postings.get()

    move(who, on=TOMORROW, successor=successor.pk)

    waiting = ProcrastinateJob.objects.get(task_name="accounts.tell_post_ended")
    assert news() == []
    assert waiting.scheduled_at.isoformat() == "2026-11-23T16:00:00+00:00"
    posts.tell_post_ended(**waiting.args, today=TODAY)
    assert news() == []
    posts.tell_post_ended(**waiting.args, today=TOMORROW)
    assert {"person_id": who.pk, "successor_id": successor.pk} in news()
    assert waiting.args["posting_id"] == old.pk


def test_the_open_work_goes_to_somebody_else_who_is_there(dora):
    who = bob()
    gone = person("gone", Role.TOWNSHIP_OFFICER, TOWNSHIP)
    people.disable_person(actor=dora, person_id=gone.pk, expected_version=1, successor_id=None, at=NOON)

    for nobody in (who.pk, gone.pk, 10**9):
        with pytest.raises(BadSuccessor):
            people.disable_person(actor=dora, person_id=who.pk, expected_version=1, successor_id=nobody, at=NOON)

    assert User.objects.get(pk=who.pk).is_active


def test_disabling_announces_who_takes_over(dora):
    who, successor = bob(), alice()

    people.disable_person(actor=dora, person_id=who.pk, expected_version=1, successor_id=successor.pk, at=NOON)

    assert {"person_id": who.pk, "successor_id": successor.pk} in news()
    assert history_of("accounts.user", who.pk)[0].detail == {"successor": "Alice"}
    assert history_of("accounts.user", who.pk)[0].division_code == TOWNSHIP


def test_an_account_is_disabled_once(dora):
    who = bob()
    people.disable_person(actor=dora, person_id=who.pk, expected_version=1, successor_id=None, at=NOON)

    with pytest.raises(AccountClosed, match="disabled already"):
        people.disable_person(actor=dora, person_id=who.pk, expected_version=2, successor_id=None, at=NOON)


def test_an_enabled_person_has_the_posts_of_before(dora):
    who = bob()
    people.disable_person(actor=dora, person_id=who.pk, expected_version=1, successor_id=None, at=NOON)
    assert not User.objects.get(pk=who.pk).can("survey.fill", TOWNSHIP)

    people.enable_person(actor=dora, person_id=who.pk, expected_version=2, at=NOON)

    assert User.objects.get(pk=who.pk).can("survey.fill", TOWNSHIP)


def test_a_number_is_shown_for_a_purpose_that_stays_in_the_trail(dora):
    row, _password = people.create_person(actor=dora, person=newcomer(), at=NOON)

    with pytest.raises(PurposeMissing):
        people.show_phone(actor=dora, person_id=row.pk, purpose=" ", at=NOON)
    assert people.show_phone(actor=dora, person_id=row.pk, purpose="flood call", at=NOON) == "13800138000"

    entry = history_of("accounts.user", row.pk)[0]
    assert (entry.verb, entry.actor_name, entry.detail) == ("phone shown", "Dora", {"purpose": "flood call"})


def test_the_first_administrator_is_made_once_and_appoints_others():
    first, password = setting_up.create_first_administrator(username="Root", name="R", area_code=COUNTY, at=NOON)

    assert first.check_password(password)
    assert first.must_change_password
    people.create_person(actor=first, person=newcomer(), at=NOON)
    with pytest.raises(UsernameTaken):
        setting_up.create_first_administrator(username="root", name="R", area_code=COUNTY, at=NOON)


def test_people_are_loaded_once():
    staff = [LoadedPerson("town01", "T", "quiet-Waters-8", (NEXT_POST,), "13800138000")]

    assert len(setting_up.load_people(people=staff, starts_on=LONG_AGO, at=NOON)) == 1
    assert setting_up.load_people(people=staff, starts_on=LONG_AGO, at=NOON) == {}
    assert AuditEntry.objects.filter(verb="person created").count() == 1


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def posting(who: User, **changes) -> Posting:
    fields = {"role": "analyst", "area_code": COUNTY, "starts_on": LONG_AGO, **changes}
    return Posting.objects.create(user=who, **fields)


def test_a_log_in_name_in_capitals_is_never_stored():
    with refused("user_username_is_lower_case"), transaction.atomic():
        User.objects.create(username="Alice", name="A", created_at=NOON)


def test_a_disabled_person_has_the_day_on_which_it_happened():
    with refused("user_is_active_or_disabled"), transaction.atomic():
        User.objects.create(username="gone", name="G", is_active=False, created_at=NOON)


def test_the_area_of_a_post_is_a_whole_code():
    with refused("posting_area_is_a_code"), transaction.atomic():
        posting(person("erin"), area_code="9999")


def test_a_post_does_not_end_before_it_starts():
    with refused("posting_ends_after_it_starts"), transaction.atomic():
        posting(person("erin"), ends_on=LONG_AGO - timedelta(days=1))


def test_a_department_officers_post_names_its_department():
    with refused("posting_has_its_department"), transaction.atomic():
        posting(person("erin"), role="department_officer")


def test_one_post_is_held_once_at_a_time():
    who = person("erin")
    posting(who, ends_on=TODAY)

    with refused("posting_is_held_once"), transaction.atomic():
        posting(who, starts_on=TODAY - timedelta(days=1))
    assert posting(who, starts_on=TODAY)


def test_a_log_in_that_succeeded_names_its_person():
    with refused("log_in_success_names_its_person"), transaction.atomic():
        LogIn.objects.create(username="nobody", at=NOON, succeeded=True)
