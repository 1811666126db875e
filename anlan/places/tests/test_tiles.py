import json

import pytest

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import ELSEWHERE, VILLAGE, alice, bob, carol, person
from anlan.places.actions import RoadRow, load_roads
from anlan.places.core.layers import LAYERS, MapLayer, TileSource
from anlan.places.core.tiles import SQUARES, BadTile, Tile, cell_of
from anlan.places.tests.factories import COUNTY, NOON, load
from anlan.places.tests.vector_tiles import features_in

pytestmark = pytest.mark.django_db
# The tile of zoom 8 that the small county lies in, and one beside it.
HERE, BESIDE = (8, 205, 107), (8, 207, 107)
ROAD = {"type": "LineString", "coordinates": [[109.01, 28.01], [109.05, 28.15]]}


@pytest.fixture(autouse=True)
def county():
    load()


def tile(client, key: str, place: tuple[int, int, int] = HERE, **headers):
    return client.get(f"/map/tiles/{key}/{place[0]}/{place[1]}/{place[2]}.mvt", headers=headers)


def names(response, layer: str) -> list[str]:
    return sorted(feature["name"] for feature in features_in(response.content).get(layer, []))


def test_a_tile_holds_the_areas_and_each_name_once(client):
    client.force_login(alice())

    response = tile(client, "townships")

    assert response.status_code == 200
    assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert names(response, "townships") == names(response, "townships-labels") == ["枫渡镇", "柳溪镇"]


def test_a_township_officer_gets_their_own_township_alone(client):
    client.force_login(bob())

    assert names(tile(client, "townships"), "townships") == ["柳溪镇"]


def test_a_stranger_gets_an_empty_tile(client):
    client.force_login(carol())

    assert tile(client, "townships").status_code == 204


def test_nobody_is_asked_to_log_in(client):
    assert tile(client, "townships").status_code == 302


def test_whoever_has_no_part_of_the_one_map_finds_no_tile(client):
    client.force_login(person("gina", Role.GRID_WORKER, VILLAGE))

    assert tile(client, "townships").status_code == 404


@pytest.mark.parametrize("place", [(8, 300, 106), (8, 205, 256), (23, 0, 0), (8, 256, 0)])
def test_a_tile_that_cannot_be_is_not_found(client, place):
    client.force_login(alice())

    assert tile(client, "townships", place).status_code == 404


@pytest.mark.parametrize("key", ["own", "nothing", "counties"])
def test_a_layer_without_tiles_has_none(client, key):
    client.force_login(alice())

    assert tile(client, key).status_code == 404


def test_what_has_not_changed_is_not_sent_again(client):
    client.force_login(alice())
    first = tile(client, "townships")

    again = tile(client, "townships", **{"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, no-cache"


def test_another_person_gets_another_tag(client):
    client.force_login(alice())
    hers = tile(client, "townships")["ETag"]
    client.force_login(bob())

    assert tile(client, "townships")["ETag"] != hers


def test_a_tile_beside_the_county_is_empty(client):
    client.force_login(alice())

    assert tile(client, "townships", BESIDE).status_code == 204


def test_roads_of_the_county_reach_a_township_where_they_meet_it(client):
    far = {"type": "LineString", "coordinates": [[109.12, 28.01], [109.15, 28.15]]}
    rows = [RoadRow("G1", "近路", "national", ROAD), RoadRow("G2", "远路", "national", far)]
    load_roads(actor=None, county_code=COUNTY, rows=rows, at=NOON)
    client.force_login(bob())

    assert names(tile(client, "roads"), "roads") == ["近路"]


def test_small_roads_wait_for_a_closer_look(client):
    load_roads(actor=None, county_code=COUNTY, rows=[RoadRow("Y1", "村道", "village", ROAD)], at=NOON)
    client.force_login(alice())

    assert tile(client, "roads").status_code == 204
    assert names(tile(client, "roads", (11, 1644, 857)), "roads") == ["村道"]


def test_a_whole_layer_comes_as_geojson_too(client):
    client.force_login(bob())

    found = json.loads(client.get("/map/layers/townships.geojson").content)["features"]

    assert [feature["properties"]["name"] for feature in found] == ["柳溪镇"]


def test_a_stranger_gets_a_whole_layer_without_features(client):
    client.force_login(carol())

    assert json.loads(client.get("/map/layers/townships.geojson").content)["features"] == []
    assert ELSEWHERE.startswith("999902")


def test_tiles_without_a_stamp_are_no_layer():
    source = TileSource("t", "shape", {})

    with pytest.raises(ValueError, match="need a stamp and a count"):
        MapLayer("bad", "Bad", "point", lambda *_: "", lambda *_: "", tiles=source)


@pytest.mark.parametrize("place", [(-1, 0, 0), (1, 2, 0), (1, 0, -1), (23, 0, 0)])
def test_a_tile_is_one_of_the_grid(place):
    with pytest.raises(BadTile):
        Tile(*place)


def test_the_squares_of_a_tile_are_one_run_of_numbers():
    tile = Tile(8, 205, 106)
    inside = {cell_of(12, 205 * SQUARES + x, 106 * SQUARES + y) for x in range(SQUARES) for y in range(SQUARES)}

    assert inside == set(range(*tile.squares))


def test_every_layer_of_the_one_map_says_what_its_colours_mean():
    silent = [layer.key for layer in LAYERS if layer.group and not (layer.legend or layer.dress)]

    assert silent == []
