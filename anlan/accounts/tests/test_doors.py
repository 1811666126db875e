"""Who comes in where, by address."""

import pytest
from django.test import Client
from django.urls import reverse

from anlan.accounts.actions import own
from anlan.accounts.core.modules import MODULES, SwitchableModule
from anlan.accounts.core.roles import Role
from anlan.accounts.models import User
from anlan.accounts.tests.factories import NOON, PASSWORD, TOWNSHIP, admin, alice, bob, carol, person
from anlan.accounts.urls import urlpatterns

pytestmark = pytest.mark.django_db
OPEN = {"login", "logout"}
OWN = {"my-account", "change-password", "token-make"}
POSTS = {
    "logout",
    "token-make",
    "token-revoke",
    "person-reset",
    "person-move",
    "person-end-post",
    "person-disable",
    "person-enable",
    "person-unlock",
    "person-phone",
    "module-switch",
}
READABLE_BY_ANALYSTS = {"audit", "audit-seal"}
NAMES = sorted(pattern.name for pattern in urlpatterns)
CLOSED = sorted(set(NAMES) - OPEN - OWN)


@pytest.fixture
def things() -> dict[str, object]:
    who = person("target", Role.TOWNSHIP_OFFICER, TOWNSHIP)
    token, _text = own.make_token(actor=who, name="t", days=30, at=NOON)
    return {"person_id": who.pk, "posting_id": who.postings.get().pk, "token_id": token.pk, "key": "assessment"}


def address(name: str, things: dict[str, object]) -> str:
    pattern = next(one for one in urlpatterns if one.name == name)
    return reverse(name, kwargs={key: things[key] for key in pattern.pattern.converters})


def ask(client: Client, name: str, things: dict[str, object]) -> int:
    fields = {"version": "1"}
    url = address(name, things)
    return (client.post(url, fields) if name in POSTS else client.get(url)).status_code


@pytest.mark.parametrize("name", sorted(set(NAMES) - OPEN))
def test_strangers_are_led_to_the_log_in(client, things, name):
    assert ask(client, name, things) == (401 if name in POSTS else 302)
    assert not User.objects.exclude(version=1).exists()


@pytest.mark.parametrize("name", CLOSED)
def test_a_curious_township_officer_is_let_in_nowhere(logged_in, things, name):
    assert ask(logged_in(bob()), name, things) in {403, 404}


@pytest.mark.parametrize("name", CLOSED)
def test_an_analyst_manages_nobody_but_reads_the_audit_trail(logged_in, things, name):
    assert ask(logged_in(alice()), name, things) == 200 if name in READABLE_BY_ANALYSTS else {403, 404}


@pytest.mark.parametrize("name", [name for name in CLOSED if name.startswith("person") and name != "person-create"])
def test_another_countys_administrator_finds_nobody(logged_in, things, name):
    neighbour = person("nora", Role.COUNTY_ADMIN, "999902000000")

    assert ask(logged_in(neighbour), name, things) == 404


@pytest.mark.parametrize("name", sorted(POSTS))
def test_what_changes_something_takes_a_post(logged_in, things, name):
    assert logged_in(admin()).get(address(name, things)).status_code == 405


@pytest.mark.parametrize("name", sorted(POSTS | {"login", "change-password", "person-create"}))
def test_every_post_needs_the_forms_own_mark(things, name):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin(), backend="django.contrib.auth.backends.ModelBackend")

    assert strict.post(address(name, things), {"username": "dora", "password": PASSWORD}).status_code == 403


def test_somebody_elses_post_is_not_ended_by_way_of_a_person_one_manages(logged_in, things):
    other = carol().postings.get()
    url = reverse("person-end-post", args=[things["person_id"], other.pk])

    response = logged_in(admin()).post(url, {"version": "1", "ends_on": "2026-11-23"})

    assert response.status_code == 404


def test_an_administrator_of_a_township_does_not_switch_what_all_share(logged_in):
    below = person("tara", Role.COUNTY_ADMIN, TOWNSHIP)

    assert logged_in(below).get(reverse("modules")).status_code == 403


@pytest.fixture
def survey_module(monkeypatch) -> str:
    """Return the address of a page that a module of the test owns."""
    own_module = SwitchableModule("tests", "Tests", "for tests", (reverse("audit"),))
    monkeypatch.setattr(MODULES, "_entries", [own_module])
    return reverse("audit")


def switch(browser: Client, is_on: str) -> None:
    browser.post(reverse("module-switch", args=["tests"]), {"is_on": is_on})


def test_a_module_that_is_off_is_gone_and_comes_back(logged_in, survey_module):
    browser = logged_in(admin())

    switch(browser, "0")
    assert browser.get(survey_module).status_code == 404
    assert Client().get(survey_module).status_code == 404
    assert "off" in browser.get(reverse("modules")).text

    switch(browser, "1")
    assert browser.get(survey_module).status_code == 200


def test_the_links_of_a_module_that_is_off_are_gone(logged_in, monkeypatch):
    from anlan.web.navigation import NAVIGATION, Area, NavigationEntry

    entry = NavigationEntry("Tests", "my-account", "x", Area.WORK, module="tests")
    monkeypatch.setattr(NAVIGATION, "_entries", [entry])
    monkeypatch.setattr(MODULES, "_entries", [SwitchableModule("tests", "Tests", "for tests", ("/nowhere/",))])
    browser = logged_in(admin())

    def links() -> list[str]:
        areas = browser.get(reverse("modules")).context["navigation"]
        return [link.label for _area, entries in areas for link in entries]

    assert links() == ["Tests"]
    switch(browser, "0")
    assert links() == []


def test_a_module_that_nobody_registered_is_refused(logged_in):
    response = logged_in(admin()).post(reverse("module-switch", args=["unknown"]), {"is_on": "0"})

    assert response.status_code == 409
    assert "no module unknown" in response.text


def test_a_form_without_a_version_is_refused(logged_in, things):
    response = logged_in(admin()).post(reverse("person-reset", args=[things["person_id"]]), {})

    assert response.status_code == 409


def test_a_form_that_is_out_of_date_is_refused(logged_in, things):
    url = reverse("person-reset", args=[things["person_id"]])

    assert logged_in(admin()).post(url, {"version": "7"}).status_code == 409
    assert User.objects.get(pk=things["person_id"]).version == 1
