"""The shell: navigation by capability and module, start page, switcher, errors, health, forms."""

from dataclasses import dataclass, field

import pytest
from django import forms
from django.db import DatabaseError
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from anlan.web import readiness
from anlan.web.home import HOME_CARDS, SHELL_HOOKS, HomeCard, ShellHook, ask_shell
from anlan.web.navigation import NAVIGATION, Area, NavigationEntry, entries_for, links_for
from anlan.web.switcher import DIVISION_SEARCH, Choice, DivisionSearch

OPEN: frozenset[str] = frozenset()


@dataclass
class FakePerson:
    """A person who holds what is listed."""

    capabilities: set[str] = field(default_factory=set)
    pk: int = 1
    name: str = "Alice"
    is_authenticated: bool = True

    def can(self, capability, code=None, department=None):
        return capability in self.capabilities


FILES = NavigationEntry("Kept files", "files", "file", Area.WORK)
DROP = NavigationEntry("Drop", "drop", "trash", Area.SETTINGS, capability="files.drop", module="stores")
MAP = NavigationEntry("Map", "home", "map", Area.MAP)


def test_areas_stand_in_their_order_and_entries_in_theirs():
    NAVIGATION.register(DROP, NavigationEntry("Later", "files", "x", Area.WORK, order=9), FILES, MAP)

    found = entries_for(FakePerson({"files.drop"}), OPEN)

    assert [(area.name, [entry.label for entry in entries]) for area, entries in found] == [
        ("MAP", ["Map"]),
        ("WORK", ["Kept files", "Later"]),
        ("SETTINGS", ["Drop"]),
    ]


def test_a_link_is_shown_only_to_those_who_may_use_it():
    NAVIGATION.register(DROP)

    assert entries_for(FakePerson(), OPEN) == []


def test_a_module_that_is_switched_off_has_no_link():
    NAVIGATION.register(DROP)

    assert entries_for(FakePerson({"files.drop"}), frozenset({"stores"})) == []


def test_the_link_that_the_page_lies_under_is_marked():
    NAVIGATION.register(MAP, FILES)

    links = dict(links_for(FakePerson(), OPEN, "/files/7/"))

    assert [link.is_here for link in links["Work list"]] == [True]
    assert [link.is_here for link in links["One map"]] == [False]


def test_a_link_whose_page_does_not_exist_is_left_out():
    NAVIGATION.register(NavigationEntry("Later", "not-built-yet", "x", Area.WORKS))

    assert links_for(FakePerson(), OPEN, "/") == []


def test_hooks_that_nobody_filled_give_the_default():
    assert ask_shell("unread", FakePerson(), 0) == 0


@pytest.mark.django_db
def test_a_page_shows_the_persons_links_county_and_unread_notices(as_alice):
    NAVIGATION.register(FILES, NavigationEntry("Hidden", "drop", "x", Area.WORKS, module="stores"))
    SHELL_HOOKS.register(
        ShellHook("county_name", lambda person: "青岚县"),
        ShellHook("unread", lambda person: 3),
        ShellHook("closed_modules", lambda person: frozenset({"stores"})),
    )

    response = as_alice.get("/files/")

    content = response.content.decode()
    assert "青岚县" in content
    assert response.context["unread"] == 3
    assert "Kept files" in content
    assert "Hidden" not in content
    assert 'aria-current="page"' in content
    assert '<form method="post" action="/log-out/">' in content
    assert '<h1 class="page-title">beside the table</h1>' in content


@pytest.mark.django_db
def test_the_start_page_shows_cards_that_have_something(as_alice):
    HOME_CARDS.register(
        HomeCard("second", "web/tests/card.html", lambda person: {"text": "two"}, order=2),
        HomeCard("first", "web/tests/card.html", lambda person: {"text": f"one for {person.name}"}, order=1),
        HomeCard("none", "web/tests/card.html", lambda person: None),
    )

    response = as_alice.get("/")

    content = response.content.decode()
    assert [card.key for card in response.context["cards"]] == ["first", "second"]
    assert content.index("one for Alice") < content.index("two")


@pytest.mark.django_db
def test_a_start_page_without_cards_says_so(as_alice):
    assert "暂无待办" in as_alice.get("/").content.decode()


