import pytest
from django.db import IntegrityError

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, ELSEWHERE, NOON, TOWNSHIP, VILLAGE, alice, bob, carol, person
from anlan.records import actions, queries
from anlan.records.home import what_changed
from anlan.records.models import Notice
from anlan.records.receivers import tell_who_waits

pytestmark = pytest.mark.django_db


def sent(who, message="%(count)d units are outstanding", url="/survey/1/", **values):
    return actions.send_notice(to_person_id=who.pk, message=message, values=values or {"count": 3}, url=url, at=NOON)


def told(**changes):
    asked = {"division_code": TOWNSHIP, "department": "health", "message": "Hello", "values": {}, "url": "", "at": NOON}
    count = actions.send_notice_to_area(**asked | changes)
    names = list(Notice.objects.order_by("to_person__username").values_list("to_person__username", flat=True))
    assert count == len(names)
    return names


def test_notices_to_an_area_reach_exactly_the_right_people():
    alice(), bob(), carol()
    person("ben", Role.TOWNSHIP_OFFICER, TOWNSHIP)
    person("hana", Role.DEPARTMENT_OFFICER, COUNTY, department="health")
    person("walt", Role.DEPARTMENT_OFFICER, COUNTY, department="water")
    person("hugo", Role.DEPARTMENT_OFFICER, ELSEWHERE, department="health")
    person("nele", Role.TOWNSHIP_OFFICER, "999901102000")
    person("vera", Role.VILLAGE_OFFICER, VILLAGE)
    person("gina", Role.GRID_WORKER, TOWNSHIP)

    assert told() == ["ben", "bob", "hana"]


def test_where_nobody_fills_in_those_who_see_the_tasks_are_told():
    person("gina", Role.GRID_WORKER, TOWNSHIP)
    alice()

    assert told() == ["gina"]


def test_a_unit_without_people_is_told_nothing():
    alice()

    assert told() == []


def test_a_person_with_two_posts_is_told_once():
    who = bob()
    person("hana", Role.DEPARTMENT_OFFICER, TOWNSHIP, department="health")
    actions.send_notice_to_people(person_ids=[who.pk, who.pk], message="Hello", values={}, url="", at=NOON)

    assert queries.unread_count(who) == 1


def test_a_disabled_person_is_told_nothing():
    who = bob()
    who.is_active, who.disabled_at = False, NOON
    who.save()

    assert told() == []


def test_telling_an_area_costs_the_same_for_one_person_and_for_many(django_assert_max_num_queries):
    for number in range(12):
        person(f"officer{number}", Role.TOWNSHIP_OFFICER, TOWNSHIP)

    with django_assert_max_num_queries(4):
        actions.send_notice_to_area(
            division_code=TOWNSHIP, department=None, message="Hello", values={}, url="", at=NOON
        )


def test_ones_own_notices_stand_newest_first_with_the_unread_marked(client):
    who = bob()
    sent(who), sent(who, "%(unit)s was returned", unit="柳溪村")
    sent(alice(), "%(unit)s was returned", unit="别处")
    client.force_login(who)

    page = client.get("/notices/").content.decode()

    assert page.index("柳溪村") < page.index("3 units")
    assert page.count("is-unread") == 2
    assert "别处" not in page


def test_opening_a_notice_marks_it_read_and_leads_on(client):
    who = bob()
    notice = sent(who)
    client.force_login(who)

    answer = client.post(f"/notices/{notice.pk}/open/")

    assert (answer.status_code, answer["Location"]) == (302, "/survey/1/")
    assert queries.unread_count(who) == 0


def test_reading_twice_keeps_the_first_time():
    who = bob()
    notice = sent(who)
    actions.mark_read(actor=who, notice_id=notice.pk, at=NOON)
    actions.mark_read(actor=who, notice_id=notice.pk, at=NOON.replace(year=2027))

    assert Notice.objects.get().read_at == NOON


def test_all_are_marked_read_at_once_and_nobody_elses(client):
    who, other = bob(), alice()
    sent(who), sent(who), sent(other)
    client.force_login(who)

    client.post("/notices/read/")

    assert (queries.unread_count(who), queries.unread_count(other)) == (0, 1)


def test_nobody_opens_somebody_elses_notice(client):
    notice = sent(bob())
    client.force_login(alice())

    assert client.post(f"/notices/{notice.pk}/open/").status_code == 404
    assert queries.notices_for(bob_again()).get().read_at is None


def bob_again():
    return Notice.objects.get().to_person


def test_a_notice_leads_nowhere_else():
    with pytest.raises(IntegrityError, match="notice_leads_nowhere_else"):
        sent(bob(), url="//elsewhere.example/")


def test_the_end_of_long_work_is_told_once_however_often_it_is_announced():
    who = bob()
    for _time in range(2):
        tell_who_waits(job_id=5, person_id=who.pk, title="Assess %(round)s", values={"round": "2026"}, is_done=True)

    notice = Notice.objects.get()
    assert (notice.url, notice.values) == ("/jobs/5/", {"work": "Assess 2026"})


def test_the_systems_own_work_is_told_to_nobody():
    tell_who_waits(job_id=5, person_id=None, title="Seal", values={}, is_done=False)

    assert not Notice.objects.exists()


def test_the_home_card_shows_the_latest_and_how_many_are_unread():
    who = bob()
    for _number in range(8):
        sent(who)

    card = what_changed(who)

    assert (len(card["notices"]), card["unread"]) == (6, 8)


def test_a_page_of_notices_costs_the_same_for_one_and_for_many(client, django_assert_max_num_queries):
    who = bob()
    for _number in range(35):
        sent(who)
    client.force_login(who)

    with django_assert_max_num_queries(12):
        page = client.get("/notices/").content.decode()
    assert page.count("is-unread") == 30
