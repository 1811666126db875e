import json

import pytest
from django.http import Http404

from anlan.accounts.core.roles import Role
from anlan.accounts.models import User
from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, VILLAGE, alice, bob, carol, person
from anlan.ground.audit import history_of
from anlan.places import queries
from anlan.places.actions import DivisionRow, RiverRow, RoadRow, load_rivers, load_roads
from anlan.places.actions.facts import HasEnded, correct_facts
from anlan.places.panels import open_division
from anlan.places.tests.factories import NOON, OTHER_TOWNSHIP, TODAY, load

pytestmark = pytest.mark.django_db
LINE = {"type": "LineString", "coordinates": [[109.01, 28.01], [109.05, 28.15]]}
PAGES = [
    f"/places/{TOWNSHIP}/",
    f"/places/{TOWNSHIP}/edit/",
    f"/places/{TOWNSHIP}/layers/own.geojson",
    f"/places/{TOWNSHIP}/layers/villages.geojson",
    *(f"/places/{TOWNSHIP}/{way}/" for way in ("rename", "recode", "merge", "split")),
]


@pytest.fixture(autouse=True)
def county():
    load()


@pytest.fixture
def as_alice(client):
    client.force_login(alice())
    return client


@pytest.fixture
def as_bob(client):
    client.force_login(bob())
    return client


def names(response) -> list[str]:
    return [feature["properties"]["name"] for feature in json.loads(response.content)["features"]]


@pytest.mark.parametrize("url", PAGES)
def test_a_stranger_finds_nothing(client, url):
    client.force_login(carol())

    assert client.get(url).status_code == 404


@pytest.mark.parametrize("url", [*PAGES, "/places/", "/places/import/"])
def test_nobody_is_asked_to_log_in(client, url):
    response = client.get(url)

    assert response.status_code == 302
    assert "next=" in response["Location"]


@pytest.mark.parametrize("url", [*PAGES, "/places/", "/places/import/"])
def test_the_analyst_opens_every_page(as_alice, url):
    assert as_alice.get(url).status_code == 200


@pytest.mark.parametrize("url", [PAGES[1], "/places/import/", f"/places/{TOWNSHIP}/rename/"])
def test_a_township_officer_changes_no_places(as_bob, url):
    assert as_bob.get(url).status_code == 404


def test_the_list_holds_what_one_answers_for(as_bob):
    content = as_bob.get("/places/").content.decode()

    assert "柳溪村" in content
    assert "枫渡村" not in content


@pytest.mark.parametrize("wanted", ["柳溪", "999901101", "liuxi", "lx"])
def test_the_list_is_searched_by_name_code_and_pinyin(as_alice, wanted):
    content = as_alice.get("/places/", {"search": wanted}).content.decode()

    assert "柳溪村" in content
    assert "枫渡村" not in content


def test_the_list_shows_what_is_missing(as_alice):
    load([DivisionRow("999901102203", "新村")])

    content = as_alice.get("/places/", {"gap": "population"}).content.decode()

    assert "新村" in content
    assert "柳溪村" not in content


def test_the_list_takes_as_many_queries_for_many_as_for_few(as_alice, django_assert_max_num_queries):
    load([DivisionRow(f"999901102{number}", f"第{number}村") for number in range(300, 340)])
    as_alice.get("/places/")

    with django_assert_max_num_queries(8):
        as_alice.get("/places/")


def test_a_division_takes_as_many_queries_for_many_children_as_for_few(as_alice, django_assert_max_num_queries):
    load([DivisionRow(f"999901101{number}", f"第{number}村") for number in range(300, 340)])
    as_alice.get(f"/places/{TOWNSHIP}/")

    with django_assert_max_num_queries(16):
        as_alice.get(f"/places/{TOWNSHIP}/")


def test_layers_hold_only_what_one_answers_for(as_bob):
    assert names(as_bob.get(f"/places/{TOWNSHIP}/layers/villages.geojson")) == ["柳溪村", "竹坞村"]
    assert names(as_bob.get(f"/places/{TOWNSHIP}/layers/neighbours.geojson")) == []


def test_the_county_sees_the_neighbours(as_alice):
    assert names(as_alice.get(f"/places/{TOWNSHIP}/layers/neighbours.geojson")) == ["枫渡镇"]


def test_rivers_and_roads_are_those_around_the_division(as_alice):
    load_rivers(actor=None, county_code=COUNTY, rows=[RiverRow("青岚江", "", 80.0, LINE)], at=NOON)
    load_roads(actor=None, county_code=COUNTY, rows=[RoadRow("X901", "柳枫路", "county", LINE)], at=NOON)

    assert names(as_alice.get(f"/places/{TOWNSHIP}/layers/rivers.geojson")) == ["青岚江"]
    assert names(as_alice.get(f"/places/{TOWNSHIP}/layers/roads.geojson")) == ["柳枫路"]
    assert names(as_alice.get(f"/places/{OTHER_TOWNSHIP}/layers/rivers.geojson")) == []


