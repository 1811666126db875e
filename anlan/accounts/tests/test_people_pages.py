"""The administrator's pages as the administrator uses them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.timezone import localdate

from anlan.accounts.actions import people
from anlan.accounts.core.areas import AREA_BOOK, AreaBook
from anlan.accounts.core.people import NewPerson
from anlan.accounts.core.roles import Post, Role
from anlan.accounts.models import User
from anlan.accounts.tests.factories import COUNTY, NOON, TOWNSHIP, VILLAGE, admin, alice, bob, carol, person, post
from anlan.ground.audit import audit, history_of, seal
from anlan.ground.models import AuditEntry

pytestmark = pytest.mark.django_db
NEW = {"username": "frank", "name": "Frank", "phone": "13800138000", "role": "township_officer", "area": TOWNSHIP}


@pytest.fixture
def dora() -> User:
    return admin()


@pytest.fixture
def desk(dora, logged_in) -> Client:
    return logged_in(dora)


def with_phone(dora: User) -> User:
    frank = NewPerson("frank", "Frank", "13800138000", Post(Role.TOWNSHIP_OFFICER, TOWNSHIP))
    return people.create_person(actor=dora, person=frank, at=NOON)[0]


def listed(desk: Client, **query: str) -> set[str]:
    table = desk.get(reverse("people"), query).context["table"]
    return {User.objects.get(pk=line.pk).username for line in table.lines}


def test_the_list_filters_by_name_role_area_and_state(desk):
    alice(), bob(), carol()
    gone = person("gone", Role.VILLAGE_OFFICER, VILLAGE)
    User.objects.filter(pk=gone.pk).update(is_active=False, disabled_at=NOON)

    assert listed(desk) == {"alice", "bob", "dora", "gone"}
    assert listed(desk, name="ali") == {"alice"}
    assert listed(desk, username="bo") == {"bob"}
    assert listed(desk, role="township_officer") == {"bob"}
    assert listed(desk, state="disabled") == {"gone"}
    assert listed(desk, state="active") == {"alice", "bob", "dora"}
    assert listed(desk, state="locked") == set()


def test_the_list_asks_the_same_number_of_queries_however_long_it_is(desk, django_assert_num_queries):
    bob()
    desk.get(reverse("people"))  # the session is written once
    with CaptureQueriesContext(connection) as few:
        desk.get(reverse("people"))
    for number in range(20):
        post(person(f"officer{number}", Role.VILLAGE_OFFICER, VILLAGE), Role.GRID_WORKER, VILLAGE)

    with django_assert_num_queries(len(few)):
        assert "officer19" in desk.get(reverse("people")).text


def test_the_list_goes_out_as_a_file(desk):
    response = desk.get(reverse("people"), {"export": "csv"})

    assert "Dora,dora,County administrator" in response.content.decode("utf-8-sig")


def test_a_new_account_is_made_and_its_password_shown_once(desk):
    response = desk.post(reverse("person-create"), NEW)

    made = User.objects.get(username="frank")
    password = response.context["password"]
    assert made.check_password(password)
    assert password in response.text
    assert "no-store" in response.headers["Cache-Control"]
    assert password not in desk.get(reverse("person", args=[made.pk])).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"username": "dora"}, "dora is taken"),
        ({"username": "x"}, "cannot be a log-in name"),
        ({"phone": "none"}, "no telephone number"),
        ({"area": "999902000000"}, "cannot appoint"),
        ({"area": "3.2058E+11"}, "turned into a number"),
        ({"area": "nowhere"}, "no division code"),
        ({"role": "upper_platform"}, "Select a valid choice"),
        ({"role": "department_officer"}, "needs a department"),
    ],
)
def test_what_will_not_do_is_told_and_what_was_typed_stays(desk, wrong, words):
    response = desk.post(reverse("person-create"), {**NEW, **wrong})

    assert response.status_code == 422
    assert words in response.text
    assert 'value="Frank"' in response.text
    assert not User.objects.filter(username="frank").exists()


def test_a_reset_shows_the_new_password_once(desk):
    who = bob()

    response = desk.post(reverse("person-reset", args=[who.pk]), {"version": "1"})

    assert User.objects.get(pk=who.pk).check_password(response.context["password"])
    assert response.context["password"] in response.text


def test_a_post_is_moved_from_a_day_on(desk):
    who = bob()
    fields = {
        "version": "1",
        "posting": str(who.postings.get().pk),
        "role": "township_officer",
        "area": "999901102000",
        "starts_on": localdate().isoformat(),
    }

    response = desk.post(reverse("person-move", args=[who.pk]), fields)

    assert response.status_code == 302
    assert list(who.postings.held_today().values_list("area_code", flat=True)) == ["999901102000"]


def test_a_move_that_is_refused_is_told_beside_what_was_typed(desk):
    who = bob()
    fields = {"version": "1", "role": "township_officer", "area": TOWNSHIP, "starts_on": localdate().isoformat()}

    response = desk.post(reverse("person-move", args=[who.pk]), fields)

    assert response.status_code == 422
    assert "holds this post already" in response.text
    assert f'value="{TOWNSHIP}"' in response.text


def test_a_post_is_ended(desk):
    who = bob()
    url = reverse("person-end-post", args=[who.pk, who.postings.get().pk])

    assert desk.post(url, {"version": "1", "ends_on": "soon"}).status_code == 422
    assert desk.post(url, {"version": "1", "ends_on": localdate().isoformat()}).status_code == 302
    assert not who.postings.held_today().exists()


def test_an_account_is_disabled_with_a_successor_and_enabled_again(desk):
    who, successor = bob(), alice()

    desk.post(reverse("person-disable", args=[who.pk]), {"version": "1", "successor": str(successor.pk)})
    assert not User.objects.get(pk=who.pk).is_active
    desk.post(reverse("person-enable", args=[who.pk]), {"version": "2"})

    assert User.objects.get(pk=who.pk).is_active


def test_the_work_goes_to_nobody_of_another_county(desk):
    who, stranger = bob(), carol()

    response = desk.post(reverse("person-disable", args=[who.pk]), {"version": "1", "successor": str(stranger.pk)})

    assert response.status_code == 422
    assert User.objects.get(pk=who.pk).is_active


def test_the_telephone_is_masked_until_a_purpose_is_given(desk, dora):
    who = with_phone(dora)
    page = reverse("person", args=[who.pk])
    assert "138****8000" in desk.get(page).text
    assert "13800138000" not in desk.get(page).text

    assert desk.post(reverse("person-phone", args=[who.pk]), {"purpose": " "}).status_code == 422
    shown = desk.post(reverse("person-phone", args=[who.pk]), {"purpose": "flood call"})

    assert "13800138000" in shown.text
    assert history_of("accounts.user", who.pk)[0].detail == {"purpose": "flood call"}
    assert "13800138000" not in desk.get(page).text


def test_ones_own_page_offers_no_change(desk, dora):
    response = desk.get(reverse("person", args=[dora.pk]))

    assert "This is you" in response.text
    assert reverse("person-disable", args=[dora.pk]) not in response.text
    refused = desk.post(reverse("person-reset", args=[dora.pk]), {"version": "1"})
    assert refused.status_code == 409
    assert "your own rights" in refused.text


def test_the_history_tells_in_words(desk, dora):
    who = with_phone(dora)

    history = desk.get(reverse("person", args=[who.pk])).text

    assert "person created" in history
    assert f"role: Township officer; area in charge: {TOWNSHIP}" in history


def trail(browser: Client, **query: str) -> list[str]:
    return [strip_tags(line.cells[2].content) for line in browser.get(reverse("audit"), query).context["table"].lines]


def test_the_audit_trail_shows_the_entries_of_ones_divisions_only(desk, logged_in, dora):
    who, stranger = bob(), carol()
    audit(dora, "password reset", who, at=NOON)
    audit(stranger, "password changed", stranger, at=NOON)
    audit(dora, "module switched off", AuditEntry(pk=1), at=NOON)
    audit(stranger, "module switched on", AuditEntry(pk=1), at=NOON)

    assert trail(desk) == ["module switched off", "password reset"]
    assert trail(logged_in(stranger)) == ["module switched on", "password changed"]


def test_the_audit_trail_filters_by_person_verb_kind_and_day(desk, dora):
    who = bob()
    audit(dora, "password reset", who, at=NOON)
    audit(who, "password changed", who, at=NOON.replace(day=25))

    assert trail(desk, actor="bo") == ["password changed"]
    assert trail(desk, verb="password reset") == ["password reset"]
    assert trail(desk, kind="accounts.module") == []
    assert trail(desk, day="2026-11-25") == ["password changed"]
    assert len(trail(desk, day="yesterday")) == 2


def test_the_audit_trail_asks_the_same_number_of_queries_however_long_it_is(desk, dora, django_assert_num_queries):
    audit(dora, "password reset", bob(), at=NOON)
    desk.get(reverse("audit"))  # the session is written once
    with CaptureQueriesContext(connection) as few:
        desk.get(reverse("audit"))
    for _number in range(30):
        audit(dora, "password reset", dora, at=NOON)

    with django_assert_num_queries(len(few)):
        assert len(trail(desk)) == 31


def test_the_seal_is_checked_on_a_page(desk, dora):
    audit(dora, "password reset", dora, at=NOON)
    seal()
    audit(dora, "password reset", dora, at=NOON)

    text = desk.get(reverse("audit-seal")).text

    assert "The seal holds" in text
    assert "1 entry was checked" in text
    assert "1 new entry waits" in text


@pytest.fixture
def gazetteer(monkeypatch) -> None:
    """Know four places by name, two of which share theirs."""
    places = [(COUNTY, "Qinglan"), (TOWNSHIP, "Liuxi"), (VILLAGE, "Zhuwu"), ("999901102201", "Zhuwu")]
    book = AreaBook(lambda codes: [place for place in places if place[0] in codes], lambda prefix: places)
    monkeypatch.setattr(AREA_BOOK, "_entries", [book])


@pytest.mark.parametrize("written", ["Liuxi", TOWNSHIP, "999901101"])
def test_an_area_is_written_by_name_or_by_code(desk, gazetteer, written):
    desk.post(reverse("person-create"), {**NEW, "area": written})

    assert User.objects.get(username="frank").postings.get().area_code == TOWNSHIP


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Zhuwu", "Several places are called Zhuwu"),
        ("Nowhere", "No place of your area is called Nowhere"),
        ("999901109000", "No place of your area has the code 999901109000"),
    ],
)
def test_an_area_that_is_not_clear_is_asked_for_again(desk, gazetteer, written, words):
    response = desk.post(reverse("person-create"), {**NEW, "area": written})

    assert response.status_code == 422
    assert words in response.text


def test_areas_read_by_name(desk, gazetteer):
    who = bob()

    assert "Liuxi" in desk.get(reverse("people")).text
    assert "Liuxi" in desk.get(reverse("person", args=[who.pk])).text
    assert listed(desk, area=TOWNSHIP) == {"bob"}
