"""Every layer, search and list of the one map, through the same doors."""

import json

import pytest
from django.contrib.gis.geos import MultiPolygon, Point

from anlan.accounts.tests.factories import COUNTY, alice, bob, carol
from anlan.allocation.tests import pairs, plan_county
from anlan.assessment.tests.county import VILLAGE
from anlan.places.core.finding import INSIDES
from anlan.places.core.layers import LAYERS, MapLayer, layer_of
from anlan.places.models import Division
from anlan.places.queries.layers import areas_of, whole
from anlan.places.tests.factories import load, square
from anlan.stores.tests.factories import site

pytestmark = pytest.mark.django_db
KEYS = [layer.key for layer in LAYERS if layer.group]


def features(client, key: str) -> list[dict]:
    response = client.get(f"/map/layers/{key}.geojson")
    assert response.status_code == 200
    return json.loads(response.content)["features"]


def config(client) -> dict[str, dict]:
    return {layer["key"]: layer for layer in client.get("/map/config.json").json()["layers"]}


@pytest.mark.parametrize("key", KEYS)
def test_every_layer_is_closed_to_a_stranger_and_to_nobody(client, key):
    load()
    url = f"/map/layers/{key}.geojson"
    anonymous = client.get(url).status_code
    client.force_login(carol())

    assert anonymous == 302
    assert features(client, key) == []


@pytest.mark.parametrize("key", KEYS)
def test_every_layer_of_a_bare_county_can_be_drawn(client, key):
    load()
    client.force_login(alice())

    told = config(client)[key]

    assert isinstance(features(client, key), list)
    assert told["legend"]
    assert told["title"]


def test_scores_are_coloured_by_the_bands_of_their_system(client):
    pairs.assessed_county()
    client.force_login(alice())

    told, drawn = config(client)["village-scores"], features(client, "village-scores")

    assert {each["properties"]["code"]: each["properties"]["score"] for each in drawn}[VILLAGE] == 95.0
    assert told["count"] == len(drawn) == 4
    assert len(told["colour"]["stops"]) == 6
    assert told["legend"][0]["words"].startswith("≥ ")


def test_scores_end_at_ones_own_area(client):
    pairs.assessed_county()
    client.force_login(bob())

    assert {each["properties"]["code"][:9] for each in features(client, "village-scores")} == {"999901101"}


def test_pairs_are_lines_between_those_who_help_each_other(client):
    agreement = pairs.active(alice_there := alice())
    client.force_login(alice_there)

    lines = {each["id"]: each for each in features(client, "pairs")}

    assert lines[agreement.pk]["geometry"]["type"] == "LineString"
    assert config(client)["pairs"]["count"] == len(lines)


def test_the_approved_plan_stands_at_the_seats_and_lies_inside_what_is_drawn(client):
    planner = alice()
    plan_county.county(planner)
    plan = plan_county.approved(planner, plan_county.grace())
    # The county of that test has no places: one for all will do.
    place = Point(109.05, 28.05, srid=4326)
    Division.objects.update(seat=place, outline=MultiPolygon(place.buffer(0.01), srid=4326))
    client.force_login(planner)

    units = features(client, "plan-lines")
    asked = client.post("/map/inside", json.dumps({"polygon": square(-1, -1, 5, 5)}), content_type="application/json")
    group = next(each for each in asked.json()["groups"] if each["key"] == "plan-lines")

    assert sum(each["properties"]["lines"] for each in units) == group["count"] == plan.lines.count()
    assert {each["properties"]["plan"] for each in units} == {plan.pk}
    assert features(client, "classes")
    assert config(client)["classes"]["colour"]["stops"]


def test_sites_are_found_counted_and_lie_inside(client):
    load()
    site(name="柳溪避难场所", kind="fixed_short", effective_area_m2=1000.0)
    client.force_login(alice())

    found = client.get("/map/search", {"q": "lxbn"}).json()["results"]
    asked = client.post("/map/inside", json.dumps({"polygon": square(-1, -1, 5, 5)}), content_type="application/json")
    group = next(each for each in asked.json()["groups"] if each["key"] == "sites")

    assert [(each["kind"], each["title"]) for each in found] == [("site", "柳溪避难场所")]
    assert config(client)["shelters"]["count"] == group["count"] == 1


def test_every_list_of_what_is_inside_is_asked_only_of_those_who_may(client):
    load()
    client.force_login(carol())

    asked = client.post("/map/inside", json.dumps({"polygon": square(0, 0)}), content_type="application/json").json()

    assert {each["key"] for each in asked["groups"]} == {each.key for each in INSIDES}
    assert [each["count"] for each in asked["groups"]] == [0] * len(INSIDES)


def test_a_layer_drawn_on_a_chinese_map_service_is_brought_back():
    load()
    person = alice()
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [109.0041, 27.9975]}}
    text = json.dumps({"type": "FeatureCollection", "features": [point]})
    layer = MapLayer("shifted", "Shifted", "point", lambda *_: text, lambda *_: "", is_gcj02=True)

    (found,) = json.loads(whole(person, layer, areas_of(person, "places.read")))["features"]

    x, y = found["geometry"]["coordinates"]
    assert (x, y) == pytest.approx((109.0, 28.0), abs=0.002)
    assert (x, y) != (109.0041, 27.9975)


def test_a_layer_is_known_by_its_key():
    assert layer_of("rivers").key == "rivers"
    assert layer_of("nothing") is None
    assert COUNTY.startswith("999901")