def test_an_unchanged_layer_is_not_sent_again(as_alice):
    url = f"/places/{COUNTY}/layers/townships.geojson"
    tag = as_alice.get(url)["ETag"]

    again = as_alice.get(url, headers={"if-none-match": tag})
    load([DivisionRow(TOWNSHIP, "柳溪新镇")])
    changed = as_alice.get(url, headers={"if-none-match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def test_a_layer_of_no_name_is_not_there(as_alice):
    assert as_alice.get(f"/places/{COUNTY}/layers/dragons.geojson").status_code == 404


def test_layers_travel_packed(as_alice):
    response = as_alice.get(f"/places/{COUNTY}/layers/villages.geojson", headers={"accept-encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"


def facts(**changed):
    figures = {"name": "柳溪村", "population": "1600", "households": "500", "area_km2": "100", "version": "1"}
    words = {"landform": "hill", "urban_rural_code": "220", "region_type": "mountain", "hazards": ["river"]}
    return figures | words | changed


def test_facts_are_corrected_with_a_trace(as_alice):
    response = as_alice.post(f"/places/{VILLAGE}/edit/", facts())

    village = queries.division_at(VILLAGE, TODAY)
    newest = history_of("places.division", village.pk)[0]
    assert response.status_code == 302
    assert (village.population, village.hazards, village.version) == (1600, ["river"], 2)
    assert newest.actor_name == "Alice"
    assert newest.detail["population"] == {"from": 1500, "to": 1600}


def test_whoever_saves_second_is_told(as_alice):
    as_alice.post(f"/places/{VILLAGE}/edit/", facts())

    second = as_alice.post(f"/places/{VILLAGE}/edit/", facts(population="1700"))

    assert second.status_code == 409
    assert queries.division_at(VILLAGE, TODAY).population == 1600


def test_a_figure_that_cannot_be_is_told_beside_its_field(as_alice):
    response = as_alice.post(f"/places/{VILLAGE}/edit/", facts(households="9999"))

    assert response.status_code == 422
    assert "1600" in response.content.decode()
    assert queries.division_at(VILLAGE, TODAY).households == 500


@pytest.mark.parametrize(
    ("way", "form", "goes_to"),
    [
        ("rename", {"name": "双溪镇"}, TOWNSHIP),
        ("recode", {"new_code": "999901001000"}, "999901001000"),
        ("merge", {"others": [OTHER_TOWNSHIP], "code": TOWNSHIP, "name": "双溪镇"}, TOWNSHIP),
        (
            "split",
            {"name": "竹坞乡", "code": "999901103000", "share": "40", "takes": ["999901101202"]},
            "999901103000",
        ),
    ],
)
def test_a_township_changes_on_a_page(as_alice, way, form, goes_to):
    response = as_alice.post(f"/places/{TOWNSHIP}/{way}/", form | {"on": "2026-11-01"}, follow=True)

    assert response.redirect_chain == [(f"/places/{goes_to}/", 302)]
    assert "柳溪镇" in response.content.decode()  # in the history


def test_a_change_that_cannot_be_is_told_in_the_form(as_alice):
    response = as_alice.post(f"/places/{TOWNSHIP}/rename/", {"name": "柳溪镇", "on": "2026-11-01"})

    assert response.status_code == 422


def test_a_division_that_ended_shows_what_took_over(as_alice):
    form = {"others": [OTHER_TOWNSHIP], "code": OTHER_TOWNSHIP, "name": "双溪镇", "on": "2026-11-01"}
    as_alice.post(f"/places/{TOWNSHIP}/merge/", form)

    content = as_alice.get(f"/places/{TOWNSHIP}/").content.decode()

    assert f'href="/places/{OTHER_TOWNSHIP}/"' in content
    assert "双溪镇" in content


def test_the_switcher_finds_within_ones_areas_only():
    officer = bob()

    assert [choice.name for choice in queries.search_divisions(officer, "liuxi")] == ["柳溪镇", "柳溪村"]
    assert queries.search_divisions(officer, "枫渡") == []
    assert queries.search_divisions(carol(), "柳溪") == []


@pytest.mark.parametrize("wanted", ["", "竹坞", "坞", "999901101202", "zhuwu", "zw"])
def test_the_switcher_asks_a_constant_number_of_queries(wanted, django_assert_max_num_queries):
    analyst = alice()
    assert analyst.can("places.read")

    with django_assert_max_num_queries(3):
        found = queries.search_divisions(analyst, wanted)

    assert "竹坞村" in [choice.name for choice in found]
    assert next(choice.path for choice in found if choice.name == "竹坞村") == "青岚县 / 柳溪镇"


def test_the_shell_names_the_county():
    assert queries.county_name(bob()) == "青岚县"
    assert queries.county_name(person("nobody")) == ""
    assert queries.county_name(person("eve", Role.DUTY_OFFICER, "999905000000")) == ""


def test_the_side_panel_has_the_same_door():
    village = queries.division_at(VILLAGE, TODAY)

    assert open_division(bob(), village.pk).title == "柳溪村"
    with pytest.raises(Http404):
        open_division(carol(), village.pk)


def test_an_ended_division_keeps_its_map(as_alice):
    form = {"others": [OTHER_TOWNSHIP], "code": OTHER_TOWNSHIP, "name": "双溪镇", "on": "2026-11-01"}
    as_alice.post(f"/places/{TOWNSHIP}/merge/", form)

    assert names(as_alice.get(f"/places/{TOWNSHIP}/layers/own.geojson")) == ["柳溪镇"]
    assert "data-map" in as_alice.get(f"/places/{TOWNSHIP}/").content.decode()


def test_what_ended_is_not_changed_any_more(as_alice):
    ended = queries.division_at(TOWNSHIP, TODAY)
    form = {"others": [OTHER_TOWNSHIP], "code": OTHER_TOWNSHIP, "name": "双溪镇", "on": "2026-11-01"}
    as_alice.post(f"/places/{TOWNSHIP}/merge/", form)

    assert as_alice.get(f"/places/{TOWNSHIP}/edit/").status_code == 404
    assert as_alice.get(f"/places/{TOWNSHIP}/rename/").status_code == 404
    analyst, facts = User.objects.get(username="alice"), {"population": 1}
    with pytest.raises(HasEnded):
        correct_facts(actor=analyst, division_id=ended.pk, expected_version=2, facts=facts, at=NOON)
