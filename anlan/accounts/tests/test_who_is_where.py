"""Who holds a capability in a place, and whom an administrator looks after."""

from datetime import date

import pytest

from anlan.accounts.core.roles import Role
from anlan.accounts.models import User
from anlan.accounts.queries import people_in, people_managed_by, person_called, person_name, scope_of, successors_for
from anlan.accounts.tests.factories import (
    COUNTY,
    ELSEWHERE,
    LONG_AGO,
    NOON,
    TOWNSHIP,
    VILLAGE,
    admin,
    alice,
    bob,
    carol,
    person,
    post,
)

pytestmark = pytest.mark.django_db


def test_the_nearest_come_first_and_others_not_at_all():
    alice(), bob(), carol()
    person("vera", Role.VILLAGE_OFFICER, VILLAGE)

    assert [who.username for who in people_in(VILLAGE, capability="survey.fill")] == ["vera", "bob", "alice"]
    assert [who.username for who in people_in(TOWNSHIP, capability="survey.fill")] == ["bob", "alice"]
    assert [who.username for who in people_in(VILLAGE, capability="tasks.manage")] == ["bob", "alice"]
    assert people_in(ELSEWHERE, capability="survey.verify") == [person_called("carol")]


def test_a_department_leaves_other_departments_out():
    person("hana", Role.DEPARTMENT_OFFICER, department="health")
    person("wei", Role.DEPARTMENT_OFFICER, department="water")
    bob()

    assert [who.username for who in people_in(TOWNSHIP, "health", "survey.fill")] == ["bob", "hana"]


def test_a_post_counts_on_its_days_and_a_disabled_person_never():
    who, gone = bob(), person("gone", Role.TOWNSHIP_OFFICER, TOWNSHIP)
    who.postings.update(ends_on=date(2026, 7, 1))
    User.objects.filter(pk=gone.pk).update(is_active=False, disabled_at=NOON)

    assert people_in(TOWNSHIP) == []
    assert people_in(TOWNSHIP, on=date(2026, 6, 30)) == [who]
    assert people_in(TOWNSHIP, on=LONG_AGO) == [who]


def test_those_found_know_their_posts_without_asking_again(django_assert_num_queries):
    both = bob()
    post(both, Role.VILLAGE_OFFICER, ELSEWHERE)
    alice()

    with django_assert_num_queries(2):
        found = people_in(TOWNSHIP, capability="survey.fill")
        assert [scope_of(who, "survey.fill").prefixes for who in found] == [("999901101", "999902"), ("999901",)]


def test_names_by_id_and_by_log_in_name():
    who = alice()

    assert person_name(who.pk) == "Alice"
    assert person_name(None) == person_name(10**9) == ""
    assert person_called("alice") == who
    assert person_called("nobody") is None


def managed(who: User) -> set[str]:
    return set(people_managed_by(who, NOON).values_list("username", flat=True))


def test_an_administrator_looks_after_the_people_of_the_own_area():
    alice(), bob(), carol(), person("erin")

    assert managed(admin()) == {"alice", "bob", "dora"}


def test_whoever_also_serves_elsewhere_is_not_one_countys_to_manage():
    post(bob(), Role.ANALYST, ELSEWHERE)

    assert managed(admin()) == {"dora"}


def test_whoever_left_for_good_can_be_found_and_whoever_went_elsewhere_cannot():
    left, moved = bob(), alice()
    left.postings.update(ends_on=date(2026, 1, 1))
    moved.postings.update(ends_on=date(2026, 1, 1))
    post(moved, Role.ANALYST, ELSEWHERE)

    assert managed(admin()) == {"bob", "dora"}


def test_the_provinces_account_is_nobodys_to_manage_here():
    person("province", Role.UPPER_PLATFORM, COUNTY)

    assert managed(admin()) == {"dora"}


def test_an_administrator_of_a_township_does_not_manage_the_countys():
    alice(), bob()
    below = person("tara", Role.COUNTY_ADMIN, TOWNSHIP)

    assert managed(below) == {"bob", "tara"}


def test_whoever_is_no_administrator_manages_nobody():
    assert managed(alice()) == set()


def test_the_work_goes_to_active_colleagues_only():
    leaver, gone = bob(), alice()
    User.objects.filter(pk=gone.pk).update(is_active=False, disabled_at=NOON)
    dora = admin()

    assert successors_for(dora, leaver.pk, NOON) == [(dora.pk, "Dora (dora)")]
