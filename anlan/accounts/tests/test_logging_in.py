"""In by name and password; locked after five failures; the first password is one's own."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.db.models import F
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from anlan.accounts.actions import people
from anlan.accounts.models import LogIn, User
from anlan.accounts.tests.factories import NOON, PASSWORD, admin, alice, bob

pytestmark = pytest.mark.django_db
OFFICE, HOME = "10.1.1.7", "10.9.9.9"


@pytest.fixture
def visitor() -> Client:
    client = Client(headers={"user-agent": "Firefox"})
    client.cookies["anlan_language"] = "en"
    return client


def try_to_log_in(
    client: Client, username: str, password: str = PASSWORD, address: str = OFFICE, **more: str
) -> HttpResponse:
    fields = {"username": username, "password": password, **more}
    return client.post(reverse("login"), fields, REMOTE_ADDR=address)


def fail(client: Client, username: str, times: int, address: str = OFFICE) -> list[int]:
    return [try_to_log_in(client, username, "wrong", address).status_code for _ in range(times)]


def test_the_right_password_leads_to_the_page_that_was_asked_for(visitor):
    alice()

    response = try_to_log_in(visitor, " Alice ", next=reverse("my-account"))

    assert response.headers["Location"] == reverse("my-account")
    assert visitor.get(reverse("my-account")).status_code == 200


def test_a_page_for_people_with_an_account_leads_to_the_log_in_and_back(visitor):
    response = visitor.get(reverse("my-account"))

    assert response.headers["Location"] == f"{reverse('login')}?next={reverse('my-account')}"
    assert f'name="next" value="{reverse("my-account")}"' in visitor.get(response.headers["Location"]).text


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_led_to_another_site_after_logging_in(visitor, elsewhere):
    alice()

    assert try_to_log_in(visitor, "alice", next=elsewhere).headers["Location"] == "/"


def test_whoever_is_logged_in_already_is_led_on_but_to_no_other_site(logged_in):
    visitor = logged_in(alice())

    assert visitor.get(reverse("login"), {"next": "https://evil.example/"}).headers["Location"] == "/"


def test_a_wrong_password_is_told_in_words_that_do_not_say_whether_the_name_exists(visitor):
    alice()

    known, unknown = (try_to_log_in(visitor, name, "wrong") for name in ("alice", "nobody"))

    assert known.status_code == unknown.status_code == 422
    assert "do not fit together" in known.text
    assert "do not fit together" in unknown.text


def test_a_name_that_the_database_could_not_store_is_refused_kindly(visitor):
    assert try_to_log_in(visitor, "a\x00lice").status_code == 422
    assert try_to_log_in(visitor, "a" * 300).status_code == 422


def test_log_ins_and_failures_are_noted_with_address_and_browser(visitor):
    who = alice()

    try_to_log_in(visitor, "alice", "wrong", HOME)
    try_to_log_in(visitor, "nobody", "wrong")
    try_to_log_in(visitor, "alice")

    noted = LogIn.objects.order_by("pk").values_list("user", "username", "succeeded", "address", "agent")
    assert list(noted) == [
        (who.pk, "alice", False, HOME, "Firefox"),
        (None, "nobody", False, OFFICE, "Firefox"),
        (who.pk, "alice", True, OFFICE, "Firefox"),
    ]
    assert LogIn.objects.latest("pk").session_key == visitor.session.session_key


def test_five_failures_lock_and_the_page_says_who_helps(visitor):
    alice()

    assert fail(visitor, "alice", 4) == [422] * 4
    locked = try_to_log_in(visitor, "alice", "wrong")

    assert locked.status_code == 429
    assert "system administrator of your county unlocks you" in locked.text
    assert try_to_log_in(visitor, "alice").status_code == 429


def test_the_name_counts_the_same_however_it_is_typed(visitor):
    alice()

    for typed in ("alice", "ALICE", " alice", "Alice ", "aLiCe"):
        last = try_to_log_in(visitor, typed, "wrong")

    assert last.status_code == 429


def test_another_browser_does_not_help_whoever_guesses(visitor):
    alice()
    fail(visitor, "alice", 4)

    other = Client(headers={"user-agent": "curl"})

    assert try_to_log_in(other, "alice", "wrong").status_code == 429
    assert try_to_log_in(visitor, "alice").status_code == 429


def test_the_lock_is_for_one_name_from_one_address_only(visitor):
    alice(), bob()
    fail(visitor, "alice", 5)

    assert try_to_log_in(Client(), "bob").status_code == 302
    assert try_to_log_in(Client(), "alice", address=HOME).status_code == 302


def test_a_log_in_elsewhere_does_not_forget_the_failures_of_whoever_guesses(visitor):
    alice()
    fail(visitor, "alice", 5)

    try_to_log_in(Client(), "alice", address=HOME)

    assert try_to_log_in(visitor, "alice").status_code == 429


def test_after_fifteen_minutes_the_lock_is_gone(visitor):
    alice()
    fail(visitor, "alice", 5)

    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=14))
    assert try_to_log_in(visitor, "alice").status_code == 429
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=1, seconds=5))

    assert try_to_log_in(visitor, "alice").status_code == 302


def test_trying_while_locked_does_not_lengthen_the_wait(visitor):
    alice()
    fail(visitor, "alice", 5)
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=14))

    fail(visitor, "alice", 3)
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=1, seconds=5))

    assert try_to_log_in(visitor, "alice").status_code == 302


def test_the_administrator_unlocks_at_once(visitor, logged_in):
    who, administrator = alice(), logged_in(admin())
    fail(visitor, "alice", 5)
    assert "locked out" in administrator.get(reverse("person", args=[who.pk])).text

    administrator.post(reverse("person-unlock", args=[who.pk]))

    assert try_to_log_in(visitor, "alice").status_code == 302


def test_behind_a_proxy_the_lock_takes_the_address_that_the_proxy_saw(visitor, settings):
    settings.PROXIES = 1
    alice()

    def guess(seen: str) -> int:
        fields = {"username": "alice", "password": "wrong"}
        return visitor.post(reverse("login"), fields, headers={"x-forwarded-for": f"1.2.3.4, {seen}"}).status_code

    assert [guess(OFFICE) for _ in range(5)][-1] == 429
    assert guess(HOME) == 422


def test_a_disabled_person_does_not_come_in(visitor):
    who = alice()
    people.disable_person(actor=admin(), person_id=who.pk, expected_version=1, successor_id=None, at=NOON)

    assert try_to_log_in(visitor, "alice").status_code == 422


def test_disabling_ends_open_sessions(visitor):
    who = alice()
    try_to_log_in(visitor, "alice")
    key = visitor.session.session_key

    people.disable_person(actor=admin(), person_id=who.pk, expected_version=1, successor_id=None, at=NOON)

    assert visitor.get(reverse("my-account")).status_code == 302
    assert not Client().session.exists(key)


def test_a_reset_ends_open_sessions(visitor):
    who = alice()
    try_to_log_in(visitor, "alice")

    people.reset_password(actor=admin(), person_id=who.pk, expected_version=1, at=NOON)

    assert visitor.get(reverse("my-account")).status_code == 302


def test_logging_out_ends_the_session_and_takes_a_post(visitor):
    alice()
    try_to_log_in(visitor, "alice")

    assert visitor.get(reverse("logout")).status_code == 405
    assert visitor.post(reverse("logout")).headers["Location"] == reverse("login")
    assert visitor.get(reverse("my-account")).status_code == 302


def test_the_session_gets_another_key_when_somebody_logs_in(visitor):
    alice()
    visitor.get(reverse("login"))
    session = visitor.session
    session["before"] = 1
    session.save()
    key = session.session_key
    visitor.cookies["anlan_session"] = key

    try_to_log_in(visitor, "alice")

    assert visitor.session.session_key != key


def test_the_language_follows_the_person_to_another_browser(visitor):
    who = alice()
    User.objects.filter(pk=who.pk).update(language="zh-hans")

    try_to_log_in(visitor, "alice")

    assert visitor.cookies["anlan_language"].value == "zh-hans"
    visitor.post(reverse("language"), {"language": "en", "next": "/"})
    assert User.objects.get(pk=who.pk).language == "en"
    assert visitor.cookies["anlan_language"].value == "en"