@pytest.mark.django_db
def test_the_switcher_finds_places_as_a_part_and_as_a_page(as_alice):
    seen = []

    def search(person, query):
        seen.append((person.name, query))
        return [Choice("999901101000", "柳溪镇", "青岚县", "/places/999901101000/")] * 30

    DIVISION_SEARCH.register(DivisionSearch(search))

    part = as_alice.get("/switch/", {"q": " liuxi "}, headers={"HX-Request": "true"})
    whole = as_alice.get("/switch/", {"q": "liuxi"})

    assert seen == [("Alice", "liuxi")] * 2
    assert "<html" not in part.content.decode()
    assert part.content.decode().count('href="/places/999901101000/"') == 20
    assert "<html" in whole.content.decode()


@pytest.mark.django_db
def test_the_switcher_says_when_nothing_is_found_and_asks_nobody_about_nothing(as_alice):
    DIVISION_SEARCH.register(DivisionSearch(lambda person, query: []))

    assert "没有找到“<b>" not in as_alice.get("/switch/", {"q": "<b>"}).content.decode()
    assert "没有找到" in as_alice.get("/switch/", {"q": "海"}).content.decode()
    assert "没有找到" not in as_alice.get("/switch/", {"q": "  "}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/switch/", "/jobs/1/"])
def test_strangers_are_led_to_the_log_in(path):
    assert Client().get(path)["Location"].startswith("/log-in/")


@pytest.mark.django_db
def test_a_page_that_is_not_there_shows_the_shell_to_people_and_no_links_to_strangers(as_alice):
    NAVIGATION.register(FILES)

    inside, outside = as_alice.get("/nowhere/"), Client().get("/nowhere/")

    assert (inside.status_code, outside.status_code) == (404, 404)
    assert "Kept files" in inside.content.decode()
    assert "Kept files" not in outside.content.decode()


def test_the_site_is_alive_without_a_database():
    assert Client().get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_the_site_is_ready_when_the_database_answers_and_is_of_this_version():
    response = Client().get("/readyz")

    assert (response.status_code, response.json()) == (200, {"database": True, "migrations": True})


@pytest.mark.django_db
def test_the_site_is_not_ready_while_migrations_wait(monkeypatch):
    monkeypatch.setattr(readiness.MigrationExecutor, "migration_plan", lambda self, targets: ["waiting"])

    response = Client().get("/readyz")

    assert (response.status_code, response.json()) == (503, {"database": True, "migrations": False})


def test_the_site_is_not_ready_without_a_database(monkeypatch):
    class Unreachable:
        def cursor(self):
            raise DatabaseError

    monkeypatch.setattr(readiness, "connection", Unreachable())

    assert readiness.readiness() == {"database": False, "migrations": False}


class Answer(forms.Form):
    name = forms.CharField(help_text="As on the seal")
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"class": "tall"}))
    level = forms.ChoiceField(choices=[("a", "A")])
    ways = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField()
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def form_html(form):
    request = RequestFactory().get("/")
    return Template('{% include "web/form.html" %}').render(Context({"form": form, "request": request}))


def test_a_form_dresses_each_kind_of_field():
    html = form_html(Answer())

    assert 'class="form-control tall"' in html
    assert 'class="form-select"' in html
    assert html.count('class="form-check-input"') == 1
    assert "<fieldset>" in html
    assert html.count('<span class="form-optional">') == 1
    assert 'type="hidden" name="token"' in html


def test_errors_stand_beside_their_field_and_are_told_to_screen_readers():
    with translation.override("en"):
        html = form_html(Answer({"note": "typed and kept"}))

    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error" role="alert"><div>This field is required.</div>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert "is-invalid" in html
    assert "typed and kept" in html


def test_tags_give_icons_islands_and_links_that_are_there():
    source = '{% icon "map" %}|{% island "charts" %}|{% url_if_any "nowhere" %}|{% url_if_any "files" %}'

    icon, island, nowhere, files = Template(source).render(Context()).split("|")

    assert icon == '<svg class="icon" aria-hidden="true"><use href="/static/built/icons.svg#tabler-map"/></svg>'
    assert island == '<script type="module" src="/static/built/charts.js"></script>'
    assert (nowhere, files) == ("", "/files/")


def test_what_an_island_surely_fetches_is_asked_for_with_it():
    island = Template('{% island "map" %}').render(Context())

    assert '<link rel="modulepreload" href="/static/built/maplibre.js">' in island
    assert "charts.js" not in island
