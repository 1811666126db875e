import pytest
from django.db.models import Q
from django.utils.timezone import localdate

from anlan.accounts.core.roles import Role
from anlan.accounts.models import Department, User
from anlan.accounts.queries import posts_within, reach_of, scope_of
from anlan.accounts.tests.factories import COUNTY, ELSEWHERE, TOWNSHIP, VILLAGE, alice, bob, carol, person, post

pytestmark = pytest.mark.django_db


def test_a_county_reaches_everything_within_and_nothing_beside():
    scope = scope_of(alice(), "survey.manage")

    assert [scope.covers(code) for code in (COUNTY, TOWNSHIP, VILLAGE, ELSEWHERE)] == [True, True, True, False]


def test_a_township_does_not_reach_its_county():
    scope = scope_of(bob(), "survey.fill")

    assert [scope.covers(code) for code in (VILLAGE, TOWNSHIP, COUNTY)] == [True, True, False]


def test_a_department_fills_its_own_part_only():
    officer = person("hana", Role.DEPARTMENT_OFFICER, department="health")

    assert officer.can("survey.fill", VILLAGE, "health")
    assert not officer.can("survey.fill", VILLAGE, "water")


def test_without_the_capability_there_is_no_reach():
    scope = scope_of(bob(), "assessment.publish")

    assert scope.grants == ()
    assert not scope.covers(TOWNSHIP)


def test_a_scope_filters_by_prefix_and_leaves_inner_areas_out():
    both = bob()
    post(both, Role.TOWNSHIP_OFFICER, VILLAGE)

    assert scope_of(both, "survey.fill").q("division__code") == Q(division__code__startswith="999901101")


def test_no_reach_finds_nothing_without_asking_the_database(django_assert_num_queries):
    stranger = person("erin")
    condition = scope_of(stranger, "places.read").q("username")

    with django_assert_num_queries(0):
        assert list(User.objects.filter(condition)) == []


def test_all_capabilities_cost_one_query(django_assert_num_queries):
    who = alice()

    with django_assert_num_queries(1):
        assert scope_of(who, "survey.read").covers(COUNTY)
        assert who.can("tasks.read")
        assert not who.can("accounts.manage")


def test_a_post_counts_from_its_first_day_up_to_its_last():
    who = alice()
    who.postings.update(ends_on=localdate())

    assert not User.objects.get(pk=who.pk).can("survey.read")


def test_a_disabled_person_reaches_nothing():
    who = carol()
    who.is_active = False

    assert not who.can("survey.read")


def test_posts_are_counted_once_a_person_and_unknown_is_not_zero():
    who = bob()
    post(who, Role.TOWNSHIP_OFFICER, VILLAGE)

    assert posts_within(COUNTY, "township_officer", localdate()) == 1
    assert posts_within(ELSEWHERE, "township_officer", localdate()) is None


def test_departments_stand_from_the_first_migration():
    assert Department.objects.get(pk="health").name_zh == "卫生健康局"
    assert Department.objects.count() == 12


def test_what_a_stream_asks_is_answered_without_a_further_query(django_assert_num_queries):
    both = bob()
    post(both, Role.GRID_WORKER, ELSEWHERE)
    reach = reach_of(User.objects.get(pk=both.pk))

    with django_assert_num_queries(0):
        assert reach.prefixes("telemetry.read") == ("999901101",)
        assert reach.prefixes("") == ("999901101", "999902")
        assert reach.prefixes("assessment.publish") == ()


def test_two_people_of_the_same_posts_reach_the_same():
    assert reach_of(alice()) == reach_of(person("dan", Role.ANALYST)) != reach_of(bob())


def test_whoever_has_a_password_that_others_know_reaches_nothing():
    new = alice()
    new.must_change_password = True

    assert reach_of(new).prefixes("telemetry.read") == ()
