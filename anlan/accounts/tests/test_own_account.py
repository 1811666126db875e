"""One's own account: password, tokens."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import now

from anlan.accounts.access import person_with_token
from anlan.accounts.actions import own, people
from anlan.accounts.actions.own import BadToken
from anlan.accounts.models import ApiToken, LogIn, User
from anlan.accounts.tests.factories import NOON, PASSWORD, admin, alice, bob

pytestmark = pytest.mark.django_db
NEW = "stiller-Waters-9"


def new_password(**changes: str) -> dict[str, str]:
    return {"present": PASSWORD, "password": NEW, "again": NEW, **changes}


@pytest.fixture
def fresh() -> User:
    """Return somebody whose password was handed over."""
    who = bob()
    User.objects.filter(pk=who.pk).update(must_change_password=True)
    return who


@pytest.mark.parametrize("name", ["home", "my-account", "people", "audit", "modules"])
def test_with_a_password_that_was_handed_over_every_page_asks_for_an_own_one(logged_in, fresh, name):
    assert logged_in(fresh).get(reverse(name)).headers["Location"] == reverse("change-password")


def test_the_page_asks_htmx_to_go_there_too(logged_in, fresh):
    response = logged_in(fresh).get(reverse("my-account"), headers={"hx-request": "true"})

    assert response.headers["HX-Redirect"] == reverse("change-password")


def test_whoever_must_choose_a_password_may_still_log_out_and_read_the_page_in_another_language(logged_in, fresh):
    browser = logged_in(fresh)

    assert browser.post(reverse("language"), {"language": "en"}).headers["Location"] == "/"
    assert browser.get(reverse("change-password")).status_code == 200
    assert browser.post(reverse("logout")).headers["Location"] == reverse("login")


def test_an_own_password_opens_every_page(logged_in, fresh):
    browser = logged_in(fresh)

    browser.post(reverse("change-password"), {"password": NEW, "again": NEW})

    assert browser.get(reverse("my-account")).status_code == 200
    changed = User.objects.get(pk=fresh.pk)
    assert changed.check_password(NEW)
    assert not changed.must_change_password


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"present": "guessed-It-1"}, "not your present password"),
        ({"again": "another-Thing-1"}, "differ"),
        ({"password": "Sh0rt-1", "again": "Sh0rt-1"}, "at least 8 characters"),
        ({"password": "lettersonly", "again": "lettersonly"}, "at least three of"),
        ({"password": "Password1", "again": "Password1"}, "too common"),
        ({"password": PASSWORD, "again": PASSWORD}, "present password; choose another"),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_words(logged_in, wrong, words):
    who = alice()

    response = logged_in(who).post(reverse("change-password"), new_password(**wrong))

    assert response.status_code == 422
    assert words in response.text
    assert User.objects.get(pk=who.pk).check_password(PASSWORD)


def test_the_browser_in_which_the_password_was_changed_stays_in_and_the_others_are_out(logged_in):
    who = alice()
    here, there = logged_in(who), logged_in(who)

    here.post(reverse("change-password"), new_password())

    assert here.get(reverse("my-account")).status_code == 200
    assert there.get(reverse("my-account")).status_code == 302


def test_the_log_in_keeps_the_key_of_a_session_that_goes_on_after_a_change_of_password(client):
    alice()
    client.post(reverse("login"), {"username": "alice", "password": PASSWORD})

    client.post(reverse("change-password"), new_password())

    assert LogIn.objects.get().session_key == client.session.session_key


def test_a_token_is_shown_once_and_stored_as_a_hash(logged_in):
    browser = logged_in(alice())

    shown = browser.post(reverse("token-make"), {"name": "Dashboard", "days": "30"})

    token = ApiToken.objects.get()
    text = shown.context["token_text"]
    assert text in shown.text
    assert text.startswith(token.prefix)
    assert text not in browser.get(reverse("my-account")).text
    assert text not in str(ApiToken.objects.values().get())


def test_a_token_speaks_for_its_owner_while_it_lives():
    who = alice()
    token, text = own.make_token(actor=who, name="Dashboard", days=30, at=NOON)

    assert person_with_token(text, NOON) == who
    assert person_with_token(text, NOON + timedelta(days=29, hours=23)) == who
    assert person_with_token(text, NOON + timedelta(days=30)) is None
    assert person_with_token(token.prefix, NOON) is None
    assert person_with_token("", NOON) is None


def test_a_revoked_token_opens_nothing(logged_in):
    who = alice()
    token, text = own.make_token(actor=who, name="Dashboard", days=30, at=now())

    logged_in(who).post(reverse("token-revoke", args=[token.pk]))

    assert person_with_token(text, now()) is None


def test_the_token_of_a_disabled_person_opens_nothing_not_even_when_the_account_is_open_again():
    who, administrator = alice(), admin()
    _token, text = own.make_token(actor=who, name="Dashboard", days=30, at=NOON)

    people.disable_person(actor=administrator, person_id=who.pk, expected_version=1, successor_id=None, at=NOON)
    assert person_with_token(text, NOON) is None
    people.enable_person(actor=administrator, person_id=who.pk, expected_version=2, at=NOON)

    assert person_with_token(text, NOON) is None


def test_a_token_that_outlived_its_account_opens_nothing():
    who = alice()
    _token, text = own.make_token(actor=who, name="Dashboard", days=30, at=NOON)
    User.objects.filter(pk=who.pk).update(is_active=False, disabled_at=NOON)

    assert person_with_token(text, NOON) is None


def test_a_token_of_somebody_without_posts_reaches_nothing():
    who = alice()
    _token, text = own.make_token(actor=who, name="Dashboard", days=30, at=NOON)
    who.postings.update(ends_on=NOON.date())

    found = person_with_token(text, NOON)

    assert found is not None
    assert not found.can("assessment.read")


def test_nobody_revokes_somebody_elses_token(logged_in):
    token, text = own.make_token(actor=alice(), name="Dashboard", days=30, at=now())

    assert logged_in(bob()).post(reverse("token-revoke", args=[token.pk])).status_code == 404
    assert person_with_token(text, now()) is not None


@pytest.mark.parametrize(("name", "days", "words"), [(" ", 30, "a name"), ("Dashboard", 0, "not 0"), ("D", 367, "366")])
def test_a_token_without_a_name_or_without_an_end_is_refused(name, days, words):
    with pytest.raises(BadToken) as refused:
        own.make_token(actor=alice(), name=name, days=days, at=NOON)

    assert words in str(refused.value)


def test_a_token_expires_after_it_was_made():
    who = alice()

    with pytest.raises(IntegrityError, match="api_token_expires_later"), transaction.atomic():
        ApiToken.objects.create(user=who, name="x", prefix="x", sha256="x", created_at=NOON, expires_at=NOON)


def test_an_unknown_language_becomes_the_first():
    assert own.choose_language(actor=alice(), language="tlh", at=NOON) == "zh-hans"
